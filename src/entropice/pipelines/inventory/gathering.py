"""Pieces of objects from tiles as tables of objects, one row an object and year."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from entropice.crs import POLAR_CRS
from entropice.dggs.polar import scale_at
from entropice.imagery.inventory.pieces import same_pieces
from entropice.imagery.inventory.region_tiles import REGION
from entropice.imagery.packed_outlines import unpacked
from entropice.imagery.splits import tile_boxes
from entropice.pipelines.inventory.places import place_key
from entropice.tiles.plan import TileResults
from entropice.types import DataFrame, FloatArray, GeoDataFrame

FOUND: Final = "found"
TRUE: Final = "true"
SUMS: Final[Mapping[str, tuple[str, ...]]] = {
    FOUND: ("n_pixels", "logit_sum", "chance_sum", "n_expected", "n_in_doubt"),
    TRUE: ("n_pixels",),
}


def whole_objects(
    surveyed: TileResults, places: DataFrame, years: Sequence[int], reach_m: float, kind: str
) -> GeoDataFrame:
    """Rows ``region year is_cut geometry`` (EPSG:3413) and `SUMS` of the objects of every region and year.

    ``is_cut`` is whether ground that nobody has seen is within reach of an object, so that it may go on there.

    Parameters
    ----------
    surveyed
        Results of `entropice.pipelines.inventory.job.survey_tile` of every place and year.
    places
        ``key region left_m top_m pixel_m n_pixels``, the squares that were looked at.
    years
        That were looked at.
    reach_m
        How far the vague edge of an object may reach, in metres of EPSG:3413.
    kind
        ``found`` or ``true``.

    Returns
    -------
    GeoDataFrame
        A row an object of a region and year: ``n_pixels``, and of found ones ``logit_sum chance_sum`` over these
        pixels, ``n_expected n_in_doubt``, the sums of c and of c (1 − c) over the chances c of the pixels of its zone,
        the object with the pixels within ``reach_px`` that are nearer to it than to another one; pieces that tiles see
        of one object, across their borders, are put together, and every pixel counts once, in the tile whose ground it
        is. Objects without a pixel on the ground of any tile have no row. ``geometry`` is the part on the ground. Where
        nothing was found there are no rows, and the columns ``n_pixels`` (and the other sums) ``region year is_cut
        geometry`` all the same.

    Raises
    ------
    ValueError
        There is no place, or no year.
    """
    parts = [
        _of_region(surveyed, of_region, str(region), year, reach_m, kind)
        for region, of_region in places.groupby(REGION)
        for year in years
    ]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=POLAR_CRS)


def with_one_row_a_year(objects: GeoDataFrame, numbers: Any) -> GeoDataFrame:
    """Found objects of one number (n,) and year put together, with ``object_id``.

    `objects` has the columns of `whole_objects`. Outlines are united and the sums (``n_pixels logit_sum chance_sum
    n_expected n_in_doubt``) added, the region is that of the first, and the object is cut where one of its parts is;
    columns ``object_id year`` come first, sorted. The input stays as it is; without rows there are none, and the
    columns stay.
    """
    rows = objects.assign(object_id=numbers)
    kept = {REGION: "first", "is_cut": "any"} | dict.fromkeys(SUMS[FOUND], "sum")
    return rows.dissolve(by=["object_id", "year"], aggfunc=kept).reset_index()


def known_places(surveyed: TileResults, places: DataFrame, years: Sequence[int]) -> DataFrame:
    """Rows ``key region year knows_truth n_seen`` of every place and year.

    ``knows_truth`` is whether the truth is known of all that was seen there, also where nothing was; ``n_seen`` are
    known pixels of its ground. Without a place there is no column either.
    """
    rows = [
        {
            "key": place.key,
            REGION: place.region,
            "year": year,
            "knows_truth": bool(arrays["knows_truth"]),
            "n_seen": int(arrays["n_seen"]),
        }
        for place in places.itertuples()
        for year in years
        for arrays in [surveyed.load(place_key(str(place.key), year))]
    ]
    return pd.DataFrame(rows)


def ground_pixels_m2(objects: GeoDataFrame, pixel_m: float) -> FloatArray:
    """Area (n,) on the ground of a pixel where each object lies: (pixel / scale of EPSG:3413 at its centroid)².

    Lengths at the pole are .970 of those on the ground:

    >>> from shapely import box
    >>> around_the_pole = gpd.GeoDataFrame(geometry=[box(-1, -1, 1, 1)])
    >>> ground_pixels_m2(around_the_pole, 10.0).round(1).tolist()
    [106.3]
    """
    return np.asarray((pixel_m / scale_at(centres_m(objects))) ** 2, dtype=np.float64)


def centres_m(objects: GeoDataFrame) -> FloatArray:
    """Centroids (n, 2), x and y, of the geometries, in the metres of their CRS.

    >>> from shapely import box
    >>> centres_m(gpd.GeoDataFrame(geometry=[box(0, 0, 2, 4)])).tolist()
    [[1.0, 2.0]]
    """
    return np.asarray(shapely.get_coordinates(objects.geometry.centroid.to_numpy()), dtype=np.float64)


def _of_region(
    surveyed: TileResults, places: DataFrame, region: str, year: int, reach_m: float, kind: str
) -> GeoDataFrame:
    boxes = tile_boxes(places)
    loaded = [surveyed.load(place_key(key, year)) for key in places["key"]]
    pieces = pd.concat([_pieces(arrays, number, kind) for number, arrays in enumerate(loaded)], ignore_index=True)
    # What lies in the margin alone is told by the tile whose ground it is.
    here = pieces[pieces[list(SUMS[kind])].ne(0).any(axis=1)].reset_index(drop=True)
    seen = here["outline"].to_numpy(dtype=object)
    numbers = same_pieces(seen, here["tile"].to_numpy())
    # Outlines as seen overlap in the margins and so find each other; areas are those of each tile's own ground.
    own = shapely.intersection(seen, boxes[here["tile"]])
    grouped = here.groupby(numbers)
    whole, on_ground = (_unions(outlines, numbers) for outlines in (seen, own))
    looked_at = shapely.union_all(boxes)
    edge_m = shapely.distance(whole, shapely.boundary(looked_at))
    is_inside = shapely.covered_by(whole, looked_at) & (edge_m >= reach_m)
    is_cut = grouped["is_beside_unknown"].any().to_numpy(bool) | ~is_inside
    objects = grouped[list(SUMS[kind])].sum().assign(region=region, year=year, is_cut=is_cut, geometry=on_ground)
    return objects[objects["n_pixels"] > 0]


def _pieces(arrays: Mapping[str, Any], tile: int, kind: str) -> DataFrame:
    columns = {name: arrays[f"{kind}_{name}"] for name in (*SUMS[kind], "is_beside_unknown")}
    outlines = unpacked(arrays[f"{kind}_outlines"], arrays[f"{kind}_ends"])
    return pd.DataFrame({"tile": tile, **columns, "outline": outlines})


def _unions(outlines: Any, numbers: Any) -> Any:
    grouped = pd.Series(list(outlines), dtype=object).groupby(numbers)
    return np.array([_polygons(_union(list(of_object))) for _, of_object in grouped], dtype=object)


def _union(outlines: list[Any]) -> Any:
    """Most objects lie in one tile, and to unite what is one already takes long where shores are ragged."""
    return outlines[0] if len(outlines) == 1 else shapely.union_all(outlines)


def _polygons(geometry: Any) -> Any:
    """Without the lines and points in which neighbours touch."""
    parts = shapely.get_parts(geometry)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
