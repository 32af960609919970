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
        """Â = N a² (n,) in m²: `n_expected` · `pixel_m2`."""
        return self.n_expected * self.pixel_m2

    def doubts(self) -> FloatArray:
        """1, D / N and √D / N, shape (n, 3): of these the expected error of an area is made.

        N is `n_expected`, D `n_in_doubt`.

        Examples
        --------
        >>> FoundAreas(np.array([100.0]), np.array([4.0]), np.array([1.0])).doubts().tolist()
        [[1.0, 0.25, 0.25]]
        """
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
        Root mean square of (A / sÂ − 1) / σ.
    between_years
        Correlation of r / σ of one object in two years, 0 where nobody has seen it.
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
        """Areas sÂ (n,) of found objects with the ends sÂ exp(q σ) of their 90 % intervals, m².

        q is `low` at one end and `high` at the other. The areas' standard deviation is sÂ · `spread` · σ.

        Examples
        --------
        >>> errors = AreaErrors(1.1, (0.1, 0.0, 0.0), low=-1.0, high=2.0, spread=1.5, between_years=0.0, n_objects=20)
        >>> areas = errors.areas(FoundAreas(np.array([100.0]), np.array([5.0]), np.array([1.0])))
        >>> [float(each[0].round(2)) for each in (areas.area_m2, areas.low_m2, areas.high_m2, areas.sd_m2)]
        [550.0, 497.66, 671.77, 82.5]
        """
        area_m2, sigma = self.scale * found.expected_m2, self.sigma(found)
        return Areas(
            area_m2,
            area_m2 * np.exp(self.low * sigma),
            area_m2 * np.exp(self.high * sigma),
            area_m2 * self.spread * sigma,
        )

    def sigma(self, found: FoundAreas) -> FloatArray:
        """σ (n,) = c₁ + c₂ D / N + c₃ √D / N, the expected size of r; never below 0.001.

        Examples
        --------
        >>> errors = AreaErrors(1.0, (0.1, 0.4, 0.8), low=-1.0, high=1.0, spread=1.0, between_years=0.0, n_objects=20)
        >>> errors.sigma(FoundAreas(np.array([100.0]), np.array([4.0]), np.array([1.0]))).round(6).tolist()
        [0.4]
        """
        return _sigma(found, self.doubt)

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
        return cls(**document | {"doubt": tuple(document["doubt"])})


def fit_area_errors(found: FoundAreas, true_m2: FloatArray, same: IntArray) -> AreaErrors:
    """Learn from audited objects.

    Parameters
    ----------
    found
        The objects (n,) as they were found, in the order of `true_m2`.
    true_m2
        A (n,), above 0.
    same
        (n_pair, 2) positions of one object in two years; empty where none was audited twice. Fewer than `MIN_PAIRS` (5)
        pairs tell nothing of the correlation, which is then 0.

    Returns
    -------
    AreaErrors
        With fewer than 19 objects the ends of intervals are those of the largest errors, which cover less than 90 % of
        further ones.

    Raises
    ------
    LabelError
        There are fewer than `MIN_OBJECTS` (5).

    Notes
    -----
    The error of an area is r = log(A / sÂ), s = Σ A / Σ Â. Its expected size σ = c₁ + c₂ D / N + c₃ √D / N, c ≥ 0, is
    fitted by least squares to |r|, N `n_expected` and D `n_in_doubt`. The end `high` is the ⌈0.95 (n + 1)⌉-th smallest
    of the r / σ, the largest of fewer than 19, and 0 or more; `low` the same on the other side: split conformal
    prediction with local weights (Lei et al. 2018, doi:10.1080/01621459.2017.1307116). `between_years` is
    2 Σ u v / Σ (u² + v²) of the r / σ, u and v, of each pair, held within 0 and 0.95.

    Examples
    --------
    Five objects, each twice as large as expected: the scale says so, and there is no doubt left.

    >>> found = FoundAreas(np.full(5, 100.0), np.arange(1.0, 6.0), np.ones(5))
    >>> errors = fit_area_errors(found, 2 * found.expected_m2, np.empty((0, 2), np.int64))
    >>> errors.scale, errors.areas(found).high_m2.round(6).tolist()
    (2.0, [200.0, 400.0, 600.0, 800.0, 1000.0])
    """
    require_objects(len(true_m2))
    scale = float(true_m2.sum() / found.expected_m2.sum())
    ratios = true_m2 / (scale * found.expected_m2)
    doubt = _fitted_doubt(found, np.abs(np.log(ratios)))
    sigma = _sigma(found, doubt)
    # In units of what is expected of each: one pair of quantiles then serves sharp and vague outlines alike.
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
    """Pass only enough audited objects that were found: `MIN_OBJECTS` (5) or more.

    Raises
    ------
    LabelError
        There are fewer.
    """
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
    # Below 1, as with 1 the interval of a change between equally long ones would have no width at all.
    return float(np.clip((one * other).sum() / (np.square(one).sum() + np.square(other).sum()) * 2, 0.0, 0.95))
