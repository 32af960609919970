"""The light world: fast, repeatable, and with a limit that is exact where labels are missing at random."""

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from fold_problems import spatial_folds
from sklearn.neighbors import KNeighborsClassifier

from benchmarks.light_arctic import (
    CLIMATE,
    EMBEDDINGS,
    TERRAIN,
    LightArctic,
    LightSpecification,
    expected_auc,
    make_world,
)
from entropice.learning.classes import DensityClasses, fit_classes
from entropice.learning.exposure import EXPOSURE
from entropice.learning.folds.coordinates import is_near_any
from entropice.types import BoolArray, FloatArray

SEEDS = range(1, 9)


@pytest.fixture(scope="module")
def worlds() -> list[LightArctic]:
    return [make_world(LightSpecification(seed)) for seed in SEEDS]


@pytest.fixture(scope="module")
def world(worlds: list[LightArctic]) -> LightArctic:
    return worlds[0]


def calibration_gaps(world: LightArctic, where: BoolArray) -> FloatArray:
    """What the limit says minus the truth, by tenths of the limit; weights sum to 1."""
    said, true = world.chance_of_any(world.limit)[where], world.chance_of_any(world.oracle)[where]
    tenth = np.searchsorted(np.quantile(said, np.linspace(0, 1, 11)[1:-1]), said)
    return np.bincount(tenth, said - true) / len(said)


def test_a_world_takes_less_than_a_second() -> None:
    begin_s = time.process_time()
    make_world(LightSpecification(seed=77))
    assert time.process_time() - begin_s < 1


def test_a_seed_makes_the_same_world_and_another_seed_another() -> None:
    first, again, other = (make_world(LightSpecification(seed, n_side=30)) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first.features, again.features)
    np.testing.assert_array_equal(first.counts, again.counts)
    assert not np.array_equal(first.log_rate[:100], other.log_rate[:100])


def test_it_gives_what_learning_needs(world: LightArctic) -> None:
    table, samples = world.training_table, world.training_samples
    assert len(table) == len(samples.features) == world.is_imaged.sum()
    assert world.is_imaged.mean() == pytest.approx(world.specification.imaged_share, abs=0.01)
    assert 95 <= len(world.groups) <= 115
    assert {TERRAIN, CLIMATE, EMBEDDINGS} < set(world.groups.values())
    assert [*world.groups, EXPOSURE] == list(samples.features) == list(world.map_samples.features)
    np.testing.assert_array_equal(world.blocks.loc[table["cell_id"]], samples.blocks)
    assert world.cells["lat_deg"].between(50, 90).all()
    folds = spatial_folds(samples, table["cell_id"].to_numpy(), 5, 150e3)
    assert folds["fold"].nunique() == 5


def test_embeddings_alone_are_unknown_and_all_of_them_together(world: LightArctic) -> None:
    is_unknown = world.features.isna()
    of_embeddings = [name for name, group in world.groups.items() if group == EMBEDDINGS]
    assert not is_unknown.drop(columns=of_embeddings).any(axis=None)
    assert (is_unknown[of_embeddings].any(axis=1) == is_unknown[of_embeddings].all(axis=1)).all()
    assert is_unknown[of_embeddings[0]].mean() == pytest.approx(0.1, abs=0.02)


def test_class_probabilities_are_those_of_the_drawn_classes(worlds: list[LightArctic]) -> None:
    """Averaged over cells and worlds, classes come as often as the oracle says."""
    said, seen = [], []
    for world in worlds:
        classes = fit_classes(world.training_table["rts_area_fraction"].to_numpy(), 4)
        probabilities = world.class_probabilities(world.oracle, classes)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
        np.testing.assert_allclose(1 - probabilities[:, 0], world.chance_of_any(world.oracle))
        said.append(probabilities.mean(axis=0))
        seen.append(np.bincount(classes.assign(world.area_fraction), minlength=4) / len(world.counts))
    np.testing.assert_allclose(np.mean(seen, axis=0), np.mean(said, axis=0), atol=0.005)


