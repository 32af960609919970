"""Maps of where cells are tested, what folds learn from, and whether the most probable class was the observed one."""

import json
from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, told
from entropice.report.charts.theme import LIMIT, MAP_MODEL, OTHER_MODELS
from entropice.report.figure_files import MUTED
from entropice.report.frames.folds import (
    FALSE_ALARM,
    MISSED,
    OTHER_CLASS,
    RIGHT,
    STRENGTH,
    fold_map,
    outcome_map,
    role_map,
)
from entropice.report.frames.outlines import MOST_CELLS
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

NOT_TESTED: Final = "not tested"
NEVER_OBSERVED: Final = "never observed"
PAPER: Final = "#f2f2f2"
FOLDS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", *OTHER_MODELS[3:])
OUTCOMES: Final = {RIGHT: "#bdbdbd", OTHER_CLASS: "#f0e442", MISSED: MAP_MODEL, FALSE_ALARM: LIMIT, NOT_TESTED: PAPER}
ROLES: Final = {"tested": MAP_MODEL, "learned from": "#8fbcdb", "left out": "#4d4d4d", NEVER_OBSERVED: PAPER}
NAMES_OF_ROLES: Final = json.dumps(dict(zip(STRENGTH, ROLES, strict=False)))
OUTLINED: Final = {"symbolStrokeColor": MUTED, "symbolStrokeWidth": 0.6}
ON_THE_MAP: Final = "Polar stereographic projection (EPSG:3413), 45° W points down from the pole."
REASON: Final = f"Maps are drawn of up to {MOST_CELLS:,} cells, where some have been tested out of fold."


def draw_folds(frame: DataFrame, facts: RunFacts) -> Specification:
    """Cells in the colour of their fold; the scheme is chosen.

    From the columns ``cell geometry fold_<place>`` of `fold_map` (text, null where not tested). Folds are coloured by
    number, and colours come again after the last. Vega-Lite without data, width and look.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(texts=SimpleNamespace(schemes=[SimpleNamespace(title="Whole blocks")]))
    >>> drawn = draw_folds(pd.DataFrame({"fold_0": ["10", "2", None]}), facts)
    >>> drawn["encoding"]["color"]["scale"]["domain"]
    ['2', '10', 'not tested']
    """
    columns = frame.filter(like="fold_")
    folds = sorted(set(columns.stack().dropna()), key=int)
    schemes = {place: scheme.title for place, scheme in enumerate(facts.texts.schemes)}
    colours = {fold: FOLDS[place % len(FOLDS)] for place, fold in enumerate(folds)} | {NOT_TESTED: PAPER}
    tips = [name("cell", "cell"), name("shown", "fold")]
    drawn = _cells("datum['fold_' + chosen_scheme]", NOT_TESTED, "fold", colours, tips)
    return {"params": [choice("scheme", "Folds", schemes)]} | drawn


def draw_roles(frame: DataFrame, facts: RunFacts) -> Specification:
    """Cells in the colour of what one fold does with them; scheme and fold are chosen together.

    From the columns ``cell geometry roles_<place>`` of `role_map`: a letter for each fold, ``T`` tested, ``L`` learned
    from, ``B`` left out; null is never observed. Vega-Lite without data, width and look.

    Examples
    --------
    Every fold of every scheme is offered, by as many letters as a cell has:

    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(texts=SimpleNamespace(schemes=[SimpleNamespace(title="Whole blocks")]))
    >>> draw_roles(pd.DataFrame({"roles_0": ["TL", None]}), facts)["params"][0]["bind"]["labels"]
    ['Whole blocks: fold 0', 'Whole blocks: fold 1']
    """
    tips = [name("cell", "cell"), name("shown", "in this fold")]
    role = "split(chosen_fold, ' ')"
    letter = f"slice(datum['roles_' + {role}[0]] || '', +{role}[1], +{role}[1] + 1)"
    drawn = _cells(f"{NAMES_OF_ROLES}[{letter}]", NEVER_OBSERVED, "the chosen fold", ROLES, tips)
    return {"params": [choice("fold", "Fold", _folds_of(frame, facts))]} | drawn


