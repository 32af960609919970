"""Scores as rows for readers."""

import math
from dataclasses import dataclass

from entropice.report.texts import ModelText, Texts
from entropice.types import DataFrame


@dataclass(frozen=True)
class ScoreCell:
    """One score of one model, the ends of its 95 % interval, its share of the attainable limit; NaN where unknown."""

    value: float
    low_95: float = math.nan
    high_95: float = math.nan
    share_of_limit: float = math.nan


@dataclass(frozen=True)
class ScoreRow:
    """All scores of one model, in the readers' order.

    Attributes
    ----------
    cells
        One for each score of the texts that the row was made with.
    """

    model: ModelText
    cells: tuple[ScoreCell, ...]


@dataclass(frozen=True)
class GapRow:
    """How much better a model looks under another scheme, for each score: the other scheme's value, and its excess."""

    model: ModelText
    cells: tuple[tuple[float, float], ...]
    """Pairs of the other scheme's score and its excess over the first scheme's."""


def score_rows(scores: DataFrame, texts: Texts) -> list[ScoreRow]:
    """One row for each model in the scores of one scheme (columns ``model score value …``), a cell for each score.

    The other columns are ``scheme low_95 high_95 share_of_limit``. Models and scores are in the order of the texts,
    undeclared models last by name; a score that a model lacks is NaN. Of several rows for one model and score the last
    counts.

    Examples
    --------
    >>> import pandas as pd
    >>> from entropice.report.texts import ScoreText
    >>> scores = pd.DataFrame({"scheme": "spatial", "model": ["espa"], "score": ["auc"], "value": [0.75]}).assign(
    ...     low_95=0.5, high_95=1.0, share_of_limit=0.5)
    >>> (row,) = score_rows(scores, Texts((), (), (ScoreText("auc", "AUC"), ScoreText("lift", "Lift"))))
    >>> row.model.title, [cell.value for cell in row.cells]
    ('espa', [0.75, nan])
    """
    cells, missing = _cells(scores), ScoreCell(math.nan)
    return [
        ScoreRow(model, tuple(cells.get((model.name, score.name), missing) for score in texts.scores))
        for model in texts.of(scores).models
    ]


def gap_rows(first: DataFrame, other: DataFrame, texts: Texts) -> list[GapRow]:
    """The scores of another scheme beside their excess over the first's, for all models but references.

    Columns are ``scheme model score value low_95 high_95 share_of_limit``. Models and scores are in the order of the
    texts. A cell is (other, other − first); the excess is NaN where either is unknown, whether or not more is better.

    Examples
    --------
    >>> import pandas as pd
    >>> from entropice.report.texts import ScoreText
    >>> first = pd.DataFrame({"scheme": "spatial", "model": ["espa"], "score": ["auc"], "value": [0.75]}).assign(
    ...     low_95=0.5, high_95=1.0, share_of_limit=0.5)
    >>> texts = Texts((), (), (ScoreText("auc", "AUC"),))
    >>> gap_rows(first, first.assign(value=0.875), texts)[0].cells
    ((0.875, 0.125),)
    """
    before, after, missing = _cells(first), _cells(other), ScoreCell(math.nan)
    return [
        GapRow(
            model,
            tuple(
                _gap(before.get((model.name, score.name), missing), after.get((model.name, score.name), missing))
                for score in texts.scores
            ),
        )
        for model in texts.of(other).models
        if not model.is_reference
    ]


def _gap(before: ScoreCell, after: ScoreCell) -> tuple[float, float]:
    return after.value, after.value - before.value


def _cells(scores: DataFrame) -> dict[tuple[str, str], ScoreCell]:
    columns = ["value", "low_95", "high_95", "share_of_limit"]
    keys = zip(scores["model"], scores["score"], strict=True)
    return {key: ScoreCell(*row) for key, row in zip(keys, scores[columns].to_numpy(float).tolist(), strict=True)}
