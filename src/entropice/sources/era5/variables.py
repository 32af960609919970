"""The table of ERA5 variables: names, GRIB codes, units and valid ranges in every encoding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from entropice.errors import SchemaError
from entropice.units import MM_PER_M

MAX_PACKING_ERROR_MM: Final = 0.1
MAX_PACKING_ERROR_J_M2: Final = 1e4
"""Packed sums come out slightly negative."""


@dataclass(frozen=True)
class Era5Variable:
    """One variable: its names and units at the source, its name and unit here.

    Attributes
    ----------
    name
        Here, and in NetCDF files.
    long_name
        In requests to the Climate Data Store for ERA5, and in ARCO stores.
    grib_ids
        ``paramId`` in GRIB 1 and 2.
    factors
        Accepted units, each with the factor that converts its values to `units`.
    units
        Here, of a mean, or of the sum over a step.
    minimum, maximum
        Of a mean; of a sum over an hour or, in monthly means, over the average day; in `units`.
    describes
        Description, in words.
    is_sum
        Accumulated over time at the source, and summed over the step here.
    is_required
        Whether every climate needs it.
    other_long_name
        In requests for ERA5-Land, where it differs.
    """

    name: str
    long_name: str
    grib_ids: frozenset[int]
    factors: Mapping[str, float] = field(hash=False)
    units: str
    minimum: float
    maximum: float
    describes: str
    is_sum: bool = False
    is_required: bool = False
    other_long_name: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which files may call it: here, in requests for ERA5 and, where it differs, for ERA5-Land."""
        return tuple(name for name in (self.name, self.long_name, self.other_long_name) if name is not None)


def _kelvin(name: str, long_name: str, grib_id: int, describes: str, *, is_required: bool = False) -> Era5Variable:
    return Era5Variable(
        name, long_name, frozenset({grib_id}), {"K": 1.0}, "K", 170.0, 350.0, describes, is_required=is_required
    )


def _water(name: str, long_name: str, grib_id: int, describes: str, *, is_required: bool = False) -> Era5Variable:
    """A sum of water: metres in GRIB 1 (``grib_id``), kilograms per square metre in GRIB 2 (``228`` before it)."""
    factors = {"m": MM_PER_M, "m of water equivalent": MM_PER_M, "kg m**-2": 1.0}
    grib_ids = frozenset({grib_id, 228_000 + grib_id})
    return Era5Variable(
        name,
        long_name,
        grib_ids,
        factors,
        "mm",
        -MAX_PACKING_ERROR_MM,
        300.0,
        describes,
        is_sum=True,
        is_required=is_required,
    )


def _radiation(name: str, long_name: str, grib_id: int, describes: str) -> Era5Variable:
    ids, factors = frozenset({grib_id}), {"J m**-2": 1.0}
    return Era5Variable(name, long_name, ids, factors, "J m-2", -MAX_PACKING_ERROR_J_M2, 5e7, describes, is_sum=True)


def _soil_temperature(level: int, grib_id: int, depth: str) -> Era5Variable:
    return _kelvin(f"stl{level}", f"soil_temperature_level_{level}", grib_id, f"soil temperature at {depth}")


def _soil_water(level: int, grib_id: int, depth: str) -> Era5Variable:
    return Era5Variable(
        f"swvl{level}",
        f"volumetric_soil_water_layer_{level}",
        frozenset({grib_id}),
        {"m**3 m**-3": 1.0},
        "1",
        -0.01,
        1.0,
        f"share of water in the soil at {depth}",
    )


