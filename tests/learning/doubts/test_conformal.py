"""Class-conditional sets: exact thresholds, coverage of every class, and no promise without blocks."""

import logging

import numpy as np
import pandas as pd
import pytest

from entropice.learning.doubts.conformal import ConformalSets, fit_conformal, threshold
from entropice.types import FloatArray, IntArray

NAMES = ("none", "few", "many")


def frame(probabilities: FloatArray, codes: IntArray) -> pd.DataFrame:
    columns = {f"p_{name}": column for name, column in zip(NAMES, probabilities.T, strict=True)}
    return pd.DataFrame({"cell_id": np.arange(len(codes), dtype=np.uint64), "class_": np.array(NAMES)[codes]} | columns)


def drawn(n_rows: int, seed: int) -> tuple[FloatArray, IntArray]:
    """Ordered classes that follow a score; slumps in about one row in eight."""
    random = np.random.default_rng(seed)
    score = random.normal(size=n_rows)
    above = 1 / (1 + np.exp(-1.5 * (score[:, None] - np.array([1.7, 2.6]))))
    probabilities = np.column_stack([1 - above[:, 0], above[:, 0] - above[:, 1], above[:, 1]])
    return probabilities, (random.random((n_rows, 1)) > np.cumsum(probabilities, axis=1)).sum(axis=1)


def fitted(n_rows: int = 2000, seed: int = 0, block_of_row: IntArray | None = None) -> ConformalSets:
    table = frame(*drawn(n_rows, seed))
    blocks = np.arange(n_rows) % 50 if block_of_row is None else block_of_row
    return fit_conformal(table, pd.Series(blocks, table["cell_id"]), NAMES)


@pytest.mark.parametrize(("n_rows", "rank"), [(8, None), (9, 1), (18, 1), (19, 2), (99, 10)], ids="{} rows".format)
def test_the_threshold_is_the_order_statistic_that_the_law_asks_for(n_rows: int, rank: int | None) -> None:
    own = np.random.default_rng(1).permutation(np.arange(1, n_rows + 1) / 100)
    assert threshold(own, np.arange(n_rows, dtype=np.uint64), 0.9) == (0 if rank is None else rank / 100)


def test_every_class_is_covered_and_not_much_more_often_than_stated() -> None:
    covered = []
    for seed in range(20):
        sets = fitted(seed=seed)
        probabilities, codes = drawn(4000, seed + 100)
        holds = sets.members(probabilities)[np.arange(4000), codes]
        covered.append([holds[codes == code].mean() for code in range(3)])
    np.testing.assert_allclose(np.mean(covered, axis=0), 0.9, atol=0.02)


def test_a_class_in_few_blocks_is_in_every_set_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        sets = fitted(block_of_row=np.arange(2000) % 8)
    assert sets.always == NAMES
    assert "none, few, many" in caplog.text
    assert sets.texts(np.array([[1.0, 0.0, 0.0]])) == ["none|few|many"]


def test_a_class_that_no_fold_knows_is_in_every_set() -> None:
    probabilities, codes = drawn(2000, 0)
    table = frame(probabilities, np.minimum(codes, 1)).drop(columns="p_many")
    sets = fit_conformal(table, pd.Series(np.arange(2000) % 50, table["cell_id"]), NAMES)
    assert sets.always == ("many",)
    assert sets.n_rows[2] == sets.n_blocks[2] == 0


def test_a_set_that_would_be_empty_holds_the_most_probable_class() -> None:
    sets = ConformalSets(0.9, NAMES, np.array([0.9, 0.5, 0.5]), np.ones(3, np.int64), np.ones(3, np.int64))
    assert sets.texts(np.array([[0.4, 0.35, 0.25], [0.2, 0.5, 0.3], [0.0, 0.5, 0.5]])) == ["none", "few", "few|many"]


def test_the_given_probabilities_are_left_alone() -> None:
    probabilities, _ = drawn(50, 3)
    before = probabilities.copy()
    fitted().members(probabilities)
    np.testing.assert_array_equal(probabilities, before)


def test_json_gives_back_the_same_sets() -> None:
    sets = fitted()
    again = ConformalSets.from_json(sets.to_json())
    assert again.names == sets.names
    np.testing.assert_array_equal(again.thresholds, sets.thresholds)
    np.testing.assert_array_equal(again.n_blocks, sets.n_blocks)