def test_an_edge_on_a_possible_fraction_belongs_to_the_class_above(world: LightArctic) -> None:
    edge = world.area_fraction[world.counts == 2][0]
    where = np.flatnonzero(world.area_fraction == edge)[:1]
    classes = DensityClasses(("none", "few", "many"), np.array([edge]), np.zeros(3))
    assert classes.assign(world.area_fraction[where]) == 2
    below, above = (
        DensityClasses(classes.names, np.array([edge * factor]), classes.mean_rts_area_fraction)
        for factor in (1 - 1e-6, 1 + 1e-6)
    )
    at, under, over = (world.class_probabilities(world.oracle, each)[where, 2] for each in (classes, below, above))
    assert at == under
    assert at > over


def test_more_land_in_view_means_a_higher_chance(world: LightArctic) -> None:
    once, twice = (world.chance_of_any(world.limit, factor * world.land_area_m2) for factor in (1.0, 2.0))
    assert (twice > once).all()


def test_the_limit_is_calibrated_over_the_map_and_in_the_imaged_part(worlds: list[LightArctic]) -> None:
    everywhere = np.mean([calibration_gaps(world, np.ones_like(world.is_imaged)) for world in worlds], axis=0)
    imaged = np.mean([calibration_gaps(world, world.is_imaged) for world in worlds], axis=0)
    assert np.abs(everywhere).sum() < 0.004
    assert np.abs(imaged).sum() < 0.006


def test_the_unseen_effect_is_what_the_limit_assumes(world: LightArctic) -> None:
    """Not correlated with what is seen, and of exactly the stated variance: else the limit is biased."""
    visible = world.features.drop(columns=[name for name in world.features if name.startswith("layer")])
    own = visible[[name for name in visible if world.groups[name] != EMBEDDINGS and not name[-1].isdigit()]]
    assert own.corrwith(pd.Series(world.unseen)).abs().max() < 1e-9
    assert world.unseen.std() == pytest.approx(world.specification.unseen_sd)


def test_imaging_that_follows_the_unseen_breaks_the_limit(worlds: list[LightArctic]) -> None:
    followed = [make_world(LightSpecification(seed, imaging="unseen")) for seed in SEEDS]
    random_gap, gap = (
        np.mean([calibration_gaps(each, each.is_imaged).sum() for each in made]) for made in (worlds, followed)
    )
    assert gap < -0.01
    assert abs(random_gap) < 0.004


def test_the_oracle_bounds_the_limit(worlds: list[LightArctic]) -> None:
    oracle, limit = (np.mean([expected_auc(said, world) for world, said in _said(worlds, of)]) for of in (0, 1))
    assert 0.86 < oracle < 0.93
    assert 0.80 < limit < 0.86


def _said(worlds: list[LightArctic], which: int) -> Iterator[tuple[LightArctic, FloatArray]]:
    for world in worlds:
        yield world, world.chance_of_any((world.oracle, world.limit)[which])


def test_neighbours_know_nothing_of_far_cells_but_seem_to_in_random_folds(worlds: list[LightArctic]) -> None:
    """Labels of neighbours show the unseen effect: near ones may rightly beat the limit, far ones say nothing."""
    near, far = [], []
    for world in worlds:
        samples, is_positive = world.training_samples, world.training_table["rts_count"].to_numpy() > 0
        chance = (
            KNeighborsClassifier(20).fit(samples.coordinates_m, is_positive).predict_proba(world.coordinates_m)[:, 1]
        )
        is_far = ~is_near_any(world.coordinates_m, samples.coordinates_m, 150e3)
        far.append(expected_auc(chance, world, is_far))
        near.append(expected_auc(chance, world, world.is_imaged))
    assert np.mean(far) < 0.57
    assert np.mean(near) > 0.68


def test_a_second_law_of_slumps_is_another_world_with_the_same_prevalence() -> None:
    smooth, steps = (make_world(LightSpecification(5, response=law)) for law in ("smooth", "thresholds"))
    pd.testing.assert_frame_equal(smooth.features, steps.features)
    for world in (smooth, steps):
        assert world.chance_of_any(world.limit_of_full_features).mean() == pytest.approx(0.15, abs=1e-6)
    assert np.corrcoef(smooth.limit.mean, steps.limit.mean)[0, 1] < 0.95
