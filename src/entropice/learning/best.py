"""The best of several models by the folds inside training rows, stabilised where blocks are few."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST, FittedModel, Model
from entropice.learning.scores import REFERENCE
from entropice.learning.tuning import Tuning, held_out_log_score

BEST_TITLE: Final = "best of the compared models"
CRITERION: Final = "log skill in inner spatial folds"

STABILISER: Final = "espa_ensemble"
STABILISER_WEIGHT: Final = 0.25
FEW_BLOCKS: Final = 10
"""With fewer training blocks, a quarter of the stabiliser is mixed in: it guards against a model that fails, as the
ridge did in one of nine worlds. A gain on average is not shown (docs/skill-studies.md)."""


def inner_log_score(model: Model, fitted: FittedModel, inner_folds: InnerFolds, tuning: Tuning) -> float:
    """Mean log score of a fitted model over the inner folds that chose its parameters."""
    if np.isfinite(fitted.inner_log_score):
        return fitted.inner_log_score
    return held_out_log_score(model, fitted, inner_folds, tuning)


def weights_of_best(log_scores: Mapping[str, float], n_blocks: int) -> dict[str, float]:
    """What `best` is made of: the model with the highest log score (the first of equals), or a mixture with few blocks.

    Parameters
    ----------
    log_scores
        By name of the model.
    n_blocks
        Blocks with training rows.
    """
    best = max(log_scores, key=lambda name: log_scores[name])
    if n_blocks >= FEW_BLOCKS or best == STABILISER or STABILISER not in log_scores:
        return {best: 1.0}
    return {best: 1 - STABILISER_WEIGHT, STABILISER: STABILISER_WEIGHT}


def statement_of_best(log_scores: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, Any]:
    """``name title chosen``: what `best` is made of, and what it beat, best first, by log skill over the prevalence."""
    skill = {name: 1 - score / log_scores[REFERENCE] for name, score in log_scores.items()}
    order = sorted(skill, key=lambda name: -skill[name])
    titles = [MODELS[name].title for name in weights]
    return {
        "name": BEST,
        "title": f"best: {' with '.join(titles)}",
        "chosen": {
            "criterion": CRITERION,
            "score": skill[order[0]],
            "parts": [{"name": name, "title": MODELS[name].title, "weight": weights[name]} for name in weights],
            "beaten": [{"name": name, "title": MODELS[name].title, "score": skill[name]} for name in order[1:]],
        },
    }


def statement(name: str) -> dict[str, Any]:
    """``name title chosen`` of a model that parameters name; ``chosen`` is null, for nothing was compared."""
    return {"name": name, "title": MODELS[name].title, "chosen": None}
