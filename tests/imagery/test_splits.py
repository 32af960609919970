from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer
from scipy.spatial import cKDTree

from entropice.dggs import parse_grid
from entropice.errors import GridError, LabelError
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import BUFFER, SPLITS, projected_per_true_m, split_numbers, split_tiles

EDGE_M = 1536.0
RULES = SplitRules(block_level={"h3": 2, "healpix": 4}, validation_share=0.15, test_share=0.15, buffer_m=2000.0)
SMALL = RULES.model_copy(update={"block_level": {"h3": 3, "healpix": 5}})


def _tiles(n: int, seed: int = 0, edge_m: float = EDGE_M, near: tuple[float, float] | None = None) -> pd.DataFrame:
    """Uniform over the sphere at 50–85° N, or in a box of 2° × 1°."""
    random = np.random.default_rng(seed)
    if near is None:
        lat_deg = np.degrees(np.arcsin(random.uniform(np.sin(np.radians(50)), np.sin(np.radians(85)), size=n)))
        lon_deg = random.uniform(-180, 180, size=n)
    else:
        lon_deg, lat_deg = near[0] + random.uniform(0, 8, size=n), near[1] + random.uniform(0, 4, size=n)
    x_m, y_m = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform(lon_deg, lat_deg)
    return pd.DataFrame(
        {
            "key": [f"tile-{number}" for number in range(n)],
            "left_m": x_m - edge_m / 2,
            "top_m": y_m + edge_m / 2,
            "pixel_m": edge_m / 512,
            "n_pixels": 512,
        }
    )


def _near_pairs(tiles: pd.DataFrame, split: np.ndarray, within_m: float) -> Iterator[float]:
    """Largest coordinate's gap between boxes of tiles of different splits, for all that may be near."""
    corners = tiles[["left_m", "top_m"]].to_numpy()
    tree = cKDTree(corners)
    pairs = tree.query_pairs(EDGE_M + within_m, p=np.inf, output_type="ndarray")
    differing = pairs[split[pairs[:, 0]] != split[pairs[:, 1]]]
    yield from np.abs(corners[differing[:, 0]] - corners[differing[:, 1]]).max(axis=1) - EDGE_M


@pytest.mark.parametrize("key", ["h3_4", "healpix_8"])
def test_tiles_of_different_splits_are_a_buffer_apart_and_most_are_kept(key: str) -> None:
    tiles = pd.concat([_tiles(20_000), _tiles(60_000, 1, near=(150.0, 68.0)).assign(key=lambda t: "near-" + t["key"])])

    splits = split_tiles(tiles, parse_grid(key), SMALL, seed=3)
    kept = (splits["split"] != BUFFER).to_numpy()

    gaps = list(_near_pairs(tiles[kept], splits["split"].to_numpy()[kept], SMALL.buffer_m))
    assert [gap for gap in gaps if gap < SMALL.buffer_m] == []
    assert kept[:20_000].mean() >= 0.8
    assert len(list(_near_pairs(tiles, split_numbers(splits["block"].to_numpy(), SMALL, 3), SMALL.buffer_m))) > 5


def test_a_block_has_one_split_and_shares_are_those_asked_for() -> None:
    splits = split_tiles(_tiles(30_000), parse_grid("h3_4"), RULES.model_copy(update={"buffer_m": 0.0}), seed=1)
    kept = splits[splits["split"] != BUFFER]

    assert len(kept[["block", "split"]].drop_duplicates()) == len(kept["block"].drop_duplicates())
    blocks = np.arange(200_000, dtype=np.uint64)
    shares = np.bincount(split_numbers(blocks, RULES, seed=1), minlength=3) / len(blocks)
    assert shares == pytest.approx([0.7, 0.15, 0.15], abs=0.005)


def test_the_split_follows_from_seed_and_place_alone() -> None:
    tiles = _tiles(3_000)

    splits = split_tiles(tiles, parse_grid("h3_4"), RULES, seed=1).set_index("key")["split"]
    later = tiles.sample(frac=0.7, random_state=1).assign(year=2023)
    again = split_tiles(later, parse_grid("h3_4"), RULES, seed=1).set_index("key")["split"]
    other = split_tiles(tiles, parse_grid("h3_4"), RULES, seed=2).set_index("key")["split"]

    assert again.equals(splits[again.index])
    assert (other != splits).mean() > 0.2


def test_a_true_metre_is_a_projected_one_at_70_degrees_and_more_in_the_south() -> None:
    assert projected_per_true_m(np.array([70.0, 90.0, 50.0])) == pytest.approx([1.0, 0.9698, 1.0983], abs=1e-4)


def test_a_split_without_tiles_and_a_level_without_parents_are_refused() -> None:
    with pytest.raises(LabelError, match="split has no tile"):
        split_tiles(_tiles(1), parse_grid("h3_4"), RULES, seed=1)
    with pytest.raises(GridError):
        split_tiles(_tiles(10), parse_grid("h3_4"), RULES.model_copy(update={"block_level": {"h3": 5}}), seed=1)


@pytest.mark.parametrize(("validation", "test"), list(product([0.5, 0.7], [0.5, 0.6])))
def test_shares_that_leave_nothing_to_learn_from_are_refused(validation: float, test: float) -> None:
    with pytest.raises(ValueError, match="no block to learn from"):
        SplitRules(block_level={"h3": 2}, validation_share=validation, test_share=test, buffer_m=0.0)
    assert len(SPLITS) == 3