def _folds_of(frame: DataFrame, facts: RunFacts) -> dict[str, str]:
    """What to call each fold of each scheme, by the places of both."""
    return {
        f"{place} {fold}": f"{scheme.title}: fold {fold}"
        for place, scheme in enumerate(facts.texts.schemes)
        if f"roles_{place}" in frame
        for fold in range(int(frame[f"roles_{place}"].str.len().max()))
    }


def draw_outcomes(frame: DataFrame, facts: RunFacts) -> Specification:
    """Cells in the colour of what became of their forecast; the year is chosen, the latest to begin with.

    From the columns ``cell geometry outcome_<year> observed_<year> p_any_<year>`` of `outcome_map`, of one year at
    least; null is not tested. A year without a name is called by its number. Vega-Lite without data, width and look.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> frame = pd.DataFrame(columns=["outcome_2020", "outcome_2021"])
    >>> asked = draw_outcomes(frame, SimpleNamespace(year_names={2020: "summer 2020"}))["params"][0]
    >>> asked["value"], asked["bind"]["labels"]
    (2021, ['summer 2020', '2021'])
    """
    years = {year: text for year, text in facts.year_names.items() if f"outcome_{year}" in frame}
    years |= {int(year): year for year in _years(frame) if int(year) not in years}
    tips = [
        name("cell", "cell"), name("shown", "out of fold"), name("observed", "observed class"),
        told("p_any", "probability of any slump", ".1%"),
    ]  # fmt: skip
    value = "datum['outcome_' + chosen_year]"
    drawn = _cells(value, NOT_TESTED, "most probable and observed class", OUTCOMES, tips)
    values = [{"calculate": f"datum['{field}_' + chosen_year]", "as": field} for field in ("observed", "p_any")]
    return drawn | {
        "params": [choice("year", "Year", years, max(years))],
        "transform": [*drawn["transform"], *values],
    }


def _years(frame: DataFrame) -> list[str]:
    return [str(column).removeprefix("outcome_") for column in frame.filter(like="outcome_")]


def _cells(value: str, otherwise: str, title: str, colours: dict[str, str], tips: list[Specification]) -> Specification:
    """Outlines in the colour of the value of an expression, or of what to say where it has none."""
    scale = {"domain": list(colours), "range": list(colours.values())}
    return {
        "height": 440,
        "projection": {"type": "identity", "reflectY": True},
        "transform": [{"calculate": f"isValid({value}) ? {value} : '{otherwise}'", "as": "shown"}],
        "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.3},
        "encoding": {
            "color": name("shown", title, scale=scale, legend=OUTLINED),
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

ROLE_MAP: Final = Chart(
    "role_map",
    "What one fold tests, learns from and leaves out",
    "In spatial folds a buffer around the tested cells is left out, so that no neighbour gives an answer away; in "
    "random and kNNDM folds there is none. Where one year is tested, models learn from other cells in other years: "
    "cells observed in no other year, or tested ones in theirs, are left out, too. Roles are those that the models "
    f"were fitted with. {ON_THE_MAP}",
    role_map,
    draw_roles,
    needs=("cells", "folds"),
    reason="Run folders of earlier versions lack the roles of cells: make the run again. "
    f"Maps are drawn of up to {MOST_CELLS:,} cells.",
)

OUTCOME_MAP: Final = Chart(
    "outcome_map",
    "Was the most probable class the observed one?",
    "The most probable class out of fold by {map_model}, the model behind the map, under the first scheme, against the "
    "class that was observed. A forecast whose most probable class does not come true may still have been a good one. "
    "The map layer of hits and misses asks another question: whether the probability of any slump reached the matching "
    f"threshold, from which as many are forecast as have slumps. {ON_THE_MAP}",
    outcome_map,
    draw_outcomes,
    needs=("cells", "out_of_fold"),
    reason=REASON,
    on_screen="Point at a cell for its probability of any slump.",
)
