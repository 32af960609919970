"""What a run declares of the skill of its map, beside its true skill where that is known."""

from typing import Final

import pandas as pd

from entropice.report.frames.scores import score_values, with_score_titles
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame

DECLARED: Final = "declared, with 95 % interval"
TRUE: Final = "true, "
TABLE: Final = "true_map_skill"
COLUMNS: Final = ["score", "name", "drawn", "value", "low_95", "high_95", "n_cell_years", "n_positive"]


def declared_skill(run: RunTables) -> DataFrame:
    """Scores of the model behind the map out of fold by scheme, and true scores of the map.

    Returns
    -------
    DataFrame
        ``score`` (title and direction), ``name`` (title of the scheme; null of true scores), ``drawn`` (``declared,
        with 95 % interval``, or ``true,`` and the land), ``value low_95 high_95`` (no interval of true scores) and
        ``n_cell_years n_positive``. No true scores where the truth is not known, and no rows where nothing is declared.

    Examples
    --------
    The true score has no interval, and no scheme:

    >>> from types import SimpleNamespace
    >>> from entropice.report.texts import ModelText, SchemeText, ScoreText, Texts
    >>> texts = Texts((ModelText("espa", "eSPA"),), (SchemeText("knndm", "kNNDM"),), (ScoreText("auc", "AUC"),))
    >>> told = pd.DataFrame({"score": ["auc"], "n_cell_years": 9, "n_positive": 3})
    >>> true = told.assign(extent="all land", value=0.875)
    >>> told = told.assign(scheme="knndm", model="espa", value=0.75, low_95=0.5, high_95=1.0, share_of_limit=0.5)
    >>> facts = SimpleNamespace(texts=texts, map_model_title="eSPA", table_titles={TABLE: ""})
    >>> found = declared_skill(SimpleNamespace(frame={"scores": told, TABLE: true}.get, facts=facts))
    >>> found[["drawn", "value", "low_95"]].to_numpy().tolist()
    [['declared, with 95 % interval', 0.75, 0.5], ['true, all land', 0.875, nan]]
    """
    scores = score_values(run)
    declared = scores[scores["model"] == run.facts.map_model_title]
    told = declared.assign(name=declared["scheme"], drawn=DECLARED)
    return pd.concat([told, _true(run, told)], ignore_index=True).reindex(columns=COLUMNS)


def _true(run: RunTables, declared: DataFrame) -> DataFrame:
    """The true values of the scores that are declared."""
    if TABLE not in run.facts.table_titles:
        return declared.head(0)
    found = with_score_titles(run.frame(TABLE), run.facts.texts).dropna(subset="value")
    return found[found["score"].isin(declared["score"])].assign(drawn=TRUE + found["extent"])
