"""Averages over looks at an image: what they keep, how they turn, and that batches change nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.special import expit, logit

from entropice.errors import ConfigError
from entropice.imagery.inference_augmentation import SCALES, averaged_inputs, scale_named
from entropice.imagery.inference_augmentation_rules import InferenceAugmentationRules
from entropice.imagery.score_histograms import LIMIT_LOGIT
from entropice.imagery.symmetries import symmetries

EDGE = 8
NAMES = [scale.name for scale in SCALES]
INPUTS = np.random.default_rng(3).normal(size=(3, 2, EDGE, EDGE)).astype(np.float32)


def rules(n_symmetries=1, resolutions=(1,), averaged="logits"):
    return InferenceAugmentationRules(n_symmetries=n_symmetries, resolutions=resolutions, averaged=averaged)


def lopsided(inputs):
    """A network that wants whole windows and knows left from right."""
    assert inputs.shape[1:] == (2, EDGE, EDGE)
    assert inputs.flags.c_contiguous
    return (inputs[:, 0] * np.arange(EDGE) / EDGE).astype(np.float32)


def flat(inputs):
    return np.full((len(inputs), EDGE, EDGE), 1.25, dtype=np.float32)


def test_one_look_is_what_the_network_says():
    np.testing.assert_array_equal(averaged_inputs(lopsided, rules(), EDGE)(INPUTS), lopsided(INPUTS))


@pytest.mark.parametrize("name", NAMES)
def test_all_scales_agree_on_what_is_the_same_in_all_looks(name):
    out = averaged_inputs(flat, rules(8, (1, 2, 4), name), EDGE)(INPUTS)
    np.testing.assert_allclose(out, 1.25, rtol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [2, 4, 8])
def test_the_average_turns_with_the_image(n, name):
    predict = averaged_inputs(lopsided, rules(n, (1,), name), EDGE)
    for symmetry in symmetries(n):
        turned = symmetry.undo(predict(symmetry.apply(INPUTS)))
        np.testing.assert_allclose(turned, predict(INPUTS), rtol=1e-4, atol=1e-5)


def test_images_together_are_images_by_themselves():
    predict = averaged_inputs(lopsided, rules(4, (1, 2)), EDGE)
    np.testing.assert_allclose(predict(INPUTS), np.concatenate([predict(each[None]) for each in INPUTS]), rtol=1e-6)


def test_chances_average_as_chances():
    """Looks that say 0 and 4: halfway on the scale of logits is 2, on that of chances less."""

    def says(inputs):
        return np.where(np.arange(EDGE) < EDGE // 2, 0.0, 4.0) * np.ones((len(inputs), EDGE, 1), dtype=np.float32)

    by_logits, by_chances = (averaged_inputs(says, rules(2, (1,), name), EDGE)(INPUTS) for name in NAMES)
    np.testing.assert_allclose(by_logits, 2.0)
    np.testing.assert_allclose(by_chances, logit((0.5 + expit(4.0)) / 2), rtol=1e-5)


@given(st.floats(-1e4, 1e4, width=32))
def test_scales_lead_there_and_back_within_the_limit(value):
    for scale in SCALES:
        back = scale.to_logits(np.asarray(scale.of_logits(np.float32([value])), dtype=np.float32))
        inside = np.clip(back, -LIMIT_LOGIT, LIMIT_LOGIT)
        assert inside == pytest.approx(np.clip(value, -LIMIT_LOGIT, LIMIT_LOGIT), abs=0.6, rel=1e-6)


def test_what_is_not_declared_is_refused():
    with pytest.raises(ConfigError, match="averaged") as error:
        scale_named("logit")
    assert "logits" in str(error.value)
    with pytest.raises(ConfigError, match="full one"):
        averaged_inputs(flat, rules(1, (2,)), EDGE)
    with pytest.raises(ValidationError):
        rules(3)
