"""Axes of ERA5 files, of any name and order."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.errors import SchemaError
from entropice.types import DataArray, Dataset, FloatArray, Geometries, IntArray

TIME_AXES: Final = ("valid_time", "time")
"""Names of the axis of validity; where both stand, ``time`` is the start of the forecast."""
LONLAT_AXES: Final = ("latitude", "longitude")
DECIMALS_DEG: Final = 4
"""About ten metres: finer than any grid, coarser than the rounding of a float32 longitude."""


@dataclass(frozen=True, eq=False)
class LonLatAxes:
    """Ascending axes, and the position of each value in the file.

    Attributes
    ----------
    lat_deg, lon_deg
        float64, ascending; longitudes in [−180, 180), each meridian once.
    lat_order, lon_order
        Positions in the file.
    """

    lat_deg: FloatArray
    lon_deg: FloatArray
    lat_order: IntArray
    lon_order: IntArray

    @property
    def order(self) -> bytes:
        """Equal for files of one grid that are ordered alike."""
        return self.lat_order.tobytes() + b" " + self.lon_order.tobytes()

    def equals(self, other: "LonLatAxes") -> bool:
        """Whether both have the same grid points, however their files are ordered."""
        return np.array_equal(self.lat_deg, other.lat_deg) and np.array_equal(self.lon_deg, other.lon_deg)


def lonlat_axes(raw: Dataset) -> LonLatAxes:
    """Axes ``latitude`` (any order) and ``longitude`` (0..360 or −180..180) made ascending.

    Raises
    ------
    SchemaError
        The axes are absent, or a latitude occurs twice.
    """
    missing = [axis for axis in LONLAT_AXES if axis not in raw.dims]
    if missing:
        raise SchemaError(
            "The climate file has no regular longitude–latitude grid.",
            field=", ".join(missing),
            got=f"dimensions {', '.join(map(str, raw.dims))}",
            expected="dimensions latitude and longitude",
            fix="interpolate reduced Gaussian or HEALPix fields to a regular grid when requesting them",
        )
    latitude, longitude = (raw[axis].to_numpy().astype(np.float64) for axis in LONLAT_AXES)
    lat_deg, lat_order = np.unique(latitude.round(DECIMALS_DEG), return_index=True)
    if len(lat_deg) < len(latitude):
        raise SchemaError("A latitude occurs twice.", field="latitude", expected="each latitude once")
    lon_deg, lon_order = np.unique(_wrapped(longitude), return_index=True)
    return LonLatAxes(lat_deg, lon_deg, lat_order, lon_order)


def on_lonlat_axes(raw: Dataset) -> Dataset:
    """The same values on ``lat`` and ``lon``, ascending."""
    axes = lonlat_axes(raw)
    ordered = raw.isel(latitude=axes.lat_order, longitude=axes.lon_order)
    named = ordered.rename(latitude="lat", longitude="lon")
    return named.assign_coords(lat=axes.lat_deg, lon=axes.lon_deg)


def time_axis(raw: Dataset) -> str:
    """Name of the axis of validity: a dimension, or a scalar where the file holds one time only.

    Raises
    ------
    SchemaError
        There is none, or its calendar is not the real one.
    """
    names = [name for name in TIME_AXES if name in raw.dims] or [name for name in TIME_AXES if name in raw.coords]
    if not names or raw[names[0]].ndim > 1:
        raise SchemaError(
            "The climate file has no time axis.",
            field="valid_time",
            got=f"dimensions {', '.join(map(str, raw.dims))}",
            expected="dimension valid_time or time",
        )
    _require_real_calendar(raw[names[0]])
    return names[0]


def rows_touching(lat_deg: FloatArray, polygons: Geometries) -> slice:
    """Rows of a grid that reach into cells around the pole, and one more to the south.

    Parameters
    ----------
    lat_deg
        Rows of box centres, ascending, shape (n_lat,).
    polygons
        Cells in EPSG:3413.

    Raises
    ------
    SchemaError
        The grid ends south of the cells, or they have no vertex.
    """
    radius_m = np.hypot(*shapely.get_coordinates(polygons).T).max(initial=0.0)
    _, southernmost_deg = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True).transform(radius_m, 0.0)
    first = int(np.searchsorted(lat_deg, southernmost_deg)) - 2
    if radius_m == 0 or first + 2 >= len(lat_deg):
        raise SchemaError(
            "The climate does not reach the cells.",
            field="latitude",
            got=f"{lat_deg[0]:g} to {lat_deg[-1]:g}",
            expected=f"{southernmost_deg:.2f} and north of it",
            fix="request the area from the south of the region to the pole",
        )
    return slice(max(0, first), len(lat_deg))


def _wrapped(longitude: FloatArray) -> FloatArray:
    wrapped: FloatArray = ((longitude + 180.0) % 360.0 - 180.0).round(DECIMALS_DEG)
    return np.where(wrapped >= 180.0, -180.0, wrapped)


def _require_real_calendar(time: DataArray) -> None:
    if not np.issubdtype(time.dtype, np.datetime64):
        raise SchemaError(
            "The time axis is not in the Gregorian calendar.",
            field="time",
            got=time.encoding.get("calendar", time.attrs.get("calendar", str(time.dtype))),
            expected="dates of the standard calendar",
            sample=time.to_numpy()[:3],
            fix="ERA5 has real dates; this is another model's output, or its time lost its unit",
        )
