"""Which axes of a field are its latitudes and longitudes: as its CF attributes say, else as it names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.sources.era5.axes import LonLatAxes, ascending_axes
from entropice.types import DataArray

LATITUDE: Final = "latitude"
LONGITUDE: Final = "longitude"
REGULAR_GRIDS: Final = frozenset({"regular_ll"})


@dataclass(frozen=True)
class _Direction:
    """How CF and custom say that an axis runs along one direction."""

    names: frozenset[str]
    units: frozenset[str]
    axis: str


_DIRECTIONS: Final[Mapping[str, _Direction]] = {
    LATITUDE: _Direction(
        frozenset({"latitude", "lat"}),
        frozenset({"degrees_north", "degree_north", "degree_n", "degrees_n", "degreen", "degreesn"}),
        "Y",
    ),
    LONGITUDE: _Direction(
        frozenset({"longitude", "lon", "long"}),
        frozenset({"degrees_east", "degree_east", "degree_e", "degrees_e", "degreee", "degreese"}),
        "X",
    ),
}
_DEGREES: Final = frozenset({"", "deg", "degree", "degrees", "°"})


def lonlat_names(field: DataArray) -> dict[str, str]:
    """The dimensions of a field that are its latitudes and longitudes.

    Attributes (standard_name, units, axis) or names (latitude, lat, longitude, lon, long) tell; either is enough, and
    where both do they must agree.

    Returns
    -------
    dict[str, str]
        Keys `LATITUDE` and `LONGITUDE`, values the names of dimensions.

    Raises
    ------
    SchemaError
        Names and attributes that contradict each other, an axis without values, or no regular grid.

    Examples
    --------
    >>> import xarray as xr
    >>> north = ("y", [60.0, 70.0], {"units": "degrees_north"})
    >>> field = xr.DataArray(np.zeros((2, 3)), coords={"y": north, "lon": [0.0, 10.0, 20.0]}, dims=("y", "lon"))
    >>> lonlat_names(field)
    {'latitude': 'y', 'longitude': 'lon'}
    """
    return {direction: str(values.dims[0]) for direction, values in _coordinates(field).items()}


def lonlat_axes(field: DataArray) -> LonLatAxes:
    """The axes of a field made ascending, in degrees, and where each line stands in the file; no value is read.

    Raises
    ------
    SchemaError
        Names and attributes that contradict each other, no regular grid, a value that is no latitude or no longitude, a
        latitude that occurs twice, or uneven steps.
    """
    found = _coordinates(field)
    return ascending_axes(*(found[name].to_numpy().astype(np.float64) for name in (LATITUDE, LONGITUDE)))


def _coordinates(field: DataArray) -> dict[str, DataArray]:
    """The one coordinate of each direction that lies along a dimension of its own."""
    found: dict[str, list[DataArray]] = {direction: [] for direction in _DIRECTIONS}
    for name, values in field.coords.items():
        direction = _direction_of(str(name), values) if values.ndim == 1 else None
        if direction is not None:
            found[direction].append(values)
    dimensions = {str(values.dims[0]) for along in found.values() for values in along}
    bare = [str(dimension) for dimension in field.dims if dimension not in dimensions and _named(str(dimension))]
    if bare:
        raise SchemaError(
            "An axis has no values.",
            field=bare[0],
            got=f"a dimension of {field.sizes[bare[0]]} without degrees",
            expected="the degrees of every line",
            fix="write the file again together with its coordinates",
        )
    if any(len(along) != 1 for along in found.values()) or len(dimensions) != len(found) or not _is_regular(field):
        raise _no_regular_grid(field)
    return {direction: along for direction, (along,) in found.items()}


def _direction_of(name: str, values: DataArray) -> str | None:
    attributes = values.attrs
    units = str(attributes.get("units", "")).strip().lower()
    said = {attributes.get("standard_name")} & set(_DIRECTIONS)
    said |= {key for key, direction in _DIRECTIONS.items() if units in direction.units}
    if not said and units in _DEGREES:
        said = {key for key, direction in _DIRECTIONS.items() if attributes.get("axis") == direction.axis}
    if len(said | _named(name)) > 1:
        described = [f"{key} {attributes[key]}" for key in ("standard_name", "units", "axis") if key in attributes]
        raise SchemaError(
            "An axis is called one thing and described as another.",
            field=name,
            got=", ".join(described),
            expected="a name, a standard name and a unit of one direction",
            sample=values.to_numpy()[:3],
            fix="correct whichever is wrong, e.g. `ncrename` or `ncatted`",
        )
    if _named(name) and not said and units not in _DEGREES:
        raise SchemaError(
            "An axis is not in degrees.",
            field=name,
            got=units,
            expected="degrees_north for latitudes, degrees_east for longitudes",
            fix="give longitudes and latitudes in degrees",
        )
    return next(iter(said | _named(name)), None)


def _named(name: str) -> set[str]:
    return {key for key, direction in _DIRECTIONS.items() if name.lower() in direction.names}


def _is_regular(field: DataArray) -> bool:
    return field.attrs.get("GRIB_gridType", "regular_ll") in REGULAR_GRIDS


def _no_regular_grid(field: DataArray) -> SchemaError:
    return SchemaError(
        "The climate file has no regular longitude–latitude grid.",
        field="latitude, longitude",
        got=f"{_grid_in_words(field)}; dimensions {', '.join(map(str, field.dims)) or 'none'}",
        expected="one dimension of latitudes and one of longitudes, by standard_name, units or name",
        fix="describe the axes (standard_name, units degrees_north and degrees_east), or interpolate to a regular grid "
        "when requesting (`grid: [0.25, 0.25]`)",
    )


def _grid_in_words(field: DataArray) -> str:
    if not _is_regular(field):
        return f"a grid of the type {field.attrs['GRIB_gridType']}"
    if any(values.ndim > 1 and _direction_of(str(name), values) for name, values in field.coords.items()):
        return "latitudes and longitudes of two dimensions, as of a rotated or projected grid"
    units = [str(field[axis].attrs["units"]) for axis in field.dims if "units" in field[axis].attrs]
    return "axes that are not said to be latitude and longitude" + (f", in {' and '.join(units)}" if units else "")
