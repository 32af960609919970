"""Results of mapped tiles as tables of objects and of what was seen."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from entropice.crs import EQUAL_AREA_CRS, POLAR_CRS
from entropice.imagery.packed_outlines import unpacked
from entropice.tiles.plan import TileResults
from entropice.types import DataFrame, GeoDataFrame

OF_OBJECTS: Final = (
    *("mean_logit", "n_pixels", "extent_m", "area_m2", "area_variance_m4"),
    *("chance_mean", "chance_max", "chance_sd"),
)
OF_TILES: Final = ("cell_id", "stratum", "inclusion", "is_best", "expected")


def plan_key(tile: str, year: int) -> str:
    """Name of the work on a tile in a year.

    >>> plan_key("n12_w7", 2021)
    '2021_n12_w7'
    """
    return f"{year}_{tile}"


def seen_tiles(mapped: TileResults, chosen: DataFrame, years: Sequence[int]) -> GeoDataFrame:
    """Rows ``tile cell_id year stratum inclusion is_best expected seen_area_m2 geometry`` of every tile and year.

    ``geometry`` (EPSG:3413) is the ground of which all bands are known, empty where there is none; ``seen_area_m2`` is
    its true area.

    `mapped` are results of `entropice.pipelines.mapping.job.map_tile`, `chosen` has the columns ``key cell_id stratum
    inclusion is_best expected``; rows go tile by tile, then by year. True areas are those of EPSG:6931.

    Raises
    ------
    ValueError
        No tile is chosen, or no year.
    """
    rows = [
        {"tile": tile.key, "year": year, **{name: getattr(tile, name) for name in OF_TILES}, "geometry": _seen(arrays)}
        for tile, year, arrays in _each(mapped, chosen, years)
    ]
    tiles = gpd.GeoDataFrame(rows, geometry="geometry", crs=POLAR_CRS).astype({"cell_id": np.uint64})
    return tiles.assign(seen_area_m2=tiles.geometry.to_crs(EQUAL_AREA_CRS).area)


def found_objects_of(mapped: TileResults, chosen: DataFrame, years: Sequence[int]) -> GeoDataFrame:
    """Rows ``tile cell_id year mean_logit n_pixels area_m2 area_variance_m4 chance_… is_true geometry`` (EPSG:3413).

    Areas are true ones; ``is_true`` is null where nobody knows.

    `mapped` and `chosen` are those of `seen_tiles`. An object across the border of two tiles is a row in each; no rows,
    and all columns, where nothing was found.

    Raises
    ------
    ValueError
        No tile is chosen, or no year.
    """
    parts = [_objects(tile, year, arrays) for tile, year, arrays in _each(mapped, chosen, years)]
    objects = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=POLAR_CRS)
    # Pixels were summed up in EPSG:3413, which keeps angles; the outline says by how much areas differ there.
    true_share = objects.geometry.to_crs(EQUAL_AREA_CRS).area / objects.geometry.area
    return objects.assign(
        cell_id=objects["cell_id"].astype(np.uint64),
        is_true=objects["is_true"].replace(-1, pd.NA).astype("boolean"),
        area_m2=objects["area_m2"] * true_share,
        area_variance_m4=objects["area_variance_m4"] * true_share**2,
    )


def _each(mapped: TileResults, chosen: DataFrame, years: Sequence[int]) -> Iterator[tuple[Any, int, Mapping[str, Any]]]:
    for tile in chosen.itertuples():
        for year in years:
            yield tile, year, mapped.load(plan_key(str(tile.key), year))


def _objects(tile: Any, year: int, arrays: Mapping[str, Any]) -> DataFrame:
    columns = {name: arrays[name] for name in (*OF_OBJECTS, "is_true")}
    outlines = unpacked(arrays["outlines"], arrays["outline_ends"])
    return pd.DataFrame({"tile": tile.key, "cell_id": tile.cell_id, "year": year, **columns, "geometry": outlines})


def _seen(arrays: Mapping[str, Any]) -> Any:
    import shapely

    geometries = unpacked(arrays["seen"], arrays["seen_ends"])
    return geometries[0] if len(geometries) else shapely.MultiPolygon()
