"""The studies of skill count, thin, cut and spell what they say they do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from fold_problems import spatial_folds
from model_problems import GRIDS, tuning

from benchmarks import outside
from benchmarks.few_labels import (
    BEST,
    COMPARED,
    MIXTURES,
    N_BLOCKS,
    OF_THESE_ROWS,
    RIDGE,
    forecasts,
    light_limit,
    of_partner,
    thinned,
)
from benchmarks.ice_proxy import BY_ICE, Icy, choose_feature, mean_over_land, measures
from benchmarks.light_arctic import LightSpecification, make_world
from benchmarks.mapped_world import MappedWorld, light
from benchmarks.matrix import matrix, measured, spelled
from benchmarks.outside import (
    BINS,
    distance_measures,
    expected_losses,
    expected_slope,
    halves_of,
    never_imaged,
    region_measures,
    scored_half,
)
from benchmarks.scales import both_ways
from benchmarks.virtual_arctic import World
from entropice.learning.classes import DensityClasses
from entropice.learning.folds import SPATIAL, TRAIN
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of
from entropice.learning.samples import Samples
from entropice.learning.scores import REFERENCE
from entropice.virtual_arctic.bayes_limit import BAYES_LIMIT

N_CELLS = 900
CHEAP = {name: candidates_of(MODELS[name], GRIDS[name]) for name in ("ordinal_ridge", "espa_ensemble", "logistic")}


def test_a_mean_is_told_with_its_interval_and_the_worlds_above_0() -> None:
    assert spelled(pd.Series([1.0, 3.0, np.nan])) == "2.000 ± 12.706 (2 of 2)"


def test_a_table_has_a_dash_where_nothing_was_measured() -> None:
    found = pd.DataFrame([[1.0, -1.0]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("b", "y")]))
    assert matrix(found, "rows", 1).splitlines()[2:] == [
        "| a | 1.0 ± nan (1 of 1) | – |",
        "| b | – | -1.0 ± nan (0 of 1) |",
    ]


def test_no_world_is_measured_twice(tmp_path: Path) -> None:
    path, asked = tmp_path / "records.jsonl", []

    def measure(seed: int) -> dict[tuple[str, str, str], float]:
        asked.append(seed)
        return {("table", "row", "column"): float(seed)}

    measured(measure, [1, 2], path)
    again = measured(measure, [2, 3], path)

    assert asked == [1, 2, 3]
    assert again["table", "row", "column"].to_dict() == {2: 2.0, 3: 3.0}


@pytest.fixture(scope="module")
def world() -> World:
    """Slumps follow feature "a"; blocks are squares, and the limit knows no more than the prevalence."""
    random = np.random.default_rng(0)
    coordinates_m = random.uniform(0, 1e6, (N_CELLS, 2))
    cell_id = np.arange(N_CELLS, dtype=np.uint64)
    features = pd.DataFrame(random.normal(size=(N_CELLS, 3)), columns=list("abc"))
    fraction = np.maximum(features["a"].to_numpy() + 0.3 * random.normal(size=N_CELLS), 0.0) / 10
    column, row = (coordinates_m // 1.25e5).astype(np.uint64).T
    samples = Samples(features, coordinates_m, column * np.uint64(8) + row)
    table = pd.DataFrame({"cell_id": cell_id, "year": 2021, "rts_area_fraction": fraction})

    def limit(tested: pd.DataFrame, _: object) -> pd.DataFrame:
        return tested.assign(model=BAYES_LIMIT, standard_error_max=0.0)

    return World(
        seed=3,
        table=table,
        samples=samples,
        folds=spatial_folds(samples, cell_id, 3, 20_000.0),
        tuning=tuning(n_folds=2, buffer_m=20_000.0),
        places=pd.DataFrame({"block": samples.blocks, "land_area_m2": 1e9}, index=cell_id),
        compared=("ordinal_ridge", "espa_ensemble", "logistic", "prevalence"),
        n_classes=3,
        n_replicates=10,
        limit=limit,
    )


def test_fewer_blocks_lie_within_more_and_nothing_else_changes(world: World) -> None:
    few, more = (thinned(world, n_blocks) for n_blocks in N_BLOCKS[:2])
    for fold, roles in few[few["role"] == TRAIN].groupby("fold"):
        blocks = world.places["block"].loc[roles["cell_id"]].unique()
        of_more = more[(more["role"] == TRAIN) & (more["fold"] == fold)]
        assert len(blocks) == N_BLOCKS[0]
        assert set(roles["cell_id"]) < set(of_more["cell_id"])
    rest = world.folds["role"] != TRAIN
    pd.testing.assert_frame_equal(few[few["role"] != TRAIN], world.folds[rest])


def test_mixtures_and_the_reference_are_those_that_are_named(world: World) -> None:
    found, n_rows = forecasts(world, 5)
    of = {
        name: rows.set_index(["fold", "cell_id"]).filter(like="p_").sort_index()
        for name, rows in found.groupby("model")
    }
    for name, weights in MIXTURES.items():
        expected = sum(weight * of[part] for part, weight in weights.items())
        pd.testing.assert_frame_equal(of[name], expected)
    assert of.keys() >= {BEST, BAYES_LIMIT, *COMPARED}
    positive = (world.table["rts_area_fraction"] > 0).to_numpy()
    training = world.folds[(world.folds["fold"] == 0) & (world.folds["role"] == TRAIN)]["cell_id"]
    assert 1 - of[REFERENCE].loc[0, "p_none"].iloc[0] == pytest.approx(positive[training].mean())
    assert of[OF_THESE_ROWS].loc[0, "p_none"].iloc[0] != of[REFERENCE].loc[0, "p_none"].iloc[0]
    assert 40 < n_rows < 120


def test_the_limit_of_a_light_world_is_that_of_its_observed_land() -> None:
    law = LightSpecification(seed=4, n_side=30, imaged_share=0.4)
    made = make_world(law)
    tested = made.training_table[["cell_id", "year"]].assign(scheme=SPATIAL, fold=0, class_="none")
    classes = DensityClasses(("none", "some"), np.array([]), np.array([0.0, 0.1]))
    found = light_limit(made, tested.iloc[::-1], {"spatial/0": classes.to_json()}).set_index("cell_id")
    expected = made.chance_of_any(made.limit, np.where(made.is_imaged, made.observed_land_area_m2, 1.0))
    np.testing.assert_allclose(found["p_some"], expected[found.index])
    assert (found[["p_none", "p_some"]].sum(axis=1) - 1).abs().max() < 1e-9


@pytest.fixture(scope="module")
def hidden() -> MappedWorld:
    made = light(LightSpecification(seed=4, n_side=48, imaged_share=0.4, block_m=200_000.0), 60_000.0)
    return replace(made, tuning=replace(made.tuning, candidates=CHEAP, n_folds=2))


def test_halves_are_all_of_the_map_and_share_nothing(hidden: MappedWorld) -> None:
    west, east = (is_visible(hidden.mapped) for is_visible in halves_of(hidden))
    assert (west ^ east).all()
    assert hidden.mapped.coordinates_m[west, 0].max() < hidden.mapped.coordinates_m[east, 0].min()


@pytest.fixture(scope="module")
def half(hidden: MappedWorld) -> pd.DataFrame:
    return scored_half(hidden, next(iter(halves_of(hidden))))


def test_hidden_cells_with_every_feature_are_scored_under_the_true_rates(
    hidden: MappedWorld, half: pd.DataFrame
) -> None:
    is_hidden = ~next(iter(halves_of(hidden)))(hidden.mapped)
    knows = hidden.mapped.features.notna().all(axis=1).to_numpy()
    np.testing.assert_array_equal(half["cell_id"], hidden.keys["cell_id"][is_hidden & knows])
    mean = half.drop(columns=["bin", "cell_id"]).mean()
    assert mean["loss true"] < mean["loss limit"] < mean["loss ordinal_ridge"] < mean["loss knn_coordinates"]
    by_bin = half.groupby("bin", observed=True)[["p true", "p own mean"]].mean()
    np.testing.assert_allclose(by_bin["p true"], by_bin["p own mean"])


def test_distance_is_told_by_bin(hidden: MappedWorld) -> None:
    found = distance_measures(hidden)
    places = {names[2] for names in found}
    assert {"300–600 km"} <= places <= set(BINS)
    for place in places:
        assert found["cells", "cells with every feature", place] >= outside.FEWEST_CELLS
        bias = found["bias of mean P(any)", RIDGE, place]
        assert found["|bias| of mean P(any)", RIDGE, place] == abs(bias) < 0.2


def test_cells_that_no_year_has_imaged_are_drawn_by_all_that_was(hidden: MappedWorld) -> None:
    is_drawn = never_imaged(hidden)
    assert set(hidden.keys["cell_id"][is_drawn]).isdisjoint(hidden.keys["cell_id"][hidden.is_imaged])
    found = region_measures(hidden)
    knows = hidden.mapped.features.notna().all(axis=1).to_numpy()
    counted = sum(value for names, value in found.items() if names[0] == "cells")
    assert outside.FEWEST_CELLS <= counted <= (is_drawn & knows).sum()
    places = {names[2] for names in found}
    assert "≤ 100 km" in places
    assert found["share of the limit, over the training prevalence", RIDGE, "≤ 100 km"] > 0


def test_the_truth_has_slope_1_and_the_least_loss() -> None:
    chance = np.random.default_rng(0).uniform(0.02, 0.6, 500)
    odds = np.log(chance / (1 - chance))
    assert expected_slope(chance, chance) == pytest.approx(1.0, abs=1e-3)
    assert expected_slope(chance, 1 / (1 + np.exp(-odds / 2))) == pytest.approx(2.0, abs=2e-3)
    true, timid = (np.column_stack([1 - each, each]) for each in (chance, (chance + 0.2) / 2))
    assert expected_losses(true, true).mean() < expected_losses(true, timid).mean()


def test_means_are_those_of_land_with_a_value() -> None:
    values = xr.DataArray(np.array([[1.0, 3.0], [np.nan, 5.0]]))
    np.testing.assert_array_equal(mean_over_land(values, np.array([[0, 0], [0, 1]]), 2), [2.0, 5.0])
    np.testing.assert_array_equal(mean_over_land(values, np.array([[-1, 0], [0, 1]]), 2), [3.0, 5.0])


def _icy(sign: float) -> Icy:
    ice = np.arange(6.0)
    features = pd.DataFrame({"own": sign * ice, "common": [0.0, 2.0, 1.0, 3.0, 5.0, 4.0]})
    features.loc[0, "own"] = np.nan
    return Icy(features, {"map": ice[::-1]}, ice, np.arange(6) < 3)


def test_a_feature_is_chosen_by_other_worlds_with_its_sign() -> None:
    assert choose_feature([_icy(1.0), _icy(-1.0)]) == ("common", 1.0)
    assert choose_feature([_icy(-1.0)]) == ("own", -1.0)


def test_rank_correlations_are_over_cells_that_know_what_is_compared() -> None:
    found = measures(_icy(-1.0), "common", 1.0)
    full = "cells that know every feature"
    assert found[BY_ICE, "map", "all cells"] == pytest.approx(-1.0)
    assert found[BY_ICE, "best feature of the world itself", full] == pytest.approx(1.0)
    assert (BY_ICE, "best feature of the world itself", "all cells") not in found
    assert 0 < found[BY_ICE, "best feature of other worlds (common)", full] < 1


def test_a_pair_of_runs_is_told_in_both_orders() -> None:
    one = pd.DataFrame([{"run": "a", "other": "b", "score": "s", "difference": 1.0, "low_95": 0.5, "high_95": 2.0}])
    turned = both_ways(one).set_index(["run", "other"]).loc[("b", "a")]
    assert (turned["difference"], turned["low_95"], turned["high_95"]) == (-1.0, -2.0, -0.5)


def test_a_partner_is_worth_what_it_adds_beyond_another() -> None:
    first, second, third = MIXTURES
    gains = {first: 0.5, second: 0.2, third: -0.1}
    found = pd.DataFrame(
        {("gain in log skill over the ridge", name, "5 blocks"): [gain] for name, gain in gains.items()}
    )
    assert of_partner(found).iloc[0].round(9).tolist() == [0.3, 0.6]
