"""Scores fold by fold, beside those of all folds together."""

from typing import Final

import pandas as pd

from entropice.report.frames.scores import score_values, with_titles
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame

KEYS: Final = ["score", "scheme", "model"]
COLUMNS: Final = [*KEYS, "name", "fold", "value", "low_95", "high_95", "gap", "n_cell_years", "n_positive"]


def fold_score_values(run: RunTables) -> DataFrame:
    """Every score of every model in each fold, and over all folds.

    From the tables ``scores`` and ``fold_scores``: rows over all folds first, then those of folds, each in reading
    order.

    Returns
    -------
    DataFrame
        ``score`` (title and direction), ``scheme`` and ``model`` (titles), ``name`` (the model, and in which folds it
        has no such score, and why), ``fold`` (text, null over all folds), ``value``, ``low_95 high_95``, ``gap`` (value
        minus that of the model under the first scheme; these three NaN in a fold) and ``n_cell_years n_positive``. No
        rows of a fold without the score.
    """
    folds = with_titles(run.frame("fold_scores"), run.facts.texts)
    defined = folds.assign(fold=folds["fold"].astype(str)).dropna(subset="value")
    rows = pd.concat([score_values(run), defined], ignore_index=True).merge(_lacking(folds), on=KEYS, how="left")
    return rows.assign(name=rows["model"] + rows["lacking"].fillna("")).reindex(columns=COLUMNS)


def _lacking(folds: DataFrame) -> DataFrame:
    """In which folds a model has no such score, and why: ``score scheme model lacking``."""
    undefined = folds[folds["value"].isna()]
    told = [
        (*keys, f" (no value in fold {', '.join(map(str, sorted(of_model['fold'])))}: {reason})")
        for (*keys, reason), of_model in undefined.groupby([*KEYS, "undefined_because"], sort=False)
    ]
    frame = pd.DataFrame(told, columns=[*KEYS, "lacking"], dtype=object)
    return frame.groupby(KEYS, sort=False)["lacking"].sum().reset_index()
