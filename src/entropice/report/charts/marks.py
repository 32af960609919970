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
    """A channel of a real number; layers that share an axis give it the same title. Further keys are kept as they are.

    Examples
    --------
    >>> number("share", None, stack=None)
    {'field': 'share', 'type': 'quantitative', 'title': None, 'stack': None}
    """
    return {"field": field, "type": "quantitative", "title": title} | more


def told(field: str, title: str, form: str = ".3~g") -> Values:
    """A line of a tooltip with a number; ``form`` is how d3-format writes it, by default three significant digits.

    Examples
    --------
    >>> told("n", "cells", ",d")
    {'field': 'n', 'type': 'quantitative', 'title': 'cells', 'format': ',d'}
    """
    return {"field": field, "type": "quantitative", "title": title, "format": form}


def name(field: str, title: str | None, **more: Any) -> Values:
    """A channel of a name; without ``sort`` Vega-Lite orders names by letters. Further keys are kept as they are.

    Examples
    --------
    >>> name("model", "model", sort=None)
    {'field': 'model', 'type': 'nominal', 'title': 'model', 'sort': None}
    """
    return {"field": field, "type": "nominal", "title": title} | more


def choice(field: str, label: str, options: Iterable[Any] | Mapping[Any, str], first: Any = None) -> Values:
    """A parameter ``chosen_<field>`` that readers set in a list; its first option, or ``first``, to begin with.

    `options` are values, each offered once in the order in which it is met, or what to call each. There is at least
    one; where there are several, the label says how many.

    Examples
    --------
    >>> asked = choice("year", "Year", {2020: "summer 2020", 2021: "summer 2021"}, 2021)
    >>> asked["name"], asked["value"], asked["bind"]["name"], asked["bind"]["labels"]
    ('chosen_year', 2021, 'Year, one of 2 ', ['summer 2020', 'summer 2021'])
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
    """Keep the rows whose field is what its `choice` says.

    Examples
    --------
    >>> only("year")
    {'filter': 'datum.year === chosen_year'}
    """
    return {"filter": f"datum.{field} === chosen_{field}"}


def by_legend(key: str, field: str, shown: Iterable[str]) -> Values:
    """A selection of names by clicks on the legend, with those of ``shown`` to begin with.

    Examples
    --------
    >>> by_legend("models", "model", ["eSPA"])["value"]
    [{'model': 'eSPA'}]
    """
    value = [{field: name} for name in shown]
    return {
        "name": key,
        "select": {"type": "point", "fields": [field], "toggle": "true"},
        "bind": "legend",
        "value": value,
    }


def model_colours(facts: RunFacts, titles: Sequence[str]) -> Values:
    """A scale that gives each model its colour: that of the map, the limit, and the others in reading order.

    ``domain`` holds the titles in their order, ``range`` their colours; after nine others colours come again.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(map_model_title="eSPA", model_titles={"bayes_limit": "Limit"})
    >>> model_colours(facts, ["Forest", "eSPA", "Limit"])["range"] == [OTHER_MODELS[0], MAP_MODEL, LIMIT]
    True
    """
    special = {facts.map_model_title: MAP_MODEL} | {facts.model_titles.get(BAYES_LIMIT, ""): LIMIT}
    others = [title for title in titles if title not in special]
    colours = special | {title: OTHER_MODELS[place % len(OTHER_MODELS)] for place, title in enumerate(others)}
    return {"domain": list(titles), "range": [colours[title] for title in titles]}
