"""Scores of forecast indices."""

import numpy as np

from entropice.learning.outlook.crps import crps, inner_range
from entropice.learning.outlook.index_scores import ALL_INDICES, index_score_table, index_sums
from entropice.learning.scores.table import block_replicates
from entropice.types import FloatArray

RANDOM = np.random.default_rng(0)
BLOCK = np.array([0, 0, 1, 1, 1])


def drawn(spread: float) -> np.ndarray:
    return (spread * RANDOM.normal(size=(30, 2, 5))).astype(np.float32)


def replicates(n_blocks: int) -> FloatArray:
    return block_replicates(n_blocks, 0, 50)


def test_sums_add_up_to_means_over_cells() -> None:
    draws, truth = drawn(1.0), RANDOM.normal(size=(2, 5))
    sums = index_sums(draws, truth, BLOCK)
    low, high = inner_range(draws)

    np.testing.assert_allclose(sums[1, 0, 1] / sums[1, 0, 0], crps(draws, truth)[0, 2:].mean())
    np.testing.assert_allclose(sums[:, 1, 2].sum(), ((low <= truth) & (truth <= high))[1].sum())
    assert sums[..., 0].tolist() == [[2.0, 2.0], [3.0, 3.0]]


def test_unknown_cells_count_nowhere() -> None:
    draws, truth = drawn(1.0), RANDOM.normal(size=(2, 5))
    truth[0, 2] = np.nan
    draws[0, 1, 0] = np.nan

    sums = index_sums(draws, truth, BLOCK)

    assert np.isfinite(sums).all()
    assert sums[..., 0].tolist() == [[2.0, 1.0], [2.0, 3.0]]


def test_the_table_has_every_model_and_the_lead_of_the_first() -> None:
    truth = RANDOM.normal(size=(2, 5))
    sums = {name: {1: index_sums(drawn(spread), truth, BLOCK)} for name, spread in (("network", 1.0), ("trend", 9.0))}
    table = index_score_table(sums, "network", ["one", "two"], replicates)
    of_all = table[(table["part"] == ALL_INDICES) & (table["score"] == "crps")]
    own = of_all[of_all["compared_with"].isna()].set_index("model")["value"]
    lead = of_all[of_all["compared_with"] == "trend"]["value"].item()

    assert set(table["part"]) == {ALL_INDICES, "one", "two"}
    np.testing.assert_allclose(lead, own["network"] - own["trend"])
    assert lead < 0
