"""How far areas of found objects are off, learned from audited ones, as intervals that hold whatever the law of errors.

The area A of an object that is found with expected area Â errs by the factor exp(r), r = log(A / sÂ), where
s = Σ A / Σ Â makes the sum of all areas right. How far r is likely to be off follows from what is in doubt of the
object, D = Σ p (1 − p) over the pixels of its zone, beside N = Σ p: a share of every area is wrong, the whole outline
lies too far in or out (D / N), or each pixel errs for itself (√D / N),

    E |r| = c₁ + c₂ D / N + c₃ √D / N,    c ≥ 0,

fitted by least squares. A 90 % interval is sÂ exp(q σ), σ = E |r|, from the 5 % to the 95 % quantile of r / σ among
audited objects, with the correction for their number by which it covers 90 % of further ones on average: split
conformal prediction with local weights (Lei et al. 2018, doi:10.1080/01621459.2017.1307116), each side for itself.
It rests on further objects being like the audited ones, not on a law of errors; factors keep areas above 0, so
that small objects have longer intervals above than below.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import nnls

from entropice.errors import LabelError
from entropice.types import FloatArray, IntArray

TAIL: Final = 0.05
"""Chance at either side of a 90 % interval."""

MIN_OBJECTS: Final = 5
MIN_PAIRS: Final = 5
_LEAST_SPREAD: Final = 1e-3
"""Of log areas: a thousandth, below which no outline is known."""


@dataclass(frozen=True)
class FoundAreas:
    """Objects (n,) by themselves.

    Attributes
    ----------
    pixel_m2
        True area of a pixel.
    n_expected
        N = Σ p, above 0: calibrated chances of the zone's pixels, added up.
    n_in_doubt
        D = Σ p (1 − p) of the same pixels.
    """

    pixel_m2: FloatArray
    n_expected: FloatArray
    n_in_doubt: FloatArray

    @property
    def expected_m2(self) -> FloatArray:
        """Â (n,)."""
        return self.n_expected * self.pixel_m2

    def doubts(self) -> FloatArray:
        """1, D / N and √D / N, shape (n, 3)."""
        whole, each = self.n_in_doubt / self.n_expected, np.sqrt(self.n_in_doubt) / self.n_expected
        return np.column_stack([np.ones_like(whole), whole, each])


@dataclass(frozen=True)
class Areas:
    """Areas (n,) with the ends of their 90 % intervals and their standard deviation, m²."""

    area_m2: FloatArray
    low_m2: FloatArray
    high_m2: FloatArray
    sd_m2: FloatArray


@dataclass(frozen=True)
class AreaErrors:
    """What is known of the errors.

    Attributes
    ----------
    scale
        s.
    doubt
        c₁, c₂ and c₃.
    low, high
        Quantiles of r / σ.
    spread
        Standard deviation of A / sÂ − 1 in units of σ.
    between_years
        Correlation of r of one object in two years, 0 where nobody has seen it.
    n_objects
        That this rests on.
    """

    scale: float
    doubt: tuple[float, float, float]
    low: float
    high: float
    spread: float
    between_years: float
    n_objects: int

    def areas(self, found: FoundAreas) -> Areas:
        """Areas of found objects with their intervals."""
        area_m2, sigma = self.scale * found.expected_m2, self.sigma(found)
        return Areas(
            area_m2,
            area_m2 * np.exp(self.low * sigma),
            area_m2 * np.exp(self.high * sigma),
            area_m2 * self.spread * sigma,
        )

    def sigma(self, found: FoundAreas) -> FloatArray:
        """σ (n,)."""
        return _sigma(found, self.doubt)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote."""
        return cls(**document | {"doubt": tuple(document["doubt"])})


def fit_area_errors(found: FoundAreas, true_m2: FloatArray, same: IntArray) -> AreaErrors:
    """Learn from audited objects.

    Parameters
    ----------
    true_m2
        A (n,), above 0.
    same
        (n_pair, 2) positions of one object in two years; empty where none was audited twice.

    Raises
    ------
    LabelError
        There are fewer than three.
    """
    require_objects(len(true_m2))
    scale = float(true_m2.sum() / found.expected_m2.sum())
    ratios = true_m2 / (scale * found.expected_m2)
    doubt = _fitted_doubt(found, np.abs(np.log(ratios)))
    sigma = _sigma(found, doubt)
    scores = np.log(ratios) / sigma
    return AreaErrors(
        scale=scale,
        doubt=doubt,
        low=-_upper_quantile(-scores),
        high=_upper_quantile(scores),
        spread=float(np.sqrt(np.square((ratios - 1) / sigma).mean())),
        between_years=_correlation(scores, same),
        n_objects=len(true_m2),
    )


def require_objects(n_objects: int) -> None:
    """Pass only enough audited objects that were found; raises LabelError."""
    if n_objects < MIN_OBJECTS:
        raise LabelError(
            "Too few true objects were found in audited validation images to say how far areas are off.",
            field="audits",
            got=f"{n_objects} objects",
            expected=f"{MIN_OBJECTS} or more",
            fix="audit more chips, take a larger validation split, or train for longer",
        )


def _fitted_doubt(found: FoundAreas, sizes: FloatArray) -> tuple[float, float, float]:
    # None below 0: a share of doubt that narrows intervals can make σ of an unlike object negative.
    first, second, third = map(float, nnls(found.doubts(), sizes)[0])
    return first, second, third


def _sigma(found: FoundAreas, doubt: tuple[float, float, float]) -> FloatArray:
    return np.asarray(np.maximum(found.doubts() @ np.array(doubt), _LEAST_SPREAD), dtype=np.float64)


def _upper_quantile(scores: FloatArray) -> float:
    """The ⌈(n + 1)(1 − tail)⌉-th smallest; the largest of fewer than 19, and never below 0."""
    # n + 1, as the object that is asked about counts as one of them; below 0 the interval would leave out its own area.
    rank = int(np.ceil((len(scores) + 1) * (1 - TAIL)))
    return max(float(np.sort(scores)[min(rank, len(scores)) - 1]), 0.0)


def _correlation(scores: FloatArray, same: IntArray) -> float:
    """Of pairs about 0; an interval of change is rather too long than too short, so it is 0 where few are known."""
    if len(same) < MIN_PAIRS:
        return 0.0
    one, other = scores[same].T
    return float(np.clip((one * other).sum() / (np.square(one).sum() + np.square(other).sum()) * 2, 0.0, 0.95))
