"""Every score of every model, by the way its cells were dealt into folds."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import HALO, LIMIT, MAP_MODEL, OTHER_MODELS, RULE
from entropice.report.figure_files import INK
from entropice.report.frames.scores import score_values
from entropice.report.run_tables import RunFacts
from entropice.report.shares import BAYES_LIMIT
from entropice.types import DataFrame

LINE_HEIGHT_PX: Final = 15
LEGEND: Final = {"symbolType": "circle", "symbolOpacity": 1}
OTHER_SCHEMES: Final = (OTHER_MODELS[0], OTHER_MODELS[6], *OTHER_MODELS[1:4])


def draw(frame: DataFrame, facts: RunFacts) -> Specification:
    """A block of lines for each model, a line for each scheme; references of the first scheme stand across.

    From the columns ``score scheme model value low_95 high_95 gap share_of_limit n_cell_years n_positive`` of
    `score_values`, at least one row: models and schemes in the order in which they are met, the score is chosen. The
    share is told only where the truth is known. Vega-Lite without data, width and look.
    """
    schemes = list(dict.fromkeys(frame["scheme"]))
    references = [model.title for model in facts.texts.models if model.is_reference]
    is_reference = {"field": "model", "oneOf": references}
    first = {"field": "scheme", "equal": schemes[0]}
    models = [title for title in dict.fromkeys(frame["model"]) if title not in references] or [""]
    place = {
        "y": name("model", None, sort=models, axis=None, scale={"paddingInner": 0.12}),
        "yOffset": name("scheme", None, sort=None, scale={"domain": ["", *schemes]}),
    }
    colour = {"color": name("drawn", None, scale=_colours(schemes, references, facts), legend=LEGEND)}
    interval = {"x": _value("low_95"), "x2": {"field": "high_95"}}
    of_models: list[Specification] = [{"filter": {"not": is_reference}}, {"calculate": "datum.scheme", "as": "drawn"}]
    of_references: list[Specification] = [
        {"filter": {"and": [is_reference, first]}},
        {"calculate": "datum.model", "as": "drawn"},
    ]
    return {
        "height": {"step": LINE_HEIGHT_PX},
        "title": {"text": {"expr": "chosen_score"}},
        "params": [choice("score", "Score", frame["score"])],
        "transform": [only("score")],
        "layer": [
            _layer(of_references, {"type": "rect", "opacity": 0.15}, colour | interval),
            _layer(of_references, {"type": "rule", "strokeWidth": 1.5}, colour | {"x": _value("value")} | _told(facts)),
            _layer(of_models, {"type": "rule"}, place | colour | interval),
            _layer(of_models, {"type": "point", "filled": True, "size": 50, "opacity": 1},
                   place | colour | {"x": _value("value")} | _told(facts)),
            *(_layer([*of_models, {"filter": {"not": first}}], {"type": "text", "align": "left", "dx": 6} | look,
                     place | {"x": _value("high_95"), "text": number("gap", None, format="+.2f")})
              for look in (HALO, {"fill": INK})),
            _names(of_models, place, facts),
        ],
    }  # fmt: skip


def _layer(transform: list[Specification], mark: Specification, encoding: Specification) -> Specification:
    return {"transform": transform, "mark": mark, "encoding": encoding}


def _value(field: str) -> Specification:
    return number(field, "chosen score (without unit), with 95 % interval", scale={"zero": False})


def _told(facts: RunFacts) -> Specification:
    share = [told("share_of_limit", "share of the limit", ".0%")] if facts.has_truth else []
    return {
        "tooltip": [
            name("model", "model"), name("scheme", "cells dealt by"), told("value", "score", ".3f"),
            told("low_95", "95 % from", ".3f"), told("high_95", "to", ".3f"), told("gap", "beyond spatial", "+.3f"),
            *share, told("n_cell_years", "cells and years", ",d"), told("n_positive", "with slumps", ",d"),
        ]
    }  # fmt: skip


def _names(of_models: list[Specification], place: Specification, facts: RunFacts) -> Specification:
    """Names stand above the lines of their models, so that narrow pages have room for both."""
    of_map = {"condition": {"test": {"field": "model", "equal": facts.map_model_title}, "value": MAP_MODEL}}
    once = [
        *of_models,
        {"aggregate": [{"op": "count", "as": "n"}], "groupby": ["model"]},
        {"calculate": "''", "as": "scheme"},
    ]
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 11}
    return _layer(
        once, mark, place | {"x": {"value": 0}, "text": name("model", None), "color": of_map | {"value": INK}}
    )


def _colours(schemes: list[str], references: list[str], facts: RunFacts) -> Specification:
    limit = facts.model_titles.get(BAYES_LIMIT)
    others = [OTHER_SCHEMES[line % len(OTHER_SCHEMES)] for line in range(len(schemes) - 1)]
    of_references = [LIMIT if title == limit else str(RULE["stroke"]) for title in references]
    return {"domain": [*schemes, *references], "range": [INK, *others, *of_references]}


SCORES: Final = Chart(
    "scores",
    "Scores by model and scheme",
    "Every score of every model out of fold, by how cells were dealt into folds: whole regions held out first, random "
    "cells last, where neighbours give answers away. Beside the points of the other schemes stands what they add to "
    "the first. Bars are 95 % intervals by bootstrap of spatial blocks, widened for refits; vertical lines are the "
    "references under the first scheme, with theirs as bands. The model behind the map, {map_model}, is named "
    "in orange.",
    score_values,
    draw,
    needs=("scores",),
    reason="No model was tested on cells that it had not seen.",
)
