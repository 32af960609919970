"""Where the numbers of a NetCDF file lie, and when they hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from entropice.crs import POLAR_CRS
from entropice.errors import InputFileError
from entropice.sources.imagery.placing import RasterPlace
from entropice.types import DataArray, Dataset, FloatArray
from entropice.units import M_PER_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

METRES: Final = {"m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "km": M_PER_KM}
"""Units of the axes, and what one of them is."""
LATITUDES: Final = ("latitude_of_projection_origin", "standard_parallel", "latitude_of_standard_parallel")
"""Attributes of polar grid mappings whose sign is that of the hemisphere."""
_SAME_M: Final = 1.0


@dataclass(frozen=True)
class Axes:
    """Names of a variable's dimensions, and its grid as it would be stored from the north-west.

    Attributes
    ----------
    time, y, x
        Names of its dimensions.
    is_upside_down
        Whether the file's first row is the southernmost.
    place
        Of the grid.
    """

    time: str
    y: str
    x: str
    is_upside_down: bool
    place: RasterPlace


def axes_of(file: Dataset, name: str, path: Path, documented: tuple[str, ...]) -> Axes:
    """Axes and grid of a variable.

    Parameters
    ----------
    documented
        CRS of the product's grid; two: in the north and in the south; empty: the file's grid mapping counts.
    file
        As `opened_netcdf` gives it.
    name
        Of the variable.
    path
        The file, for messages.

    Raises
    ------
    InputFileError
        There is no time, no axis in metres or kilometres (``projection_y_coordinate`` and ``projection_x_coordinate``,
        of two or more), steps that differ by more than 1 m along an axis or between both, x that descends, or no grid
        mapping.
    """
    variable = file[name]
    y, x = (_axis(file, variable, direction, path) for direction in ("y", "x"))
    y_m, x_m = _in_metres(y, path), _in_metres(x, path)
    pixel_m = _pixel_m(x_m, str(x.name), path)
    if not np.isclose(_pixel_m(np.sort(y_m), str(y.name), path), pixel_m, atol=_SAME_M):
        raise _wrong(path, "pixels", f"{pixel_m:g} m wide, others high", "square pixels", "take the product's own grid")
    place = RasterPlace(
        _crs(file, variable, path, documented),
        x_m[0] - pixel_m / 2,
        y_m.max() + pixel_m / 2,
        pixel_m,
        len(y_m),
        len(x_m),
    )
    return Axes(_time_dimension(file, variable, path), str(y.dims[0]), str(x.dims[0]), bool(y_m[0] < y_m[-1]), place)


def upright(variable: DataArray, axes: Axes) -> "NDArray[Any]":
    """Numbers of one time, (row, column), row 0 in the north of the grid.

    `variable` has no other dimensions than those of y and x; dtype stays.
    """
    values = variable.transpose(axes.y, axes.x).to_numpy()
    return np.ascontiguousarray(values[::-1] if axes.is_upside_down else values)


def days_of(file: Dataset, path: Path) -> "pd.DatetimeIndex":
    """The days that a file is of, at midnight.

    In the order of the file; hours of a day are left out.

    Raises
    ------
    InputFileError
        There is no time, or one that is none.

    Examples
    --------
    >>> import xarray as xr
    >>> noon = xr.Dataset({"time": ("time", np.array(["2019-05-01T12"], dtype="datetime64[ns]"))})
    >>> days_of(noon, Path("ice.nc"))[0]
    Timestamp('2019-05-01 00:00:00')
    """
    times = np.atleast_1d(_time(file, path).values)
    if not times.size or not np.issubdtype(times.dtype, np.datetime64) or np.isnat(times).any():
        raise _wrong(path, "time", str(times[:1]), "days since a date", "correct time:units with ncatted")
    return pd.DatetimeIndex(times).normalize()


def _time(file: Dataset, path: Path) -> DataArray:
    if "time" not in file.variables:
        raise _wrong(path, "time", ", ".join(map(str, file.variables)), "a variable time", "fetch the file again")
    return file["time"]


def _time_dimension(file: Dataset, variable: DataArray, path: Path) -> str:
    dimensions = _time(file, path).dims
    if len(dimensions) != 1 or dimensions[0] not in variable.dims:
        raise _wrong(path, f"{variable.name}:time", variable.dims, "a dimension of time", "fetch the file again")
    return str(dimensions[0])


def _axis(file: Dataset, variable: DataArray, direction: str, path: Path) -> DataArray:
    wanted = f"projection_{direction}_coordinate"
    found = [
        file[name]
        for name in file.variables
        if file[name].attrs.get("standard_name") == wanted and set(file[name].dims) <= set(variable.dims)
    ]
    if len(found) != 1 or found[0].ndim != 1 or len(found[0]) < 2:
        got = ", ".join(str(axis.name) for axis in found) or "none"
        raise _wrong(path, f"standard_name {wanted}", got, "one axis of the grid", "take a file of the product itself")
    return found[0]


def _in_metres(axis: DataArray, path: Path) -> FloatArray:
    unit = str(axis.attrs.get("units", "none"))
    if unit not in METRES:
        raise _wrong(path, f"{axis.name}:units", unit, " or ".join(METRES), "correct the attribute with ncatted")
    metres: FloatArray = axis.to_numpy().astype(np.float64) * METRES[unit]
    return metres


def _pixel_m(ascending_m: FloatArray, name: str, path: Path) -> float:
    steps_m = np.diff(ascending_m)
    if steps_m.min() <= 0 or np.ptp(steps_m) > _SAME_M:
        got = f"steps from {steps_m.min():g} to {steps_m.max():g} m"
        raise _wrong(path, name, got, "equal steps, ascending", "take the product's own grid")
    return float(steps_m.mean())


def _crs(file: Dataset, variable: DataArray, path: Path, documented: tuple[str, ...]) -> str:
    mapping = variable.attrs.get("grid_mapping")
    if mapping not in file.variables:
        raise _wrong(path, f"{variable.name}:grid_mapping", mapping, "a variable that says the CRS", "fetch it again")
    attributes: dict[str, Any] = dict(file[mapping].attrs)
    return _of_hemisphere(attributes, documented, path) if documented else _of_mapping(attributes, str(mapping), path)


def _of_hemisphere(attributes: dict[str, Any], documented: tuple[str, ...], path: Path) -> str:
    """Some of NSIDC's files say 135° in one attribute of their mapping and 45° W in another: the user guide decides."""
    if len(documented) == 1:
        return documented[0]
    lat_deg = next((attributes[name] for name in LATITUDES if name in attributes), None)
    if lat_deg is None:
        raise _wrong(path, LATITUDES[0], "none", "90 or -90, which tells the hemisphere", "fetch it again")
    north, south = documented
    return north if lat_deg > 0 else south


def _of_mapping(attributes: dict[str, Any], mapping: str, path: Path) -> str:
    try:
        crs = CRS.from_cf(attributes)
    except (CRSError, KeyError) as error:
        raise _wrong(path, mapping, error, f"a grid mapping, such as that of {POLAR_CRS}", "fetch it again") from error
    if not crs.is_projected:
        raise _wrong(path, mapping, crs.name, "a projected CRS, as its axes in metres are", "fetch it again")
    return str(crs.to_wkt())


def _wrong(path: Path, field: str, got: object, expected: object, fix: str) -> InputFileError:
    return InputFileError(
        "The file does not say where and when its numbers hold.",
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix=fix,
    )
