"""What readers choose on a screen, and what stands for it on paper."""

from collections.abc import Iterator
from typing import Any

from entropice.report.charts.chart import Specification


def choices_shown(specification: Specification) -> tuple[str, ...]:
    """A sentence for each list and legend to choose from: what a chart shows where nobody chooses.

    In the order of the parameters, those of layers last; none for a legend in which nothing is chosen.

    Examples
    --------
    >>> asked = {"bind": {"name": "Year, one of 2 ", "options": [2020, 2021]}, "value": 2021}
    >>> choices_shown({"params": [asked]})
    ('Drawn with year, one of 2 in report and dashboard: 2021.',)
    >>> choices_shown({"layer": [{"params": [{"bind": "legend", "value": [{"model": "eSPA"}]}]}]})
    ('In full colour: eSPA; all others are pale.',)
    """
    return tuple(filter(None, map(_told, _bound_parameters(specification))))


def _bound_parameters(specification: Specification) -> Iterator[dict[str, Any]]:
    yield from (parameter for parameter in specification.get("params", ()) if "bind" in parameter)
    for layer in specification.get("layer", ()):
        yield from _bound_parameters(layer)


def _told(parameter: dict[str, Any]) -> str:
    bound, value = parameter["bind"], parameter["value"]
    return _told_of_legend(value) if bound == "legend" else _told_of_list(bound, value)


def _told_of_legend(value: list[dict[str, str]]) -> str:
    names = [name for entry in value for name in entry.values()]
    return f"In full colour: {', '.join(names)}; all others are pale." if names else ""


def _told_of_list(bound: dict[str, Any], value: Any) -> str:
    options = bound["options"]
    shown = bound.get("labels", options)[options.index(value)]
    others = " in report and dashboard" if len(options) > 1 else ""
    return f"Drawn with {bound['name'].strip().lower()}{others}: {shown}."
