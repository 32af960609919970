"""Cells on a polar map in the colours of a chosen quantity and year, and why the model says so of the chosen cell."""

from typing import Any, Final

import numpy as np

from entropice.report.charts.chart import ROWS, Chart, Specification
from entropice.report.charts.marks import Values, choice, name, number
from entropice.report.charts.theme import RULE
from entropice.report.charts.wrapping import BAR_OFFSET_PX, LINE_PX, ROW_PX, lines, names_of, rows_of
from entropice.report.figure_files import BLUE, INK, MUTED, ORANGE
from entropice.report.frames.map import SHOWN_DIGITS, cell_map, driver_values, map_frame_km, mapped_layers, surroundings
from entropice.report.frames.outlines import MOST_CELLS
from entropice.report.graticule import GraticuleLine, graticule
from entropice.report.layers import Layer
from entropice.report.out_of_fold import UNOBSERVED
from entropice.report.palettes import LAND
from entropice.report.quantities import N_DRIVERS
from entropice.report.run_tables import RunFacts
from entropice.report.scales import Categorical, Category, Graduated, Other, Scale
from entropice.types import DataFrame

TOLD: Final = ("p_any_rts", "p_any_sd", "state", "applicability")
"""Quantities that are told of every cell, whichever is drawn."""
UNKNOWN: Final = "#ececf2"
MAP_WIDTH_PX: Final = 525
SIDE_WIDTH_PX: Final = 345
GAP_PX: Final = 24
HATCHED_OPACITY: Final = 0.35
STRIPES: Final = "M-1,0L0,-1M-1,1L1,-1M0,1L1,0"
CELLS: Final = "cells"
CHOSEN: Final = "chosen_cell"
IS_CHOSEN: Final = {"filter": f"datum.cell === {CHOSEN}.cell[0]"}
DRAWN: Final = "layers[chosen_quantity]"
PLACE: Final = (
    "format(datum.lat_deg, '.2f') + '° N, ' + format(abs(datum.lon_deg), '.2f') + (datum.lon_deg < 0 ? '° W' : '° E')"
)
M_PER_KM: Final = 1000.0
MOST_BREAKS: Final = 6
MOST_LINES: Final = 6
KEY_ROW_PX: Final = 22
TEXT_LINE_PX: Final = 14


def draw_map(frame: DataFrame, facts: RunFacts) -> Specification:
    """The map beside its key, what is told of the chosen cell, and its drivers; quantity, year and cell are chosen.

    From the columns of `cell_map`: ``cell geometry lon_deg lat_deg``, one for each quantity and year, and
    ``feature_<rank>_<year> length_<rank>_<year>``. To begin with, the default quantity of the latest year, and the cell
    where it is largest. What is null is grey and told as unknown. Vega-Lite without data and look.

    Raises
    ------
    ValueError
        The default quantity of the latest year is known of no cell.
    """
    layers = mapped_layers(facts)
    default = next((layer for layer in layers if layer.is_default), layers[0])
    titles = {layer.quantity: layer.title for layer in layers}
    side = [_key(frame, layers), _meaning(), _told(layers), *_drivers(frame, facts)]
    return {
        "params": [
            choice("quantity", "Show", titles, default.quantity),
            choice("year", "Year", facts.year_names, max(facts.year_names)),
            {"name": "layers", "value": _by_quantity(layers, facts)},
            {"name": "year_names", "value": {str(year): text for year, text in facts.year_names.items()}},
            {"name": "features", "value": _features(frame)},
        ],
        "spacing": GAP_PX,
        "columns": 2,
        "concat": [_map(frame, layers, default), {"vconcat": side, "spacing": 14}],
    }


def _by_quantity(layers: list[Layer], facts: RunFacts) -> dict[str, Values]:
    """What each quantity is drawn with; its column of each year."""
    found: dict[str, Values] = {}
    for layer in layers:
        entry = found.setdefault(layer.quantity, _look(layer))
        years = facts.year_names if layer.year is None else (layer.year,)
        entry["columns"] |= {str(year): layer.column for year in years}
    return found


def _look(layer: Layer) -> Values:
    is_percent, unit = layer.format == "percent", layer.shown_unit
    return {
        "name": layer.title,
        "title": layer.title + (f" ({unit})" if unit else ""),
        "description": layer.description,
        "is_yearly": layer.year is not None,
        "columns": {},
        "form": f".{SHOWN_DIGITS.get(layer.format, 3)}~g",
        "factor": 100 if is_percent else 1,
        "suffix": f" {unit}" if unit else "",
        **_colours(layer.scale),
    }


