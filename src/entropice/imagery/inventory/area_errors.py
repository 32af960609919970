"""How far areas of found objects are off, learned from audited ones, as intervals that hold whatever the law of errors.

The area A of an object that is found with expected area Â errs by the factor exp(r), r = log(A / sÂ), where
s = Σ A / Σ Â makes the sum of all areas right. How far r is likely to be off grows with the share of the area that is
in doubt, d = Σ p (1 − p) / Σ p over the pixels of its zone,

    E |r| = c + g d,    c, g ≥ 0,

fitted by least squares. A 90 % interval is sÂ exp(q σ), σ = c + g d, from the 5 % to the 95 % quantile of r / σ among
audited objects, with the correction for their number by which it covers 90 % of further ones on average: split
conformal prediction with local weights (Lei et al. 2018, doi:10.1080/01621459.2017.1307116, section 5.2), each side for
itself. It rests on further objects being like the audited ones, not on a law of errors; factors keep areas above 0, so
that small objects have longer intervals above than below.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import nnls

from entropice.errors import LabelError
from entropice.types import FloatArray

TAIL: Final = 0.05
"""Chance at either side of a 90 % interval."""

MIN_OBJECTS: Final = 5
_LEAST_SPREAD: Final = 1e-3
"""Of log areas: a thousandth, below which no outline is known."""


@dataclass(frozen=True)
class FoundAreas:
    """Objects (n,) by themselves.

    Attributes
    ----------
    expected_m2
        Â, above 0: calibrated chances of the zone's pixels, added up.
    in_doubt_m2
        Σ p (1 − p) of the same pixels.
    """

    expected_m2: FloatArray
    in_doubt_m2: FloatArray


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
    least, of_doubt
        c and g.
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
    least: float
    of_doubt: float
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
        return np.asarray(self.least + self.of_doubt * found.in_doubt_m2 / found.expected_m2, dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote."""
        return cls(**document)


def fit_area_errors(found: FoundAreas, true_m2: FloatArray, same: FloatArray) -> AreaErrors:
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
        There are fewer than five.
    """
    if len(true_m2) < MIN_OBJECTS:
        raise LabelError(
            "Too few audited validation objects were found to say how far areas are off.",
            field="audits",
            got=f"{len(true_m2)} objects",
            expected=f"{MIN_OBJECTS} or more",
            fix="audit more chips, take a larger validation split, or train for longer",
        )
    scale = float(true_m2.sum() / found.expected_m2.sum())
    residuals = np.log(true_m2 / (scale * found.expected_m2))
    least, of_doubt = _spread_line(np.abs(residuals), found.in_doubt_m2 / found.expected_m2)
    sigma = least + of_doubt * found.in_doubt_m2 / found.expected_m2
    scores = residuals / sigma
    relative = (true_m2 / (scale * found.expected_m2) - 1) / sigma
    low, high = -_upper_quantile(-scores), _upper_quantile(scores)
    return AreaErrors(
        scale=scale,
        least=least,
        of_doubt=of_doubt,
        low=low,
        high=high,
        spread=float(np.sqrt(np.square(relative).mean())),
        between_years=_correlation(scores, same.astype(np.int64)),
        n_objects=len(true_m2),
    )


def _spread_line(size: FloatArray, doubt: FloatArray) -> tuple[float, float]:
    (least, of_doubt), _ = nnls(np.column_stack([np.ones_like(doubt), doubt]), size)
    return max(float(least), _LEAST_SPREAD), float(of_doubt)


def _upper_quantile(scores: FloatArray) -> float:
    """The ⌈(n + 1)(1 − tail)⌉-th smallest; the largest of fewer than 19, and never below 0."""
    rank = int(np.ceil((len(scores) + 1) * (1 - TAIL)))
    return max(float(np.sort(scores)[min(rank, len(scores)) - 1]), 0.0)


def _correlation(scores: FloatArray, same: FloatArray) -> float:
    """Of pairs about 0; an interval of change is rather too long than too short, so it is 0 where few are known."""
    if len(same) < MIN_OBJECTS:
        return 0.0
    one, other = scores[same].T
    return float(np.clip((one * other).sum() / (np.square(one).sum() + np.square(other).sum()) * 2, 0.0, 0.95))
