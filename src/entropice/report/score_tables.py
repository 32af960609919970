"""Scores as rows for readers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from entropice.report.names import MODEL_NAMES, SCORE_NAMES
from entropice.types import DataFrame


@dataclass(frozen=True)
class ScoreCell:
    """One score of one model; NaN where it was not scored."""

    value: float
    low_95: float = math.nan
    high_95: float = math.nan
    share_of_limit: float = math.nan


@dataclass(frozen=True)
class ScoreRow:
    """All scores of one model, in the order of ``scores_shown``."""

    model: str
    name: str
    cells: tuple[ScoreCell, ...]


@dataclass(frozen=True)
class GapRow:
    """How much better a model looks under random cross-validation, for each score."""

    name: str
    cells: tuple[tuple[float, float], ...]
    """Pairs of the random score and its excess over the transfer score."""


def scores_shown(scores: DataFrame) -> list[str]:
    """The scores that occur, in the readers' order."""
    return [score for score in SCORE_NAMES if (scores["score"] == score).any()]


def models_shown(scores: DataFrame, scheme: str) -> list[str]:
    """The models scored under a scheme, in the readers' order, the limit last."""
    found = set(scores.loc[scores["scheme"] == scheme, "model"])
    return [model for model in MODEL_NAMES if model in found]


def score_rows(scores: DataFrame, scheme: str, score_names: Sequence[str]) -> list[ScoreRow]:
    """One row per model of a scheme."""
    cells = _cells(scores, scheme)
    missing = ScoreCell(math.nan)
    return [
        ScoreRow(model, MODEL_NAMES[model], tuple(cells.get((model, score), missing) for score in score_names))
        for model in models_shown(scores, scheme)
    ]


def gap_rows(scores: DataFrame, score_names: Sequence[str]) -> list[GapRow]:
    """Random cross-validation beside its excess over the transfer skill, for the models that have both."""
    random, spatial = _cells(scores, "random"), _cells(scores, "spatial")
    models = [model for model in models_shown(scores, "random") if model not in {"limit", "prevalence"}]
    return [
        GapRow(MODEL_NAMES[model], tuple(_gap(random, spatial, (model, score)) for score in score_names))
        for model in models
    ]


def _gap(
    random: dict[tuple[str, str], ScoreCell], spatial: dict[tuple[str, str], ScoreCell], key: tuple[str, str]
) -> tuple[float, float]:
    missing = ScoreCell(math.nan)
    value = random.get(key, missing).value
    return value, value - spatial.get(key, missing).value


def _cells(scores: DataFrame, scheme: str) -> dict[tuple[str, str], ScoreCell]:
    chosen = scores[scores["scheme"] == scheme]
    columns = ["value", "low_95", "high_95", "share_of_limit"]
    keys = zip(chosen["model"], chosen["score"], strict=True)
    return {key: ScoreCell(*row) for key, row in zip(keys, chosen[columns].to_numpy(float).tolist(), strict=True)}
