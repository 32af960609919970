"""Every score by model and scheme, beside what the first scheme says."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from entropice.report.run_tables import RunTables
from entropice.report.texts import ScoreText, Texts
from entropice.types import DataFrame, FloatArray

COLUMNS: Final = [
    "score", "scheme", "model", "value", "low_95", "high_95", "gap", "share_of_limit", "n_cell_years", "n_positive",
]  # fmt: skip
DIRECTIONS: Final = {True: " (more is better)", False: " (less is better)", None: ""}


def score_values(run: RunTables) -> DataFrame:
    """The table of scores with titles for names, in reading order.

    By score, scheme and model; rows without a value are left out.

    Returns
    -------
    DataFrame
        ``score`` (title and direction), ``scheme`` and ``model`` (titles), ``value low_95 high_95``, ``gap``: value
        minus that of the same model under the first scheme (NaN where it has none), ``share_of_limit``, ``n_cell_years
        n_positive``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from entropice.report.texts import ModelText, SchemeText
    >>> schemes = SchemeText("spatial", "Whole blocks"), SchemeText("random", "Random cells")
    >>> texts = Texts((ModelText("espa", "eSPA"),), schemes, (ScoreText("auc", "AUC"),))
    >>> scores = pd.DataFrame({"scheme": ["random", "spatial"], "model": "espa", "score": "auc"})
    >>> scores = scores.assign(value=[0.875, 0.75], low_95=0.5, high_95=1.0, share_of_limit=0.5)
    >>> scores = scores.assign(n_cell_years=9, n_positive=3)
    >>> told = score_values(SimpleNamespace(frame=lambda _: scores, facts=SimpleNamespace(texts=texts)))
    >>> told[["scheme", "value", "gap"]].to_numpy().tolist()
    [['Whole blocks', 0.75, 0.0], ['Random cells', 0.875, 0.125]]
    """
    scores, texts = run.frame("scores"), run.facts.texts
    told = with_titles(scores.assign(gap=_gap(scores, [scheme.name for scheme in texts.schemes[:1]])), texts)
    return told.dropna(subset="value").reset_index(drop=True)[COLUMNS]


def with_titles(rows: DataFrame, texts: Texts) -> DataFrame:
    """Rows of ``score scheme model …`` in reading order, with titles for these names.

    By score, then scheme, then model; a name that the texts do not have becomes null and comes last. Rows are not
    changed.

    Examples
    --------
    >>> from entropice.report.texts import ModelText, SchemeText
    >>> rows = pd.DataFrame({"score": "auc", "scheme": "spatial", "model": ["espa", "forest"]})
    >>> models = ModelText("forest", "Forest"), ModelText("espa", "eSPA")
    >>> texts = Texts(models, (SchemeText("spatial", "Whole blocks"),), (ScoreText("auc", "AUC"),))
    >>> with_titles(rows, texts).to_numpy().tolist()
    [['AUC (more is better)', 'Whole blocks', 'Forest'], ['AUC (more is better)', 'Whole blocks', 'eSPA']]
    """
    by_model = _titled(rows, "model", {text.name: text.title for text in texts.models})
    return with_score_titles(_titled(by_model, "scheme", {text.name: text.title for text in texts.schemes}), texts)


def with_score_titles(rows: DataFrame, texts: Texts) -> DataFrame:
    """Rows of ``score …`` in reading order, with titles and directions for names; others are null and last.

    Examples
    --------
    >>> texts = Texts((), (), (ScoreText("ece", "ECE", bigger_is_better=False),))
    >>> with_score_titles(pd.DataFrame({"score": ["ece"]}), texts)["score"].tolist()
    ['ECE (less is better)']
    """
    return _titled(rows, "score", {text.name: directed(text) for text in texts.scores})


def _titled(rows: DataFrame, column: str, titles: Mapping[str, str]) -> DataFrame:
    ordered = rows.assign(**{column: pd.Categorical(rows[column], list(titles))}).sort_values(column, kind="stable")
    return ordered.assign(**{column: ordered[column].map(titles).astype(object)})


def directed(score: ScoreText) -> str:
    """Title of a score, and where to look for the best; the title alone where neither more nor less is better.

    Examples
    --------
    >>> directed(ScoreText("auc", "AUC")), directed(ScoreText("slope", "Slope", bigger_is_better=None))
    ('AUC (more is better)', 'Slope')
    """
    return score.title + DIRECTIONS[score.bigger_is_better]


def _gap(scores: DataFrame, first: list[str]) -> FloatArray:
    keys = ["model", "score"]
    of_first = scores[scores["scheme"].isin(first)].set_index(keys)["value"]
    before: FloatArray = of_first.reindex(pd.MultiIndex.from_frame(scores[keys])).to_numpy(float)
    return scores["value"].to_numpy(float) - before
