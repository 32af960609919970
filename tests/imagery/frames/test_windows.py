"""Which sequences are cut."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError

from entropice.errors import LabelError
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_of, window_table

BANDS = ("human_modification",)
FIVE_YEARS = np.array([f"{year}-01-01" for year in range(1990, 2021, 5)], dtype="M8[D]")


def rules(**others: Any) -> WindowRules:
    usual = {
        "n_pixels": 4,
        "stride_px": 4,
        "every_steps": 1,
        "n_windows": None,
        "n_frames_in": 3,
        "forecast_horizon": 1,
        "future_horizons": 4,
        "min_known": 0.5,
    }
    return WindowRules(**(usual | others))


def series(days: Any = FIVE_YEARS, step: str = "P5Y", n_rows: int = 8, n_columns: int = 12) -> FieldSeries:
    values = np.random.default_rng(1).uniform(size=(len(days), n_rows, n_columns)).astype(np.float32)
    return FieldSeries(
        xr.Dataset(
            {"human_modification": (("time", "y", "x"), values, {"units": "1"})},
            coords={
                "time": days.astype("M8[ns]"),
                "y": 300.0 * (n_rows - np.arange(n_rows)) - 150.0,
                "x": 300.0 * np.arange(n_columns) + 150.0,
            },
            attrs={"crs": "EPSG:3413", "step": step, "pixel_m": 300.0},
        )
    )


def test_seven_steps_hold_one_window_with_truth_four_steps_ahead() -> None:
    table = window_table(series(), BANDS, rules(), seed=0)

    assert len(table) == 4 * 2 * 3
    assert table.groupby("left_m")["first"].unique().map(list).tolist() == [[0, 1, 2, 3]] * 3
    last_truth = table["first"] + 3 + 4 - 1
    assert (last_truth < 7).sum() == 2 * 3
    assert table["year"].unique().tolist() == [2005, 2010, 2015, 2020]
    assert table["key"].is_unique


def test_a_window_knows_its_pixels() -> None:
    table = window_table(series(), BANDS, rules(), seed=0).set_index("key")
    row = table.loc["20050101_+1200_+1200"]

    assert window_of(row, "20050101_+1200_+1200").pixels_of(series()) == (slice(4, 8), slice(4, 8))


def test_no_window_reaches_over_a_pause() -> None:
    winters = [np.arange(f"{year}-11-01", f"{year}-11-07", dtype="M8[D]") for year in (2020, 2021)]
    days = np.concatenate(winters)

    table = window_table(series(days, "P1D"), BANDS, rules(), seed=0)

    assert sorted(set(table["first"])) == [0, 1, 2, 6, 7, 8]


@pytest.mark.parametrize("min_known", [0.25, 0.5, 0.75])
def test_ground_must_be_known_before_and_after(min_known: float) -> None:
    some = series()
    some.fields["human_modification"][2, :2, :4] = np.nan
    some.fields["human_modification"][3, 2:3, :4] = np.nan

    table = window_table(some, BANDS, rules(min_known=min_known), seed=0)

    first = table[(table["left_m"] == 0) & (table["top_m"] == 2400) & (table["first"] == 0)]
    assert len(first) == (min_known <= 0.25)


def test_what_is_drawn_does_not_depend_on_what_else_there_is() -> None:
    everything = window_table(series(), BANDS, rules(n_windows=5), seed=3)
    fewer_grounds = window_table(series(n_columns=8), BANDS, rules(n_windows=5), seed=3)

    assert len(everything) == 5
    there = everything[everything["left_m"] < 2400]
    assert set(there["key"]) <= set(fewer_grounds["key"])
    assert everything["first"].is_monotonic_increasing


def test_fields_without_a_sequence_are_refused() -> None:
    with pytest.raises(LabelError, match="No sequence") as refused:
        window_table(series(), BANDS, rules(n_frames_in=7), seed=0)

    assert refused.value.got == "7 steps of 8 × 12 pixels"
    assert refused.value.expected == "8 steps of 4², 50% known"


def test_fewer_horizons_than_are_said_are_refused() -> None:
    with pytest.raises(ValidationError, match="future_horizons"):
        rules(forecast_horizon=5)