_VARIABLES: Final = (
    _kelvin("t2m", "2m_temperature", 167, "air temperature at 2 m", is_required=True),
    _water("tp", "total_precipitation", 228, "precipitation", is_required=True),
    _water("sf", "snowfall", 144, "snowfall in water equivalent", is_required=True),
    Era5Variable(
        "sd",
        "snow_depth",
        frozenset({141, 228_141}),
        {"m": MM_PER_M, "m of water equivalent": MM_PER_M, "kg m**-2": 1.0},
        "mm",
        -MAX_PACKING_ERROR_MM,
        15_000.0,
        "snow on the ground in water equivalent",
        is_required=True,
        other_long_name="snow_depth_water_equivalent",
    ),
    _kelvin("d2m", "2m_dewpoint_temperature", 168, "dew point at 2 m"),
    _kelvin("skt", "skin_temperature", 235, "temperature of the surface"),
    _soil_temperature(1, 139, "0 to 7 cm"),
    _soil_temperature(2, 170, "7 to 28 cm"),
    _soil_temperature(3, 183, "28 to 100 cm"),
    _soil_temperature(4, 236, "100 to 289 cm"),
    _soil_water(1, 39, "0 to 7 cm"),
    _soil_water(2, 40, "7 to 28 cm"),
    _soil_water(3, 41, "28 to 100 cm"),
    _soil_water(4, 42, "100 to 289 cm"),
    _water("smlt", "snowmelt", 45, "melted snow in water equivalent"),
    _radiation("ssrd", "surface_solar_radiation_downwards", 169, "solar radiation reaching the ground"),
    _radiation("strd", "surface_thermal_radiation_downwards", 175, "thermal radiation reaching the ground"),
    Era5Variable(
        "rsn", "snow_density", frozenset({33}), {"kg m**-3": 1.0}, "kg m-3", 0.0, 1000.0, "density of the snow"
    ),
    Era5Variable(
        "snowc",
        "snow_cover",
        frozenset({260_038}),
        {"%": 0.01, "(0 - 1)": 1.0},
        "1",
        -0.001,
        1.001,
        "share of the ground under snow",
    ),
    Era5Variable(
        "sp", "surface_pressure", frozenset({134}), {"Pa": 1.0}, "Pa", 4e4, 1.12e5, "air pressure at the ground"
    ),
)

VARIABLES: Final[Mapping[str, Era5Variable]] = {variable.name: variable for variable in _VARIABLES}
REQUIRED: Final = tuple(variable.name for variable in _VARIABLES if variable.is_required)

_BY_NAME: Final = {name: variable for variable in _VARIABLES for name in variable.names}
_BY_GRIB_ID: Final = {grib_id: variable for variable in _VARIABLES for grib_id in variable.grib_ids}


def recognise(name: str, attributes: Mapping[str, Any]) -> Era5Variable | None:
    """The row of `VARIABLES` for a foreign variable, by its GRIB code or its name; None for one that has none.

    Raises
    ------
    SchemaError
        The name and the attribute ``GRIB_paramId`` are those of two different variables.

    Examples
    --------
    >>> recognise("2m_temperature", {}).name, recognise("unnamed", {"GRIB_paramId": 228}).name, recognise("u10", {})
    ('t2m', 'tp', None)
    """
    by_name, by_id = _BY_NAME.get(name), _BY_GRIB_ID.get(attributes.get("GRIB_paramId", -1))
    if by_name is not None and by_id is not None and by_name is not by_id:
        raise SchemaError(
            "A climate variable's name and GRIB code contradict each other.",
            field=name,
            got=f"GRIB_paramId {attributes['GRIB_paramId']}, which is {by_id.name}",
            expected=" or ".join(map(str, sorted(by_name.grib_ids))),
            fix="ask the source which of the two is right, and rename the variable",
        )
    return by_id or by_name


def factor_to_canonical(variable: Era5Variable, units: object) -> float:
    """Factor that converts values in the file's unit to the unit of `VARIABLES`.

    `units` is what the file says, letter by letter; None where it says nothing.

    Raises
    ------
    SchemaError
        A unit that the table does not accept, or none.

    Examples
    --------
    >>> factor_to_canonical(VARIABLES["tp"], "m"), factor_to_canonical(VARIABLES["tp"], "kg m**-2")  # to mm
    (1000.0, 1.0)
    """
    factor = variable.factors.get(str(units))
    if factor is None:
        raise SchemaError(
            "A climate variable is in another unit.",
            field=variable.name,
            got="no attribute 'units'" if units is None else units,
            expected=" or ".join(sorted(variable.factors)),
            fix="give the file as the Climate Data Store delivers it",
        )
    return factor
