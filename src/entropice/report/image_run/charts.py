"""The chart of a task: how good models are the further ahead they look."""

from typing import Any

import pandas as pd

from entropice.report.charts.chart import ChartOf, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import MAP_MODEL, OTHER_MODELS
from entropice.report.image_run.content import SCORES, ImageTask, TaskFacts
from entropice.types import DataFrame

Chart = ChartOf[ImageTask, TaskFacts]


def horizon_chart(task: ImageTask) -> Chart:
    """Score by horizon of network and rivals, each with its interval; its key is ``<task>_horizons``."""
    return Chart(
        f"{task.name}_horizons",
        "Scores by horizon",
        "Each score of the network and its rivals by how many steps ahead they look, on what no model has learned "
        "from. Bars: 95 % intervals by bootstrap of blocks. Whether two models differ is told by the paired "
        "differences in the tables, not by whether their bars overlap.",
        horizon_frame,
        draw_horizons,
        needs=(SCORES,),
        reason="No score has a horizon.",
    )


def has_horizons(task: ImageTask) -> bool:
    """Whether any score is of a horizon: the column ``horizon`` of its scores is known somewhere.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [has_horizons(SimpleNamespace(score_table=pd.DataFrame({"horizon": [None, at]}))) for at in (None, 3)]
    [False, True]
    """
    return bool(task.score_table["horizon"].notna().any())


def horizon_frame(task: ImageTask) -> DataFrame:
    """The scores of horizons, models by title in reading order.

    By score, model and horizon; differences between models are left out.

    Returns
    -------
    DataFrame
        ``at model horizon value low_95 high_95``; ``at`` is the score with its part as readers know them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scores = pd.DataFrame({"model": "net", "compared_with": None, "score": "mae", "part": ["space", None],
    ...                        "horizon": [1.0, None], "value": 0.5, "low_95": 0.25, "high_95": 0.75})
    >>> facts = TaskFacts({"net": "The network"}, {"mae": "Mean error"})
    >>> horizon_frame(SimpleNamespace(facts=facts, frame=lambda _: scores)).to_numpy().tolist()
    [['Mean error, space', 'The network', 1.0, 0.5, 0.25, 0.75]]
    """
    rows, facts = task.frame(SCORES), task.facts
    of_horizons = rows[rows["compared_with"].isna() & rows["horizon"].notna()]
    ordered = pd.DataFrame(of_horizons).assign(
        model=pd.Categorical(of_horizons["model"], list(facts.model_titles)),
        score=pd.Categorical(of_horizons["score"], list(facts.score_titles)),
    )
    ordered = ordered.sort_values(["score", "model", "horizon"], kind="stable", ignore_index=True)
    part = ordered["part"].astype(object).where(ordered["part"].notna(), "")
    at = ordered["score"].map(facts.score_titles).astype(object) + part.map(lambda text: f", {text}" if text else "")
    titled = ordered.assign(at=at, model=ordered["model"].map(facts.model_titles).astype(object))
    return titled[["at", "model", "horizon", "value", "low_95", "high_95"]]


def draw_horizons(frame: DataFrame, facts: TaskFacts) -> Specification:
    """A line for each model with points and intervals, beside one another at each horizon.

    From the columns ``at model horizon value low_95 high_95`` of `horizon_frame`; which score, by ``at``, is chosen.
    Vega-Lite without data, width and look.
    """
    titles = [title for title in facts.model_titles.values() if title in set(frame["model"])]
    colours = [MAP_MODEL, *(OTHER_MODELS[place % len(OTHER_MODELS)] for place in range(len(titles) - 1))]
    colour = {"color": name("model", None, scale={"domain": titles, "range": colours})}
    x = {
        "x": {"field": "horizon", "type": "ordinal", "title": "steps ahead", "axis": {"labelAngle": 0}},
        "xOffset": name("model", None, sort=titles, scale={"paddingOuter": 1.5}),
    }
    tips = [
        name("model", "model"), told("horizon", "steps ahead"), told("value", "score"), told("low_95", "95 % from"),
        told("high_95", "to"),
    ]  # fmt: skip
    y: dict[str, Any] = {"title": None, "scale": {"zero": False}}
    interval = {"y": number("low_95", **y), "y2": {"field": "high_95"}}
    return {
        "height": 320,
        "title": {"text": {"expr": "chosen_at"}},
        "params": [choice("at", "Score", frame["at"])],
        "transform": [only("at")],
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 1, "opacity": 0.5},
             "encoding": x | colour | {"y": number("value", **y)}},
            {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": x | colour | interval},
            {"mark": {"type": "point", "filled": True, "size": 45, "opacity": 1},
             "encoding": x | colour | {"y": number("value", **y), "tooltip": tips}},
        ],
    }  # fmt: skip
