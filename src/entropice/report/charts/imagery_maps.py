"""Maps of what a task has found in images: gate, tiles and finds, and growth."""

from functools import partial
from typing import Final

from entropice.report.charts.chart import ROWS, Chart, Specification
from entropice.report.charts.marks import Values, name, number, told
from entropice.report.figure_files import INK, MUTED
from entropice.report.frames.imagery import (
    LEFT_OUT,
    NOT_IMAGED,
    NOT_SEEN_TWICE,
    found_map,
    growth_map,
    scale_of_quantity,
    surroundings,
)
from entropice.report.frames.outlines import MOST_CELLS
from entropice.report.palettes import CHOICE_COLOURS, CHOICE_LABELS, GATE_COLOURS, LAND
from entropice.report.palettes import NOT_IMAGED as NOT_IMAGED_COLOUR
from entropice.report.run_tables import RunFacts
from entropice.report.scales import Graduated
from entropice.report.shown import literal
from entropice.report.task_facts import TaskFacts
from entropice.types import DataFrame

ON_THE_MAP: Final = "Polar stereographic projection (EPSG:3413), 45° W points down from the pole."
REASON: Final = f"Maps are drawn of up to {MOST_CELLS:,} cells; beyond that pictures stand in their place."
CHOICES: Final = {CHOICE_LABELS[name]: colour for name, colour in CHOICE_COLOURS.items()}
SHAPES: Final = ["circle", "triangle-up"]
OUTLINED: Final = {"symbolStrokeColor": MUTED, "symbolStrokeWidth": 0.6, "symbolType": "square"}


def found_chart(task: TaskFacts) -> Chart:
    """Gate, imaged tiles and found density (per km² of land) in the last year of the task.

    Its rows are cells with ``geometry shown`` and what was found and expected (`found_map`), from the tables ``cells``
    and ``<task>_tiles``; its key is ``<task>_found_map``. Land and tiles are drawn around them.
    """
    nouns = literal(task.text.nouns)
    return Chart(
        f"{task.name}_found_map",
        f"{task.text.nouns.capitalize()} found in images",
        f"Cells in the colour of the {nouns} found per km² of land in {max(task.years, default='no year')}, "
        "by the design of the tiles; cells that were left out or not imaged are unknown, never none. Points are tiles, "
        f"chosen as best or drawn at random. Steps of the colours are uneven. {ON_THE_MAP}",
        partial(found_map, task=task),
        partial(_draw, task=task, quantity="found_per_km2", otherwise=NOT_IMAGED, title="found per km²"),
        needs=("cells", task.called("tiles")),
        reason=REASON,
        on_screen="Point at a cell for its interval and for what was expected.",
        surroundings=partial(surroundings, task=task),
    )


def growth_chart(task: TaskFacts) -> Chart:
    """How fast what was found grows, m² per year.

    Its rows are cells with ``geometry shown`` and growth with its interval (`growth_map`), from the tables ``cells``
    and ``<task>_tiles``; its key is ``<task>_growth_map``. Land and tiles are drawn around them.
    """
    nouns = literal(task.text.nouns)
    return Chart(
        f"{task.name}_growth_map",
        f"Growth of {task.text.nouns}",
        f"Cells in the colour of the yearly growth of the {nouns} on their tiles (m² per year): orange "
        "where they grow, purple where they shrink, pale around 0. Growth is known only where images show a cell in "
        f"two years or more. {ON_THE_MAP}",
        partial(growth_map, task=task),
        partial(_draw, task=task, quantity="growth_m2_per_year", otherwise=NOT_SEEN_TWICE, title="m² per year"),
        needs=("cells", task.called("tiles")),
        reason=f"Growth is known only where images show a cell in two years or more. {REASON}",
        on_screen="Point at a cell for its interval.",
        surroundings=partial(surroundings, task=task),
    )


def _draw(
    frame: DataFrame, facts: RunFacts, task: TaskFacts, quantity: str, otherwise: str, title: str
) -> Specification:
    """Cells in the colour of their step, tiles as points in front of them."""
    found = set(frame["shown"])
    colours = _colours(scale_of_quantity(facts, task.called(quantity)), otherwise)
    scale = {"domain": [text for text in colours if text in found]}
    scale["range"] = [colours[text] for text in scale["domain"]]
    return {
        "height": 440,
        "projection": {"type": "identity", "reflectY": True},
        "resolve": {"scale": {"color": "independent", "shape": "independent"}},
        "layer": [
            _outlines({"name": "land"}, fill=LAND),
            {
                "data": {"name": ROWS},
                "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.3},
                "encoding": {
                    "color": name("shown", title, scale=scale, legend=OUTLINED),
                    "tooltip": _tips(title),
                },
            },
            _outlines({"name": "land"}, stroke=INK, strokeWidth=0.4),
            _tiles(),
        ],
    }


def _colours(steps: Graduated | None, otherwise: str) -> dict[str, str]:
    known = {} if steps is None else dict(zip(steps.steps(), steps.colours, strict=True))
    return {LEFT_OUT: GATE_COLOURS["left_out"], otherwise: NOT_IMAGED_COLOUR} | known


def _outlines(data: Values, **look: object) -> Specification:
    return {
        "data": data,
        "mark": {"type": "geoshape", "fill": None, "clip": True} | look,
        "encoding": {"shape": {"field": "geometry", "type": "geojson"}},
    }


def _tiles() -> Specification:
    """Small and open, so that the cell below stays in sight."""
    return {
        "data": {"name": "tiles"},
        "mark": {"type": "point", "size": 9, "strokeWidth": 1, "opacity": 1},
        "encoding": {
            "longitude": number("x", None),
            "latitude": number("y", None),
            "stroke": name("chosen", "tiles", scale={"domain": list(CHOICES), "range": list(CHOICES.values())}),
            "shape": name("chosen", None, scale={"domain": list(CHOICES), "range": SHAPES}, legend=None),
            "tooltip": [name("tile", "tile"), name("chosen", "how")],
        },
    }


def _tips(title: str) -> list[Specification]:
    return [
        name("cell", "cell"), name("shown", title), told("found_per_km2", "found per km²"),
        told("found_low_90", "90 % from"), told("found_high_90", "to"), told("expected_per_km2", "expected per km²"),
        told("imaged_fraction", "share of the land seen", ".2~%"), told("growth_m2_per_year", "growth (m² per year)"),
        told("growth_low_90", "90 % of growth from"), told("growth_high_90", "to (m² per year)"),
        told("look_next_rank", "rank among cells to image next", "d"),
    ]  # fmt: skip
