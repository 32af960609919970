"""When it thaws and when snow lies, from a temperature or snow course in steps of any length."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.types import FloatArray, IntArray

SNOW_COVER_MM: Final = 5.0
"""Water equivalent from which the ground counts as covered."""


@dataclass(frozen=True)
class Season:
    """A season by place: NaN onset and end, and length 0, where there is none; all NaN where a step is unknown.

    Attributes
    ----------
    onset_d, end_d
        Days since the start of the Arctic year; negative before it.
    length_d
        Days.
    """

    onset_d: FloatArray
    end_d: FloatArray
    length_d: FloatArray


def thaw_season(celsius: FloatArray, days: FloatArray) -> Season:
    """The stretch of the year over which temperature sums up highest.

    It runs from the lowest point of the curve of cumulated temperature to the highest one after it; where these lie
    is refined by the straight line between the means on both sides, each put in the middle of its step: there it
    crosses 0 °C. A season still under way at a border of the
    Arctic year is cut there: where it never freezes, it is the whole year.

    Parameters
    ----------
    celsius
        Means of the steps, shape (n_step, …).
    days
        Lengths of the steps, shape (n_step,).

    Returns
    -------
    Season
        Days since the year's start, shape (…) each; all NaN where any step is. Where no step is above 0 °C there is no
        season: onset and end NaN, length 0. Of two stretches with the same sum the earlier.

    Notes
    -----
    The thawing season of the seasonal thawing index; the curve ignores short spells of the other sign. Frauenfeld,
    Zhang and McCreight (2007), International Journal of Climatology 27:47, doi:10.1002/joc.1372, review the indices.

    Examples
    --------
    Steps of 10 days at −4, 4, 4 and −4 °C: the lines between their centres cross 0 °C on days 10 and 30.

    >>> import numpy as np
    >>> season = thaw_season(np.array([-4.0, 4.0, 4.0, -4.0]), np.full(4, 10.0))
    >>> float(season.onset_d), float(season.end_d), float(season.length_d)
    (10.0, 30.0, 20.0)
    """
    # The largest gain of the cumulated curve is the stretch of the highest sum (Kadane's way): the lowest point so far
    # is subtracted at every place at once, which needs no loop over the places.
    edges_d, centres_d = _edges_and_centres(days)
    cumulated = np.concatenate([np.zeros_like(celsius[:1]), np.cumsum(celsius * _column(days, celsius), axis=0)])
    gain = cumulated - np.minimum.accumulate(cumulated, axis=0)
    end = gain.argmax(axis=0)
    is_before = _column(np.arange(len(cumulated)), cumulated) <= end
    onset = np.where(is_before, cumulated, np.inf).argmin(axis=0)
    onset_d = _crossing_d(celsius, centres_d, onset - 1, 0.0, edges_d[0], edges_d[-1])
    end_d = _crossing_d(celsius, centres_d, end - 1, 0.0, edges_d[0], edges_d[-1])
    return _season(onset_d, end_d, end > onset, days.sum(), celsius)


def snow_season(snow_mm: FloatArray, days: FloatArray, n_lead: int) -> Season:
    """The unbroken stretch of snow cover around the largest water equivalent of the Arctic year.

    Cover is 5 mm (`SNOW_COVER_MM`) or more. It begins and ends where the straight line between the means of two steps,
    each put in the middle of its step, crosses that. It may begin in the lead; it is cut where the lead begins and
    where the year ends. Its length is at most the year's. Of steps of the year that are alike the largest, the first
    counts.

    Parameters
    ----------
    snow_mm
        Means of the steps in mm of water, shape (n_lead + n_step, …).
    days
        Lengths of the steps, shape (n_lead + n_step,).
    n_lead
        Steps before the Arctic year.

    Returns
    -------
    Season
        Days since the year's start, shape (…) each; all NaN where any step is. Where no step of the year itself is
        covered there is no season: onset and end NaN, length 0.

    Notes
    -----
    A core snow season as in Choi, Robinson and Kang (2010), Journal of Climate 23:5305, doi:10.1175/2010JCLI3644.1, by
    water equivalent in place of weekly charts.

    Examples
    --------
    Steps of 10 days, the first before the year: snow passes 5 mm on day 0 and again on day 20.

    >>> import numpy as np
    >>> season = snow_season(np.array([0.0, 10.0, 10.0, 0.0]), np.full(4, 10.0), n_lead=1)
    >>> float(season.onset_d), float(season.end_d), float(season.length_d)
    (0.0, 20.0, 20.0)
    """
    edges_d, centres_d = _edges_and_centres(days)
    lead_d = edges_d[n_lead]
    steps = _column(np.arange(len(days)), snow_mm)
    # Sought in the year alone: snow of the lead that melted before the year begins is another winter's.
    peak = n_lead + np.nan_to_num(snow_mm[n_lead:], nan=-np.inf).argmax(axis=0)
    is_bare = snow_mm < SNOW_COVER_MM
    last_bare = np.where(is_bare & (steps < peak), steps, -1).max(axis=0)
    first_bare = np.where(is_bare & (steps > peak), steps, len(days)).min(axis=0)
    has_snow = np.asarray((snow_mm[n_lead:] >= SNOW_COVER_MM).any(axis=0))
    onset_d = _crossing_d(snow_mm, centres_d, last_bare, SNOW_COVER_MM, edges_d[0], edges_d[-1]) - lead_d
    end_d = _crossing_d(snow_mm, centres_d, first_bare - 1, SNOW_COVER_MM, edges_d[0], edges_d[-1]) - lead_d
    return _season(onset_d, end_d, has_snow, days[n_lead:].sum(), snow_mm)


def _season(onset_d: FloatArray, end_d: FloatArray, exists: np.ndarray, longest_d: float, course: FloatArray) -> Season:
    is_known = ~np.isnan(course).any(axis=0)
    length_d = np.where(exists, np.minimum(end_d - onset_d, longest_d), 0.0)
    return Season(
        onset_d=np.where(exists & is_known, onset_d, np.nan),
        end_d=np.where(exists & is_known, end_d, np.nan),
        length_d=np.where(is_known, length_d, np.nan),
    )


def _crossing_d(
    course: FloatArray, centres_d: FloatArray, before: IntArray, level: float, first_d: float, last_d: float
) -> FloatArray:
    """When the line from the centre of step `before` to that of the next one meets a level; cut at both ends."""
    n_steps = len(centres_d)
    here = np.clip(before, 0, n_steps - 2)
    left, right = (np.take_along_axis(course, step[None], axis=0)[0] for step in (here, here + 1))
    rise, missing = right - left, level - left
    # Where there is no season the two steps need not enclose the level; what comes out there is replaced by NaN.
    meets = (rise != 0) & (np.abs(missing) <= np.abs(rise))
    share = np.divide(missing, rise, out=np.zeros_like(rise), where=meets)
    met_d = centres_d[here] + share * (centres_d[here + 1] - centres_d[here])
    return np.where(before < 0, first_d, np.where(before > n_steps - 2, last_d, met_d))


def _edges_and_centres(days: FloatArray) -> tuple[FloatArray, FloatArray]:
    edges_d = np.concatenate([[0.0], np.cumsum(days)])
    return edges_d, (edges_d[:-1] + edges_d[1:]) / 2


def _column(values: np.ndarray, like: FloatArray) -> np.ndarray:
    """One value a step, shaped to broadcast over places."""
    return values.reshape(-1, *(1,) * (like.ndim - 1))
