"""Longitude–latitude axes made ascending, and what of a grid cells need."""

import logging
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.errors import SchemaError
from entropice.types import FloatArray, Geometries, IntArray

logger = logging.getLogger(__name__)

DECIMALS_DEG: Final = 4
"""About ten metres: finer than any grid, coarser than the rounding of a float32 longitude."""
MAX_DEVIATION_DEG: Final = 1e-3
"""Of a step from the others: less is rounding, more is a Gaussian grid or a missing line."""
MAX_SHARE_OUTSIDE: Final = 0.2
"""Of cells whose centre lies beyond the grid of the climate."""


@dataclass(frozen=True, eq=False)
class LonLatAxes:
    """Ascending axes, and the position of each value in the file.

    Attributes
    ----------
    lat_deg, lon_deg
        float64, ascending, each meridian once. The first longitude lies in [−180, 180); the axis goes on beyond 180
        where the area crosses that meridian.
    lat_order, lon_order
        Positions in the file.
    """

    lat_deg: FloatArray
    lon_deg: FloatArray
    lat_order: IntArray
    lon_order: IntArray

    @property
    def order(self) -> bytes:
        """Equal for files of one grid that are ordered alike: bytes to compare, of no other meaning."""
        return self.lat_order.tobytes() + b" " + self.lon_order.tobytes()

    def equals(self, other: "LonLatAxes") -> bool:
        """Whether both have the same grid points, however their files are ordered."""
        return np.array_equal(self.lat_deg, other.lat_deg) and np.array_equal(self.lon_deg, other.lon_deg)


def ascending_axes(latitude: FloatArray, longitude: FloatArray) -> LonLatAxes:
    """Latitudes of any order and longitudes of any order and turn (0..360, −180..180, 170..191), made ascending.

    Parameters
    ----------
    latitude, longitude
        Degrees of the grid's points as in the file, shapes (n_lat,) and (n_lon,). They are rounded to four decimals. A
        meridian that comes twice, as 0 and 360, is kept once, at its first position in the file. A full circle begins
        with the first meridian from −180 on; else the axis begins behind the widest gap.

    Raises
    ------
    SchemaError
        A value that is no latitude (−90 to 90) or no longitude (−360 to 720), none at all, a latitude that occurs
        twice, or uneven steps: one is more than 0.001° from their median.

    Examples
    --------
    >>> axes = ascending_axes(np.array([80.0, 70.0, 60.0]), np.array([0.0, 90.0, 180.0, 270.0]))
    >>> axes.lat_deg.tolist(), axes.lat_order.tolist()
    ([60.0, 70.0, 80.0], [2, 1, 0])
    >>> axes.lon_deg.tolist(), axes.lon_order.tolist()
    ([-180.0, -90.0, 0.0, 90.0], [2, 3, 0, 1])

    Across the 180th meridian the axis goes on:

    >>> ascending_axes(np.array([60.0]), np.array([-170.0, 170.0, 180.0])).lon_deg.tolist()
    [170.0, 180.0, 190.0]
    """
    _require_degrees("latitude", latitude, -90.0, 90.0)
    _require_degrees("longitude", longitude, -360.0, 720.0)
    lat_deg, lat_order = np.unique(latitude.round(DECIMALS_DEG), return_index=True)
    if len(lat_deg) < len(latitude):
        raise SchemaError(
            "A latitude occurs twice.",
            field="latitude",
            got=f"{len(latitude)} values, {len(lat_deg)} different",
            expected="each latitude once",
            fix="download the file again: two areas were joined without looking at their latitudes",
        )
    lon_deg, lon_order = _from_west_to_east(longitude)
    _require_even_steps("latitude", lat_deg)
    _require_even_steps("longitude", lon_deg)
    return LonLatAxes(lat_deg, lon_deg, lat_order, lon_order)


