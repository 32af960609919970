"""The forecaster of human modification."""

from collections.abc import Iterator
from typing import Any, Final

from entropice.imagery.bands import band_named
from entropice.networks.architectures import architecture_named
from entropice.sources.series.human_modification import HUMAN_MODIFICATION as MAPS
from published_plans.items import Held, Item, Page, configured

FRAMES: Final = "tests/imagery/frames"


def items() -> Iterator[Item]:
    """Every item of the checklist."""
    task: Any = configured("human_modification").parameters.task("modification")
    yield from _maps(task)
    yield from _forecasts(task)
    yield from _judged(task)


def _maps(task: Any) -> Iterator[Item]:
    land = task.virtual_modification.land
    last = land.first_year + (land.n_steps - 1) * land.step_years
    yield Item("first and last map", (1990, 2020), (land.first_year, last))
    yield Item("years from map to map", 5, land.step_years)
    highest = max(unit.highest for unit in MAPS.units)
    yield Item("highest stored number", 10_000.0, highest)
    yield Item("folder of maps below data/raw", "hm", MAPS.folder)
    yield Item("folder of what does not change", "static", MAPS.fixed["elevation"].split("/")[0])
    yield Item("steps hold one sequence with truth four steps ahead", 7, land.n_steps)
    held = "test_seven_steps_hold_one_window_with_truth_four_steps_ahead"
    yield Item("exactly one", "one", Held(f"{FRAMES}/test_windows.py::{held}"))


def _forecasts(task: Any) -> Iterator[Item]:
    windows = task.samples.windows
    yield Item("network", "ConvLSTM", architecture_named(task.network.architecture).title, "its usual name")
    yield Item("maps that are seen", 3, windows.n_frames_in)
    yield Item("bands", ("human_modification", "elevation"), tuple(task.bands))
    yield Item("steps forecast at once", 1, windows.forecast_horizon)
    yield Item("rolled out to", 4, windows.future_horizons)
    rolled = "test_predictions_become_inputs_and_static_bands_stay"
    yield Item("rolled out", "predictions become inputs", Held(f"{FRAMES}/test_rollout.py::{rolled}"))
    physical = "test_forecasts_are_physical_and_within_the_range"
    yield Item("z-score inside", "forecasts in units", Held(f"{FRAMES}/test_rollout.py::{physical}"))
    gradient = "test_what_is_not_scored_has_a_gradient_of_exactly_zero_and_no_say"
    yield Item("missing truth in the loss", "masked", Held(f"tests/networks/test_losses_of_kinds.py::{gradient}"))


def _judged(task: Any) -> Iterator[Item]:
    band = band_named(MAPS.band)
    splits = task.samples.splits
    yield Item("split in space", True, splits.space is not None)
    yield Item("last steps held out", 1, splits.n_later_steps)
    yield Item(
        "missing truth in metrics", "masked", Held(f"{FRAMES}/test_scores.py::test_what_is_not_scored_changes_nothing")
    )
    epoch = "tests/pipelines/kinds/frames/test_frames.py::test_an_epoch_is_validated_at_every_horizon"
    yield Item("metrics per horizon each epoch", "told", Held(epoch))
    shown = "test_a_panel_has_a_row_per_horizon_and_counts_what_is_known"
    yield Item(
        "target, prediction, difference per horizon, valid pixels counted",
        "one panel",
        Held(f"{FRAMES}/test_showing.py::{shown}"),
    )
    unknown = "tests/report/image_run/test_image_run_page.py::test_a_picture_tells_unknown_from_every_value"
    yield Item("missing truth in the panel", "a colour of its own", Held(unknown))
    yield Item(
        "metrics and figures",
        ("HM", 0.0, 10_000.0),
        (band.unit, band.low, band.high),
    )


HUMAN_MODIFICATION: Final = Page(
    "published-plan-human-modification.md", "human_modification", "the forecaster of human modification", items
)