def _colours(scale: Scale | None) -> Values:
    """A colour for each step or category, and the place of the one that is hatched, or −1."""
    if isinstance(scale, Graduated):
        return {"breaks": list(scale.breaks[1:-1]), "colours": list(scale.colours), "hatched": -1}
    if isinstance(scale, Categorical):
        entries: list[Category | Other] = [*scale.categories, *([scale.other] if scale.other else [])]
        values = [item.value for item in scale.categories]
        return {
            "labels": [item.label for item in entries],
            "colours": [item.colour for item in entries],
            "hatched": values.index(UNOBSERVED) if UNOBSERVED in values else -1,
        }
    return {}


def _map(frame: DataFrame, layers: list[Layer], default: Layer) -> Specification:
    left, bottom, right, top = map_frame_km(frame["geometry"].to_numpy())
    scale = MAP_WIDTH_PX / (right - left)
    graticule_lines = graticule((M_PER_KM * left, M_PER_KM * bottom, M_PER_KM * right, M_PER_KM * top))
    return {
        "width": MAP_WIDTH_PX,
        "height": round(scale * (top - bottom)),
        "view": {"stroke": MUTED, "strokeWidth": 0.5},
        "projection": {
            "type": "identity", "reflectY": True, "scale": scale, "translate": [-scale * left, scale * top],
        },
        "layer": [
            _outlines({"name": "land"}, fill=LAND),
            _outlines({"name": "hatches"}, stroke=INK, strokeWidth=0.9)
            | {"name": "hatches", "transform": [{"filter": f"datum.year === chosen_year && {DRAWN}.hatched >= 0"}]},
            _cells(layers) | {"name": CELLS, "params": [_choice_of_cell(frame, default)]},
            _outlines({"name": "land"}, stroke=INK, strokeWidth=0.5),
            _outlines({"values": _graticule_rows(graticule_lines)}, stroke=MUTED, strokeWidth=0.5, strokeDash=[4, 4]),
            _outlines({"name": ROWS}, stroke="black", strokeWidth=2.5) | {"transform": [IS_CHOSEN]},
            *_names(graticule_lines),
        ],
    }  # fmt: skip


def _outlines(data: Values, **look: Any) -> Specification:
    """Shapes that are drawn alike; without a fill they leave the pointer to what lies below."""
    return {
        "data": data,
        "mark": {"type": "geoshape", "fill": None, "clip": True} | look,
        "encoding": {"shape": {"field": "geometry", "type": "geojson"}},
    }


def _choice_of_cell(frame: DataFrame, default: Layer) -> Specification:
    """The cell below the pointer; to begin with, the one with the largest value of a layer."""
    # A page on paper, or without a pointer, shows a cell that has something to tell.
    first = str(frame["cell"].iloc[int(np.nanargmax(frame[default.column].to_numpy(np.float64)))])
    on = f"@{CELLS}_marks:pointerover"
    select = {"type": "point", "fields": ["cell"], "on": on, "clear": False, "toggle": False}
    return {"name": CHOSEN, "select": select, "value": [{"cell": first}]}


def _cells(layers: list[Layer]) -> Specification:
    """Cells in the colour of the step or category that they are in."""
    value = f"datum[{DRAWN}.columns[chosen_year]]"
    # Vega's expressions have no loop: each break is asked for, and nothing is less than one that is not there.
    below = " + ".join(f"(datum.value < {DRAWN}.breaks[{place}])" for place in range(MOST_BREAKS))
    told = {quantity: f"told_{place}" for place, quantity in enumerate(_told_quantities(layers))}
    return {
        "transform": [
            {"calculate": value, "as": "value"},
            {
                "calculate": f"!isValid(datum.value) ? -1 : {DRAWN}.breaks ? "
                f"{DRAWN}.breaks.length - ({below}) : datum.value",
                "as": "step",
            },
            {"calculate": f"datum.step < 0 ? '{UNKNOWN}' : {DRAWN}.colours[datum.step]", "as": "colour"},
            {"calculate": f"{DRAWN}.name + ': ' + ({_text('chosen_quantity', 'datum.value')})", "as": "shown"},
            {"calculate": PLACE, "as": "place"},
            *({"calculate": _text_of(quantity), "as": field} for quantity, field in told.items()),
        ],
        "mark": {"type": "geoshape", "strokeWidth": 0.4, "clip": True},
        "encoding": {
            "shape": {"field": "geometry", "type": "geojson"},
            "color": name("colour", None, scale=None, legend=None),
            "stroke": name("colour", None, scale=None, legend=None),
            "fillOpacity": {
                "condition": {"test": f"datum.step === {DRAWN}.hatched && datum.step >= 0", "value": HATCHED_OPACITY},
                "value": 1,
            },
            "tooltip": [
                name("cell", "cell"), name("place", "centre"), name("shown", "shown"),
                *(name(field, _title(layers, quantity)) for quantity, field in told.items()),
            ],
        },
    }  # fmt: skip


