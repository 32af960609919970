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
        """The same scores with other counts (…, 2, n_step).

        Examples
        --------
        >>> steps = steps_of(np.array([2.0, 1.0]), np.array([True, False]))
        >>> steps.with_counts(10 * steps.counts).n_positive
        10
        """
        return replace(self, counts=counts)

    def pooled(self) -> Self:
        """All leading dimensions together: counts (2, n_step).

        Examples
        --------
        >>> steps = Steps(np.array([0.0]), np.array([0.0]), np.array([[[3], [1]], [[4], [0]]]))
        >>> steps.pooled().counts.tolist()
        [[7], [1]]
        """
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

        Notes
        -----
        With r the ratio and n⁻ₖ, n⁺ₖ the counts of step k, the shares are r / (1 + r) · n⁻ₖ / N and 1 / (1 + r) · n⁺ₖ /
        P.

        Examples
        --------
        Of three negatives and one positive, as if there were nine negatives to each positive:

        >>> steps = steps_of(np.array([2.0, 1.0, 0.0, 0.0]), np.array([True, False, False, False]))
        >>> steps.shares_at(9.0).round(3).tolist()
        [[0.0, 0.3, 0.6], [0.1, 0.0, 0.0]]
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

    Returns
    -------
    Steps
        Logits fall; equal ones share a step. Counts are int64 (2, n_step), negatives first; without a pixel there is no
        step.

    Raises
    ------
    SchemaError
        A logit is NaN, or the shapes differ.

    Examples
    --------
    >>> steps = steps_of(np.array([1.0, 3.0, 1.0, 2.0]), np.array([True, True, False, False]))
    >>> steps.logits.tolist(), steps.counts.tolist()
    ([3.0, 2.0, 1.0], [[0, 1, 1], [1, 0, 1]])
    """
    require_same_shape(logits, is_positive)
    require_known(logits)
    values, step = np.unique(np.asarray(logits, dtype=np.float64).ravel(), return_inverse=True)
    code = step + len(values) * np.asarray(is_positive, dtype=bool).ravel()
    counts = np.bincount(code, minlength=2 * len(values)).reshape(2, -1)
    return Steps(values[::-1], values[::-1], counts[:, ::-1])


def require_same_shape(logits: FloatArray | Float32Array, *others: BoolArray | IntArray) -> None:
    """Pass only truth and masks of the logits' shape.

    Raises
    ------
    SchemaError
        One differs; those that could be broadcast are refused as well.
    """
    for other in others:
        if np.shape(other) != np.shape(logits):
            raise SchemaError("Logits and truth differ in shape.", got=np.shape(other), expected=np.shape(logits))


def require_known(logits: FloatArray | Float32Array) -> None:
    """Pass only logits, in an array of any shape, of which none is NaN; infinite ones pass.

    Raises
    ------
    SchemaError
        One is NaN.

    Examples
    --------
    >>> require_known(np.array([-np.inf, 0.0]))
    >>> try:
    ...     require_known(np.array([np.nan, 0.0]))
    ... except SchemaError as error:
    ...     print(error.got)
    1 of 2 NaN
    """
    if np.isnan(logits).any():
        raise SchemaError(
            "Some scored pixels have no logit.",
            field="logits",
            got=f"{int(np.isnan(logits).sum())} of {np.size(logits)} NaN",
            expected="a number for every scored pixel",
            fix="score only valid pixels, or look for NaN that the model passes on",
        )
