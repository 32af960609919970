"""Test-time augmentation: logits averaged over several looks at an image, its symmetries and coarser pixels.

Averaging logits is the geometric mean of the odds; averaging chances lets one sure look outweigh several doubtful ones.
Chances of float32 tell nothing beyond ±`LIMIT_LOGIT` from certainty: logits made of them end there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit, logit

from entropice.errors import ConfigError, suggestion
from entropice.imagery.held_out import Predict as PredictInputs
from entropice.imagery.inference_augmentation_rules import InferenceAugmentationRules
from entropice.imagery.resolutions import at_resolutions
from entropice.imagery.score_histograms import LIMIT_LOGIT
from entropice.imagery.symmetries import under_symmetries
from entropice.imagery.windows import Predict, within_window
from entropice.types import BoolArray, Float32Array


@dataclass(frozen=True)
class Scale:
    """What predictions are while they are averaged.

    Attributes
    ----------
    name
        In parameters.
    of_logits, to_logits
        There and back, elementwise; NaN stays.
    """

    name: str
    of_logits: Callable[[Float32Array], Float32Array]
    to_logits: Callable[[Float32Array], Float32Array]


def _logits_of_chances(chances: Float32Array) -> Float32Array:
    return np.asarray(np.clip(logit(chances), -LIMIT_LOGIT, LIMIT_LOGIT), dtype=np.float32)


SCALES: Final[tuple[Scale, ...]] = (
    Scale("logits", lambda values: values, lambda values: values),
    Scale("probabilities", expit, _logits_of_chances),
)


def scale_named(name: str) -> Scale:
    """The declared scale of a name: ``logits`` or ``probabilities``.

    Raises
    ------
    ConfigError
        There is none.

    Examples
    --------
    >>> scale = scale_named("probabilities")
    >>> scale.to_logits(np.array([0.5, 1.0], np.float32)).tolist()
    [0.0, 16.0]
    """
    by_name = {scale.name: scale for scale in SCALES}
    if name not in by_name:
        raise ConfigError(
            f"Predictions cannot be averaged as {name!r}{suggestion(name, by_name)}",
            field="averaged",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare the scale in entropice/imagery/inference_augmentation.py",
        )
    return by_name[name]


def averaged(predict: Predict, rules: InferenceAugmentationRules, n_pixels: int) -> Predict:
    """Predict images as the mean over all looks that rules ask for.

    Parameters
    ----------
    predict
        Values and their validity, (…, band, row, column) each, to raw logits (…, row, column). Gets images of at least
        `n_pixels` along both edges: what is smaller, as coarser looks are, is filled up with pixels that are not valid.
    n_pixels
        Edge of the window that `predict` needs at least.

    Returns
    -------
    Predict
        Gives logits (…, row, column), float32, whatever is averaged; NaN where a band is not valid.

    Raises
    ------
    ConfigError
        There is no such scale, or full resolution is not among the resolutions.

    Examples
    --------
    Looks at an image and its mirror say logits of 0 and log 3, chances of ½ and ¾:

    >>> says = lambda values, valid: np.array([[0.0, np.log(3.0)]], np.float32)
    >>> rules = InferenceAugmentationRules(n_symmetries=2, resolutions=(1,), averaged="probabilities")
    >>> logits = averaged(says, rules, 1)(np.zeros((1, 1, 2), np.float32), np.ones((1, 1, 2), bool))
    >>> expit(logits).astype(float).round(4).tolist()
    [[0.625, 0.625]]
    """
    scale = scale_named(rules.averaged)
    # symmetries last: what is filled up is so at one side, and only an average over all sides forgets which
    resolutions = at_resolutions(within_window(_mapped(predict, scale.of_logits), n_pixels), rules.resolutions)
    return _mapped(under_symmetries(resolutions, rules.n_symmetries), scale.to_logits)


def averaged_inputs(predict: PredictInputs, rules: InferenceAugmentationRules, n_pixels: int) -> PredictInputs:
    """`averaged` of inputs (n, band, row, column) as networks take them, which know no pixel that is not valid.

    All pixels have to be given logits (n, row, column), also those that are NaN in the inputs. Symmetries are views
    that run backwards through memory, of which no tensor can be made: `predict` gets copies.

    Raises
    ------
    ConfigError
        There is no such scale, or full resolution is not among the resolutions.
    SchemaError
        From the function made: `predict` gives another shape than (n, row, column), or NaN.
    """
    looks = averaged(lambda values, _: predict(np.ascontiguousarray(values)), rules, n_pixels)
    return lambda inputs: looks(inputs, np.ones(inputs.shape, dtype=bool))


def _mapped(predict: Predict, function: Callable[[Float32Array], Float32Array]) -> Predict:
    def mapped(values: Float32Array, valid: BoolArray) -> Float32Array:
        return np.asarray(function(predict(values, valid)), dtype=np.float32)

    return mapped
