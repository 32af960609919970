"""The benchmark of the imaging loop: tiles, labels, rounds and scores are what they say."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.imaging_loop import fit_weighted, rounds_told, scored
from benchmarks.land_tiles import TILE_KM2, TILE_M, Detector, LandTiles, TileGrid, segmented_labels, validated


@pytest.fixture
def tiles() -> LandTiles:
    """Two cells of three and one tiles, and a third without any."""
    return LandTiles(
        cell=np.array([0, 0, 1, 0]),
        n_true=np.array([2, 0, 1, 1]),
        n_found_true=np.array([1, 0, 1, 0]),
        n_found=np.array([1, 1, 1, 0]),
        found_m2=np.array([100.0, 50.0, 300.0, 0.0]),
        true_rate=np.array([1.0, 1.0, 0.0]),
    )


def test_labels_are_those_of_the_imaged_tiles(tiles: LandTiles) -> None:
    cells = pd.DataFrame({"cell_id": np.arange(10, 13, dtype=np.uint64)})
    labels = segmented_labels(tiles, np.array([True, True, False, False]), cells, 2023)
    assert labels["state"].tolist() == ["observed_with", "unobserved", "unobserved"]
    assert labels["observed_fraction"].tolist() == [2 / 3, 0, 0]
    first = labels.iloc[0]
    assert first["rts_count"] == 2
    assert first["observed_land_area_m2"] == 2 * TILE_M**2
    assert first["rts_per_km2"] == pytest.approx(2 / (2 * TILE_KM2))
    assert first["rts_area_fraction"] == pytest.approx(150 / (2 * TILE_M**2))
    assert labels["rts_per_km2"].isna().tolist() == [False, True, True]


def test_a_slump_lies_in_the_tile_around_it() -> None:
    grid = TileGrid(np.zeros((2, 3), dtype=np.int64), left_m=-TILE_M, top_m=TILE_M)
    slumps = pd.DataFrame({"x_m": [-1.0, 0.0, 1.9 * TILE_M, 2.5 * TILE_M], "y_m": [1.0, -1.0, 0.5 * TILE_M, 0.0]})
    assert grid.at(slumps).tolist() == [0, 4, 2, -1]


def test_a_detector_is_believed_as_validated() -> None:
    exact = Detector(0.8, 0.1, 0.8, 0.1)
    assert exact.true_density(np.array([0.1 + 0.8 * 0.5]))[0] == pytest.approx(0.5)
    assert exact.true_density(np.array([0.05]))[0] == pytest.approx(0.05 / 100 / 0.8)
    found = [validated(0.8, 0.1, 500, 1000.0, seed) for seed in range(300)]
    assert np.mean([each.believed_recall for each in found]) == pytest.approx(0.8, abs=0.01)
    assert np.mean([each.believed_false_per_km2 for each in found]) == pytest.approx(0.1, abs=0.005)


def test_rates_are_found_whatever_land_was_seen() -> None:
    """Counts with a log-linear rate and a twentyfold spread of exposure."""
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.standard_normal((4000, 3)), columns=["a", "b", "c"])
    density = np.exp(features["a"].to_numpy() - 1)
    land_km2 = random.choice([5.0, 100.0], 4000)
    rate = random.poisson(density * land_km2) / land_km2
    halves = np.arange(4000) % 2
    splits = [(np.flatnonzero(halves == half), np.flatnonzero(halves != half)) for half in (0, 1)]
    fit = fit_weighted(features, rate, land_km2, land_km2, splits)
    assert np.corrcoef(np.log(fit.density(features)), features["a"])[0, 1] > 0.99
    assert fit.density(features).mean() == pytest.approx(density.mean(), rel=0.05)
    assert fit.k > 10


def test_scores_of_shares_are_those_of_repeated_cells() -> None:
    """A cell with a slump in three of four cases is four cells, three of them with one."""
    once = scored(np.array([0.8, 0.3, 0.1]), np.array([0.75, 0.25, 0.0]))
    repeated = scored(np.repeat([0.8, 0.3, 0.1], 4), np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0], dtype=float))
    assert once == pytest.approx(repeated)
    assert scored(np.full(3, 1 / 3), np.array([0.75, 0.25, 0.0]))["log skill"] == pytest.approx(0)


def test_learning_is_compared_with_its_own_first_model() -> None:
    rounds = {
        "random": [1.0] * 3,
        "hindsight": [10.0] * 3,
        "not learning: x": [4.0] * 3,
        "learning: x": [4.0, 6.0, 8.0],
    }
    found = rounds_told(rounds, 2.0)
    title = "found in all three rounds, over"
    assert found[title, "learning: x", "not learning"] == pytest.approx(1.5)
    assert found[title, "learning: x", "hindsight"] == pytest.approx(0.6)
    assert found["true slumps found per 1,000 tiles", "learning: x", "round 4"] == 8
