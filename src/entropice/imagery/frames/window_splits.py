"""Target steps of sequences in parts that are apart on the ground, in time, or in both."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from entropice.dggs import Grid
from entropice.errors import ConfigError, LabelError
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.window_rules import WindowRules, WindowSplitRules
from entropice.imagery.splits import BUFFER, TEST, TRAIN, VALIDATION, split_tiles
from entropice.types import BoolArray, DataFrame, FloatArray, Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPACE: Final = "space"
"""Other ground, at steps that training had as targets too."""

TIME: Final = "time"
"""Ground that was learned from, at later steps."""

BOTH: Final = "both"
"""Other ground at later steps."""

TESTS: Final = (SPACE, TIME, BOTH)
"""Parts that nothing is learned from and nothing chosen with."""

_LEARNED: Final = "learned"
_VALIDATED: Final = "validated"
_LATER: Final = "later"

_PARTS: Final = {
    (TRAIN, _LEARNED): TRAIN,
    (TRAIN, _VALIDATED): VALIDATION,
    (VALIDATION, _LEARNED): VALIDATION,
    (TEST, _LEARNED): SPACE,
    (TRAIN, _LATER): TIME,
    (TEST, _LATER): BOTH,
}
"""By how the ground is dealt, and when the step is; what is not here belongs to no part."""


def split_windows(
    windows: DataFrame, series: FieldSeries, grid: Grid, windowing: WindowRules, rules: WindowSplitRules, seed: int
) -> DataFrame:
    """Deal every target step that has truth into a part.

    Parameters
    ----------
    windows
        Of `entropice.imagery.frames.windows.window_table`.
    series
        That they were cut from.
    grid
        Its cells tile the ground.
    windowing
        How many steps go in and are forecast.
    rules
        How ground and steps are dealt.
    seed
        Of how ground is dealt.

    Returns
    -------
    DataFrame
        ``key horizon step block split``, by window and then by horizon: for every sequence the steps ahead from 1, the
        index of that step in the series, the block that is drawn for intervals (parent cell in hexadecimal, an
        underscore and the number of a stretch of time), and ``train``, ``validation``, ``space``, ``time`` or ``both``;
        ``buffer`` for what is left out. Steps after the end of a run have no row.

    Raises
    ------
    LabelError
        Training, validation or the later steps have no target, or a horizon has none in any test.
    ConfigError
        Ground is to be dealt that is no plane.

    Notes
    -----
    ``space`` is other ground at steps that training had as targets, too, ``time`` ground that was learned from at later
    steps, ``both`` other ground at later steps. No pixel of a test is at the same step the target of training: in space
    the ground is another (`entropice.imagery.splits.split_tiles`), in time the step is. A sequence whose horizons reach
    from one part into the next has targets in both, each scored with its own part alone.

    Steps are told apart by `learned_steps`, `validated_steps` and `later_steps`. On training ground these are
    ``train``, ``validation`` and ``time``, on test ground learned ones are ``space`` and later ones ``both``, on
    validation ground learned ones are ``validation``; all others are ``buffer``. Without rules of space all ground is
    training ground. A block is the parent at ``block_level`` of the cell in the middle of the window, its stretch
    ``step // block_steps``.
    """
    _require_plane(series, rules)
    targets = _targets(windows, series, windowing)
    grounds = _grounds(windows, grid, rules, seed).reindex(targets["key"]).to_numpy()
    eras = _eras(series.n_steps, rules)[targets["step"]]
    parts = [_PARTS.get(both, BUFFER) for both in zip(grounds, eras, strict=True)]
    cells = pd.Series(
        grid.parents(grid.cell_at(*series.ground.lon_lat_deg(_middles_m(windows))), rules.block_level),
        index=windows["key"],
    )
    stretch = targets["step"] // rules.block_steps
    # Neighbours in space and in time are drawn together: fields of successive steps are hardly evidence apart.
    block = cells.reindex(targets["key"]).map("{:x}".format).to_numpy() + "_" + stretch.astype(str)
    splits = targets.assign(block=block, split=parts)
    _require_parts(splits, windowing)
    return splits


def keys_of(splits: DataFrame, part: str, last_horizon: int) -> list[str]:
    """Sequences with a target in a part within so many steps, by a table with the columns ``key horizon split``.

    Each once, in the order of the table; `last_horizon` is counted in.

    Examples
    --------
    >>> splits = pd.DataFrame({"key": ["a", "a", "b"], "horizon": [1, 2, 2], "split": ["train", "time", "train"]})
    >>> keys_of(splits, "train", 1), keys_of(splits, "train", 2)
    (['a'], ['a', 'b'])
    """
    is_there = (splits["split"] == part) & (splits["horizon"] <= last_horizon)
    return list(dict.fromkeys(splits.loc[is_there, "key"]))


def _targets(windows: DataFrame, series: FieldSeries, windowing: WindowRules) -> DataFrame:
    """``key horizon step`` of every target in the run of its sequence."""
    horizons = np.arange(1, windowing.future_horizons + 1)
    steps = windows["first"].to_numpy()[:, None] + windowing.n_frames_in + horizons - 1
    runs = np.append(series.runs, np.full(windowing.future_horizons, -1))
    is_there = runs[steps] == series.runs[windows["first"]][:, None]
    window, horizon = np.nonzero(is_there)
    return pd.DataFrame(
        {"key": windows["key"].to_numpy()[window], "horizon": horizons[horizon], "step": steps[is_there]}
    )


def _grounds(windows: DataFrame, grid: Grid, rules: WindowSplitRules, seed: int) -> Series:
    """How the ground of each sequence is dealt, by key: equal ground equally."""
    if rules.space is None:
        return pd.Series(TRAIN, index=windows["key"])
    corners = ["left_m", "top_m"]
    places = windows.drop_duplicates(corners)
    dealt = split_tiles(places, grid, rules.space, seed).set_index("key")["split"]
    by_corner = places[corners].assign(split=dealt.reindex(places["key"]).to_numpy())
    return windows[["key", *corners]].merge(by_corner, on=corners, how="left").set_index("key")["split"]


def learned_steps(n_steps: int, rules: WindowSplitRules) -> BoolArray:
    """Which steps (n_step,) of a series training may have as targets.

    All that come before the later and the validated steps and the gaps between; none where the series is too short.

    Examples
    --------
    Of eight steps two are later and two validated; a step lies before either.

    >>> counts = {"n_later_steps": 2, "n_validated_steps": 2, "gap_steps": 1}
    >>> rules = WindowSplitRules(space=None, block_level=3, block_steps=1, **counts)
    >>> np.flatnonzero(learned_steps(8, rules)).tolist()
    [0, 1]
    """
    learned: BoolArray = _eras(n_steps, rules) == _LEARNED
    return learned


def later_steps(n_steps: int, rules: WindowSplitRules) -> BoolArray:
    """Which steps (n_step,) nothing is learned from and nothing chosen with.

    The last ``rules.n_later_steps`` of the series.

    Examples
    --------
    >>> counts = {"n_later_steps": 2, "n_validated_steps": 2, "gap_steps": 1}
    >>> rules = WindowSplitRules(space=None, block_level=3, block_steps=1, **counts)
    >>> np.flatnonzero(later_steps(8, rules)).tolist(), np.flatnonzero(later_steps(1, rules)).tolist()
    ([6, 7], [0])
    """
    later: BoolArray = _eras(n_steps, rules) == _LATER
    return later


def validated_steps(n_steps: int, rules: WindowSplitRules) -> BoolArray:
    """Which steps (n_step,) are there to choose with.

    ``rules.n_validated_steps`` that end ``rules.gap_steps`` before the later ones.

    Examples
    --------
    >>> counts = {"n_later_steps": 2, "n_validated_steps": 2, "gap_steps": 1}
    >>> rules = WindowSplitRules(space=None, block_level=3, block_steps=1, **counts)
    >>> np.flatnonzero(validated_steps(8, rules)).tolist()
    [3, 4]
    """
    validated: BoolArray = _eras(n_steps, rules) == _VALIDATED
    return validated


def _eras(n_steps: int, rules: WindowSplitRules) -> "NDArray[np.str_]":
    """When each step of the series is; empty for those between the parts."""
    eras = np.full(n_steps, "", dtype="U9")
    later = n_steps - rules.n_later_steps
    validated = later - rules.gap_steps - rules.n_validated_steps
    learned = validated - (rules.gap_steps if rules.n_validated_steps else 0)
    eras[max(later, 0) :] = _LATER
    eras[max(validated, 0) : max(validated + rules.n_validated_steps, 0)] = _VALIDATED
    eras[: max(learned, 0)] = _LEARNED
    return eras


def _middles_m(windows: DataFrame) -> FloatArray:
    half_m = (windows["pixel_m"] * windows["n_pixels"] / 2).to_numpy()
    return np.column_stack([windows["left_m"] + half_m, windows["top_m"] - half_m])


def _require_plane(series: FieldSeries, rules: WindowSplitRules) -> None:
    if rules.space is not None and not series.ground.is_plane:
        raise ConfigError(
            "Ground that is cells side by side is dealt in time alone: distances between windows are not known there.",
            field="samples.splits.space",
            got="rules of blocks and buffers",
            expected="null, and n_validated_steps above 0",
        )


def _require_parts(splits: DataFrame, windowing: WindowRules) -> None:
    learned = splits["horizon"] <= windowing.forecast_horizon
    counts: dict[str, int] = {
        "training": int(((splits["split"] == TRAIN) & learned).sum()),
        "validation": int((splits["split"] == VALIDATION).sum()),
        "later steps": int(splits["split"].isin([TIME, BOTH]).sum()),
    }
    for name, n_targets in counts.items():
        if not n_targets:
            raise LabelError(
                f"There is no target of {name}.",
                field="splits",
                got=", ".join(f"{n:,} of {each}" for each, n in counts.items()),
                expected="some of each",
                fix="take more ground or a longer series, smaller blocks, or fewer later and validated steps",
            )
    _require_truth(splits.loc[splits["split"].isin(TESTS), "horizon"], windowing.future_horizons)


def _require_truth(judged: Series, n_horizons: int) -> None:
    """Refuse horizons that no test could say anything of."""
    lacking = sorted(set(range(1, n_horizons + 1)) - set(judged))
    if lacking:
        raise LabelError(
            "Horizons have no truth to be judged by.",
            field="future_horizons",
            got=f"{n_horizons}, of which {', '.join(map(str, lacking))} without a target in a test",
            expected="a target of every horizon",
            fix="take a longer series or fewer steps in, or future_horizons that end before these",
        )
