"""Where to cut tiles from what a campaign has seen: around what it found, and anywhere."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import numpy as np
import pandas as pd
import shapely

from entropice.errors import LabelError
from entropice.imagery.samples import Place
from entropice.imagery.tile_layout import TileLayout
from entropice.types import BaseGeometry, DataFrame, FloatArray, GeoDataFrame

MAX_ROUNDS: Final = 200


def place_tiles(
    found: GeoDataFrame, seen: GeoDataFrame, land: GeoDataFrame, layout: TileLayout, seed: int
) -> DataFrame:
    """Tiles inside seen ground whose middle lies on land, each once, in an order that is always the same.

    Parameters
    ----------
    found
        ``year geometry`` in EPSG:3413, of any geometry.
    seen
        ``year geometry`` in EPSG:3413, the ground that was seen in a year.
    land
        ``geometry`` in EPSG:3413.
    layout
        Size and number of tiles.
    seed
        Of shifts, choice and random places.

    Returns
    -------
    DataFrame
        ``key left_m top_m pixel_m n_pixels year is_around``, sorted by key: ``<year>_<left>_<top>`` in metres. Corners
        are whole multiples of a pixel; ``is_around`` says whether a tile was laid around a find of its year (a point in
        it, `shapely.point_on_surface`), shifted by up to ``layout.max_shift`` of its edge either way. Of these
        ``layout.n_around`` are drawn, of all years together; fewer where fewer finds have room. Random places are
        uniform on the projected ground, equally many a year but for rounding, drawn in 200 rounds (`MAX_ROUNDS`) at
        most of four times as many as are wanted. A tile that comes twice is there once.

    Raises
    ------
    LabelError
        Nothing was found in seen ground, or seen land has no room for a tile.
    """
    random = np.random.default_rng([seed, *b"tile places"])
    ground = shapely.union_all(land.geometry.to_numpy())
    years = sorted(set(seen["year"]))
    by_year = {year: shapely.union_all(seen.geometry[seen["year"] == year].to_numpy()) for year in years}
    around = [_around(found[found["year"] == year], by_year[year], year, ground, layout, random) for year in years]
    chosen = pd.concat(around, ignore_index=True)
    if chosen.empty:
        raise LabelError(
            "No tile around a find lies inside ground that was seen.",
            field="geometry",
            got=f"{len(found)} finds, years {years}",
            expected="finds with seen ground around them in the same year",
        )
    # Drawn over all years together: a year with many finds keeps its share of the tiles around them.
    kept = np.sort(random.permutation(len(chosen))[: layout.n_around])
    shares = np.diff(np.linspace(0, layout.n_anywhere, len(years) + 1).round().astype(int))
    anywhere = [
        _anywhere(n_tiles, by_year[year], year, ground, layout, random)
        for year, n_tiles in zip(years, shares, strict=True)
    ]
    tiles = pd.concat([chosen.iloc[kept], *anywhere], ignore_index=True)
    return tiles.drop_duplicates("key").sort_values("key", ignore_index=True)


def place_of(tile: "pd.Series[float]") -> Place:
    """The place that a row with the columns of `place_tiles` stands for.

    Examples
    --------
    >>> place_of(pd.Series({"left_m": 0.0, "top_m": 40.0, "pixel_m": 10.0, "n_pixels": 4.0, "year": 2020.0}))
    Place(left_m=0.0, top_m=40.0, pixel_m=10.0, n_pixels=4, year=2020)
    """
    return place_in(tile, int(tile["year"]))


def place_in(tile: "pd.Series[float]", year: int) -> Place:
    """The place of a row ``left_m top_m pixel_m n_pixels`` in a year, whatever year the row itself may have.

    Corners in EPSG:3413; a number of pixels that is not whole is cut off.
    """
    return Place(
        left_m=float(tile["left_m"]),
        top_m=float(tile["top_m"]),
        pixel_m=float(tile["pixel_m"]),
        n_pixels=int(tile["n_pixels"]),
        year=year,
    )


def places_table(places: Mapping[str, Place]) -> DataFrame:
    """Rows ``key left_m top_m pixel_m n_pixels year`` of places by key.

    In their order; without a place there is no column either.

    Examples
    --------
    >>> places_table({"a": Place(0.0, 40.0, 10.0, 4, 2020)}).to_dict("records")
    [{'key': 'a', 'left_m': 0.0, 'top_m': 40.0, 'pixel_m': 10.0, 'n_pixels': 4, 'year': 2020}]
    """
    return pd.DataFrame([{"key": key, **asdict(place)} for key, place in places.items()])


def tile_table(corners_m: FloatArray, year: int, layout: TileLayout, is_around: bool) -> DataFrame:
    """Rows of `place_tiles` for top-left corners (n, 2), which are moved to whole multiples of a pixel.

    Parameters
    ----------
    corners_m
        x and y in EPSG:3413; both are rounded down, to the left and below.
    year, is_around
        Of all rows.
    layout
        Size of a pixel and of a tile.

    Examples
    --------
    >>> layout = TileLayout(pixel_m=10.0, n_pixels=8, n_around=1, n_anywhere=1, max_shift=0.25)
    >>> rows = tile_table(np.array([[-5.0, 48.0]]), 2020, layout, is_around=True)
    >>> rows[["key", "left_m", "top_m"]].to_numpy().tolist()
    [['2020_-10_+40', -10.0, 40.0]]
    """
    left_m, top_m = (np.floor(corners_m / layout.pixel_m) * layout.pixel_m).T
    keys = [f"{year}_{left:+.0f}_{top:+.0f}" for left, top in zip(left_m, top_m, strict=True)]
    return pd.DataFrame(
        {
            "key": keys,
            "left_m": left_m,
            "top_m": top_m,
            "pixel_m": layout.pixel_m,
            "n_pixels": layout.n_pixels,
            "year": year,
            "is_around": is_around,
        }
    )


def _around(
    found: GeoDataFrame,
    seen: BaseGeometry,
    year: int,
    ground: BaseGeometry,
    layout: TileLayout,
    random: np.random.Generator,
) -> DataFrame:
    points = shapely.get_coordinates(shapely.point_on_surface(found.geometry.to_numpy()))
    shifts = random.uniform(-layout.max_shift, layout.max_shift, size=points.shape)
    middles = points + shifts * layout.edge_m
    return _with_room(middles, seen, year, ground, layout, is_around=True)


def _anywhere(
    n_tiles: int, seen: BaseGeometry, year: int, ground: BaseGeometry, layout: TileLayout, random: np.random.Generator
) -> DataFrame:
    near_land = shapely.intersection(seen, shapely.box(*shapely.bounds(ground)))
    # Nothing has no bounds to draw in: ground far from any land is refused tile by tile, as other ground without room.
    left, bottom, right, top = shapely.bounds(seen if near_land.is_empty else near_land)
    drawn = tile_table(np.empty((0, 2)), year, layout, is_around=False)
    for _ in range(MAX_ROUNDS):
        if len(drawn) >= n_tiles:
            return drawn.iloc[:n_tiles]
        # Drawn in the bounds and refused outside: uniform whatever shape seen ground has. Four times as many as are
        # wanted, for many are refused.
        middles = random.uniform([left, bottom], [right, top], size=(4 * n_tiles, 2))
        drawn = pd.concat([drawn, _with_room(middles, seen, year, ground, layout, is_around=False)], ignore_index=True)
    raise LabelError(
        "Ground that was seen has no room for the tiles.",
        field="anywhere",
        got=f"{len(drawn)} tiles after {MAX_ROUNDS * 4 * n_tiles:,} tries, year {year}",
        expected=f"{n_tiles} tiles of {layout.edge_m:g} m inside seen ground, their middle on land",
        fix="ask for fewer or smaller tiles",
    )


def _with_room(
    middles_m: FloatArray, seen: BaseGeometry, year: int, ground: BaseGeometry, layout: TileLayout, is_around: bool
) -> DataFrame:
    """Tiles around middles that lie on land, where the whole tile was seen."""
    for one in (seen, ground):
        shapely.prepare(one)
    on_land = middles_m[shapely.contains_xy(ground, *middles_m.T)]
    tiles = tile_table(on_land + np.array([-0.5, 0.5]) * layout.edge_m, year, layout, is_around)
    left_m, top_m = tiles["left_m"].to_numpy(), tiles["top_m"].to_numpy()
    boxes = shapely.box(left_m, top_m - layout.edge_m, left_m + layout.edge_m, top_m)
    with_room: DataFrame = tiles[shapely.contains(seen, boxes)]
    return with_room
