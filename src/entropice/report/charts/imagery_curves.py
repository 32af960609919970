"""Curves of a task: what its gate misses, and how good its pixels are at several ratios."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import HALO, MAP_MODEL, OTHER_MODELS, PERCENT, RULE
from entropice.report.figure_files import INK
from entropice.report.frames.imagery import gate_curve, pixel_curves
from entropice.report.run_tables import RunFacts
from entropice.report.shown import literal
from entropice.report.task_facts import TaskFacts
from entropice.report.task_tables import CURVES, PRECISION_RECALL, RELIABILITY
from entropice.types import DataFrame

SAVED: Final = "observed land left out (%)"
MISSED: Final = "missed share of a held-out block (mean, %)"
LINE_PX: Final = 13
N_LINES: Final = 3
SQUARE_ROOT: Final = {"type": "sqrt"}


def gate_chart(task: TaskFacts) -> Chart:
    """Missed share against land saved, with bound and chosen threshold.

    Its rows are ``land_saved missed_share threshold_per_km2 is_chosen``, from the table ``<task>_curves``; its key is
    ``<task>_gate_curve``. The vertical axis grows with the square root.
    """
    nouns = literal(task.text.nouns)
    return Chart(
        f"{task.name}_gate_curve",
        "What leaving out cells saves, and what it misses",
        f"Were cells with fewer expected {nouns} left out first: the share of the observed land that need "
        f"not be imaged, and the mean share of the {nouns} of a held-out block that would be missed; blocks count "
        "alike, however many they hold. The vertical axis grows with the square root. The dashed line is the bound, "
        "the point the chosen threshold.",
        partial(gate_curve, task=task),
        partial(_draw_gate, task=task),
        needs=(task.called(CURVES),),
        reason="The gate has no curve.",
    )


def _draw_gate(_: DataFrame, __: RunFacts, task: TaskFacts) -> Specification:
    x = number("land_saved", SAVED, axis=PERCENT)
    y = number("missed_share", MISSED, axis=PERCENT, scale=SQUARE_ROOT)
    tips = [
        told("land_saved", "observed land left out", ".1%"), told("missed_share", "missed", ".1%"),
        told("threshold_per_km2", "expected per km² from"),
    ]  # fmt: skip
    curve = {"x": x, "y": y, "tooltip": tips}
    chosen = [{"filter": "datum.is_chosen"}]
    text: Specification = {"type": "text", "align": "right", "baseline": "top", "lineHeight": LINE_PX}
    corner = {"x": {"value": "width"}, "y": {"value": {"expr": f"height - {N_LINES * LINE_PX + 6}"}}}
    words = [*chosen, {"calculate": f"{_chosen(task)}", "as": "words"}]
    y_at_bound = {"datum": task.gate.bound, "type": "quantitative"}
    bound = {"text": f"bound {100 * task.gate.bound:.3g} %"}
    return {
        "height": 320,
        "layer": [
            {"mark": {"type": "rule"} | RULE, "encoding": {"y": y_at_bound}},
            {"data": {"values": [bound]}, "mark": {"type": "text", "align": "right", "dx": -4, "dy": -8, "fill": INK},
             "encoding": {"x": {"datum": 1, "type": "quantitative"}, "y": y_at_bound, "text": name("text", None)}},
            {"mark": {"type": "line"}, "encoding": curve},
            {"transform": chosen, "mark": {"type": "point", "filled": True, "size": 80, "color": MAP_MODEL,
                                           "opacity": 1}, "encoding": curve},
            *({"transform": words, "mark": text | look,
               "encoding": corner | {"text": name("words", None)}} for look in (HALO, {"fill": INK})),
        ],
    }  # fmt: skip


def _chosen(task: TaskFacts) -> str:
    """A Vega expression: the chosen threshold, what it saves, and what it misses."""
    is_open = task.gate.threshold_per_km2 is None
    passes = "all cells pass" if is_open else f"{task.gate.told_threshold} expected per 1,000 km² or more"
    return (
        f"['chosen: {passes}', format(datum.land_saved, '.0%') + ' of the observed land left out', "
        "format(datum.missed_share, '.1%') + ' missed']"
    )


def precision_chart(task: TaskFacts) -> Chart:
    """Precision by recall of network and rivals; the ratio is chosen, the middle one to begin with.

    Its rows are ``model ratio at x y n`` (x recall, y precision, both in 0..1), from the table ``<task>_curves``; its
    key is ``<task>_pixel_curves``. The network stands out, rivals have colours of their own. Of an even number of
    ratios the middle one is the upper of the two.
    """
    return Chart(
        f"{task.name}_pixel_curves",
        "Precision and recall of pixels",
        "On test tiles that no model has learned from, at the chosen ratio: the share of the pixels said to be "
        f"{literal(task.text.nouns)} that are (precision), by the share of all such pixels that are found (recall). "
        "Curves are without intervals; those of PR-AUC stand in the table.",
        partial(pixel_curves, task=task, curve=PRECISION_RECALL),
        partial(_draw_precision, task=task),
        needs=(task.called(CURVES),),
        reason="No curve of precision and recall is known.",
    )


def _draw_precision(frame: DataFrame, _: RunFacts, task: TaskFacts) -> Specification:
    tips = [name("model", "model"), name("at", "ratio"), told("x", "recall", ".0%"), told("y", "precision", ".2%")]
    curve = {
        "x": number("x", "recall: pixels found (% of all)", axis=PERCENT, scale={"domain": [0, 1]}),
        "y": number("y", "precision (%)", axis=PERCENT, scale={"domain": [0, 1]}),
        "color": _models(frame, task),
        "tooltip": tips,
        "order": {"field": "x", "type": "quantitative"},
    }
    return _at_a_ratio(frame, [{"mark": {"type": "line"}, "encoding": curve}])


def reliability_chart(task: TaskFacts) -> Chart:
    """Frequency by mean chance of network and rivals; the ratio is chosen, the middle one to begin with.

    Its rows are ``model ratio at x y n`` (x mean chance, y frequency, n weighted pixels), from the table
    ``<task>_curves``; its key is ``<task>_pixel_reliability``. Both axes grow with the square root. Of an even number
    of ratios the middle one is the upper of the two.
    """
    return Chart(
        f"{task.name}_pixel_reliability",
        "Reliability of pixels",
        "Of the pixels given a chance, how many are what was looked for? Test tiles, weighted to the chosen ratio; the "
        "size of a point is the share of the pixels in it. On the dashed line chances come true as often as they say. "
        "Both axes grow with the square root, so that small chances can be told apart. Bins are without intervals; "
        "those of slope and sum stand in the table.",
        partial(pixel_curves, task=task, curve=RELIABILITY),
        partial(_draw_reliability, task=task),
        needs=(task.called(CURVES),),
        reason="No curve of reliability is known.",
    )


def _draw_reliability(frame: DataFrame, _: RunFacts, task: TaskFacts) -> Specification:
    # Both axes end alike, or the diagonal would not be the line on which chances come true.
    top = float(frame[["x", "y"]].to_numpy(float).max())
    scale = SQUARE_ROOT | {"domain": [0, top]}
    axes = {"x": ("x", "mean chance (%)"), "y": ("y", "observed frequency (%)")}
    place = {axis: number(field, title, axis={"format": "~p"}, scale=scale) for axis, (field, title) in axes.items()}
    tips = [
        name("model", "model"), told("x", "mean chance", ".3~p"), told("y", "happened", ".3~p"),
        told("n", "pixels, weighted", ",.0f"),
    ]  # fmt: skip
    of_models = place | {"color": _models(frame, task), "tooltip": tips}
    size = number("n", None, scale={"type": "sqrt", "range": [16, 220]}, legend=None)
    ends = [{"x": 0, "y": 0}, {"x": top, "y": top}]
    return _at_a_ratio(
        frame,
        [
            {"data": {"values": ends}, "mark": {"type": "line"} | RULE, "encoding": place},
            {"mark": {"type": "line", "strokeWidth": 1}, "encoding": of_models},
            {
                "mark": {"type": "point", "filled": True, "opacity": 0.8},
                "encoding": of_models | {"size": size},
            },
        ],
    )


def _at_a_ratio(frame: DataFrame, layers: Sequence[Specification]) -> Specification:
    """Layers of the rows at a chosen ratio, the middle one to begin with."""
    ratios: list[Any] = sorted(set(frame["ratio"]))
    names = dict(zip(frame["ratio"], frame["at"], strict=True))
    asked = choice("at", "Positives to negatives", [names[ratio] for ratio in ratios], names[ratios[len(ratios) // 2]])
    own = [layer if "data" in layer else layer | {"transform": [only("at")]} for layer in layers]
    return {"height": 340, "params": [asked], "layer": own}


def _models(frame: DataFrame, task: TaskFacts) -> Specification:
    """The first model stands out; the others have the colours of other models."""
    titles = [title for title in task.model_titles.values() if title in set(frame["model"])]
    colours = [MAP_MODEL, *OTHER_MODELS][: len(titles)]
    return name("model", None, scale={"domain": titles, "range": colours})
