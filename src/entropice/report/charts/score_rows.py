"""Rows of scores below their names: what charts of them share."""

from typing import Final

from entropice.report.charts.chart import Specification
from entropice.report.charts.marks import number, told
from entropice.report.charts.wrapping import names_of

NAME_PX: Final = -17
BELOW_NAME_PX: Final = 3
POINT: Final[Specification] = {"type": "point", "filled": True}
COUNTS: Final = (told("n_cell_years", "cells and years", ",d"), told("n_positive", "with slumps", ",d"))
INTERVAL: Final = (told("value", "score", ".3f"), told("low_95", "95 % from", ".3f"), told("high_95", "to", ".3f"))


def score_axis(field: str) -> Specification:
    """A horizontal channel of values of the chosen score, whose axis need not hold 0.

    Examples
    --------
    >>> score_axis("low_95")["scale"]
    {'zero': False}
    """
    return number(field, "chosen score (without unit)", scale={"zero": False})


def where(field: str, value: str, mark: Specification, encoding: Specification) -> Specification:
    """A layer of the rows whose field has a value, below the names of the rows.

    Examples
    --------
    >>> where("drawn", "one fold", POINT, {})["transform"]
    [{'filter': {'field': 'drawn', 'equal': 'one fold'}}]
    """
    chosen = [{"filter": {"field": field, "equal": value}}]
    return {"transform": chosen, "mark": {"yOffset": BELOW_NAME_PX} | mark, "encoding": encoding}


def names_where(field: str, value: str) -> Specification:
    """The names (column ``name``) of the rows whose field has a value, as a layer above what `where` draws of them."""
    names = names_of("name", NAME_PX)
    return names | {"transform": [{"filter": {"field": field, "equal": value}}, *names["transform"]]}
