"""Positives and negatives counted at each score, from the highest score down: what every score of pixels is made of."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from entropice.errors import LabelError, SchemaError
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray

NEGATIVE: Final = 0
POSITIVE: Final = 1


@dataclass(frozen=True)
class Steps:
    """Counts at scores that fall from step to step; a pixel is chosen where its logit is at least the threshold.

    Attributes
    ----------
    logits
        (n_step,) the score that stands for all pixels of a step.
    thresholds
        (n_step,) lowest score of a step: choosing it chooses this step and all before.
    counts
        (…, 2, n_step) negatives and positives; leading dimensions are blocks, or replicates of a bootstrap.
    """

    logits: FloatArray
    thresholds: FloatArray
    counts: IntArray | FloatArray

    def with_counts(self, counts: IntArray | FloatArray) -> Self:
        """The same scores with other counts (…, 2, n_step)."""
        return replace(self, counts=counts)

    def pooled(self) -> Self:
        """All leading dimensions together: counts (2, n_step)."""
        return self.with_counts(self.counts.reshape(-1, *self.counts.shape[-2:]).sum(axis=0))

    @property
    def n_positive(self) -> int:
        """Positives of all leading dimensions together."""
        return int(self.counts[..., POSITIVE, :].sum())

    def shares_at(self, ratio: float) -> FloatArray:
        """Share (…, 2, n_step) of all pixels that each step holds where positives : negatives = 1 : `ratio`.

        With P positives and N negatives every negative weighs `ratio` · P / N, so that nothing is drawn and nothing is
        lost; shares of one leading index sum to 1. NaN where one of the two has no pixel.

        Raises
        ------
        LabelError
            No positive or no negative in all leading dimensions together, or a ratio that is not positive.
        """
        self._require_both(ratio)
        odds = np.array([[ratio], [1.0]]) / (1 + ratio)
        n = self.counts.sum(axis=-1, keepdims=True)
        return np.asarray(odds * self.counts / np.where(n > 0, n, np.nan), dtype=np.float64)

    def _require_both(self, ratio: float) -> None:
        n_negative, n_positive = self.counts.sum(axis=-1).reshape(-1, 2).sum(axis=0)
        if not (n_negative > 0 and n_positive > 0 and ratio > 0):
            raise LabelError(
                "A ratio of positives to negatives cannot be reached.",
                field="ratio",
                got=f"{n_positive:g} positives, {n_negative:g} negatives and 1 : {ratio:g}",
                expected="at least one of both, and a ratio above 0",
                fix="take a split that holds both, or look for pixels that are masked by mistake",
            )


def steps_of(logits: FloatArray | Float32Array, is_positive: BoolArray) -> Steps:
    """Exact steps: one for every different logit.

    Parameters
    ----------
    logits, is_positive
        Same shape; pixels that are not scored have been left out.

    Raises
    ------
    SchemaError
        A logit is NaN, or the shapes differ.
    """
    require_same_shape(logits, is_positive)
    require_known(logits)
    values, step = np.unique(np.asarray(logits, dtype=np.float64).ravel(), return_inverse=True)
    code = step + len(values) * np.asarray(is_positive, dtype=bool).ravel()
    counts = np.bincount(code, minlength=2 * len(values)).reshape(2, -1)
    return Steps(values[::-1], values[::-1], counts[:, ::-1])


def require_same_shape(logits: FloatArray | Float32Array, *others: BoolArray | IntArray) -> None:
    """Raise SchemaError where truth or mask differ in shape from the logits."""
    for other in others:
        if np.shape(other) != np.shape(logits):
            raise SchemaError("Logits and truth differ in shape.", got=np.shape(other), expected=np.shape(logits))


def require_known(logits: FloatArray | Float32Array) -> None:
    """Raise SchemaError where a logit, in an array of any shape, is NaN."""
    if np.isnan(logits).any():
        raise SchemaError(
            "Some scored pixels have no logit.",
            field="logits",
            got=f"{int(np.isnan(logits).sum())} of {np.size(logits)} NaN",
            expected="a number for every scored pixel",
            fix="score only valid pixels, or look for NaN that the model passes on",
        )
