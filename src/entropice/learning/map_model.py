"""What draws the map: the model that is named, or the best in spatial folds of all observed rows."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from entropice.learning.best import inner_log_score, statement, statement_of_best, weights_of_best
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST, FittedModel
from entropice.learning.predictor import NOTHING, Part, Predictor, with_submodels
from entropice.learning.samples import Samples
from entropice.learning.tuning import Tuning
from entropice.processes import side_by_side


def fit_map_model(
    name: str, compared: Sequence[str], inner_folds: InnerFolds, tuning: Tuning, map_rows: Samples
) -> tuple[Predictor, dict[str, Any]]:
    """Fit a model to all observed rows, and submodels for the feature groups that the map lacks.

    Parameters
    ----------
    name
        In the registry, or `best`.
    compared
        Names of the models that `best` is the best of.
    map_rows
        What is known of the cells and years of the map: submodels are made for every set of groups that some of them
        lack, and for every single group.

    Returns
    -------
    tuple
        The predictor, and its ``name title chosen`` as `best.statement_of_best` gives them.
    """
    if name == BEST:
        fit = partial(_fit_compared, inner_folds, tuning)
        compared_fits = dict(zip(compared, side_by_side(fit, compared, "models", tuning.n_processes), strict=True))
        fits = {each: fitted for each, (fitted, _) in compared_fits.items()}
        log_scores = {each: log_score for each, (_, log_score) in compared_fits.items()}
        weights = weights_of_best(log_scores, len(np.unique(inner_folds.samples.blocks)))
        told = statement_of_best(log_scores, weights)
    else:
        weights, told = {name: 1.0}, statement(name)
        fits = {name: tuning.fit(MODELS[name], inner_folds)}
    patterns = {unknown for unknown, _ in map_rows.patterns()} | _single_groups(inner_folds.samples)
    parts = (Part(MODELS[each], weight, {NOTHING: fits[each]}) for each, weight in weights.items())
    return Predictor(tuple(with_submodels(part, inner_folds, tuning, patterns) for part in parts)), told


def _fit_compared(inner_folds: InnerFolds, tuning: Tuning, name: str) -> tuple[FittedModel, float]:
    """A fit, and its mean log score over the inner folds."""
    fitted = tuning.fit(MODELS[name], inner_folds)
    return fitted, inner_log_score(MODELS[name], fitted, inner_folds, tuning)


def _single_groups(samples: Samples) -> set[frozenset[str]]:
    return {frozenset({group}) for group in samples.groups.values()}
