"""Slumps as polygons, in the layout of DARTS level 2."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.types import BoolArray, FloatArray, Geometries
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import WorldSpecification

_N_CORNERS = 16
_MAX_ELONGATION = 2.0
_SHRINK = (0.6, 0.95)
_EAST, _WEST = shapely.box(0, 0, 1e7, 1e7), shapely.box(-1e7, 0, 0, 1e7)
"""The halves of EPSG:6931 beside the antimeridian, which is the line x = 0, y > 0."""


def draw_outlines(found: pd.DataFrame, world: WorldSpecification) -> gpd.GeoDataFrame:
    """Rows ``id year pval_mean pval_max pval_std geometry`` (EPSG:4326), one per slump and year, and the repeats.

    An outline's area in EPSG:6931 is the drawn area. A share `repeated_share` of the rows is drawn twice in a year, as
    different images would have it: a smaller outline inside the first (whose union is the first), shrunk about its
    middle to 0.6 to 0.95 of its length, and `identical_share` of them have the same row again; each by chance.

    Parameters
    ----------
    found
        ``slump_id year x_m y_m area_m2`` (EPSG:3413), as `entropice.virtual_arctic.slumps.find_slumps` gives them.

    Returns
    -------
    GeoDataFrame
        Sorted by year and id; ``id`` is ``slump_id``, but for `new_id_share` of the smaller outlines, which get new
        ones above the highest. Outlines are stars of 16 corners, at most twice as long as wide but for their ragged
        edge. The three columns ``pval_…`` are drawn, as are shapes, by the world's seed, and say nothing of the slump.
    """
    random = generator(world.seed, "outlines")
    corners = _star_corners(random, found["area_m2"].to_numpy())
    centres = np.stack(_to_equal_area(found["x_m"].to_numpy(), found["y_m"].to_numpy()), axis=-1)[:, None, :]
    first = _features(random, found, corners + centres)
    smaller = corners * random.uniform(*_SHRINK, size=(len(found), 1, 1))
    is_repeated = random.uniform(size=len(found)) < world.digitising.repeated_share
    second = _features(random, found[is_repeated], (smaller + centres)[is_repeated])
    second = _with_new_ids(random, second, first, world.digitising.new_id_share)
    identical = first[random.uniform(size=len(found)) < world.digitising.identical_share]
    rows = pd.concat([first, second, identical], ignore_index=True)
    return rows.sort_values(["year", "id"], kind="stable", ignore_index=True)


def lon_lat_polygons(corners: FloatArray) -> Geometries:
    """Polygons in EPSG:4326 from rings in EPSG:6931, shape (polygon, corner, 2); split at the antimeridian.

    Rings are closed, in m. A polygon that crosses the antimeridian becomes a MultiPolygon with a part on each side, at
    longitudes of 180 and −180; others stay polygons. An object array (polygon,).
    """
    polygons = shapely.polygons(corners)
    geometries: Geometries = shapely.transform(polygons, _to_lon_lat)
    for index in np.flatnonzero(_crosses_antimeridian(corners)):
        geometries[index] = _split_at_antimeridian(polygons[index])
    return geometries


def _features(random: np.random.Generator, found: pd.DataFrame, corners: FloatArray) -> gpd.GeoDataFrame:
    mean = random.beta(8, 3, size=len(found)) * 0.5 + 0.5
    columns = {
        "id": found["slump_id"].to_numpy(),
        "year": found["year"].to_numpy(),
        "pval_mean": mean,
        "pval_max": mean + (1 - mean) * random.uniform(0.3, 1, size=len(found)),
        "pval_std": random.uniform(0.02, 0.2, size=len(found)),
    }
    return gpd.GeoDataFrame(columns, geometry=lon_lat_polygons(corners), crs=LON_LAT_CRS)


def _with_new_ids(
    random: np.random.Generator, second: gpd.GeoDataFrame, first: gpd.GeoDataFrame, share: float
) -> gpd.GeoDataFrame:
    # New ids are set aside for all, whether used or not: another share leaves the other ids as they were.
    is_new = random.uniform(size=len(second)) < share
    new_ids = (first["id"].max() if len(first) else 0) + 1 + np.arange(len(second))
    return second.assign(id=np.where(is_new, new_ids, second["id"]))


def _star_corners(random: np.random.Generator, area_m2: FloatArray) -> FloatArray:
    """Closed rings around the origin, shape (polygon, corner + 1, 2), star-shaped and of exactly the given areas."""
    n = len(area_m2)
    angle = 2 * np.pi * (np.arange(_N_CORNERS) + random.uniform(0, 0.7, size=(n, _N_CORNERS))) / _N_CORNERS
    radius = np.exp(0.18 * random.standard_normal((n, _N_CORNERS)))
    stretch = np.sqrt(random.uniform(1, _MAX_ELONGATION, size=(n, 1)))
    along, across = radius * np.cos(angle) * stretch, radius * np.sin(angle) / stretch
    turn = random.uniform(0, 2 * np.pi, size=(n, 1))
    x, y = along * np.cos(turn) - across * np.sin(turn), along * np.sin(turn) + across * np.cos(turn)
    # The shoelace formula of the ring, by which it is then scaled to the area that it is to have.
    drawn = np.sum(x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1), axis=1) / 2
    scaled = np.stack([x, y], axis=-1) * np.sqrt(area_m2 / drawn)[:, None, None]
    return np.concatenate([scaled, scaled[:, :1]], axis=1)


def _crosses_antimeridian(corners: FloatArray) -> BoolArray:
    x, y = corners[..., 0], corners[..., 1]
    crosses: BoolArray = (x.min(axis=1) < 0) & (x.max(axis=1) > 0) & (y.min(axis=1) > 0)
    return crosses


def _split_at_antimeridian(polygon: shapely.Polygon) -> shapely.MultiPolygon:
    east = shapely.transform(polygon & _EAST, lambda corners: _to_lon_lat(corners, side=1.0))
    west = shapely.transform(polygon & _WEST, lambda corners: _to_lon_lat(corners, side=-1.0))
    return shapely.MultiPolygon([*shapely.get_parts(east), *shapely.get_parts(west)])


def _to_equal_area(x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    x_equal_m, y_equal_m = Transformer.from_crs(POLAR_CRS, EQUAL_AREA_CRS, always_xy=True).transform(x_m, y_m)
    return x_equal_m, y_equal_m


def _to_lon_lat(equal_area_m: FloatArray, side: float | None = None) -> FloatArray:
    """Longitude and latitude; ``side`` (1 or −1) says which way round the antimeridian is reached."""
    transformer = Transformer.from_crs(EQUAL_AREA_CRS, LON_LAT_CRS, always_xy=True)
    lon_deg, lat_deg = transformer.transform(equal_area_m[:, 0], equal_area_m[:, 1])
    return np.stack([lon_deg if side is None else np.copysign(lon_deg, side), lat_deg], axis=-1)
