"""Whether forecasts have become worse."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from entropice.imagery.frames.monitor import advice, monitor_table
from entropice.imagery.frames.monitor_rules import MonitorRules

RULES = MonitorRules(newest_weight=0.2, limit_sd=3.0)
DAYS = np.datetime64("2020-01-01") + np.arange(400)


def _sums(mse: Any, n_validated: int, horizons: tuple[int, ...] = (1, 2), keys: int = 2) -> pd.DataFrame:
    """Of steps from 40 on, in equal parts of several sequences."""
    return pd.DataFrame(
        [
            {
                "key": f"{step}_{key}",
                "horizon": horizon,
                "step": 40 + step,
                "split": "validation" if step < n_validated else ("time", "both")[key % 2],
                "n": 50.0,
                "absolute": 50 * np.sqrt(value),
                "squared": 50 * value * horizon,
            }
            for step, value in enumerate(mse)
            for horizon in horizons
            for key in range(keys)
        ]
    )


def _steady(n: int, seed: int = 0) -> Any:
    return 0.01 * np.exp(0.2 * np.random.default_rng(seed).normal(size=n))


def test_a_day_scores_the_forecasts_that_were_made_for_it() -> None:
    mse = _steady(30)

    table = monitor_table(_sums(mse, n_validated=20), DAYS, RULES)

    assert len(table) == 10 * 2
    first = table.iloc[1]
    assert (str(first["day"].date()), str(first["issued"].date()), first["horizon"]) == ("2020-03-01", "2020-02-28", 2)
    assert first["mse"] == pytest.approx(2 * mse[20])
    assert first["mae"] == pytest.approx(np.sqrt(mse[20]))
    assert first["expected_mse"] == pytest.approx(2 * mse[:20].mean())
    assert first["n"] == 100
    running = 0.2 * 2 * mse[20] + 0.8 * 2 * mse[:20].mean()
    assert first["running_mse"] == pytest.approx(running)


def test_other_ground_at_steps_that_were_learned_has_not_arrived() -> None:
    sums = _sums(_steady(30), n_validated=20)
    elsewhere = sums[sums["split"] == "time"].assign(split="space", squared=1e6, step=1)

    table = monitor_table(pd.concat([sums, elsewhere]), DAYS, RULES)

    pd.testing.assert_frame_equal(table, monitor_table(sums, DAYS, RULES))


def test_steady_forecasts_need_no_training() -> None:
    tables = [monitor_table(_sums(_steady(80, seed), n_validated=40), DAYS, RULES) for seed in range(10)]

    assert np.mean([table["is_drifting"].mean() for table in tables]) < 0.03
    assert advice(tables[1]) == {
        "retrain": False,
        "reason": "At no horizon the running squared error is beyond its limit.",
        "as_of": str(DAYS[119]),
        "horizons": [],
    }


def test_worse_forecasts_ask_for_training_and_say_why() -> None:
    mse = np.concatenate([_steady(60), 2.5 * _steady(20, seed=1)])

    table = monitor_table(_sums(mse, n_validated=40), DAYS, RULES)
    said = advice(table)

    assert said["retrain"]
    assert said["horizons"] == [1, 2]
    assert "2.4 times at 1 ahead" in said["reason"]
    assert table.loc[table["day"] >= pd.Timestamp("2020-04-20"), "is_drifting"].all()


def test_forecasts_that_are_good_again_need_no_training() -> None:
    mse = np.concatenate([_steady(50), 4 * _steady(6), _steady(40)])

    table = monitor_table(_sums(mse, n_validated=40), DAYS, RULES)

    assert table["is_drifting"].any()
    assert not advice(table)["retrain"]


def test_false_alarms_are_rare_where_days_are_alike() -> None:
    """With the limit for independent days, one day in twenty or more would be an alarm."""
    rest, random = np.zeros(4000), np.random.default_rng(2)
    for step in range(1, 4000):
        rest[step] = 0.8 * rest[step - 1] + 0.6 * random.normal()
    days = np.datetime64("2000-01-01") + np.arange(5000)

    table = monitor_table(_sums(0.1 + 0.01 * rest, 2000, horizons=(1,), keys=1), days, RULES)

    assert table["is_drifting"].mean() < 0.02
    independent = 0.1 + 3 * 0.01 * np.sqrt(0.2 / 1.8)
    assert (table["running_mse"] > independent).mean() > 0.05


def test_two_validated_steps_do_not_tell() -> None:
    table = monitor_table(_sums(np.array([0.1, 0.2, 5.0]), n_validated=2), DAYS, RULES)

    assert table["limit_mse"].isna().all()
    assert "too few to tell" in advice(table)["reason"]


def test_of_a_horizon_without_validation_nothing_is_expected() -> None:
    sums = _sums(_steady(30), n_validated=20)

    table = monitor_table(sums[(sums["horizon"] == 1) | (sums["split"] != "validation")], DAYS, RULES)

    assert table.loc[table["horizon"] == 2, ["expected_mse", "limit_mse"]].isna().all(axis=None)
    assert not table.loc[table["horizon"] == 2, "is_drifting"].any()
    assert advice(table)["retrain"] is False
