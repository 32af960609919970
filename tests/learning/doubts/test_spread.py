"""Members of resampled blocks: whole blocks, two classes, and a range that holds the map's own chance."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from model_problems import ESPA_FIXED, classes_by_features, samples_in_stripes, tuning
from sklearn.base import clone

from entropice.errors import LabelError
from entropice.learning.doubts.spread import chance_range, chance_spread, fit_members, resampled_rows
from entropice.learning.models import MODELS
from entropice.learning.predictor import Predictor, fit_part
from entropice.learning.samples import Samples
from entropice.types import IntArray


def mapped(name: str = "logistic") -> tuple[Predictor, Samples, IntArray]:
    """What draws a map, with a submodel that does without "a", and its training rows."""
    samples = replace(samples_in_stripes(), groups={"a": "terrain", "b": "climate", "c": "climate", "d": "climate"})
    codes = classes_by_features(samples)
    how = tuning(espa={"n_boxes": 4, "n_effective_features": 2.0, **ESPA_FIXED})
    patterns = [frozenset({"terrain"})]
    part = fit_part(MODELS[name], how.inner_folds(samples, codes), how, patterns, 1.0)
    return Predictor((part,)), samples, codes


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


@pytest.mark.parametrize("name", ["logistic", "ordinal_ridge", "espa_ensemble", "random_forest"])
def test_members_repeat_with_the_seed_and_differ_from_one_another(name: str) -> None:
    predictor, samples, codes = mapped(name)
    first, second = (fit_members(predictor, samples, codes, 3, random_seed=7) for _ in range(2))
    p_any = 1 - predictor.predict_proba(samples, 3)[:, 0]
    spread = chance_spread(p_any, first, samples, 3)
    pd.testing.assert_frame_equal(spread, chance_spread(p_any, second, samples, 3))
    assert spread["p_any_sd"].mean() > 0.01
    assert ((spread["p_any_low"] <= p_any) & (p_any <= spread["p_any_high"])).all()


def test_a_member_is_a_fit_to_its_own_rows_with_the_chosen_parameters() -> None:
    predictor, samples, codes = mapped()
    member = fit_members(predictor, samples, codes, 2, random_seed=0)[0]
    whole, part = predictor.parts[0].whole, member.predictor.parts[0]
    assert part.whole.recipe == whole.recipe
    own = clone(whole.estimator).fit(whole.view(samples.rows(member.rows)), codes[member.rows])
    np.testing.assert_array_equal(
        own.predict_proba(whole.view(samples)), part.whole.estimator.predict_proba(whole.view(samples))
    )


def test_every_submodel_has_members() -> None:
    predictor, samples, codes = mapped()
    blind = replace(samples, features=samples.features.assign(a=np.nan))
    members = fit_members(predictor, samples, codes, 3, random_seed=0)
    p_any = 1 - predictor.predict_proba(blind, 3)[:, 0]
    assert (chance_spread(p_any, members, blind, 3)["p_any_sd"] > 0).all()
    assert set(members[0].predictor.parts[0].submodels) == set(predictor.parts[0].submodels)


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
    predictor, samples, codes = mapped()
    members = fit_members(predictor, samples, codes, 5, random_seed=1)
    chances = [1 - member.predictor.predict_proba(samples, 3)[:, 0] for member in members]
    spread = chance_spread(np.full(len(codes), 0.5), members, samples, 3)
    np.testing.assert_allclose(spread["p_any_sd"], np.std(chances, axis=0, ddof=1))