def rows_touching(lat_deg: FloatArray, polygons: Geometries) -> slice:
    """Rows of a grid that reach into cells around the pole, and one more to the south.

    Parameters
    ----------
    lat_deg
        Rows of box centres, ascending, shape (n_lat,).
    polygons
        Cells in EPSG:3413, shape (n_cells,); of their outlines the vertices count.

    Returns
    -------
    slice
        Positions in `lat_deg`, up to the last.

    Raises
    ------
    SchemaError
        The grid ends south of the cells, or they have no vertex.

    Examples
    --------
    The only vertices lie on 75.5° N, between the rows of 75 and 76:

    >>> x_m, y_m = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True).transform(0.0, 75.5)
    >>> rows_touching(np.arange(70.0, 90.0), np.array([shapely.Point(x_m, y_m).buffer(1.0)]))
    slice(4, 20, None)
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


def require_cells_within(lat_deg: FloatArray, lon_deg: FloatArray, polygons: Geometries) -> None:
    """Refuse a climate that lies beside the cells, such as half a globe.

    A cell lies beyond where its centre does; boxes reach half a step beyond their centres. Of some cells beyond, the
    log warns.

    Parameters
    ----------
    lat_deg, lon_deg
        Box centres, ascending, shape (n_lat,) and (n_lon,).
    polygons
        Cells in EPSG:3413, shape (n_cells,), one or more.

    Raises
    ------
    SchemaError
        More than a fifth (`MAX_SHARE_OUTSIDE`) of the cells have their centre beyond the boxes.
    """
    centre_lon_deg, centre_lat_deg = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True).transform(
        *shapely.get_coordinates(shapely.centroid(polygons)).T
    )
    # Counted eastwards from the western edge of the first box, so that a grid across ±180° is one stretch, too.
    outside = {
        "longitude": _step(lon_deg) + lon_deg[-1] - lon_deg[0]
        < (centre_lon_deg - lon_deg[0] + _step(lon_deg) / 2) % 360.0,
        "latitude": np.abs(centre_lat_deg - lat_deg.mean()) > (lat_deg[-1] - lat_deg[0] + _step(lat_deg)) / 2,
    }
    is_outside = outside["longitude"] | outside["latitude"]
    if is_outside.any():
        logger.warning("%d of %d cells lie beyond the climate.", np.count_nonzero(is_outside), len(is_outside))
    if is_outside.mean() > MAX_SHARE_OUTSIDE:
        fields = [name for name, lies_beyond in outside.items() if lies_beyond.any()]
        raise SchemaError(
            "The climate lies beside the cells.",
            field=", ".join(fields),
            got=f"{lat_deg[0]:g} to {lat_deg[-1]:g} N, {lon_deg[0]:g} to {lon_deg[-1]:g} E; "
            f"{np.count_nonzero(is_outside)} of {len(is_outside)} cells beyond",
            expected="the area of the region; for the whole Arctic all 360 degrees, up to the pole",
            sample=[
                f"{lat:.0f} N {lon:.0f} E"
                for lat, lon in zip(centre_lat_deg[is_outside], centre_lon_deg[is_outside], strict=True)
            ],
            fix="request the missing area too, or narrow the region in the parameters of grids",
        )


def _step(axis_deg: FloatArray) -> float:
    return float(np.diff(axis_deg).mean()) if len(axis_deg) > 1 else 0.0


def _from_west_to_east(longitude: FloatArray) -> tuple[FloatArray, IntArray]:
    """Each meridian once, from the eastern end of the widest gap on; a full circle begins at −180."""
    lon_deg, order = np.unique(_wrapped(longitude), return_index=True)
    gaps_deg = np.diff(lon_deg, append=lon_deg[0] + 360.0)
    # No gap is wider than the others: a full circle.
    if gaps_deg.max() - np.median(gaps_deg) <= MAX_DEVIATION_DEG:
        return lon_deg, order
    start = (int(gaps_deg.argmax()) + 1) % len(lon_deg)
    turned = np.where(np.arange(len(lon_deg)) < start, lon_deg + 360.0, lon_deg)
    return np.roll(turned, -start), np.roll(order, -start)


def _wrapped(longitude: FloatArray) -> FloatArray:
    wrapped: FloatArray = ((longitude + 180.0) % 360.0 - 180.0).round(DECIMALS_DEG)
    return np.where(wrapped >= 180.0, -180.0, wrapped)


def _require_degrees(name: str, values: FloatArray, lowest: float, highest: float) -> None:
    is_one = (values >= lowest - MAX_DEVIATION_DEG) & (values <= highest + MAX_DEVIATION_DEG)
    if not len(values) or not is_one.all():
        raise SchemaError(
            f"The axis of {name}s holds values that are none.",
            field=name,
            got=f"{values.min():g} to {values.max():g}" if len(values) else "no value",
            expected=f"{lowest:g} to {highest:g} degrees",
            sample=values[~is_one],
            fix="give the axes the names of what they hold; latitude and longitude may have been swapped",
        )


def _require_even_steps(name: str, axis_deg: FloatArray) -> None:
    steps_deg = np.diff(axis_deg)
    if np.abs(steps_deg - np.median(steps_deg) if len(steps_deg) else 0.0).max(initial=0.0) > MAX_DEVIATION_DEG:
        raise SchemaError(
            f"The {name}s are not evenly spaced.",
            field=name,
            got=f"steps of {steps_deg.min():g} to {steps_deg.max():g} degrees",
            expected="one step",
            fix="a Gaussian grid: request a regular one (`grid: [0.25, 0.25]`); a gap: request the whole area",
        )
