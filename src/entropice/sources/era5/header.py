"""What the header of a climate file can say, and what is done with each item.

====================================  ===========================================================================
item                                  what is done with it
====================================  ===========================================================================
latitude, longitude (`horizontal`)    found by standard_name, units, axis or name; order and turn of any kind; a
                                      contradiction, another grid or uneven steps: refused
valid_time, time, date, step,         laid together to the time of validity (`validity`); a calendar other than the
forecast_reference_time, calendar     real one, no unit, or only the start of a forecast: refused
bounds of times (`intervals`)         stamps follow from them; other intervals than those of the product, outside of
                                      their times, or of a climatology: refused
further axes (number, level, …)       one value: dropped; several: refused
expver, in any form (`versions`)      final and preliminary values are told apart; another version: refused
valid_time_start, _stop (ARCO)        steps outside are not there; those after the final data are preliminary
units                                 converted where the table lists them; others, or none: refused
scale_factor, add_offset,             decoded by xarray
_FillValue, missing_value
valid_min, valid_max, valid_range     values outside are unknown
GRIB_paramId, the variable's name     the variable; where they contradict each other: refused
GRIB_class                            another product than the catalog says: refused
GRIB_stepType, cell_methods           a statistic other than a mean, a sum or a moment: refused; means in place of
                                      hours: refused where hours are asked for
====================================  ===========================================================================
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from itertools import product as combinations
from typing import Any, Final

import numpy as np

from entropice.errors import SchemaError
from entropice.sources.era5.axes import LonLatAxes
from entropice.sources.era5.horizontal import lonlat_axes, lonlat_names
from entropice.sources.era5.intervals import interval_names, stamped_by_intervals
from entropice.sources.era5.products import Product
from entropice.sources.era5.validity import Stamps, spacing_s, validity
from entropice.sources.era5.variables import Era5Variable, factor_to_canonical
from entropice.sources.era5.versions import VERSION, is_preliminary
from entropice.types import BoolArray, DataArray, Dataset

TIME: Final = "valid_time"
TIMES: Final = ("valid_time", "time", "date", "step", "forecast_reference_time", VERSION)
"""What may lie among the variables of a file, though it describes the others."""
FOREIGN_STATISTICS: Final = frozenset(
    {"max", "min", "maximum", "minimum", "standard_deviation", "variance", "median", "range"}
)


@dataclass(frozen=True, eq=False)
class Layer:
    """A part of a field along one axis of time: all of it, or one experiment version or one step of every forecast.

    Attributes
    ----------
    at
        Its position along the other dimensions.
    stamps
        datetime64[s], shape (n_stamp,); NaT where the file declares a step invalid.
    is_preliminary
        Shape (n_stamp,).
    """

    at: Mapping[str, int]
    stamps: Stamps
    is_preliminary: BoolArray


@dataclass(frozen=True, eq=False)
class Header:
    """What is known of a field before a value is read.

    Attributes
    ----------
    names
        The dimensions of the file by the names `TIME`, `LATITUDE` and `LONGITUDE`; a single time has no dimension.
    factor
        From the file's unit to the table's.
    known
        Lowest and highest value that is one, in the file's unit.
    step_type
        How the values stand to their times, in the words of GRIB; empty where it is not said.
    """

    names: Mapping[str, str]
    axes: LonLatAxes
    layers: tuple[Layer, ...]
    factor: float
    known: tuple[float, float]
    step_type: str


def read_header(raw: Dataset, name: Hashable, variable: Era5Variable, product: Product) -> Header:
    """Take in everything that a file says of one of its fields.

    Parameters
    ----------
    raw
        An opened file; no value of the field is read, dimensions are those of the file.
    name
        The field, among its variables.
    variable
        What the field is held to be, for its unit and whether it is a sum.
    product
        Which data set it must be of.

    Raises
    ------
    SchemaError
        Anything that cannot be honoured: another product, a statistic that is no mean, sum or moment, an ensemble or
        other further axes, a grid, calendar, unit or experiment version that is none of the product's, a time that
        comes twice. The table of this module has all. Units are those of `Era5Variable.factors`, letter by letter;
        versions are 0001 and 0005.
    """
    described = with_coordinates(raw)
    field = described[name]
    _require_product(field, product)
    _require_statistic(field)
    names, axes = lonlat_names(field), lonlat_axes(field)
    preliminary = is_preliminary(described, field)
    times = stamped_by_intervals(
        described, validity(field), is_sum=variable.is_sum, since_midnight=product.sums_since_midnight
    )
    others = [str(axis) for axis in (*times.dims, *preliminary.dims) if str(axis) not in names.values()]
    along = max(dict.fromkeys(map(str, times.dims)), key=lambda axis: field.sizes[axis], default=None)
    layered = [axis for axis in dict.fromkeys(others) if axis != along]
    _require_plain_axes(field, {*names.values(), *layered, along})
    layers = tuple(
        _layer(raw, times, preliminary, dict(zip(layered, position, strict=True)))
        for position in combinations(*(range(field.sizes[axis]) for axis in layered))
    )
    return Header(
        names if along is None else {**names, TIME: along},
        axes,
        layers,
        factor_to_canonical(variable, field.attrs.get("units")),
        known_values(field),
        str(field.attrs.get("GRIB_stepType", "")),
    )


def with_coordinates(raw: Dataset) -> Dataset:
    """The same with times, steps, ``expver`` (`TIMES`) and bounds among the coordinates, where the file has them.

    These are ``valid_time time date step forecast_reference_time expver`` and what `interval_names` gives; `raw` is not
    changed.
    """
    return raw.set_coords([*(name for name in TIMES if name in raw.data_vars), *interval_names(raw)])


def _layer(raw: Dataset, times: DataArray, preliminary: DataArray, at: dict[str, int]) -> Layer:
    held = times.isel({axis: position for axis, position in at.items() if axis in times.dims})
    flags = preliminary.isel({axis: position for axis, position in at.items() if axis in preliminary.dims})
    stamps: Stamps = np.atleast_1d(held.to_numpy()).astype("datetime64[s]")
    _require_once(stamps, times)
    is_late = np.broadcast_to(flags.to_numpy(), stamps.shape) | _after_final_data(stamps, raw.attrs)
    return Layer(at, _valid(stamps, raw.attrs), is_late)


def _valid(stamps: Stamps, attributes: Mapping[str, Any]) -> Stamps:
    """ARCO stores hold steps of coming years; attributes give the last day with values."""
    stop = attributes.get("valid_time_stop_era5t", attributes.get("valid_time_stop"))
    start = attributes.get("valid_time_start")
    is_valid = np.ones(len(stamps), dtype=bool)
    if stop is not None:
        is_valid &= stamps < _day_after(stop)
    if start is not None:
        is_valid &= stamps >= np.datetime64(start, "s")
    return np.where(is_valid, stamps, np.datetime64("NaT", "s"))


def _after_final_data(stamps: Stamps, attributes: Mapping[str, Any]) -> BoolArray:
    stop = attributes.get("valid_time_stop")
    return np.zeros(len(stamps), dtype=bool) if stop is None else np.asarray(stamps >= _day_after(stop))


def _day_after(day: str) -> np.datetime64:
    return np.datetime64(day, "D") + np.timedelta64(1, "D")


def known_values(field: DataArray) -> tuple[float, float]:
    """Lowest and highest value that is one, by valid_range, or valid_min and valid_max; packed ones are unpacked.

    Infinite where a file gives no bound. Bounds of integers are taken for packed ones: times ``scale_factor``, plus
    ``add_offset`` of the encoding, where there are such.

    Examples
    --------
    >>> import xarray as xr
    >>> field = xr.DataArray([0.5], attrs={"valid_range": np.array([0, 100], dtype=np.int16)})
    >>> field.encoding = {"scale_factor": 0.01}
    >>> known_values(field), known_values(xr.DataArray([0.5], attrs={"valid_min": 0.0}))
    ((0.0, 1.0), (0.0, inf))
    """
    attributes = field.attrs
    lowest, highest = attributes.get(
        "valid_range", (attributes.get("valid_min", -np.inf), attributes.get("valid_max", np.inf))
    )
    packing = field.encoding if np.asarray(lowest).dtype.kind in "iu" or np.asarray(highest).dtype.kind in "iu" else {}
    scale, offset = packing.get("scale_factor", 1.0), packing.get("add_offset", 0.0)
    return float(lowest) * scale + offset, float(highest) * scale + offset


def _require_plain_axes(field: DataArray, known: set[str | None]) -> None:
    many = {str(axis): size for axis, size in field.sizes.items() if axis not in known and size > 1}
    if many:
        raise SchemaError(
            "The climate file holds an ensemble." if "number" in many else "The climate file has further axes.",
            field=", ".join(many),
            got=", ".join(f"{size} × {axis}" for axis, size in many.items()),
            expected="one",
            fix="request the product type reanalysis (or monthly_averaged_reanalysis) on single levels",
        )


def _require_product(field: DataArray, product: Product) -> None:
    grib_class = field.attrs.get("GRIB_class", product.grib_class)
    if grib_class != product.grib_class:
        raise SchemaError(
            f"The climate file is not of {product.name}.",
            field="class",
            got=grib_class,
            expected=product.grib_class,
            fix="correct `product` of climate_file in the catalog, or the path",
        )


def _require_statistic(field: DataArray) -> None:
    words = str(field.attrs.get("cell_methods", "")).replace(":", " ").split()
    methods = {method for axis, method in pairwise(words) if axis in TIMES}
    foreign = (methods | {str(field.attrs.get("GRIB_stepType", ""))}) & FOREIGN_STATISTICS
    if foreign:
        raise SchemaError(
            "A climate variable is another statistic than its name says.",
            field=str(field.name),
            got=", ".join(sorted(foreign)),
            expected="a mean, a sum or the value of a moment",
            fix="request the variable itself, not its extremes",
        )


def _require_once(stamps: Stamps, times: DataArray) -> None:
    unique, counts = np.unique(stamps, return_counts=True)
    if counts.max(initial=0) > 1:
        apart = f"; floats that are {spacing_s(times):g} s apart" if spacing_s(times) else ""
        raise SchemaError(
            "A time occurs more than once in one climate file.",
            field="time",
            got=f"{np.count_nonzero(counts > 1)} times{apart}",
            expected="each time once",
            sample=unique[counts > 1],
            fix="download it again, or write the times as integers: requests were joined, or times were rounded",
        )