def _told_quantities(layers: list[Layer]) -> list[str]:
    known = {layer.quantity for layer in layers}
    return [quantity for quantity in TOLD if quantity in known]


def _title(layers: list[Layer], quantity: str) -> str:
    return next(layer.title for layer in layers if layer.quantity == quantity)


def _text_of(quantity: str) -> str:
    """A Vega expression: a quantity in the chosen year."""
    return _text(f"'{quantity}'", f"datum[layers['{quantity}'].columns[chosen_year]]")


def _text(quantity: str, value: str) -> str:
    """A Vega expression: a value of a quantity as readers know it."""
    look = f"layers[{quantity}]"
    spelt = f"format({look}.factor * {value}, {look}.form) + {look}.suffix"
    return f"!isValid({value}) ? 'unknown' : {look}.labels ? {look}.labels[{value}] : {spelt}"


def _graticule_rows(graticule_lines: list[GraticuleLine]) -> list[Values]:
    parts = [part for line in graticule_lines for part in line.parts]
    rounded = [(part / M_PER_KM).round().tolist() for part in parts]
    return [{"geometry": {"type": "LineString", "coordinates": points}} for points in rounded]


def _names(graticule_lines: list[GraticuleLine]) -> list[Specification]:
    """Names of meridians and parallels, legible on any colour."""
    named = [(line.name, line.name_at) for line in graticule_lines if line.name_at is not None]
    rows = [{"name": text, "x": round(x / M_PER_KM), "y": round(y / M_PER_KM)} for text, (x, y) in named]
    texts = {
        "data": {"values": rows},
        "encoding": {
            "longitude": number("x", None), "latitude": number("y", None), "text": name("name", None),
        },
    }  # fmt: skip
    halo = {"stroke": "white", "strokeWidth": 3, "opacity": 0.85}
    return [texts | {"mark": {"type": "text", "fontSize": 10} | look} for look in (halo, {"color": INK})]


def _key(frame: DataFrame, layers: list[Layer]) -> Specification:
    """The colours of the chosen quantity."""
    year = f"({DRAWN}.is_yearly ? ', ' + year_names[chosen_year] : '')"
    row = {"y": {"field": "place", "type": "ordinal", "axis": None}}
    stripes = {"type": "point", "shape": STRIPES, "stroke": INK, "strokeWidth": 1, "size": 90, "opacity": 1}
    texts = {"type": "text", "align": "left", "baseline": "middle", "lineHeight": LINE_PX, "color": INK}
    return {
        "width": SIDE_WIDTH_PX,
        "height": {"step": KEY_ROW_PX},
        "title": {"text": {"expr": lines(f"({DRAWN}.title + {year})", 2)}, "fontWeight": "bold"},
        "data": {"values": _key_rows(frame, layers)},
        "transform": [
            {"filter": "datum.quantity === chosen_quantity"},
            {"calculate": lines("datum.label", 2), "as": "lines"},
        ],
        "layer": [
            {
                "mark": {"type": "square", "size": 190, "opacity": 1, "stroke": MUTED, "strokeWidth": 0.5},
                "encoding": row | {"x": {"value": 8}, "fill": name("colour", None, scale=None, legend=None)},
            },
            {"transform": [{"filter": "datum.is_hatched"}], "mark": stripes, "encoding": row | {"x": {"value": 8}}},
            {"mark": texts, "encoding": row | {"x": {"value": 24}, "text": name("lines", None)}},
        ],
    }


def _key_rows(frame: DataFrame, layers: list[Layer]) -> list[Values]:
    rows = []
    for quantity, of_quantity in _grouped(layers).items():
        scale = of_quantity[0].scale
        factor = 100.0 if of_quantity[0].format == "percent" else 1.0
        labels = scale.steps(factor) if isinstance(scale, Graduated) else _colours(scale)["labels"]
        entries = list(zip(labels, _colours(scale)["colours"], strict=True))
        is_unknown_anywhere = frame[[str(layer.column) for layer in of_quantity]].isna().any(axis=None)
        entries += [("unknown", UNKNOWN)] if is_unknown_anywhere else []
        rows += [
            {
                "quantity": quantity, "place": place, "label": label, "colour": colour,
                "is_hatched": place == _colours(scale)["hatched"],
            }
            for place, (label, colour) in enumerate(entries)
        ]  # fmt: skip
    return rows


