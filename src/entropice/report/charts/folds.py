"""Maps of where cells are tested, and of where the model behind the map is wrong about them."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, told
from entropice.report.charts.theme import LIMIT, MAP_MODEL, OTHER_MODELS
from entropice.report.frames.folds import FALSE_ALARM, MISSED, OTHER_CLASS, RIGHT, fold_map, outcome_map
from entropice.report.frames.outlines import MOST_CELLS
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

NOT_TESTED: Final = "not tested"
PAPER: Final = "#f2f2f2"
FOLDS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", *OTHER_MODELS[3:])
OUTCOMES: Final = {RIGHT: "#bdbdbd", OTHER_CLASS: "#f0e442", MISSED: MAP_MODEL, FALSE_ALARM: LIMIT, NOT_TESTED: PAPER}
ON_THE_MAP: Final = "Polar stereographic projection (EPSG:3413), 45° W points down from the pole."
REASON: Final = f"Maps are drawn of up to {MOST_CELLS:,} cells, where some have been tested out of fold."


def draw_folds(frame: DataFrame, facts: RunFacts) -> Specification:
    """Cells in the colour of their fold; the scheme is chosen."""
    columns = frame.filter(like="fold_")
    folds = sorted(set(columns.stack().dropna()), key=int)
    schemes = {place: scheme.title for place, scheme in enumerate(facts.texts.schemes)}
    colours = {fold: FOLDS[place % len(FOLDS)] for place, fold in enumerate(folds)} | {NOT_TESTED: PAPER}
    tips = [name("cell", "cell"), name("shown", "fold")]
    return {"params": [choice("scheme", "Folds", schemes)]} | _cells("fold_", "chosen_scheme", "fold", colours, tips)


def draw_outcomes(frame: DataFrame, facts: RunFacts) -> Specification:
    """Cells in the colour of what became of their forecast; the year is chosen."""
    years = {year: text for year, text in facts.year_names.items() if f"outcome_{year}" in frame}
    years |= {int(year): year for year in _years(frame) if int(year) not in years}
    tips = [
        name("cell", "cell"), name("shown", "out of fold"), name("observed", "observed class"),
        told("p_any", "probability of any slump", ".1%"),
    ]  # fmt: skip
    drawn = _cells("outcome_", "chosen_year", "most probable and observed class", OUTCOMES, tips)
    values = [{"calculate": f"datum['{field}_' + chosen_year]", "as": field} for field in ("observed", "p_any")]
    return drawn | {
        "params": [choice("year", "Year", years, max(years))],
        "transform": [*drawn["transform"], *values],
    }


def _years(frame: DataFrame) -> list[str]:
    return [str(column).removeprefix("outcome_") for column in frame.filter(like="outcome_")]


def _cells(prefix: str, chosen: str, title: str, colours: dict[str, str], tips: list[Specification]) -> Specification:
    """Outlines in the colour of the value in the chosen column."""
    value = f"datum['{prefix}' + {chosen}]"
    scale = {"domain": list(colours), "range": list(colours.values())}
    return {
        "height": 440,
        "projection": {"type": "identity", "reflectY": True},
        "transform": [
            {"calculate": "'Feature'", "as": "type"},
            {"calculate": f"isValid({value}) ? {value} : '{NOT_TESTED}'", "as": "shown"},
        ],
        "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.3},
        "encoding": {
            "color": name("shown", title, scale=scale),
            "tooltip": tips,
        },
    }


FOLD_MAP: Final = Chart(
    "fold_map",
    "Which fold tests which cell",
    "A cell is tested by a fit that has not seen it nor, in spatial schemes, its surroundings. Where whole blocks are "
    f"of one colour, forecasts carry over from far away; where colours mix, they can copy neighbours. {ON_THE_MAP}",
    fold_map,
    draw_folds,
    needs=("cells", "out_of_fold"),
    reason=REASON,
)

OUTCOME_MAP: Final = Chart(
    "outcome_map",
    "Where the map's model was wrong",
    "The most probable class out of fold by {map_model}, the model behind the map, under the first scheme, against the "
    "class that was observed. A forecast whose most probable class does not come true may still have been a good one. "
    f"{ON_THE_MAP}",
    outcome_map,
    draw_outcomes,
    needs=("cells", "out_of_fold"),
    reason=REASON,
    on_screen="Point at a cell for its probability of any slump.",
)
