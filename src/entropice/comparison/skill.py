"""How well the expected densities of each run fit what was observed on the units, with intervals from whole blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from entropice.learning.scores import REFERENCE
from entropice.learning.scores.interval import QUANTILES
from entropice.learning.scores.skills import PROBABILITY_FLOOR
from entropice.types import DataFrame, FloatArray, IntArray

LIMIT: Final = "bayes_limit"


@dataclass(frozen=True)
class UnitForecast:
    """Densities on units and years, each (n,): forecast, the reference's (training prevalence), and the truth.

    All are slump area over land area, float64, without NaN.

    Attributes
    ----------
    land_m2
        Observed land area.
    """

    forecast: FloatArray
    reference: FloatArray
    truth: FloatArray
    land_m2: FloatArray


Score = Callable[[UnitForecast, IntArray], float]
"""Value over the rows at some positions, which may repeat."""


def deviance_skill(units: UnitForecast, rows: IntArray) -> float:
    """1 − deviance / deviance of the training prevalence; NaN without any deviance of the latter.

    The deviance is Σ land area × 2 (y ln(y / d) − (y − d)) of observed density y and expected density d, the Poisson
    deviance: of all forecasts the expected value has the least of it, so it rewards no other. Where y is 0 the
    logarithm's term is 0; d is at least one ten-thousandth of the reference, which is above 0.

    Parameters
    ----------
    rows
        Positions (n_rows,) of units and years, which may repeat.

    Examples
    --------
    A perfect forecast, and one that says what the reference says:

    >>> truth, prevalence, land = np.array([1.0, 3.0]), np.array([2.0, 2.0]), np.array([1.0, 1.0])
    >>> perfect, same = UnitForecast(truth, prevalence, truth, land), UnitForecast(prevalence, prevalence, truth, land)
    >>> deviance_skill(perfect, np.arange(2)), deviance_skill(same, np.arange(2))
    (1.0, 0.0)
    """
    land_m2, truth = units.land_m2[rows], units.truth[rows]
    reference = units.reference[rows]
    # Where 0 is expected and something is seen the deviance is infinite: one unit would decide the score.
    forecast = np.maximum(units.forecast[rows], PROBABILITY_FLOOR * reference)
    of_reference = float(land_m2 @ _deviance(truth, reference))
    return 1 - float(land_m2 @ _deviance(truth, forecast)) / of_reference if of_reference > 0 else np.nan


def _deviance(truth: FloatArray, expected: FloatArray) -> FloatArray:
    # y ln(y / d) goes to 0 with y: a ratio of 1 gives that, where the logarithm of 0 would give NaN.
    ratio = np.divide(truth, expected, out=np.ones_like(truth), where=truth > 0)
    deviance: FloatArray = 2 * (truth * np.log(ratio) - (truth - expected))
    return deviance


def rank_correlation(units: UnitForecast, rows: IntArray) -> float:
    """Spearman's correlation of expected and observed density; NaN where either is the same everywhere.

    ``rows`` are positions (n_rows,) of units and years, which may repeat; land areas do not count.

    Examples
    --------
    >>> forecast, truth = np.array([0.1, 0.2, 0.9]), np.array([1.0, 2.0, 3.0])
    >>> units = UnitForecast(forecast, forecast, truth, np.ones(3))
    >>> round(rank_correlation(units, np.arange(3)), 6)
    1.0
    """
    return spearman(units.forecast[rows], units.truth[rows])


def spearman(one: FloatArray, other: FloatArray) -> float:
    """Pearson's correlation of the ranks, ties sharing their mean rank; NaN where there is nothing to order.

    Both (n,), without NaN. There is nothing to order where n is 0 or either has one value only.

    ρ = Σ (r − r̄)(s − s̄) / √(Σ (r − r̄)² Σ (s − s̄)²), r and s the ranks.

    Examples
    --------
    >>> round(spearman(np.array([1.0, 2.0, 9.0]), np.array([3.0, 2.0, 1.0])), 6)
    -1.0
    >>> spearman(np.array([1.0, 2.0]), np.array([5.0, 5.0]))
    nan
    """
    if not len(one):
        return np.nan
    ranks = np.array([rankdata(one), rankdata(other)])
    deviations = ranks - ranks.mean(axis=1, keepdims=True)
    spread = np.sqrt((deviations**2).sum(axis=1).prod())
    return float(deviations[0] @ deviations[1] / spread) if spread > 0 else np.nan


SCORES: Final[Mapping[str, Score]] = {"deviance_skill": deviance_skill, "rank_correlation": rank_correlation}

SCORE_TITLES: Final = {
    "deviance_skill": "skill of the expected density",
    "rank_correlation": "rank correlation with the observed density",
}


def draws_of_blocks(blocks: IntArray, random_seed: int, n_draws: int) -> list[IntArray]:
    """Row positions of bootstrap samples of whole blocks; none where there are fewer than two blocks.

    As many blocks as there are, drawn with replacement, each with all of its rows: samples may have unlike lengths. The
    same seed gives the same samples.

    Parameters
    ----------
    blocks
        (n,): block of each row.

    Examples
    --------
    >>> draws = draws_of_blocks(np.array([7, 7, 9]), random_seed=0, n_draws=50)
    >>> sorted({tuple(sorted(draw.tolist())) for draw in draws})
    [(0, 0, 1, 1), (0, 1, 2), (2, 2)]
    >>> draws_of_blocks(np.array([7, 7]), random_seed=0, n_draws=50)
    []
    """
    drawn = np.unique(blocks)
    if len(drawn) < 2:
        return []
    # Whole blocks: neighbouring units are alike, and drawing single ones would make intervals too short.
    rows = [np.flatnonzero(blocks == block) for block in drawn]
    random = np.random.default_rng(random_seed)
    return [np.concatenate([rows[i] for i in random.integers(len(rows), size=len(rows))]) for _ in range(n_draws)]


def skill_table(forecasts: Mapping[tuple[str, str], UnitForecast], draws: list[IntArray]) -> DataFrame:
    """Every score of every model of every run, but of the reference.

    Parameters
    ----------
    forecasts
        By run and model, all on the same units and years.
    draws
        Of `draws_of_blocks`; intervals are the 2.5 % and 97.5 % quantiles of the scores of the draws in which the score
        is defined, NaN without any.

    Returns
    -------
    DataFrame
        ``run model score value low_95 high_95 n_unit_years share_of_limit``; the share is that of the attainable limit
        of the same run, null where it has none (a model ``bayes_limit``), where that has no skill above 0, and of the
        rank correlation. By run and model as given; the scores are ``deviance_skill`` and ``rank_correlation``.

    Examples
    --------
    >>> truth, prevalence, land = np.array([1.0, 3.0]), np.array([2.0, 2.0]), np.array([1.0, 1.0])
    >>> table = skill_table({("h3_4", "espa"): UnitForecast(truth, prevalence, truth, land)}, [])
    >>> table[["score", "value", "low_95"]].to_dict("records")[0]
    {'score': 'deviance_skill', 'value': 1.0, 'low_95': nan}
    """
    rows = [
        {"run": run, "model": model, "score": score, **_value(values(units, np.arange(len(units.truth)))),
         **_interval([values(units, draw) for draw in draws]), "n_unit_years": len(units.truth)}
        for (run, model), units in forecasts.items()
        for score, values in SCORES.items()
        if model != REFERENCE
    ]  # fmt: skip
    columns = ["run", "model", "score", "value", "low_95", "high_95", "n_unit_years"]
    return _with_shares(pd.DataFrame(rows, columns=columns))


def _with_shares(skill: DataFrame) -> DataFrame:
    is_limit = (skill["model"] == LIMIT) & (skill["score"] == "deviance_skill")
    limit = skill[is_limit].set_index("run")["value"]
    # Skill is 0 at the prevalence already, so the share is a ratio; of a limit without skill it would mean nothing.
    share = skill["value"] / skill["run"].map(limit).where(lambda value: value > 0)
    return skill.assign(share_of_limit=share.where(skill["score"] == "deviance_skill"))


def difference_table(forecasts: Mapping[str, UnitForecast], draws: list[IntArray]) -> DataFrame:
    """Score of one run's map model minus that of another, on the same units and the same draws, for every pair.

    Parameters
    ----------
    forecasts
        Of the map model of each run, all on the same units and years.
    draws
        As `skill_table` takes them: each gives one difference, and intervals are taken alike.

    Returns
    -------
    DataFrame
        ``run other score difference low_95 high_95``, pairs in the order of the runs. No rows of a single run.

    Examples
    --------
    >>> truth, prevalence, land = np.array([1.0, 3.0]), np.array([2.0, 2.0]), np.array([1.0, 1.0])
    >>> perfect, same = UnitForecast(truth, prevalence, truth, land), UnitForecast(prevalence, prevalence, truth, land)
    >>> difference_table({"h3_4": perfect, "healpix_7": same}, []).to_dict("records")[0]["difference"]
    1.0
    """
    rows = [
        {"run": one, "other": other, "score": score,
         "difference": _difference(values, forecasts[one], forecasts[other], np.arange(len(forecasts[one].truth))),
         **_interval([_difference(values, forecasts[one], forecasts[other], draw) for draw in draws])}
        for one, other in combinations(forecasts, 2)
        for score, values in SCORES.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["run", "other", "score", "difference", "low_95", "high_95"])


def _difference(score: Score, one: UnitForecast, other: UnitForecast, rows: IntArray) -> float:
    return score(one, rows) - score(other, rows)


def _value(value: float) -> dict[str, float]:
    return {"value": value}


def _interval(values: list[float]) -> dict[str, float]:
    # A draw in which all units have one density has nothing to order, and so no rank correlation.
    defined = [value for value in values if not np.isnan(value)]
    low, high = np.quantile(defined, QUANTILES) if defined else (np.nan, np.nan)
    return {"low_95": float(low), "high_95": float(high)}