def _grouped(layers: list[Layer]) -> dict[str, list[Layer]]:
    return {layer.quantity: [one for one in layers if one.quantity == layer.quantity] for layer in layers}


def _meaning() -> Specification:
    """What the chosen quantity is."""
    return _text_block(lines(f"{DRAWN}.description", MOST_LINES), TEXT_LINE_PX) | {"data": {"values": [{}]}}


def _told(layers: list[Layer]) -> Specification:
    """The chosen cell in words."""
    told = [f"layers['{quantity}'].name + ': ' + ({_text_of(quantity)})" for quantity in _told_quantities(layers)]
    texts = ["'Cell ' + datum.cell", PLACE, *told]
    block = _text_block(f"[{', '.join(texts)}]", TEXT_LINE_PX * len(texts))
    return block | {
        "title": {"text": "The chosen cell", "fontWeight": "bold"},
        "transform": [IS_CHOSEN, *block["transform"]],
    }


def _text_block(texts: str, height_px: int) -> Specification:
    """What a Vega expression of lines gives, from the top."""
    return {
        "width": SIDE_WIDTH_PX,
        "height": height_px,
        "transform": [{"calculate": texts, "as": "lines"}],
        "mark": {"type": "text", "align": "left", "baseline": "top", "lineHeight": TEXT_LINE_PX, "color": INK},
        "encoding": {"x": {"value": 0}, "y": {"value": 2}, "text": name("lines", None)},
    }


def _drivers(frame: DataFrame, facts: RunFacts) -> list[Specification]:
    """Signed bars of the features that lead in the chosen cell; none where no feature leads anywhere."""
    lengths = frame.filter(regex=r"^length_")
    if lengths.empty:
        return []
    most = float(np.nanmax(np.abs(lengths.to_numpy(np.float64))))
    is_contribution = driver_values(facts) == "contribution"
    title = "adds to the log-odds of any slump" if is_contribution else "share of all contributions (%)"
    factor = 1 if is_contribution else 100
    row = {"y": rows_of("feature")}
    bar = {"type": "bar", "height": 12, "yOffset": BAR_OFFSET_PX}
    colour = {"condition": {"test": "datum.length < 0", "value": BLUE}, "value": ORANGE}
    return [
        {
            "width": SIDE_WIDTH_PX,
            "height": {"step": ROW_PX},
            "title": {"text": {"expr": "'Its leading drivers, ' + year_names[chosen_year]"}, "fontWeight": "bold"},
            "transform": [
                IS_CHOSEN,
                {"fold": [str(rank) for rank in range(1, N_DRIVERS + 1)], "as": ["rank", "nothing"]},
                {"calculate": f"{factor} * datum['length_' + datum.rank + '_' + chosen_year]", "as": "length"},
                {"calculate": "datum['feature_' + datum.rank + '_' + chosen_year]", "as": "code"},
                {"filter": "isValid(datum.code)"},
                {"calculate": "features[datum.code]", "as": "feature"},
            ],
            "layer": [
                {
                    "mark": bar,
                    "encoding": row | {
                        "x": number("length", title, stack=None, scale={"domain": [-factor * most, factor * most]}),
                        "color": colour,
                    },
                },
                {"mark": {"type": "rule"} | RULE, "encoding": {"x": {"datum": 0}}},
                names_of("feature"),
            ],
        }
    ]  # fmt: skip


def _features(frame: DataFrame) -> list[str]:
    """Titles by the numbers that stand for them in the columns of the leading features."""
    leading = frame.filter(regex=r"^feature_")
    return [] if leading.empty else list(leading.iloc[:, 0].cat.categories)


MAP: Final = Chart(
    "map",
    "The map, cell by cell",
    "A quantity of every cell in a year, and the features that lead in what {map_model}, the model behind the map, "
    "says of the chosen cell: orange bars speak for slumps, blue ones against. Striped cells are unobserved, which is "
    "unknown and never none. Steps of the colours are uneven: they divide the cells of all years at fixed quantiles, "
    "finer towards the top. Polar stereographic projection (EPSG:3413) with meridians every 30° and parallels every "
    "10°; pale land lies outside the run's cells.",
    cell_map,
    draw_map,
    needs=("cells",),
    reason=f"It is drawn of up to {MOST_CELLS:,} cells. Beyond that pictures stand in its place; QGIS and the "
    "dashboard show every cell.",
    on_screen="Choose what to show and of which year; point at a cell, or touch it, for its values and drivers.",
    surroundings=surroundings,
)
