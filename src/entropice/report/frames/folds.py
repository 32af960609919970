"""Where cells are tested, what folds learn from, and whether the most probable class was the observed one."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.report.fold_tables import LEARNED, LEFT_OUT, TESTED, roles_of_scheme
from entropice.report.frames.confusion import most_probable
from entropice.report.frames.forecasts import forecasts_of_map_model
from entropice.report.frames.outlines import outlined_cells
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame, Series

RIGHT: Final = "right class"
OTHER_CLASS: Final = "slumps, but another class of them"
MISSED: Final = "slumps where none were most probable"
STRENGTH: Final = TESTED + LEARNED + LEFT_OUT
FALSE_ALARM: Final = "none where slumps were most probable"


def fold_map(run: RunTables) -> DataFrame:
    """The fold that tests each cell, by scheme.

    From the tables ``cells`` and ``out_of_fold``; a cell that several folds test, as where years are dealt, is shown in
    that of its first row.

    Returns
    -------
    DataFrame
        ``cell`` (as users of the grid spell it), ``geometry`` (km, EPSG:3413), and ``fold_<place>`` for each scheme in
        reading order: the number of the fold as text, null where the cell is not tested. No rows where no cell is
        tested.

    Examples
    --------
    Schemes are told by their place, cells that a scheme does not test are null:

    >>> import shapely
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7, 8], "geometry": [shapely.box(0, 0, 1, 1)] * 2})
    >>> forecasts = pd.DataFrame({"scheme": ["spatial"], "cell_id": [8], "fold": [3]})
    >>> texts = SimpleNamespace(schemes=[SimpleNamespace(name="spatial"), SimpleNamespace(name="random")])
    >>> facts = SimpleNamespace(texts=texts, spelt_cell=str)
    >>> told = fold_map(SimpleNamespace(frame={"cells": cells, "out_of_fold": forecasts}.get, facts=facts))
    >>> told[["cell", "fold_0", "fold_1"]].fillna("–").to_numpy().tolist()
    [['7', '–', '–'], ['8', '3', '–']]
    """
    cells, forecasts = outlined_cells(run), run.frame("out_of_fold")
    for place, scheme in enumerate(run.facts.texts.schemes):
        # Where years are dealt into folds, a cell is tested by several: it is shown in the first.
        of_scheme = forecasts[forecasts["scheme"] == scheme.name].drop_duplicates("cell_id").set_index("cell_id")
        cells[f"fold_{place}"] = of_scheme["fold"].astype(str).reindex(cells.index).astype(object)
    folds = cells.filter(like="fold_")
    return (cells if folds.notna().any(axis=None) else cells.head(0)).reset_index(drop=True)


def role_map(run: RunTables) -> DataFrame:
    """What each fold does with each cell, by scheme.

    Returns
    -------
    DataFrame
        ``cell`` (as users of the grid spell it), ``geometry`` (km, EPSG:3413), and ``roles_<place>`` for each scheme in
        reading order: a letter for each fold as in the table ``folds``, over all years of the cell: ``T`` where the
        fold tests it in any, else ``L`` where it learns from it in any, else ``B``. Null where the cell was never
        observed. No rows where none was.

    Examples
    --------
    >>> import shapely
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7, 8], "geometry": [shapely.box(0, 0, 1, 1)] * 2})
    >>> letters = pd.DataFrame({"cell_id": [7], "year_2020": ["TL"], "year_2021": ["LB"]})
    >>> facts = SimpleNamespace(texts=SimpleNamespace(schemes=[SimpleNamespace(name="year")]), spelt_cell=str)
    >>> told = role_map(SimpleNamespace(frame={"cells": cells, "folds": letters}.get, facts=facts))
    >>> told[["cell", "roles_0"]].fillna("–").to_numpy().tolist()
    [['7', 'TL'], ['8', '–']]
    """
    cells, roles = outlined_cells(run), run.frame("folds").set_index("cell_id")
    for place, scheme in enumerate(run.facts.texts.schemes):
        of_scheme = roles_of_scheme(roles, scheme.name)
        if len(of_scheme.columns):
            cells[f"roles_{place}"] = over_years(of_scheme).reindex(cells.index).astype(object)
    letters = cells.filter(like="roles_")
    return (cells if letters.notna().any(axis=None) else cells.head(0)).reset_index(drop=True)


def over_years(roles: DataFrame) -> Series:
    """Letters by year (a column each) as those of the cell: of each fold the first of ``TLB`` that any year has.

    Null in a year is passed over; a cell without letters in any year is null.

    Examples
    --------
    >>> over_years(pd.DataFrame({"year_2020": ["TL", "LB", None], "year_2021": ["LB", None, None]})).tolist()
    ['TL', 'LB', None]
    """
    if len(roles.columns) == 1:
        return roles.iloc[:, 0]
    merged = [_strongest([letters for letters in years if isinstance(letters, str)]) for years in roles.to_numpy()]
    return pd.Series(merged, roles.index, dtype=object)


def _strongest(years: list[str]) -> str | None:
    return "".join(min(fold, key=STRENGTH.index) for fold in zip(*years, strict=True)) or None


def outcome_map(run: RunTables) -> DataFrame:
    """What became of the forecast of each cell and year by the model behind the map, out of fold, first scheme.

    Returns
    -------
    DataFrame
        ``cell`` (as users of the grid spell it), ``geometry`` (km, EPSG:3413), and for each year with forecasts
        ``outcome_<year>`` (right class, another class of slumps, missed, or false alarm), ``observed_<year>`` (class)
        and ``p_any_<year>``; null where the cell is not tested. No rows without forecasts.

    Examples
    --------
    >>> import shapely
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7], "geometry": [shapely.box(0, 0, 1, 1)]})
    >>> judged = pd.DataFrame({"model": ["eSPA"], "cell_id": [7], "year": [2020], "class_": ["some"], "p_any": [0.25]})
    >>> judged = judged.assign(p_none=0.75, p_some=0.25)
    >>> facts = SimpleNamespace(map_model_title="eSPA", class_names=("none", "some"), spelt_cell=str)
    >>> run = SimpleNamespace(frame=lambda _: cells, judged=judged, facts=facts)
    >>> outcome_map(run)[["cell", "outcome_2020", "p_any_2020"]].to_numpy().tolist()
    [['7', 'slumps where none were most probable', 0.25]]
    """
    cells, rows = outlined_cells(run), forecasts_of_map_model(run)
    told = rows.assign(outcome=outcomes(rows, list(run.facts.class_names)), observed=rows["class_"].astype(object))
    for year, of_year in told.set_index("cell_id").groupby("year"):
        for column in ("outcome", "observed", "p_any"):
            cells[f"{column}_{year}"] = of_year[column].reindex(cells.index)
    return (cells if len(rows) else cells.head(0)).reset_index(drop=True)


def outcomes(rows: DataFrame, class_names: list[str]) -> "pd.Series[str]":
    """Each forecast's most probable class against the observed one, in words; rows with ``class_`` and ``p_<class>``.

    The index is that of the rows; others of their columns do not count. `RIGHT` where they are the same, `MISSED` where
    the first class (none) was most probable and slumps were observed, `FALSE_ALARM` the other way round, else
    `OTHER_CLASS`. Of equal probabilities the lower class counts.

    Examples
    --------
    >>> rows = pd.DataFrame({"class_": ["none", "few", "none", "many"], "p_none": [0.5, 0.75, 0.25, 0.0],
    ...                      "p_few": [0.5, 0.25, 0.75, 1.0], "p_many": 0.0})
    >>> outcomes(rows, ["none", "few", "many"]).tolist() == [RIGHT, MISSED, FALSE_ALARM, OTHER_CLASS]
    True
    """
    forecast, observed, none = most_probable(rows, class_names), rows["class_"].astype(object), class_names[0]
    cases = [(forecast == observed, RIGHT), (forecast == none, MISSED), (observed == none, FALSE_ALARM)]
    conditions, names = zip(*cases, strict=True)
    return pd.Series(np.select(conditions, names, OTHER_CLASS), index=rows.index, dtype=object)
