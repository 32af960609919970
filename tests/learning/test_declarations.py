"""Models, scores and schemes are declared once, with texts for readers."""

import pytest

from entropice.learning.folds import SCHEMES
from entropice.learning.models import MODELS
from entropice.learning.scores import REFERENCE, SCORES


@pytest.mark.parametrize("registry", [MODELS, SCORES, SCHEMES], ids=["models", "scores", "schemes"])
def test_everything_has_its_name_and_a_title_of_its_own(registry):
    assert all(declared.name == name for name, declared in registry.items())
    assert len({declared.title for declared in registry.values()}) == len(registry)


def test_skill_is_measured_against_one_model():
    assert [name for name, model in MODELS.items() if model.is_reference] == [REFERENCE]


def test_transfer_skill_comes_first_and_random_folds_last():
    assert next(iter(SCHEMES)) == "spatial"
    assert list(SCHEMES)[-1] == "random"


def test_a_calibration_error_is_better_small_and_has_no_share_of_the_limit():
    reliability = ["reliability_slope", "reliability_intercept"]
    assert [name for name, score in SCORES.items() if score.bigger_is_better is False] == ["ece", "area_at_recall_80"]
    assert [name for name, score in SCORES.items() if score.bigger_is_better is None] == reliability
    assert [name for name, score in SCORES.items() if not score.has_share_of_limit] == ["ece", *reliability]
