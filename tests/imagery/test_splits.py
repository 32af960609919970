"""Laws of dealing tiles into splits, on tiles that lie close together."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from entropice.dggs import parse_grid
from entropice.dggs.polar import project, unproject
from entropice.errors import GridError, SchemaError
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import BUFFER, SPLITS, split_of_block, split_tiles, tile_boxes

SHARES = {"train": 0.7, "validation": 0.15, "test": 0.15}
H3 = SplitRules(block_level=4, buffer_m=2200.0, **SHARES)
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


def _smallest_distance_m(tiles: pd.DataFrame, splits: pd.DataFrame) -> float:
    """Of any two tiles of different splits, by looking at all pairs."""
    boxes = tile_boxes(tiles)
    groups = [boxes[splits["split"] == split] for split in SPLITS]
    pairs = [(first, second) for n, first in enumerate(groups) for second in groups[n + 1 :]]
    return min(float(shapely.distance(a[:, None], b[None, :]).min(initial=np.inf)) for a, b in pairs)


@pytest.mark.parametrize(
    ("grid", "rules"), [("h3_4", H3), ("h3_5", H3), ("healpix_7", HEALPIX), ("healpix_9", HEALPIX)]
)
@pytest.mark.parametrize(("lon_deg", "lat_deg"), [(120.0, 51.0), (180.0, 70.0), (-45.0, 89.9)])
def test_no_two_tiles_of_different_splits_lie_within_twice_the_buffer(
    grid: str, rules: SplitRules, lon_deg: float, lat_deg: float
) -> None:
    tiles = _around(lon_deg, lat_deg, n=800)

    splits = split_tiles(tiles, parse_grid(grid), rules, seed=3)

    assert {BUFFER, "train"} < set(splits["split"])
    assert _smallest_distance_m(tiles, splits) > 2 * rules.buffer_m


@pytest.mark.parametrize(
    ("level", "block_level", "buffer_m", "n_pixels"),
    [(4, 4, 0.0, 512), (4, 4, 2200.0, 512), (5, 3, 30_000.0, 512), (5, 3, 1000.0, 15_000)],
)
def test_exactly_the_tiles_near_other_ground_are_left_out(
    level: int, block_level: int, buffer_m: float, n_pixels: int
) -> None:
    grid = parse_grid(f"h3_{level}")
    middles_m = np.random.default_rng(0).uniform(-150_000, 150_000, size=(300, 2)) + np.array([400_000, 300_000])
    tiles = _tiles(middles_m, n_pixels=n_pixels)
    rules = H3.model_copy(update={"buffer_m": buffer_m, "block_level": block_level})

    splits = split_tiles(tiles, grid, rules, seed=3)

    cells = grid.cells_north_of(80.0)
    ground = grid.polygons(cells)
    of_ground = np.array([split_of_block(int(block), SHARES, seed=3) for block in grid.parents(cells, block_level)])
    own = np.array([split_of_block(int(block), SHARES, seed=3) for block in splits["block"]])
    assert 0 < (splits["split"] == BUFFER).sum() < 300
    for box, split, said in zip(tile_boxes(tiles), own, splits["split"], strict=True):
        is_near = shapely.dwithin(ground[of_ground != split], box, buffer_m).any()
        assert said == (BUFFER if is_near else split)


def test_twenty_thousand_tiles_keep_four_fifths_in_the_stated_shares() -> None:
    random = np.random.default_rng(5)
    lat_deg = np.degrees(np.arcsin(random.uniform(*np.sin(np.radians([50, 85])), size=20_000)))
    tiles = _tiles(project(random.uniform(-180, 180, size=20_000), lat_deg))

    splits = split_tiles(tiles, parse_grid("h3_4"), H3, seed=42)

    kept = splits[splits["split"] != BUFFER]
    assert len(kept) >= 0.8 * len(tiles)
    assert np.allclose([(kept["split"] == split).mean() for split in SPLITS], [0.73, 0.135, 0.135], atol=0.02)


def _split_by_degrees(tiles: pd.DataFrame, block_deg: float, buffer_deg: float, seed: int) -> pd.Series:
    """The rival: blocks of longitude and latitude, and a buffer in degrees within all their edges."""
    middles_m = tiles[["left_m", "top_m"]].to_numpy() + np.array([0.5, -0.5]) * 512 * 3
    position = np.column_stack(unproject(middles_m)) / block_deg
    splits = pd.Series([split_of_block(tuple(block), SHARES, seed) for block in np.floor(position).astype(int)])
    from_edge_deg = np.minimum(position % 1, 1 - position % 1).min(axis=1) * block_deg
    return splits.mask(from_edge_deg < buffer_deg, BUFFER)


def _share_that_leaks(tiles: pd.DataFrame, splits: pd.Series) -> float:
    """Of the tiles that are kept, those that overlap one of another split."""
    is_kept = (splits != BUFFER).to_numpy()
    boxes, of_box = tile_boxes(tiles)[is_kept], splits.to_numpy()[is_kept]
    first, second = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    return len(np.unique(first[of_box[first] != of_box[second]])) / len(boxes)


@pytest.mark.parametrize(("lat_deg", "lowest", "highest"), [(52.0, 0.0, 0.0), (75.0, 0.05, 0.15), (80.0, 0.2, 0.4)])
def test_blocks_and_buffers_in_degrees_lose_more_and_leak_towards_the_pole(
    lat_deg: float, lowest: float, highest: float
) -> None:
    tiles = _around(100.0, lat_deg, n=6000, spread_m=40_000.0)

    by_degrees = _split_by_degrees(tiles, block_deg=0.15, buffer_deg=0.02, seed=3)
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
    with pytest.raises(GridError, match="level 4"):
        split_tiles(tiles, grid, H3, seed=0)
    with pytest.raises(ValidationError, match="sum to 1"):
        SplitRules(block_level=3, buffer_m=0.0, train=0.7, validation=0.2, test=0.2)
    with pytest.raises(ValidationError, match="test"):
        SplitRules(block_level=3, buffer_m=0.0, train=0.7, validation=0.3, test=0.0)
