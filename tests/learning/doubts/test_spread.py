"""Members of resampled blocks: whole blocks, two classes, and a range that holds the map's own chance."""

from dataclasses import dataclass

import numpy as np
import pytest
from model_problems import classes_by_features, fit, samples_in_stripes, tuning

from entropice.errors import LabelError
from entropice.learning.doubts.spread import chance_range, chance_spread, fit_members, resampled_rows
from entropice.learning.models.model import refit
from entropice.learning.samples import Samples
from entropice.types import FloatArray, IntArray


@dataclass(frozen=True)
class Constant:
    """Says the mean of the codes that it was fitted to."""

    chance: float

    def predict_proba(self, samples: Samples, n_classes: int) -> FloatArray:
        return np.tile([1 - self.chance, self.chance], (len(samples.features), 1))


def test_rows_come_in_whole_blocks() -> None:
    samples = samples_in_stripes()
    rows = resampled_rows(samples.blocks, classes_by_features(samples), np.random.default_rng(0))
    times = np.bincount(rows, minlength=len(samples.blocks))
    of_block = [np.unique(times[samples.blocks == block]) for block in np.unique(samples.blocks)]
    assert all(len(different) == 1 for different in of_block)
    assert sum(int(each[0]) for each in of_block) == len(of_block)
    assert max(int(each[0]) for each in of_block) > 1


def test_a_draw_with_one_class_is_drawn_again() -> None:
    blocks, codes = np.array([1, 1, 2, 3], dtype=np.uint64), np.array([0, 0, 0, 1])
    random = np.random.default_rng(0)
    assert all(len(np.unique(codes[resampled_rows(blocks, codes, random)])) == 2 for _ in range(30))


@pytest.mark.parametrize(
    ("blocks", "codes", "got"), [([4, 4, 4], [0, 1, 0], "1 block"), ([1, 2, 3], [1, 1, 1], "no two classes")]
)
def test_what_cannot_be_resampled_is_refused(blocks: list[int], codes: list[int], got: str) -> None:
    with pytest.raises(LabelError, match=got) as error:
        resampled_rows(np.array(blocks, dtype=np.uint64), np.array(codes), np.random.default_rng(0))
    assert error.value.field == "modelling.folds.block_level"


def test_members_repeat_with_the_seed_and_are_the_models_own_refits() -> None:
    samples = samples_in_stripes()
    codes = classes_by_features(samples)
    fitted = fit("logistic", samples, codes, tuning())

    def again(rows: IntArray) -> Constant:
        seen = Samples(samples.features.iloc[rows], samples.coordinates_m[rows], samples.blocks[rows])
        return refit(fitted, seen, codes[rows])  # type: ignore[return-value]

    first, second = (fit_members(again, samples.blocks, codes, 4, random_seed=7) for _ in range(2))
    p_any = 1 - fitted.predict_proba(samples, 3)[:, 0]
    spread = chance_spread(p_any, first, samples, 3)
    assert spread.equals(chance_spread(p_any, second, samples, 3))
    assert (spread["p_any_sd"] > 0).all()
    assert ((spread["p_any_low"] <= p_any) & (p_any <= spread["p_any_high"])).all()


def test_the_range_is_students_on_the_logit() -> None:
    chances = 1 / (1 + np.exp(-np.array([[-1.0], [0.0], [1.0]])))
    low, high = chance_range(np.array([0.5]), chances)
    assert np.log(high / (1 - high))[0] == pytest.approx(2.91999, abs=1e-4)  # t(0.95; 2 degrees of freedom)
    assert low[0] == pytest.approx(1 - high[0])


def test_certain_members_stay_within_0_and_1() -> None:
    low, high = chance_range(np.array([0.0, 1.0]), np.array([[0.0, 1.0], [0.5, 1.0]]))
    assert np.isfinite([low, high]).all()
    assert ((low >= 0) & (low <= high) & (high <= 1)).all()


def test_the_deviation_is_that_of_the_members() -> None:
    samples = samples_in_stripes(6)
    spread = chance_spread(np.full(6, 0.3), [Constant(0.2), Constant(0.4)], samples, 2)
    np.testing.assert_allclose(spread["p_any_sd"], np.std([0.2, 0.4], ddof=1))
