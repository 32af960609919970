"""The chance that a found object is a true one, by how sure the network is of its pixels and by its size.

What is made up is mostly small, so that size tells as much as the mean logit does; a logistic regression of both,

    logit P = b₀ + b₁ z̄ + b₂ log N,

N the number of its marked pixels, each of z̄ and log N less its mean and over its standard deviation. Weights have a
standard normal prior, and half a true and half a wrong object stand at the mean, so that audits in which nothing was
wrong still leave a doubt.

Audited images were chosen where there is something to be found, so that fewer of what is found elsewhere is true. How
few is told by the objects themselves: true and wrong ones look in whole regions as they do in audited images, and the
share of true ones among n objects is the one that explains their chances best, the fixed point of

    π = (½ + Σ Pᵢ(π)) / (n + 1),    logit Pᵢ(π) = logit Pᵢ + logit π − logit π₀,

π₀ the share among the audited ones (Saerens et al. 2002, doi:10.1162/089976602753284446), by expectation and
maximisation from π₀ on.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from entropice.types import BoolArray, FloatArray

_CONVERGED: Final = 1e-6
_MAX_STEPS: Final = 1000


@dataclass(frozen=True)
class ObjectChances:
    """A fitted regression.

    Attributes
    ----------
    intercept, slopes
        b₀, and b₁ and b₂.
    means, spreads
        Of z̄ and log N among the objects it was fitted to.
    n_true, n_wrong
        These objects.
    """

    intercept: float
    slopes: tuple[float, float]
    means: tuple[float, float]
    spreads: tuple[float, float]
    n_true: int
    n_wrong: int

    def of(self, mean_logits: FloatArray, n_pixels: FloatArray) -> FloatArray:
        """Chance P (n,) that each object is true, at the share of true ones among the objects that it was fitted to.

        logit P = b₀ + b₁ (z̄ − m₁) / s₁ + b₂ (log N − m₂) / s₂, with b₀ `intercept`, b `slopes`, m `means` and s
        `spreads`.

        Parameters
        ----------
        mean_logits
            z̄ (n,), mean raw logit of the pixels of each object.
        n_pixels
            N (n,), marked pixels of each, 1 or more.

        Examples
        --------
        >>> chances = ObjectChances(0.0, (1.0, 0.0), means=(0.0, 0.0), spreads=(1.0, 1.0), n_true=9, n_wrong=9)
        >>> chances.of(np.array([0.0, np.log(3)]), np.array([10.0, 10.0])).round(6).tolist(), chances.share
        ([0.5, 0.75], 0.5)
        """
        columns = (_columns(mean_logits, n_pixels) - self.means) / self.spreads
        return np.asarray(expit(self.intercept + columns @ np.array(self.slopes)), dtype=np.float64)

    @property
    def share(self) -> float:
        """Of true ones among the objects that it was fitted to, and half a true and half a wrong one.

        π₀ = (n₁ + ½) / (n₁ + n₀ + 1) of n₁ true and n₀ wrong objects.
        """
        return (self.n_true + 0.5) / (self.n_true + self.n_wrong + 1)

    def among(self, mean_logits: FloatArray, n_pixels: FloatArray) -> FloatArray:
        """Chance (n,) at the share of true ones among these objects, which follows from them by `own_share`.

        So the chance of an object depends on which others it is asked about with.

        Parameters
        ----------
        mean_logits, n_pixels
            As in `of`: (n,) each.
        """
        chances = self.of(mean_logits, n_pixels)
        return at_share(chances, self.share, own_share(chances, self.share))

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document, the fields of the class, that `from_json` reads back exactly."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote.

        Raises
        ------
        KeyError, TypeError
            An entry is missing, or there is another one.
        """
        pairs = {name: tuple(document[name]) for name in ("slopes", "means", "spreads")}
        return cls(**document | pairs)


def at_share(chances: FloatArray, known: float, share: float) -> FloatArray:
    """Chances (n,) that hold where one share is true, where another one is.

    logit P′ = logit P + logit `share` − logit `known`. Both shares lie between 0 and 1 and are neither.

    Examples
    --------
    >>> at_share(np.array([0.5, 0.9]), known=0.5, share=0.1).round(6).tolist()
    [0.1, 0.5]
    """
    return np.asarray(expit(logit(chances) + logit(share) - logit(known)), dtype=np.float64)


def own_share(chances: FloatArray, known: float) -> float:
    """Share of true ones among objects whose chances (n,) would hold if it were the known one; that one if n is 0.

    Above 0 and below 1.

    Notes
    -----
    The fixed point of π = (½ + Σ Pᵢ(π)) / (n + 1), Pᵢ(π) the chances at the share π by `at_share`, from `known` on, to
    1e-6 or after 1,000 steps (Saerens et al. 2002, doi:10.1162/089976602753284446).

    Examples
    --------
    Two objects that are surely true and eight that are surely not: (½ + 2) / (10 + 1).

    >>> round(own_share(np.repeat([1 - 1e-12, 1e-12], [2, 8]), known=0.5), 4), own_share(np.array([]), known=0.3)
    (0.2273, 0.3)
    """
    # The half objects hold the share off 0 and 1, where logits are infinite and no further step would leave.
    share, before = known, np.inf
    for _ in range(_MAX_STEPS):
        if abs(share - before) < _CONVERGED or not len(chances):
            break
        before, share = share, float((at_share(chances, known, share).sum() + 0.5) / (len(chances) + 1))
    return share


def fit_object_chances(mean_logits: FloatArray, n_pixels: FloatArray, is_true: BoolArray) -> ObjectChances:
    """Fit to objects (n,), one or more.

    Parameters
    ----------
    mean_logits, n_pixels
        z̄ and N (n,), N 1 or more.
    is_true
        (n,); all may be of one kind.

    Notes
    -----
    A logistic regression on z̄ and log N, each less its mean and over its standard deviation (divisor n). The slopes
    have a standard normal prior, the intercept none, and half a true and half a wrong object stand at the mean.

    Examples
    --------
    Two objects, both true and alike: with half a true and half a wrong one odds are 2½ : ½.

    >>> chances = fit_object_chances(np.array([1.0, 1.0]), np.array([5.0, 5.0]), np.array([True, True]))
    >>> chances.of(np.array([1.0]), np.array([5.0])).round(2).tolist()
    [0.83]
    """
    columns = _columns(mean_logits, n_pixels)
    # Where all are alike a column is 0 and tells nothing; a spread of 0 would make it NaN.
    means, spreads = columns.mean(axis=0), np.maximum(columns.std(axis=0), np.finfo(np.float64).tiny)
    at_mean, both = np.zeros((2, 2)), np.array([True, False])
    weights = np.append(np.ones(len(is_true)), [0.5, 0.5])
    # The default penalty, ½ |b|² at C = 1, is a standard normal prior of the slopes; the intercept is free.
    fitted = LogisticRegression().fit(
        np.vstack([(columns - means) / spreads, at_mean]), np.append(is_true, both), sample_weight=weights
    )
    return ObjectChances(
        float(fitted.intercept_[0]), _pair(fitted.coef_[0]), _pair(means), _pair(spreads), *_counts(is_true)
    )


def _columns(mean_logits: FloatArray, n_pixels: FloatArray) -> FloatArray:
    return np.column_stack([mean_logits, np.log(n_pixels)])


def _pair(values: FloatArray) -> tuple[float, float]:
    first, second = map(float, values)
    return first, second


def _counts(is_true: BoolArray) -> tuple[int, int]:
    return int(is_true.sum()), int((~is_true).sum())
