"""What an audit says of a map: how far it is off, its audit skill, and what it would say when corrected."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import expit

from entropice.learning.audit.audited_map import AuditedMap
from entropice.learning.audit.correction import Correction, fit_correction, intercept_interval
from entropice.learning.audit.sheet import FilledSheet, answers_on
from entropice.learning.audit.skill import audit_scores, cross_fitted
from entropice.learning.scores.skills import log_odds

SKILL: Final = "audit skill"
SCORES: Final = ("score", "value", "low_95", "high_95", "n_cell_years", "n_positive")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Audit:
    """An audit of a map.

    Attributes
    ----------
    document
        The correction with its intervals, as plain values; None is unknown or infinite.
    scores
        ``skill map score value low_95 high_95 n_cell_years n_positive``; ``map`` is uncorrected or corrected.
    corrected
        ``cell cell_id lon_deg lat_deg year p_any p_any_corrected p_any_corrected_low p_any_corrected_high``, every cell
        in the years of the sheet.
    """

    document: dict[str, Any]
    scores: pd.DataFrame
    corrected: pd.DataFrame


def audit(audited: AuditedMap, sheet: FilledSheet, random_seed: int, n_replicates: int) -> Audit:
    """Judge and correct a map by the answers of a sheet.

    The correction, its scores and the corrected map, every cell in the years of the sheet, are those of `Audit`. Its
    document has ``map title grid years n_drawn``, the entries of `told`, and ``mean_p_any`` with ``uncorrected
    corrected``, means over all predicted cells and these years, each counting alike. The log tells the statement.

    Scores of the corrected map are those of corrections without the cell's own answer (`cross_fitted`); the corrected
    map is that of all answers. `random_seed` and `n_replicates` are of the bootstrap of cells.

    Raises
    ------
    InputFileError
        The sheet is not of this map.
    """
    answers = answers_on(sheet, audited)
    correction = fit_correction(answers)
    corrected = corrected_map(audited.predictions(sorted(set(answers["year"]))), correction)
    document = {
        **{"map": audited.map_id, "title": audited.title, "grid": audited.grid},
        **{"years": sorted(set(answers["year"].tolist())), "n_drawn": sheet.n_drawn},
        **told(answers, correction),
        "mean_p_any": {"uncorrected": _mean(corrected["p_any"]), "corrected": _mean(corrected["p_any_corrected"])},
    }
    logger.info("%s", document["statement"])
    return Audit(document, _scores(answers, audited.training_prevalence, random_seed, n_replicates), corrected)


def corrected_map(predictions: pd.DataFrame, correction: Correction) -> pd.DataFrame:
    """Put the columns ``p_any_corrected p_any_corrected_low p_any_corrected_high`` beside ``p_any``; NaN stays NaN.

    Low and high are at the ends of the 95 % interval of the intercept.

    Examples
    --------
    >>> correction = Correction(0.0, -np.inf, 0.0, 1.0, np.nan, np.nan, n=40, n_with=0)
    >>> corrected_map(pd.DataFrame({"p_any": [0.25]}), correction).round(6).values.tolist()
    [[0.25, 0.25, 0.0, 0.25]]
    """
    p_any = predictions["p_any"].to_numpy(np.float64)
    low, high = correction.interval(p_any)
    return predictions.assign(
        p_any_corrected=correction.apply(p_any), p_any_corrected_low=low, p_any_corrected_high=high
    )


def told(answers: pd.DataFrame, correction: Correction) -> dict[str, Any]:
    """The correction, the share of cells with slumps, and whether the map is biased, as plain values.

    Answers have the columns ``p_any weight observed``. Ends that are infinite, or not estimated, become None.

    Returns
    -------
    dict
        ``n_answered n_with intercept slope share_with_slumps intercept_at_slope_1 statement``; intercept, slope and
        share each have ``value low_95 high_95``, and the intercept at slope 1 has the ends alone. The share is
        weighted; its interval is that of the score test, Wilson's where weights are equal.

    Examples
    --------
    Slumps in half of forty cells, of which the map said as much.

    >>> answers = pd.DataFrame({"p_any": 0.5, "weight": 1.0, "observed": np.arange(40) < 20})
    >>> found = told(answers, fit_correction(answers))
    >>> {name: round(value, 3) for name, value in found["share_with_slumps"].items()}
    {'value': 0.5, 'low_95': 0.352, 'high_95': 0.648}
    >>> found["statement"]
    'No bias is shown: the correction may make the map worse.'
    """
    observed, weights = answers["observed"].to_numpy(), (answers["weight"] / answers["weight"].mean()).to_numpy()
    # With the slope at 1: beside an estimated slope the intercept speaks of places where the map says even odds, which
    # are few, and not of how often slumps occur.
    bias = intercept_interval(log_odds(answers["p_any"].to_numpy()), observed, weights)
    share = expit(intercept_interval(np.zeros(len(observed)), observed, weights))
    return {
        **{"n_answered": correction.n, "n_with": correction.n_with},
        "intercept": _interval(correction.intercept, correction.intercept_low, correction.intercept_high),
        "slope": _interval(correction.slope, correction.slope_low, correction.slope_high),
        "share_with_slumps": _interval(float(np.average(observed, weights=weights)), *share),
        "intercept_at_slope_1": {"low_95": _plain(bias[0]), "high_95": _plain(bias[1])},
        "statement": statement(*bias),
    }


def statement(low: float, high: float) -> str:
    """What the ends of the intercept's interval, with the slope held at 1, say of the map.

    A bias is shown where 0 lies outside; an end that is 0 shows none. Where both ends lie below 0 it is "Slumps are
    rarer than the map says: correct it."

    Examples
    --------
    >>> statement(0.1, 0.9)
    'Slumps are likelier than the map says: correct it.'
    >>> statement(-0.1, 0.9)
    'No bias is shown: the correction may make the map worse.'
    """
    if low > 0:
        return "Slumps are likelier than the map says: correct it."
    if high < 0:
        return "Slumps are rarer than the map says: correct it."
    return "No bias is shown: the correction may make the map worse."


def _scores(answers: pd.DataFrame, training_prevalence: float, random_seed: int, n_replicates: int) -> pd.DataFrame:
    maps: Mapping[str, Any] = {"uncorrected": answers["p_any"], "corrected": cross_fitted(answers)}
    scored = [
        audit_scores(answers.assign(p_any=p_any), training_prevalence, random_seed, n_replicates)[list(SCORES)].assign(
            skill=SKILL, map=name
        )
        for name, p_any in maps.items()
    ]
    return pd.concat(scored, ignore_index=True)[["skill", "map", *SCORES]]


def _interval(value: float, low: float, high: float) -> dict[str, float | None]:
    return {"value": _plain(value), "low_95": _plain(low), "high_95": _plain(high)}


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _mean(p_any: "pd.Series[float]") -> float:
    return float(p_any.mean())
