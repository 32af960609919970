"""Scores of forecasts, from sums over blocks."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.imagery.frames.score_table import COLUMNS, score_table
from entropice.imagery.frames.scores import FORECAST_SCORES
from entropice.imagery.frames.sums import SUMS, error_sums, near_of
from entropice.learning.scores.table import block_replicates

NEAR = near_of(("ice_concentration",))


def _replicates(n_blocks: int) -> Any:
    return block_replicates(n_blocks, 0, 200)


def _sums(errors: dict[str, Any], n_blocks: int = 6) -> pd.DataFrame:
    """Of one part and horizon: each model's errors (n_blocks, pixel)."""
    rows = []
    for model, of_model in errors.items():
        for block, error in enumerate(of_model):
            values = error.astype(np.float32).reshape(1, 1, 1, -1)
            sums = error_sums(values, np.zeros_like(values), np.ones_like(values, dtype=bool), NEAR)[0]
            about = {"model": model, "key": f"k{block}", "horizon": 2, "step": 5, "block": f"b{block % n_blocks}"}
            rows.append({**about, "split": "time", **dict(zip(SUMS, sums, strict=True))})
    return pd.DataFrame(rows)


def _value(table: pd.DataFrame, model: str, score: str, compared_with: str | None = None) -> pd.Series:
    is_compared = table["compared_with"].isna() if compared_with is None else table["compared_with"] == compared_with
    found = table[(table["model"] == model) & (table["score"] == score) & is_compared]
    assert len(found) == 1
    return found.iloc[0]


def test_sums_by_hand() -> None:
    truth = np.array([0.5, 0.5, 0.5, 0.9], dtype=np.float32).reshape(1, 1, 2, 2)
    forecast = np.array([0.75, 0.25, 0.5, 0.0], dtype=np.float32).reshape(1, 1, 2, 2)
    scored = np.array([True, True, True, False]).reshape(1, 1, 2, 2)

    assert error_sums(forecast, truth, scored, NEAR).tolist() == [[3.0, 0.0, 0.5, 0.125, 1.0]]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), wild=st.sampled_from([np.nan, np.inf, -5.0, 3.0]))
def test_what_is_not_scored_changes_nothing(seed: int, wild: float) -> None:
    random = np.random.default_rng(seed)
    forecast, truth = random.uniform(size=(2, 3, 1, 4, 4)).astype(np.float32)
    scored = random.uniform(size=truth.shape) < 0.5
    sums = error_sums(forecast, truth, scored, NEAR)

    spoilt = [np.where(scored, values, np.float32(wild)) for values in (forecast, truth)]

    np.testing.assert_array_equal(error_sums(spoilt[0], spoilt[1], scored, NEAR), sums)
    np.testing.assert_array_equal(sums[:, 0], scored.sum(axis=(1, 2, 3)))


def test_near_is_a_tenth_of_the_bands_range() -> None:
    near = near_of(("ice_concentration", "human_modification"))
    assert near.ravel().tolist() == pytest.approx([0.1, 1000.0])
    error = np.array([0.05, 999.0, 0.2, 1001.0], dtype=np.float32).reshape(2, 2, 1, 1)
    sums = error_sums(error, np.zeros_like(error), np.ones_like(error, dtype=bool), near)
    assert sums[:, SUMS.index("near")].tolist() == [2.0, 0.0]


def test_a_forecast_that_is_no_number_is_refused() -> None:
    one = np.ones((1, 1, 1, 1), dtype=np.float32)
    with pytest.raises(SchemaError, match="not a number"):
        error_sums(one * np.nan, one, one > 0, NEAR)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_scores_are_those_of_all_pixels_together(seed: int) -> None:
    random = np.random.default_rng(seed)
    spreads = {"persistence": 0.2, "network": 0.1, "ceiling": 0.06, "ceiling_mean": 0.05}
    errors = {model: random.normal(0.01, spread, size=(6, 50)) for model, spread in spreads.items()}

    table = score_table(_sums(errors), "network", _replicates)

    mse = {model: (error**2).mean() for model, error in errors.items()}
    gained = (mse["persistence"] - mse["network"]) / (mse["persistence"] - mse["ceiling_mean"])
    mae = {model: np.abs(error).mean() for model, error in errors.items()}
    gained_mae = (mae["persistence"] - mae["network"]) / (mae["persistence"] - mae["ceiling"])
    expected = {
        "mse": mse["network"],
        "mae": mae["network"],
        "rmse": np.sqrt(mse["network"]),
        "bias": errors["network"].mean(),
        "within_tenth": (np.abs(errors["network"]) <= 0.1).mean(),
        "skill": 1 - mse["network"] / mse["persistence"],
        "share_of_ceiling": gained,
        "share_of_ceiling_mae": gained_mae,
    }
    assert list(table.columns) == list(COLUMNS)
    for score, value in expected.items():
        row = _value(table, "network", score)
        assert row["value"] == pytest.approx(value, rel=1e-4, abs=1e-6), score
        assert row["low_95"] <= row["high_95"]
        assert (row["n"], row["n_blocks"], row["part"], row["horizon"]) == (300, 6, "time", 2.0)
    assert _value(table, "persistence", "skill")["value"] == 0
    assert _value(table, "ceiling_mean", "share_of_ceiling")["value"] == 1


def test_a_lead_is_paired_by_block() -> None:
    """What makes a block hard is hard for both: their difference is known far better than either."""
    hard = np.linspace(0.1, 1.0, 6)[:, None] * np.ones((6, 40))
    table = score_table(_sums({"persistence": hard, "network": hard - 0.01}), "network", _replicates)

    lead, alone = _value(table, "network", "mae", "persistence"), _value(table, "network", "mae")

    assert lead["value"] == pytest.approx(-0.01, abs=1e-6)
    assert lead["high_95"] - lead["low_95"] < 0.01 * (alone["high_95"] - alone["low_95"])
    assert np.isnan(_value(table, "network", "share_of_ceiling")["value"])


def test_models_must_be_judged_on_the_same_pixels() -> None:
    errors = {"persistence": np.ones((6, 4)), "network": np.ones((6, 4))}
    with pytest.raises(SchemaError, match="compared with"):
        score_table(_sums({"network": np.ones((6, 4))}), "network", _replicates)
    with pytest.raises(SchemaError, match="same pixels"):
        score_table(_sums(errors | {"drift": np.ones((6, 3))}), "network", _replicates)


def test_names_of_scores_are_unique() -> None:
    assert len({each.name for each in FORECAST_SCORES}) == len(FORECAST_SCORES)


def test_rows_come_in_the_order_of_models_whatever_hashes_strings_have() -> None:
    errors = {name: np.ones((6, 3)) for name in ("persistence", "network", "drift", "trend", "ceiling")}
    table = score_table(_sums(errors), "network", _replicates)
    compared = [name for name in dict.fromkeys(table["compared_with"]) if isinstance(name, str)]
    assert compared == [name for name in dict.fromkeys(table["model"]) if name != "network"]
