"""What the numbers of a task say in sentences: misses as plainly as successes."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from entropice.imagery.object_score_table import ADVISES_RESOLUTIONS
from entropice.report.frames.imagery import ratio_name
from entropice.report.markup import format_number
from entropice.report.task_facts import TaskFacts
from entropice.report.task_scores import INTERVAL, WAYS, overlap, size_name, within
from entropice.types import DataFrame

RANKING: Final = "pr_auc"
SUM: Final = "predicted_over_observed"


def pixel_statements(scores: DataFrame, task: TaskFacts) -> Iterator[str]:
    """Whether a lead of the first model is shown over each rival, and whether the right sum is said to be there.

    From the columns ``model compared_with score value low_95 high_95 ratio`` of pixel scores. A lead is the difference
    in PR-AUC (`RANKING`), beside 0; the sum is predicted over observed (`SUM`), beside 1. It is shown where the 95 %
    interval leaves that number out; an end on it, or no interval, shows nothing. A sentence for each outcome tells its
    ratios; one that a title begins may have a small letter first.

    Raises
    ------
    ValueError
        The task has no models.

    Examples
    --------
    >>> from entropice.report.task_facts import GateFacts, TaskText
    >>> from entropice.report.texts import Text
    >>> models = Text("network", "The network"), Text("trees", "Boosted trees")
    >>> words = TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera", models)
    >>> task = TaskFacts(words, (2020,), GateFacts(0.05, None, 0.0, 9), 3, 2, (), ())
    >>> scores = pd.DataFrame({"model": "network", "compared_with": ["trees"], "score": "pr_auc", "value": 0.25,
    ...                        "low_95": 0.0, "high_95": 0.5, "ratio": 200.0})
    >>> next(pixel_statements(scores, task))[:82]
    'No lead of the network over boosted trees is shown: the 95 % interval of the diffe'
    """
    (first, title), *rivals = task.model_titles.items()
    of_first = scores[scores["model"] == first]
    leads = of_first[of_first["score"] == RANKING]
    for name, rival in rivals:
        for told, ratios in _by_sign(leads[leads["compared_with"] == name], 0.0).items():
            yield _LEADS[told].format(first=within(title), rival=within(rival), ratios=ratios)
    sums = of_first[(of_first["score"] == SUM) & of_first["compared_with"].isna()]
    for told, ratios in _by_sign(sums, 1.0).items():
        yield _SUMS[told].format(first=within(title), nouns=task.text.nouns, ratios=ratios)


_LEADS: Final = {
    "holds": "No lead of {first} over {rival} is shown: the 95 % interval of the difference in PR-AUC holds 0 at "
    "{ratios}.",
    "above": "The PR-AUC of {first} is above that of {rival}, and the interval of the difference leaves 0 out at "
    "{ratios}.",
    "below": "{rival} beats {first}: the interval of the difference in PR-AUC lies below 0 at {ratios}.",
    "unknown": "Whether {first} leads {rival} is not known: the difference has no interval at {ratios}.",
}
_JOINT_LEADS: Final = {
    "holds": "No gain of {way} over {other} is shown: the interval of the difference holds 0 at {ratios}.",
    "above": "There is a gain of {way} over {other}: the interval of the difference lies above 0 at {ratios}.",
    "below": "There is a loss of {way} against {other}: the interval of the difference lies below 0 at {ratios}.",
    "unknown": "Whether {way} gains over {other} is not known: the difference has no interval at {ratios}.",
}
_SUMS: Final = {
    "holds": "The chances of {first} sum to as many pixels of {nouns} as there are, within the interval, at {ratios}.",
    "above": "Too many pixels of {nouns} are said to be there by {first}: the interval of predicted over observed lies "
    "above 1 at {ratios}.",
    "below": "Too few pixels of {nouns} are said to be there by {first}: the interval of predicted over observed lies "
    "below 1 at {ratios}.",
    "unknown": "Whether the chances of {first} sum to what is there is not known at {ratios}.",
}


def _by_sign(rows: DataFrame, against: float) -> dict[str, str]:
    """Where intervals lie beside a number, and at which ratios (with their values)."""
    found: dict[str, list[str]] = {}
    for ratio, value, low, high in rows[["ratio", *INTERVAL]].itertuples(index=False):
        interval = f"{format_number(value)}, {format_number(low)} to {format_number(high)}"
        found.setdefault(_side(low, high, against), []).append(f"{ratio_name(ratio)} ({interval})")
    return {side: _and(ratios) for side, ratios in found.items()}


def _side(low: float, high: float, against: float) -> str:
    if pd.isna(low) or pd.isna(high):
        return "unknown"
    return "above" if low > against else "below" if high < against else "holds"


def _and(texts: list[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last


def object_statements(scores: DataFrame, task: TaskFacts) -> Iterator[str]:
    """Which sizes are found less often than others, so that images should be looked at in several resolutions.

    From the columns ``score value low_m high_m min_iou`` of object scores: rows of the score ``advises_resolutions``
    with value 1. A sentence for each size with all overlaps at which it falls behind, smallest first; none where no
    size does.

    Examples
    --------
    >>> from entropice.report.task_facts import GateFacts, TaskText
    >>> words = TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera")
    >>> task = TaskFacts(words, (2020,), GateFacts(0.05, None, 0.0, 9), 3, 2, (), ())
    >>> scores = pd.DataFrame({"score": ADVISES_RESOLUTIONS, "value": [1.0, 1.0], "low_m": 0.0, "high_m": 50.0,
    ...                        "min_iou": [0.3, 0.5]})
    >>> next(object_statements(scores, task)).partition(":")[0]
    'Lakes of 0 to 50 m are found less often than others (IoU ≥ 0.3 and IoU ≥ 0.5)'
    """
    behind = scores[(scores["score"] == ADVISES_RESOLUTIONS) & (scores["value"] == 1)].sort_values(["low_m", "min_iou"])
    bounds: dict[str, list[str]] = {}
    for low_m, high_m, min_iou in behind[["low_m", "high_m", "min_iou"]].itertuples(index=False):
        bounds.setdefault(size_name(low_m, high_m), []).append(overlap(min_iou))
    for size, overlaps in bounds.items():
        yield (
            f"{task.text.nouns.capitalize()} of {size} are found less often than others ({_and(overlaps)}): looking in "
            "several resolutions is advised."
        )


def joint_statements(scores: DataFrame) -> Iterator[str]:
    """Whether each way to join cells and pixels is shown to gain over each other, or to lose.

    From the columns ``way compared_with ratio value low_95 high_95`` of joint scores; rows that compare nothing are
    left out. A gain is shown where the interval of the difference lies above 0, a loss where it lies below; ratios of
    one outcome share a sentence.

    Examples
    --------
    >>> scores = pd.DataFrame({"way": "soft", "compared_with": ["pixels"], "ratio": 500.0, "value": 0.25})
    >>> next(joint_statements(scores.assign(low_95=0.125, high_95=0.5))).partition(":")[0]
    "There is a gain of pixels joined with the cell's density over pixels alone"
    """
    leads = scores[scores["compared_with"].notna()]
    for (way, other), rows in leads.groupby(["way", "compared_with"], sort=False):
        for told, ratios in _by_sign(rows, 0.0).items():
            yield _JOINT_LEADS[told].format(way=WAYS[str(way)], other=WAYS[str(other)], ratios=ratios)


def gate_statements(task: TaskFacts, left_out: float) -> Iterator[str]:
    """What the gate leaves out, what it misses, whether its bound was kept, and how little few blocks say.

    Three sentences, four where the bound is not kept. Blocks are called few where one that is missed whole counts half
    the bound or more. Shares have three significant digits, and are "an unknown share" where they are NaN.

    Parameters
    ----------
    left_out
        Share of the land in cells that do not pass.

    Examples
    --------
    >>> from entropice.report.task_facts import GateFacts, TaskText
    >>> words = TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera")
    >>> task = TaskFacts(words, (2020,), GateFacts(0.1, 0.004, 0.2, 10), 3, 2, (), ())
    >>> list(gate_statements(task, 0.25))[2]
    'The bound is not kept: 20 % are missed.'
    """
    gate, nouns = task.gate, task.text.nouns
    if gate.threshold_per_km2 is None or left_out == 0:
        yield "The gate leaves nothing out: all cells pass, and no land is saved."
    else:
        yield (
            f"Cells where fewer than {gate.told_threshold} {nouns} per 1,000 km² are expected are left out before any "
            f"image is taken: {_percent(left_out)} of the land."
        )
    yield (
        f"Of the {nouns} of a block that the model has not seen, {_percent(gate.missed_share)} on average lie in cells "
        f"that are left out; the expected share was to be kept below {_percent(gate.bound)}."
    )
    if gate.missed_share > gate.bound:
        yield f"The bound is not kept: {_percent(gate.missed_share)} are missed."
    whole = 1 / gate.n_blocks if gate.n_blocks else float("nan")
    # `not <` and no `>=`: without any block the share is NaN, and that is few, too.
    few = f"; these are few blocks for a bound of {_percent(gate.bound)}" if not whole < gate.bound / 2 else ""
    yield f"The gate was fitted to {gate.n_blocks} such blocks: one that is missed whole counts {_percent(whole)}{few}."


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if pd.notna(share) else "an unknown share"


def growth_statement(cells: DataFrame, task: TaskFacts) -> str:
    """In how many cells growth is known, and in how many its interval leaves 0 out, by the task's columns of growth.

    They are ``<task>_growth_low_90`` and ``<task>_growth_high_90`` of the table of cells; where there are none, growth
    is unknown. An end at 0 does not leave it out.

    Examples
    --------
    >>> from entropice.report.task_facts import GateFacts, TaskText
    >>> words = TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera")
    >>> task = TaskFacts(words, (2020,), GateFacts(0.1, 0.004, 0.2, 10), 3, 2, (), ())
    >>> cells = pd.DataFrame({"lakes_growth_low_90": [1.0, 0.0, None], "lakes_growth_high_90": [2.0, 1.0, None]})
    >>> growth_statement(cells, task)[:58]
    'Growth is known in 2 cells: 1 grow and 0 shrink, their 90 '
    """
    low, high = (cells.get(task.called(f"growth_{end}_90")) for end in ("low", "high"))
    if low is None or high is None:
        return f"Growth of {task.text.nouns} is unknown: no cell was seen in two years."
    n_known, n_grows, n_shrinks = int(low.notna().sum()), int((low > 0).sum()), int((high < 0).sum())
    unsure = n_known - n_grows - n_shrinks
    return (
        f"Growth is known in {n_known:,} cells: {n_grows:,} grow and {n_shrinks:,} shrink, their 90 % intervals "
        f"leaving 0 out; in the other {unsure:,} no change is shown."
    )
