"""The vocabulary that specifications are written in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from entropice.report.charts.theme import LIMIT, MAP_MODEL, OTHER_MODELS
from entropice.report.run_tables import RunFacts
from entropice.report.shares import BAYES_LIMIT

Values = dict[str, Any]

CLICK_MODELS: Final = "Click models in the legend to show or hide them."
"""What readers can do with a selection `by_legend` of models."""


def number(field: str, title: str | None, **more: Any) -> Values:
    """A channel of a real number; layers that share an axis give it the same title."""
    return {"field": field, "type": "quantitative", "title": title} | more


def told(field: str, title: str, form: str = ".3~g") -> Values:
    """A line of a tooltip with a number; ``form`` is how d3-format writes it."""
    return {"field": field, "type": "quantitative", "title": title, "format": form}


def name(field: str, title: str | None, **more: Any) -> Values:
    """A channel of a name."""
    return {"field": field, "type": "nominal", "title": title} | more


def choice(field: str, label: str, options: Iterable[Any] | Mapping[Any, str], first: Any = None) -> Values:
    """A parameter ``chosen_<field>`` that readers set in a list; its first option, or ``first``, to begin with.

    `options` are values, each offered once in the order in which it is met, or what to call each.
    """
    values = list(dict.fromkeys(options))
    labels = {"labels": list(options.values())} if isinstance(options, Mapping) else {}
    asked = f"{label}, one of {len(values)}" if len(values) > 1 else label
    return {
        "name": f"chosen_{field}",
        "value": values[0] if first is None else first,
        "bind": {"input": "select", "options": values, "name": f"{asked} "} | labels,
    }


def only(field: str) -> Values:
    """Keep the rows whose field is what its `choice` says."""
    return {"filter": f"datum.{field} === chosen_{field}"}


def by_legend(key: str, field: str, shown: Iterable[str]) -> Values:
    """A selection of names by clicks on the legend, with those of ``shown`` to begin with."""
    value = [{field: name} for name in shown]
    return {
        "name": key,
        "select": {"type": "point", "fields": [field], "toggle": "true"},
        "bind": "legend",
        "value": value,
    }


def model_colours(facts: RunFacts, titles: Sequence[str]) -> Values:
    """A scale that gives each model its colour: that of the map, the limit, and the others in reading order."""
    special = {facts.map_model_title: MAP_MODEL} | {facts.model_titles.get(BAYES_LIMIT, ""): LIMIT}
    others = [title for title in titles if title not in special]
    colours = special | {title: OTHER_MODELS[place % len(OTHER_MODELS)] for place, title in enumerate(others)}
    return {"domain": list(titles), "range": [colours[title] for title in titles]}
