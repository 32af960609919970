"""Long names on small screens: in lines of their own instead of an end that is cut."""

from typing import Any, Final

from entropice.report.figure_files import INK

NAME_WIDTH: Final = 56
"""Characters that fit into 340 pixels."""
LINE_PX: Final = 11
ROW_PX: Final = 44
BAR_OFFSET_PX: Final = 12


def lines(text: str, n_most: int) -> str:
    """A Vega expression: the first lines of what ``text`` gives, of at most 56 characters; longer words are cut.

    ``text`` is a Vega expression, too; at most ``n_most`` lines are kept.

    Examples
    --------
    >>> lines("datum.name", 2)[-10:]
    "n'), 0, 2)"
    """
    # As much as fits before a space or the end; the second way is for a word that is longer than a line.
    at_spaces_or_within = f"/(.{{1,{NAME_WIDTH}}})(\\s+|$)|(.{{{NAME_WIDTH}}})/g"
    return f"slice(split(trim(replace({text}, {at_spaces_or_within}, '$1$3\\n')), '\\n'), 0, {n_most})"


def rows_of(field: str) -> dict[str, Any]:
    """A vertical channel of a row for each name, in the order in which they are met, which `names_of` tells.

    Examples
    --------
    >>> rows_of("name")
    {'field': 'name', 'type': 'nominal', 'sort': None, 'title': None, 'axis': None}
    """
    return {"field": field, "type": "nominal", "sort": None, "title": None, "axis": None}


def names_of(field: str, dy: int = -14) -> dict[str, Any]:
    """The names as a layer, from the left end of their rows, in the second of two lines if they need but one.

    ``field`` holds the names; longer ones are cut after two lines. ``dy`` is the place of the first line in the row
    (px, below the middle).

    Examples
    --------
    >>> names_of("name")["mark"]["dy"], names_of("name", 0)["encoding"]["y"]["field"]
    (-14, 'name')
    """
    return {
        "transform": [
            {"aggregate": [{"op": "count", "as": "n_rows"}], "groupby": [field]},
            {"calculate": lines(f"datum.{field}", 2), "as": "lines"},
            {"calculate": "length(datum.lines) > 1 ? datum.lines : ['', datum.lines[0]]", "as": "lines"},
        ],
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dy": dy, "lineHeight": LINE_PX, "color": INK},
        "encoding": {"y": rows_of(field), "x": {"value": 2}, "text": {"field": "lines", "type": "nominal"}},
    }


def chosen_as_axis_title(field: str) -> dict[str, Any]:
    """What readers have chosen for a field as the title of the axis below, which has a unit of its own each time.

    Legends stand on top, or they would come between the two.
    """
    text = {"expr": lines(f"chosen_{field}", 4)}
    return {"text": text, "orient": "bottom", "anchor": "middle", "fontSize": 11, "offset": 6}
