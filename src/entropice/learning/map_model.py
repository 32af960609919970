"""What draws the map: the model that is named, or the best in spatial folds of all observed rows."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from entropice.learning.best import (
    best_of,
    fit_bytes,
    inner_log_score,
    mean_of_candidates,
    statement,
    statement_of_best,
    statement_of_mean,
    takes_mean,
)
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST, FittedModel
from entropice.learning.predictor import NOTHING, Part, Predictor, with_submodels
from entropice.learning.samples import Groups, Samples
from entropice.learning.tuning import Tuning
from entropice.processes import side_by_side


def fit_map_model(
    name: str, compared: Sequence[str], inner_folds: InnerFolds, tuning: Tuning, patterns: AbstractSet[Groups]
) -> tuple[Predictor, dict[str, Any]]:
    """Fit a model to all observed rows, and submodels for the feature groups that the map lacks.

    Parameters
    ----------
    name
        In the registry (`MODELS`), or `best`.
    compared
        Names of the models that `best` is the best of, the prevalence model among them.
    inner_folds
        The observed rows and their classes, with the folds that choose.
    tuning
        Candidates, seed, device and processes of the fits.
    patterns
        Sets of feature groups that cells and years of the map know nothing of: submodels are made for each, and for
        every single group.

    Returns
    -------
    tuple
        The predictor, and its ``name title chosen`` as the statements in `entropice.learning.best` give them.

    Raises
    ------
    LabelError
        If inner folds are asked for and none has two classes (`InnerFolds.splits`), or a model refuses the rows.
    ConfigError
        If a fit needs more memory than may be taken; none has been begun.
    """
    parts, told = _parts(name, compared, inner_folds, tuning)
    # Every single group, too: where the model is applied elsewhere another one may be unknown than on this map.
    lacking = patterns | _single_groups(inner_folds.samples)
    return Predictor(tuple(with_submodels(part, inner_folds, tuning, lacking) for part in parts)), told


def _parts(
    name: str, compared: Sequence[str], inner_folds: InnerFolds, tuning: Tuning
) -> tuple[tuple[Part, ...], dict[str, Any]]:
    """Parts without submodels, and what is told of them."""
    if name != BEST:
        return (Part(MODELS[name], 1.0, {NOTHING: tuning.fit(MODELS[name], inner_folds)}),), statement(name)
    if takes_mean(compared, inner_folds.n_blocks):
        return mean_of_candidates(inner_folds, tuning), statement_of_mean()
    fit = partial(_fit_compared, inner_folds, tuning)
    n_bytes, n_shared_bytes = fit_bytes(compared, inner_folds.samples), inner_folds.samples.n_bytes
    found = side_by_side(fit, compared, "models", tuning.n_processes, n_bytes, n_shared_bytes)
    fits = dict(zip(compared, found, strict=True))
    log_scores = {each: log_score for each, (_, log_score) in fits.items()}
    best = best_of(log_scores)
    return (Part(MODELS[best], 1.0, {NOTHING: fits[best][0]}),), statement_of_best(log_scores)


def _fit_compared(inner_folds: InnerFolds, tuning: Tuning, name: str) -> tuple[FittedModel, float]:
    """A fit, and its mean log score over the inner folds."""
    fitted = tuning.fit(MODELS[name], inner_folds)
    return fitted, inner_log_score(MODELS[name], fitted, inner_folds, tuning)


def _single_groups(samples: Samples) -> set[frozenset[str]]:
    return {frozenset({group}) for group in samples.groups.values()}
