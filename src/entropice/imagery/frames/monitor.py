"""How good the forecasts were that arrived fields can be compared with, and whether they have become worse."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.imagery.frames.monitor_rules import MonitorRules
from entropice.imagery.frames.steps import Days
from entropice.imagery.frames.window_splits import BOTH, TIME
from entropice.imagery.splits import VALIDATION
from entropice.types import DataFrame, FloatArray, Series

N_STEPS_TO_TELL: Final = 5
"""Validated steps of a horizon below which nobody can say how much its score varies by itself."""

_ARRIVED: Final = "arrived"


@dataclass(frozen=True)
class Expected:
    """What the score of a step was like in validation.

    Attributes
    ----------
    mean, sd
        Of the mean squared errors of single steps.
    correlation
        Of each with the one before.
    n_steps
        How many there are.
    """

    mean: float
    sd: float
    correlation: float
    n_steps: int


def monitor_table(sums: DataFrame, days: Days, rules: MonitorRules) -> DataFrame:
    """One row for each forecast of a field that has arrived since validation.

    Parameters
    ----------
    sums
        Of `entropice.imagery.frames.sums.forecast_sums`, of one model, validation among its parts.
    days
        Of every step of the series.

    Returns
    -------
    DataFrame
        ``issued day horizon mse mae expected_mse running_mse limit_mse n is_drifting``, by day and horizon. ``issued``
        is the day of the last input and ``day`` that of the field which has arrived; ``expected_mse`` is the mean of
        validation, NaN for a horizon that was never validated, whose ``running_mse`` begins with the first score.
        ``limit_mse`` is NaN and nothing drifts where validation has fewer than 5 steps (`N_STEPS_TO_TELL`) at a
        horizon. A score is that of a step at a horizon, the sums of all its sequences together.

    Raises
    ------
    ValueError
        Nothing has arrived: `sums` have no scored pixel of the parts ``time`` and ``both``, which are what counts as
        arrived. Other parts but validation are left out.

    Notes
    -----
    The running mean is z(t) = λ x(t) + (1 − λ) z(t − 1) from the mean of validation on, and is too high beyond L
    standard deviations of it (Roberts 1959, doi:10.1080/00401706.1959.10489860). Scores of successive days are alike:
    with a correlation φ of each with the one before, that standard deviation is σ √(λ/(2 − λ) · (1 + φ(1 − λ)) /
    (1 − φ(1 − λ))) in the long run. The mean of n validated steps is itself uncertain by σ √((1 + φ) / (1 − φ) / n).
    Both variances add up:

        limit = μ + L σ √(λ/(2 − λ) · (1 + φ(1 − λ)) / (1 − φ(1 − λ)) + (1 + φ) / (1 − φ) / n),

    with λ ``newest_weight`` and L ``limit_sd``, μ and σ (divisor n − 1) of the n validated scores x of the horizon in
    the order of steps, and φ = Σ (xₜ − μ)(xₜ₋₁ − μ) / Σ (xₜ − μ)², 0 where that is below 0 or all are equal.

    Examples
    --------
    Five validated steps with a squared error of 1, and one with 2 that has arrived: ½ · 2 + ½ · 1, and no spread to
    allow.

    >>> errors = {"n": 10.0, "absolute": 10.0, "squared": [10.0] * 5 + [20.0]}
    >>> sums = pd.DataFrame({"split": ["validation"] * 5 + ["time"], "step": range(6), "horizon": 1, **errors})
    >>> days = np.datetime64("2020-01-01") + np.arange(6)
    >>> table = monitor_table(sums, days, MonitorRules(newest_weight=0.5, limit_sd=3.0))
    >>> table[["mse", "expected_mse", "running_mse", "limit_mse", "is_drifting"]].to_numpy().tolist()
    [[2.0, 1.0, 1.5, 1.0, True]]
    """
    by_step = _by_step(sums)
    is_validated = by_step["split"] == VALIDATION
    arrived = by_step[by_step["split"] == _ARRIVED]
    parts = [
        _of_horizon(group, _expected(by_step[is_validated & (by_step["horizon"] == horizon)]), rules)
        for horizon, group in arrived.groupby("horizon")
    ]
    table = pd.concat(parts).sort_values(["step", "horizon"], ignore_index=True)
    table["day"] = days[table["step"].to_numpy()].astype("datetime64[s]")
    table["issued"] = days[(table["step"] - table["horizon"]).to_numpy()].astype("datetime64[s]")
    columns = ["issued", "day", "horizon", "mse", "mae", "expected_mse", "running_mse", "limit_mse", "n"]
    return table[[*columns, "is_drifting"]]


def advice(table: DataFrame) -> dict[str, Any]:
    """Whether the network should be trained anew, and why: ``retrain reason as_of horizons``.

    It should where the running score of a horizon is too high at the newest field that it could be compared with.

    Parameters
    ----------
    table
        Of `monitor_table`, a row or more.

    Returns
    -------
    dict
        ``retrain`` True or False, ``reason`` a sentence, ``as_of`` the newest day of the table as ISO 8601 writes it,
        ``horizons`` a rising list of those that are too high.

    Examples
    --------
    The day before yesterday's score was too high, but the newest is not:

    >>> scores = {"running_mse": [4.0, 2.0], "expected_mse": 2.0, "limit_mse": 3.0, "is_drifting": [True, False]}
    >>> table = pd.DataFrame({"day": pd.to_datetime(["2020-01-01", "2020-01-02"]), "horizon": 1, **scores})
    >>> advice(table)["retrain"], advice(table.iloc[:1])["retrain"], advice(table)["as_of"]
    (False, True, '2020-01-02')
    """
    newest = table.sort_values("day").groupby("horizon").tail(1).sort_values("horizon")
    worse = newest[newest["is_drifting"]]
    return {
        "retrain": not worse.empty,
        "reason": _reason(worse, newest),
        "as_of": str(table["day"].max().date()),
        "horizons": [int(horizon) for horizon in worse["horizon"]],
    }


def _reason(worse: DataFrame, newest: DataFrame) -> str:
    if not worse.empty:
        times = (worse["running_mse"] / worse["expected_mse"]).map("{:.1f}".format) + " times at "
        ahead = ", ".join(times + worse["horizon"].astype(str) + " ahead")
        return f"The running squared error is beyond its limit: of what validation had, {ahead}."
    if newest["limit_mse"].isna().all():
        return f"Validation has fewer than {N_STEPS_TO_TELL} steps a horizon, which is too few to tell."
    return "At no horizon the running squared error is beyond its limit."


def _by_step(sums: DataFrame) -> DataFrame:
    """Scores of every step at every horizon, all its sequences together."""
    keys = ["split", "step", "horizon"]
    kept = sums.assign(split=sums["split"].replace([TIME, BOTH], _ARRIVED))
    totals = kept.groupby(keys)[["n", "absolute", "squared"]].sum().reset_index()
    totals = totals[totals["n"] > 0]
    return totals.assign(mse=totals["squared"] / totals["n"], mae=totals["absolute"] / totals["n"])


def _expected(validated: DataFrame) -> Expected:
    mse = validated.sort_values("step")["mse"].to_numpy(dtype=np.float64)
    sd = float(mse.std(ddof=1)) if len(mse) >= N_STEPS_TO_TELL else np.nan
    return Expected(float(mse.mean()) if len(mse) else np.nan, sd, _correlation(mse), len(mse))


def _correlation(values: FloatArray) -> float:
    """Of each value with the one before; 0 where it is negative or cannot be told."""
    if len(values) < N_STEPS_TO_TELL or np.ptp(values) == 0:
        return 0.0
    rest = values - values.mean()
    return max(float((rest[1:] * rest[:-1]).sum() / (rest**2).sum()), 0.0)


def _of_horizon(arrived: DataFrame, expected: Expected, rules: MonitorRules) -> DataFrame:
    ordered = arrived.sort_values("step")
    limit = expected.mean + rules.limit_sd * expected.sd * np.sqrt(_spread(expected, rules.newest_weight))
    running = _running(ordered["mse"], expected.mean, rules.newest_weight)
    return ordered.assign(
        expected_mse=expected.mean, running_mse=running, limit_mse=limit, is_drifting=running.to_numpy() > limit
    )


def _spread(expected: Expected, weight: float) -> float:
    """Variance of the running mean about that of validation, over the variance of single scores."""
    of_running = weight / (2 - weight) * _widened(expected.correlation * (1 - weight))
    return of_running + _widened(expected.correlation) / max(expected.n_steps, 1)


def _widened(correlation: float) -> float:
    """By how much the variance of a mean exceeds that of independent values."""
    return (1 + correlation) / (1 - correlation)


def _running(mse: Series, start: float, weight: float) -> Series:
    """The exponentially weighted mean that begins with what is expected."""
    # From validation's mean, not from the first score: else one bad day at the beginning would be the level of all that
    # follows.
    with_start = pd.concat([pd.Series([start]), mse])
    running: Series = with_start.ewm(alpha=weight, adjust=False).mean().iloc[1:]
    return running
