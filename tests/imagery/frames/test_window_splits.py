"""No target of a test is one of training."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from entropice.dggs import parse_grid
from entropice.errors import LabelError
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.window_rules import WindowRules, WindowSplitRules
from entropice.imagery.frames.window_splits import BOTH, SPACE, TESTS, TIME, keys_of, split_windows
from entropice.imagery.frames.windows import window_table
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import TRAIN, VALIDATION

GRID = parse_grid("h3_4")
BANDS = ("human_modification",)
GROUND = SplitRules(block_level=3, buffer_m=0.0, train=0.4, validation=0.3, test=0.3)
RULES: dict[str, Any] = {
    "n_pixels": 4,
    "stride_px": 3,
    "every_steps": 1,
    "n_windows": None,
    "n_frames_in": 3,
    "forecast_horizon": 1,
    "future_horizons": 4,
    "min_known": 0.5,
}
SPLITS: dict[str, Any] = {
    "space": GROUND,
    "n_later_steps": 1,
    "n_validated_steps": 0,
    "gap_steps": 0,
    "block_level": 3,
    "block_steps": 2,
}


def _series(n_steps: int = 7, n_pixels: int = 64, pixel_m: float = 10_000.0, step: str = "P5Y") -> FieldSeries:
    start, days = np.datetime64("1990-01-01"), {"P5Y": 5, "P1D": 1}
    unit = "Y" if step == "P5Y" else "D"
    time = (start.astype(f"M8[{unit}]") + days[step] * np.arange(n_steps)).astype("M8[D]")
    values = np.zeros((n_steps, n_pixels, n_pixels), dtype=np.float32)
    return FieldSeries(
        xr.Dataset(
            {"human_modification": (("time", "y", "x"), values, {"units": "1"})},
            coords={
                "time": time.astype("M8[ns]"),
                "y": -600_000.0 - pixel_m * np.arange(n_pixels),
                "x": 400_000.0 + pixel_m * np.arange(n_pixels),
            },
            attrs={"crs": "EPSG:3413", "step": step, "pixel_m": pixel_m},
        )
    )


def _dealt(series: FieldSeries, windowing: WindowRules, rules: WindowSplitRules, seed: int = 0) -> pd.DataFrame:
    windows = window_table(series, BANDS, windowing, seed)
    return split_windows(windows, series, GRID, windowing, rules, seed).merge(windows, on="key")


def _pixels(targets: pd.DataFrame) -> set[tuple[int, int, int]]:
    """Step, column and row of every target pixel."""
    corners = (targets[["left_m", "top_m"]] / 10_000).round().astype(int)
    corners = corners.assign(step=targets["step"]).drop_duplicates()
    offsets = [(column, row) for column in range(4) for row in range(4)]
    return {
        (step, left + column, top - row)
        for left, top, step in corners.itertuples(index=False)
        for column, row in offsets
    }


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), n_later=st.integers(1, 2), gap=st.integers(0, 1))
def test_no_pixel_of_a_test_is_a_target_of_training(seed: int, n_later: int, gap: int) -> None:
    rules = WindowSplitRules(**(SPLITS | {"n_later_steps": n_later, "gap_steps": gap}))

    dealt = _dealt(_series(), WindowRules(**RULES), rules, seed)

    learned = _pixels(dealt[dealt["split"] == TRAIN])
    for part in (VALIDATION, *TESTS):
        assert not learned & _pixels(dealt[dealt["split"] == part]), part
    grounds = {part: {pixel[1:] for pixel in _pixels(dealt[dealt["split"] == part])} for part in set(dealt["split"])}
    assert not grounds[TRAIN] & (grounds[SPACE] | grounds[VALIDATION])
    assert grounds[TIME] <= grounds[TRAIN]
    assert grounds[BOTH] <= grounds[SPACE]


@settings(max_examples=20, deadline=None)
@given(n_later=st.integers(1, 10), n_validated=st.integers(1, 10), gap=st.integers(0, 4))
def test_one_ground_is_dealt_by_time_with_gaps(n_later: int, n_validated: int, gap: int) -> None:
    rules = WindowSplitRules(
        **(SPLITS | {"space": None, "n_later_steps": n_later, "n_validated_steps": n_validated, "gap_steps": gap})
    )
    windowing = WindowRules(**(RULES | {"stride_px": 60, "n_frames_in": 5, "forecast_horizon": 4}))

    steps = _dealt(_series(n_steps=40, step="P1D"), windowing, rules).groupby("split")["step"]

    assert set(steps.groups) - {"buffer"} == {TRAIN, VALIDATION, TIME}
    assert steps.max()[TRAIN] + gap + 1 == steps.min()[VALIDATION]
    assert steps.max()[VALIDATION] + gap + 1 == steps.min()[TIME]
    assert steps.max()[TIME] - steps.min()[TIME] == n_later - 1


def test_the_last_step_of_seven_is_learned_nowhere_and_judged_at_four_horizons() -> None:
    dealt = _dealt(_series(), WindowRules(**RULES), WindowSplitRules(**SPLITS))

    later = dealt[dealt["split"].isin([TIME, BOTH])]
    assert set(later["step"]) == {6}
    assert set(later["horizon"]) == {1, 2, 3, 4}
    assert set(dealt.loc[dealt["split"] == SPACE, "step"]) == {3, 4, 5}
    assert set(dealt.loc[(dealt["first"] == 0) & (dealt["horizon"] == 4), "step"]) == {6}


def test_blocks_are_a_cell_and_a_stretch_of_time() -> None:
    dealt = _dealt(_series(), WindowRules(**RULES), WindowSplitRules(**SPLITS))

    assert (dealt.groupby("block")["step"].agg(lambda step: step.max() - step.min()) <= 1).all()
    assert set(dealt["block"].str.split("_").str[1]) == {"1", "2", "3"}


def test_sequences_of_a_part_are_told_once() -> None:
    dealt = _dealt(_series(), WindowRules(**RULES), WindowSplitRules(**SPLITS))

    keys = keys_of(dealt, TRAIN, last_horizon=1)

    assert len(keys) == len(set(keys))
    assert set(dealt.loc[dealt["key"].isin(keys), "first"]) == {0, 1, 2}


def test_a_series_without_a_target_for_training_is_refused() -> None:
    with pytest.raises(LabelError, match="training"):
        _dealt(_series(), WindowRules(**RULES), WindowSplitRules(**(SPLITS | {"n_later_steps": 4})))


def test_horizons_that_nothing_could_be_said_of_are_refused() -> None:
    with pytest.raises(LabelError, match="no truth") as refused:
        _dealt(_series(), WindowRules(**(RULES | {"future_horizons": 6})), WindowSplitRules(**SPLITS))

    assert refused.value.got == "6, of which 5, 6 without a target in a test"


@pytest.mark.parametrize("others", [{"space": None}, {"n_validated_steps": 3}])
def test_validation_has_other_ground_or_steps_of_its_own(others: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="not both"):
        WindowSplitRules(**(SPLITS | others))
