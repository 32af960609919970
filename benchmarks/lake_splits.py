"""Splits of a million chips of lakes, and what a rule of degrees would leak: ``python -m benchmarks.lake_splits``.

Chips of 224 pixels of 10 m in four years lie crowded in squares of 60 km, which are strewn over 30–50° N and 60–80° N.
The first table says for several grids how many chips of different splits overlap or lie within twice the buffer of each
other on the ground; the second, by latitude, the share of kept test chips that overlap, or lie within the buffer of, a
chip of training: by blocks of degrees with a buffer in degrees, and by parent cells with a buffer in metres.

The rule of degrees is that of the published model card: blocks are squares of longitude and latitude, chips are left
out whose middle lies within the buffer, said in degrees of latitude and longitude alike, of an edge of their block.
The notes state neither the edge of a block nor how close chips lie. Here an edge is `BLOCK_DEG`, and chips lie at
random, so many that they would cover their ground once.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from benchmarks.measuring import circumstances, highest_mb, markdown_table, measured
from entropice.dggs import parse_grid
from entropice.dggs.polar import project, scale_at, unproject
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import BUFFER, SPLITS, TEST, TRAIN, split_of_block, split_tiles, tile_boxes
from entropice.types import BoolArray, DataFrame, FloatArray, Geometries, IntArray, Series

PIXEL_M: Final = 10.0
N_PIXELS: Final = 224
EDGE_M: Final = PIXEL_M * N_PIXELS
YEARS: Final = (2017, 2021, 2022, 2023)
RULES: Final = SplitRules(block_level=4, buffer_m=2200.0, train=0.76, validation=0.12, test=0.12)
BLOCK_LEVELS: Final = {"h3_4": 4, "h3_5": 4, "healpix_7": 7, "healpix_9": 7}
SEED: Final = 42

N_CHIPS: Final = 1_000_000
N_SQUARES: Final = 400
SQUARE_M: Final = 60_000.0
BELTS_DEG: Final = ((30.0, 50.0), (60.0, 80.0))

BLOCK_DEG: Final = 0.2
BUFFER_DEG: Final = 0.02
"""2.2 km of latitude."""

LATITUDES_DEG: Final = (35.0, 45.0, 65.0, 75.0, 80.0)
N_PLACES: Final = 60

_BLOCKS_PER_COLUMN: Final = 1_000_000
_ELLIPSOID: Final = Geod(ellps="WGS84")


def chips_around(middles_m: FloatArray, years: tuple[int, ...] = YEARS) -> DataFrame:
    """A chip a year around each middle (n, 2)."""
    left_m, top_m = (middles_m + np.array([-0.5, 0.5]) * EDGE_M).T
    tiles = pd.DataFrame({"left_m": left_m, "top_m": top_m, "pixel_m": PIXEL_M, "n_pixels": N_PIXELS})
    every_year = pd.concat([tiles.assign(year=year, place=tiles.index) for year in years], ignore_index=True)
    return every_year.assign(key=every_year.index)


def crowded_chips(n_chips: int, n_squares: int, seed: int) -> DataFrame:
    """Chips in squares that are strewn uniformly on the sphere, half of them in each belt."""
    random = np.random.default_rng(seed)
    lowest, highest = np.sin(np.radians(np.resize(BELTS_DEG, (n_squares, 2)))).T
    lat_deg = np.degrees(np.arcsin(random.uniform(lowest, highest)))
    squares_m = project(random.uniform(-180.0, 180.0, size=n_squares), lat_deg)
    n_places = n_chips // len(YEARS)
    shifts_m = random.uniform(-SQUARE_M / 2, SQUARE_M / 2, size=(n_places, 2))
    return chips_around(squares_m[np.arange(n_places) % n_squares] + shifts_m)


def near_chips_m(boxes: Geometries, others: Geometries, within_m: float) -> tuple[IntArray, FloatArray]:
    """Number of the box, and distance on the ground, of each pair that lies within a distance; 0 where they overlap.

    The projection is conformal: the shortest line in EPSG:3413 is that on the ground but for terms of second order.
    """
    middles_m = shapely.get_coordinates(shapely.centroid(boxes))
    reach_m = 1.01 * within_m * scale_at(middles_m)
    box, other = shapely.STRtree(others).query(boxes, predicate="dwithin", distance=reach_m)
    lines = shapely.get_coordinates(shapely.shortest_line(boxes[box], others[other]))
    _, _, distance_m = _ELLIPSOID.inv(*unproject(lines[::2]), *unproject(lines[1::2]))
    is_within = distance_m <= within_m
    return box[is_within], distance_m[is_within]


def too_near_m(tiles: DataFrame, splits: Series, within_m: float) -> FloatArray:
    """Distances on the ground between chips of different splits, those within a distance; each place counts once."""
    once = ~tiles.duplicated("place").to_numpy()
    boxes, of_box = tile_boxes(tiles[once]), splits.to_numpy()[once]
    pairs = combinations([boxes[of_box == split] for split in SPLITS], 2)
    return np.concatenate([near_chips_m(one, other, within_m)[1] for one, other in pairs])


def differs_between_years(tiles: DataFrame, splits: Series) -> bool:
    """Whether any place is in one split in one year and in another in another."""
    each = pd.DataFrame({"place": tiles["place"].to_numpy(), "split": splits.to_numpy()}).drop_duplicates()
    return bool(each["place"].duplicated().any())


def split_by_degrees(
    tiles: DataFrame, block_deg: float, buffer_deg: float, shares: dict[str, float], seed: int
) -> Series:
    """The rule of the card: a hash of the block of degrees, less what lies near an edge of a block in degrees."""
    edge_m = (tiles["pixel_m"] * tiles["n_pixels"]).to_numpy()
    middles_m = tiles[["left_m", "top_m"]].to_numpy() + np.outer(edge_m, [0.5, -0.5])
    position = np.column_stack(unproject(middles_m)) / block_deg
    column, row = np.floor(position).astype(np.int64).T
    blocks, of_tile = np.unique(column * _BLOCKS_PER_COLUMN + row, return_inverse=True)
    splits = pd.Series([split_of_block(block, shares, seed) for block in blocks.tolist()])
    from_edge_deg = np.minimum(position % 1, 1 - position % 1).min(axis=1) * block_deg
    return splits.take(of_tile).reset_index(drop=True).mask(from_edge_deg < buffer_deg, BUFFER)


def leaking(tiles: DataFrame, splits: Series, within_m: float) -> FloatArray:
    """Distance on the ground from each chip of test to the nearest of training, inf where none is within a distance."""
    boxes = tile_boxes(tiles)
    tests = boxes[(splits == TEST).to_numpy()]
    nearest_m = np.full(len(tests), np.inf)
    box, distance_m = near_chips_m(tests, boxes[(splits == TRAIN).to_numpy()], within_m)
    np.minimum.at(nearest_m, box, distance_m)
    return nearest_m


def places_at(lat_deg: float, seed: int) -> Iterator[DataFrame]:
    """Chips of one year in squares of 60 km at a latitude, so many that they would cover their ground once."""
    random = np.random.default_rng([seed, int(lat_deg)])
    for lon_deg in random.uniform(-180.0, 180.0, size=N_PLACES):
        middle_m = project(np.array([lon_deg]), np.array([lat_deg]))
        half_m = SQUARE_M / 2 * float(scale_at(middle_m)[0])
        n_chips = round((2 * half_m / EDGE_M) ** 2)
        yield chips_around(middle_m + random.uniform(-half_m, half_m, size=(n_chips, 2)), YEARS[:1])


def law_row(key: str, tiles: DataFrame) -> list[str]:
    """What the split of one grid does to crowded chips."""
    rules = RULES.model_copy(update={"block_level": BLOCK_LEVELS[key]})
    dealt, usage = measured(lambda: split_tiles(tiles, parse_grid(key), rules, SEED)["split"])
    near_m = too_near_m(tiles, dealt, 2.5 * rules.buffer_m)
    return [
        key,
        f"{(dealt != BUFFER).mean():.0%}",
        str(int((near_m <= 0).sum())),
        str(int((near_m <= 2 * rules.buffer_m).sum())),
        f"{near_m.min(initial=np.inf):,.0f}",
        "yes" if differs_between_years(tiles, dealt) else "no",
        f"{usage.cpu_s:.1f}",
    ]


def leak_row(lat_deg: float) -> list[str]:
    """Shares of kept test chips at a latitude, by both rules."""
    kept: dict[str, list[BoolArray]] = {"degrees": [], "cells": []}
    nearest: dict[str, list[FloatArray]] = {"degrees": [], "cells": []}
    for tiles in places_at(lat_deg, SEED):
        by_rule = {
            "degrees": split_by_degrees(tiles, BLOCK_DEG, BUFFER_DEG, RULES.shares, SEED),
            "cells": split_tiles(tiles, parse_grid("h3_4"), RULES, SEED)["split"],
        }
        for rule, splits in by_rule.items():
            kept[rule].append((splits != BUFFER).to_numpy())
            nearest[rule].append(leaking(tiles, splits, RULES.buffer_m))
    return [f"{lat_deg:.0f}", *(text for rule in kept for text in _shares(kept[rule], nearest[rule]))]


def _shares(kept: list[BoolArray], nearest: list[FloatArray]) -> list[str]:
    nearest_m = np.concatenate(nearest)
    return [
        f"{np.concatenate(kept).mean():.0%}",
        str(len(nearest_m)),
        f"{(nearest_m <= 0).mean():.1%}",
        f"{(nearest_m <= RULES.buffer_m).mean():.1%}",
    ]


def main() -> None:
    """Print both tables."""
    tiles = crowded_chips(N_CHIPS, N_SQUARES, SEED)
    titles = ["grid", "kept", "pairs that overlap", "within twice the buffer", "nearest (m)", "years differ", "CPU s"]
    print(f"{len(tiles):,} chips, buffer {RULES.buffer_m:,.0f} m\n")  # noqa: T201
    print(markdown_table(titles, [law_row(key, tiles) for key in BLOCK_LEVELS]))  # noqa: T201
    of_rule = ["kept", "test chips", "overlap", f"within {RULES.buffer_m:,.0f} m"]
    titles = ["° N", *(f"{rule}: {title}" for rule in ("degrees", "cells") for title in of_rule)]
    print("\n" + markdown_table(titles, [leak_row(lat_deg) for lat_deg in LATITUDES_DEG]))  # noqa: T201
    print(f"\nMemory at its highest {highest_mb():,.0f} MB. {circumstances()}")  # noqa: T201


if __name__ == "__main__":
    main()
