"""Scores of two runs side by side: only those of the same scheme and name stand together."""

from __future__ import annotations

from dataclasses import dataclass

from .language import tr
from .run_record import FOLDS, LABELS, RunRecord, Score
from .wording import UNKNOWN, number_text

_DIGITS = 3
_DECIMALS = 3


@dataclass(frozen=True)
class ScorePair:
    """One score of either run; `model_a` and `model_b` differ where the maps are drawn by two models."""

    scheme: str
    score: str
    model_a: str
    model_b: str
    a: Score
    b: Score


def score_pairs(a: RunRecord, b: RunRecord) -> list[ScorePair]:
    """The scores of the two maps' models first, then those of every other model that both runs have, in A's order.

    A score that only one of them has is left out. Names are those of A's titles for schemes, scores and `model_a`, of
    B's for `model_b`. Where both maps are drawn by the same model, it is there once.
    """
    names = dict.fromkeys(score.model for score in a.scores)
    others = [name for name in names if (name, name) != (a.map_model, b.map_model)]
    return [*map_score_pairs(a, b), *(pair for name in others for pair in _of_models(a, b, name, name))]


def map_score_pairs(a: RunRecord, b: RunRecord) -> list[ScorePair]:
    """The scores of the models that draw the two maps, those of the same scheme and name, in A's order."""
    return _of_models(a, b, a.map_model, b.map_model)


def score_text(score: Score) -> str:
    """A score, and on a second line the ends of its 95 % interval, as far as they are known; in thousandths.

    None is "unknown". The second line is there only where both ends are known. Values are rounded to three decimals,
    then to three digits.
    """
    value, low, high = (
        tr(UNKNOWN) if number is None else number_text(round(number, _DECIMALS), _DIGITS)
        for number in (score.value, score.low, score.high)
    )
    return value if score.low is None or score.high is None else f"{value}\n{low} – {high}"


def _of_models(a: RunRecord, b: RunRecord, model_a: str, model_b: str) -> list[ScorePair]:
    of_b = {(score.scheme, score.name): score for score in b.scores if score.model == model_b}
    return [
        ScorePair(
            scheme=a.title(score.scheme),
            score=a.title(score.name),
            model_a=a.title(model_a),
            model_b=b.title(model_b),
            a=score,
            b=of_b[score.scheme, score.name],
        )
        for score in a.scores
        if score.model == model_a and (score.scheme, score.name) in of_b
    ]


def folds_statement(a: RunRecord, b: RunRecord) -> str:
    """Whether the scores of two runs come from the same folds, one sentence, by the SHA-256 of the files of folds.

    It is unknown where either run does not tell it. They are the same where both manifests list the same hashes in the
    same order.
    """
    of_a, of_b = a.digests[FOLDS], b.digests[FOLDS]
    if not of_a or not of_b:
        return tr("Whether the folds are the same is unknown.")
    if of_a == of_b:
        return tr("The folds are the same: each score is of the same held-out cells.")
    return tr("The folds differ: each score is of other held-out cells, so small differences say little.")


def labels_statement(a: RunRecord, b: RunRecord) -> str:
    """In what the observations differ that the two runs have learned from; empty where in nothing that is known.

    It names those of ``rts``, ``coverage`` and ``land`` whose SHA-256 differ; a dataset that only one run tells of
    differs, one that neither tells of does not.
    """
    differing = [name for name in LABELS if a.digests[name] != b.digests[name]]
    return tr("The runs have learned from other labels (%1 differ).", ", ".join(differing)) if differing else ""
