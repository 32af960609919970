"""Laws of dealing tiles into splits, on tiles that lie close together."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pyproj import Geod

from benchmarks.lake_splits import split_by_degrees
from entropice.dggs import Grid, parse_grid
from entropice.dggs.polar import project, unproject
from entropice.errors import GridError, SchemaError
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import BUFFER, SPLITS, split_of_block, split_tiles, tile_boxes

SHARES = {"train": 0.7, "validation": 0.15, "test": 0.15}
H3 = SplitRules(block_level=4, buffer_m=2200.0, **SHARES)
GEOD = Geod(ellps="WGS84")
HEALPIX = SplitRules(block_level=7, buffer_m=1000.0, **SHARES)


def _tiles(middles_m: Any, year: int = 2021, n_pixels: int = 512) -> pd.DataFrame:
    left_m, top_m = (np.asarray(middles_m) + np.array([-0.5, 0.5]) * n_pixels * 3).T
    keys = [f"{year}_{number}" for number in range(len(left_m))]
    return pd.DataFrame(
        {"key": keys, "left_m": left_m, "top_m": top_m, "pixel_m": 3.0, "n_pixels": n_pixels, "year": year}
    )


def _around(lon_deg: float, lat_deg: float, n: int, seed: int = 0, spread_m: float = 60_000.0) -> pd.DataFrame:
    middle = project(np.array([lon_deg]), np.array([lat_deg]))
    return _tiles(middle + np.random.default_rng(seed).uniform(-spread_m, spread_m, size=(n, 2)))


def _distances_m(first: Any, second: Any) -> Any:
    """On the ground, between geometries that lie near each other: along the line that is shortest in EPSG:3413.

    The projection is conformal, so that this line is the shortest on the ground too but for terms of second order.
    """
    ends = [unproject(shapely.get_coordinates(shapely.shortest_line(first, second))[begin::2]) for begin in (0, 1)]
    return GEOD.inv(*ends[0], *ends[1])[2]


def _smallest_distance_m(tiles: pd.DataFrame, splits: pd.DataFrame, within_m: float = 40_000.0) -> float:
    """On the ground, of any two tiles of different splits, by looking at all pairs."""
    boxes = tile_boxes(tiles)
    groups = [boxes[splits["split"] == split] for split in SPLITS]
    distances_m = []
    for first, second in ((one, other) for n, one in enumerate(groups) for other in groups[n + 1 :]):
        a, b = np.nonzero(shapely.dwithin(first[:, None], second[None, :], within_m))
        distances_m.append(_distances_m(first[a], second[b]).min(initial=np.inf))
    return float(min(distances_m))


@pytest.mark.parametrize(
    ("grid", "rules"), [("h3_4", H3), ("h3_5", H3), ("healpix_7", HEALPIX), ("healpix_9", HEALPIX)]
)
@pytest.mark.parametrize(
    ("lon_deg", "lat_deg"), [(60.0, 1.2), (86.0, 30.0), (120.0, 51.0), (180.0, 70.0), (-45.0, 89.9)]
)
def test_no_two_tiles_of_different_splits_lie_within_twice_the_buffer(
    grid: str, rules: SplitRules, lon_deg: float, lat_deg: float
) -> None:
    tiles = _around(lon_deg, lat_deg, n=700, spread_m=90_000.0)

    splits = split_tiles(tiles, parse_grid(grid), rules, seed=3)

    assert {BUFFER, "train"} < set(splits["split"])
    assert 2 * rules.buffer_m < _smallest_distance_m(tiles, splits) < np.inf


def _cells_around(lon_deg: float, lat_deg: float, grid: Grid, reach_m: float, step_m: float = 4000.0) -> Any:
    """Cells that hold a point of a lattice that is finer than they are."""
    along_m = np.arange(-reach_m, reach_m, step_m)
    lattice_m = np.stack(np.meshgrid(along_m, along_m), axis=-1).reshape(-1, 2)
    middle_m = project(np.array([lon_deg]), np.array([lat_deg]))
    return np.unique(grid.cell_at(*unproject(lattice_m + middle_m)))


@pytest.mark.parametrize("lat_deg", [30.0, 85.0])
@pytest.mark.parametrize(
    ("level", "block_level", "buffer_m", "n_pixels"),
    [(4, 4, 0.0, 512), (4, 4, 2200.0, 512), (5, 3, 30_000.0, 512), (5, 3, 1000.0, 15_000)],
)
def test_exactly_the_tiles_near_other_ground_are_left_out(
    level: int, block_level: int, buffer_m: float, n_pixels: int, lat_deg: float
) -> None:
    """But for those that lie between the buffer and a hundredth more."""
    grid = parse_grid(f"h3_{level}")
    tiles = _around(80.0, lat_deg, n=200, spread_m=150_000.0).assign(n_pixels=n_pixels)
    rules = H3.model_copy(update={"buffer_m": buffer_m, "block_level": block_level})

    splits = split_tiles(tiles, grid, rules, seed=3)

    boxes, own = tile_boxes(tiles), np.array([split_of_block(int(b), SHARES, seed=3) for b in splits["block"]])
    cells = _cells_around(80.0, lat_deg, grid, 260_000.0)
    ground = grid.polygons(cells)
    of_ground = np.array([split_of_block(int(block), SHARES, seed=3) for block in grid.parents(cells, block_level)])
    assert 0 < (splits["split"] == BUFFER).sum() < 200
    for box, split, said in zip(boxes, own, splits["split"], strict=True):
        nearest_m = _distances_m(ground[of_ground != split], box).min(initial=np.inf)
        assert said == split or nearest_m <= 1.01 * buffer_m
        assert said == BUFFER or nearest_m > buffer_m


def test_twenty_thousand_tiles_keep_four_fifths_in_the_stated_shares() -> None:
    random = np.random.default_rng(5)
    lat_deg = np.degrees(np.arcsin(random.uniform(*np.sin(np.radians([50, 85])), size=20_000)))
    tiles = _tiles(project(random.uniform(-180, 180, size=20_000), lat_deg))

    splits = split_tiles(tiles, parse_grid("h3_4"), H3, seed=42)

    kept = splits[splits["split"] != BUFFER]
    assert len(kept) >= 0.8 * len(tiles)
    assert np.allclose([(kept["split"] == split).mean() for split in SPLITS], [0.73, 0.135, 0.135], atol=0.02)


def _share_that_leaks(tiles: pd.DataFrame, splits: pd.Series) -> float:
    """Of the tiles that are kept, those that overlap one of another split."""
    is_kept = (splits != BUFFER).to_numpy()
    boxes, of_box = tile_boxes(tiles)[is_kept], splits.to_numpy()[is_kept]
    first, second = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    return len(np.unique(first[of_box[first] != of_box[second]])) / len(boxes)


@pytest.mark.parametrize(("lat_deg", "lowest", "highest"), [(52.0, 0.0, 0.0), (75.0, 0.05, 0.15), (80.0, 0.15, 0.4)])
def test_blocks_and_buffers_in_degrees_lose_more_and_leak_towards_the_pole(
    lat_deg: float, lowest: float, highest: float
) -> None:
    tiles = _around(100.0, lat_deg, n=6000, spread_m=40_000.0)

    by_degrees = split_by_degrees(tiles, block_deg=0.15, buffer_deg=0.02, shares=SHARES, seed=3)
    by_cells = split_tiles(tiles, parse_grid("h3_4"), H3, seed=3)["split"]

    assert (by_degrees == BUFFER).mean() == pytest.approx(0.47, abs=0.03)
    assert lowest <= _share_that_leaks(tiles, by_degrees) <= highest
    assert _share_that_leaks(tiles, by_cells) == 0
    assert (by_cells == BUFFER).mean() < 0.3
    assert by_cells.nunique() > 2


@given(seed=st.integers(0, 2**32), n=st.integers(1, 30))
@settings(max_examples=15, deadline=None)
def test_a_split_depends_neither_on_the_year_nor_on_other_tiles(seed: int, n: int) -> None:
    tiles, grid = _around(-130.0, 69.0, n=30, seed=seed), parse_grid("h3_3")
    rules = H3.model_copy(update={"block_level": 3})

    whole = split_tiles(tiles, grid, rules, seed)
    some = split_tiles(tiles.assign(year=2019).sample(n, random_state=0), grid, rules, seed)

    assert whole.set_index("key").loc[some["key"]].reset_index().equals(some)


def test_blocks_are_parents_of_the_cells_that_middles_lie_in() -> None:
    grid = parse_grid("h3_5")
    cells = grid.cells_north_of(87.0)
    tiles = _tiles(project(*grid.centres(cells)))

    splits = split_tiles(tiles, grid, H3, seed=0)

    assert splits["block"].dtype == np.uint64
    assert splits["block"].to_numpy().tolist() == grid.parents(cells, 4).tolist()


def test_shares_of_blocks_are_those_asked_for_and_change_with_the_seed() -> None:
    first, second = ([split_of_block(block, SHARES, seed) for block in range(20_000)] for seed in (1, 2))

    assert [round(first.count(split) / 20_000, 2) for split in SPLITS] == [0.7, 0.15, 0.15]
    agreement = np.mean(np.array(first) == np.array(second))
    assert agreement == pytest.approx(0.7**2 + 2 * 0.15**2, abs=0.02)


def test_whole_tiles_in_the_northern_hemisphere_are_split() -> None:
    middles_m = project(np.linspace(-180.0, 180.0, 50), np.full(50, 0.02))
    rules = H3.model_copy(update={"block_level": 3})

    assert len(split_tiles(_tiles(middles_m), parse_grid("h3_3"), rules, 0)) == 50


def test_no_tiles_give_no_splits() -> None:
    splits = split_tiles(_around(20, 68, n=5).iloc[:0], parse_grid("h3_3"), H3.model_copy(update={"block_level": 3}), 0)

    assert splits.columns.tolist() == ["key", "block", "split"]
    assert splits.empty


def test_wrong_tiles_and_levels_are_refused() -> None:
    tiles, grid = _around(20, 68, n=3), parse_grid("h3_3")
    rules = H3.model_copy(update={"block_level": 3})

    with pytest.raises(SchemaError, match="more than once"):
        split_tiles(tiles.assign(key="a"), grid, rules, seed=0)
    with pytest.raises(SchemaError, match="not finite"):
        split_tiles(tiles.assign(left_m=np.nan), grid, rules, seed=0)
    with pytest.raises(SchemaError, match="1 tiles farther than 12,331 km"):
        split_tiles(tiles.assign(left_m=[0.0, 1e6, 1.3e7]), grid, rules, seed=0)
    with pytest.raises(GridError, match="level 4"):
        split_tiles(tiles, grid, H3, seed=0)
    with pytest.raises(ValidationError, match="sum to 1"):
        SplitRules(block_level=3, buffer_m=0.0, train=0.7, validation=0.2, test=0.2)
    with pytest.raises(ValidationError, match="test"):
        SplitRules(block_level=3, buffer_m=0.0, train=0.7, validation=0.3, test=0.0)
