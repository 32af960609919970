"""The benchmark of joint evidence counts what a drawn detector would find, and its gates are what they say."""

import numpy as np
import pytest

from benchmarks.joint_evidence import (
    KEPT,
    MODELS,
    PIXELS,
    SOFT_TRUE,
    expected_steps,
    gate_by_folds,
    gate_keeping,
    measures,
)
from benchmarks.two_stage import LIMIT, Imaged
from entropice.imagery.prevalence import average_precision, precision_at_recall
from entropice.imagery.score_steps import steps_of

N_BLOCKS, N_OF_BLOCK = 60, 8


@pytest.fixture(scope="module")
def rows() -> Imaged:
    """A world of Poisson counts, of which the models know half."""
    random = np.random.default_rng(1)
    known, unknown = random.normal(0, 1.2, (2, N_BLOCKS * N_OF_BLOCK))
    land_km2 = random.uniform(1, 3, len(known))
    n_slumps = random.poisson(np.exp(known + unknown) * land_km2).astype(np.float64)
    block = np.repeat(np.arange(N_BLOCKS), N_OF_BLOCK)
    ranked = {**dict.fromkeys(MODELS.values(), np.exp(known)), LIMIT: np.exp(known + unknown)}
    return Imaged(n_slumps, land_km2, block, block % 5, ranked)


def test_expected_counts_score_as_objects_that_are_drawn() -> None:
    """Against a million lookalikes and a hundred thousand true objects in three cells, one not looked at."""
    added, passes = np.array([1.0, -2.0, 0.0]), np.array([True, True, False])
    n_true, land, separation = np.array([6e4, 3e4, 1e4]), np.array([1.0, 4.0, 5.0]), 2.0
    steps = expected_steps(added, passes, n_true, land, separation)

    random = np.random.default_rng(0)
    is_true = np.repeat([True, False], [100_000, 1_000_000])
    cell = np.concatenate([np.repeat(np.arange(3), n_true.astype(int)), random.choice(3, 1_000_000, p=land / 10)])
    score = random.standard_normal(len(cell)) + separation * is_true
    evidence = separation * score - separation**2 / 2 + added[cell]
    drawn = steps_of(np.where(passes[cell], evidence, -1e6), is_true)

    for ratio in (10, 100):
        assert average_precision(steps, ratio) == pytest.approx(average_precision(drawn, ratio), abs=0.01)
        expected, found = (precision_at_recall(each, ratio, 0.5) for each in (steps, drawn))
        assert expected == pytest.approx(found, abs=0.01)
    np.testing.assert_allclose(steps.counts.sum(axis=1), [10, 1e5])


def test_a_gate_in_hindsight_keeps_its_share_and_no_cell_more(rows: Imaged) -> None:
    density = rows.density[LIMIT]
    passes = gate_keeping(rows, density, KEPT)
    lowest = density == density[passes].min()
    assert rows.n_slumps[passes & ~lowest].sum() < KEPT * rows.n_slumps.sum() <= rows.n_slumps[passes].sum()
    assert density[~passes].max() < density[passes].min()


def test_a_gate_by_folds_knows_nothing_of_its_own_fold(rows: Imaged) -> None:
    """Other counts in a fold change the gates of the others, not its own."""
    density = rows.density[LIMIT]
    is_here = rows.fold == 2
    changed = Imaged(
        np.where(is_here, rows.n_slumps[::-1] + 5, rows.n_slumps), rows.land_km2, rows.block, rows.fold, rows.density
    )
    before, after = (gate_by_folds(each, density) for each in (rows, changed))
    np.testing.assert_array_equal(before[is_here], after[is_here])
    assert (before[~is_here] != after[~is_here]).any()


def test_joining_gains_and_the_truth_gains_most(rows: Imaged) -> None:
    found = measures(rows)
    for ratio in ("1:200", "1:1000"):
        pixels, soft, true = (found["AP, d′ 2", way, ratio] for way in (PIXELS, "soft, best", SOFT_TRUE))
        assert pixels < soft < true
        assert found["AP gained, d′ 2", f"soft, best − {PIXELS}", ratio] == pytest.approx(soft - pixels)
        assert found["chances over true objects, d′ 2", SOFT_TRUE, ratio] == pytest.approx(1, abs=0.15)
    assert found["what a gate leaves out", PIXELS, "land"] == 0
    assert found["what a gate leaves out", "gate keeping 95%, best", "slumps"] == pytest.approx(0.05, abs=0.02)
