"""Where cells are tested, and where the model behind the map is wrong about them."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.report.frames.confusion import most_probable
from entropice.report.frames.forecasts import forecasts_of_map_model
from entropice.report.frames.outlines import outlined_cells
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame

RIGHT: Final = "right class"
OTHER_CLASS: Final = "slumps, but another class of them"
MISSED: Final = "slumps where none were most probable"
FALSE_ALARM: Final = "none where slumps were most probable"


def fold_map(run: RunTables) -> DataFrame:
    """The fold that tests each cell, by scheme.

    Returns
    -------
    DataFrame
        ``cell geometry`` as `outlined_cells` gives them, and ``fold_<place>`` for each scheme in reading order: the
        number of the fold as text, null where the cell is not tested. No rows where no cell is tested.
    """
    cells, forecasts = outlined_cells(run), run.frame("out_of_fold")
    for place, scheme in enumerate(run.facts.texts.schemes):
        of_scheme = forecasts[forecasts["scheme"] == scheme.name].drop_duplicates("cell_id").set_index("cell_id")
        cells[f"fold_{place}"] = of_scheme["fold"].astype(str).reindex(cells.index).astype(object)
    folds = cells.filter(like="fold_")
    return (cells if folds.notna().any(axis=None) else cells.head(0)).reset_index(drop=True)


def outcome_map(run: RunTables) -> DataFrame:
    """What became of the forecast of each cell and year by the model behind the map, out of fold, first scheme.

    Returns
    -------
    DataFrame
        ``cell geometry`` as `outlined_cells` gives them, and for each year with forecasts ``outcome_<year>``,
        ``observed_<year>`` (class) and ``p_any_<year>``; null where the cell is not tested. No rows without forecasts.
    """
    cells, rows = outlined_cells(run), forecasts_of_map_model(run)
    told = rows.assign(outcome=outcomes(rows, list(run.facts.class_names)), observed=rows["class_"].astype(object))
    for year, of_year in told.set_index("cell_id").groupby("year"):
        for column in ("outcome", "observed", "p_any"):
            cells[f"{column}_{year}"] = of_year[column].reindex(cells.index)
    return (cells if len(rows) else cells.head(0)).reset_index(drop=True)


def outcomes(rows: DataFrame, class_names: list[str]) -> "pd.Series[str]":
    """Each forecast's most probable class against the observed one."""
    forecast, observed, none = most_probable(rows, class_names), rows["class_"].astype(object), class_names[0]
    cases = [(forecast == observed, RIGHT), (forecast == none, MISSED), (observed == none, FALSE_ALARM)]
    conditions, names = zip(*cases, strict=True)
    return pd.Series(np.select(conditions, names, OTHER_CLASS), index=rows.index, dtype=object)
