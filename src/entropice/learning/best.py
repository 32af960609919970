"""What `best` draws with: the model that leads inside the training rows, or, with few blocks, a mean of candidates.

Few blocks cannot tell which candidate is the better one, and a wrong choice costs more than a right one gains. So with
few blocks nothing is chosen: every candidate of one model predicts, candidate k with the weight

    w_k ∝ exp(c · B · s_k),

where B is the number of training blocks, s_k the candidate's mean log score over the inner folds and c the number of
independent rows that a block counts for. These are pseudo-Bayesian model weights (Geisser & Eddy 1979,
doi:10.1080/01621459.1979.10481632; Yao et al. 2018, doi:10.1214/17-BA1091) for rows that depend on each other.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import numpy as np

from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST, FittedModel, Model
from entropice.learning.predictor import NOTHING, Part
from entropice.learning.samples import Samples
from entropice.learning.scores import REFERENCE
from entropice.learning.tuning import Tuning, held_out_log_score
from entropice.types import FloatArray

logger = logging.getLogger(__name__)

BEST_TITLE: Final = "best of the compared models"
CRITERION: Final = "log skill in inner spatial folds"

FEW_BLOCKS: Final = 10
"""With fewer training blocks nothing is chosen."""

STEADY: Final = "ordinal_ridge"
"""The model whose candidates predict together there."""

INDEPENDENT_ROWS_PER_BLOCK: Final = 3.0
LEAST_WEIGHT: Final = 0.01
"""Of a candidate that takes part."""


def inner_log_score(model: Model, fitted: FittedModel, inner_folds: InnerFolds, tuning: Tuning) -> float:
    """Mean log score, in nats, of a fitted model over the inner folds that chose its parameters; 0 is perfect.

    That of the fit itself where candidates were compared; else the model is fitted again without each fold, as
    `held_out_log_score` does.

    Raises
    ------
    LabelError
        As `InnerFolds.splits`, where the model is fitted again.
    """
    # The folds that chose the parameters also compare the models: each had as many candidates, so that the optimism of
    # having chosen is about the same for all.
    if np.isfinite(fitted.inner_log_score):
        return fitted.inner_log_score
    return held_out_log_score(model, fitted, inner_folds, tuning)


def fit_bytes(names: Iterable[str], samples: Samples) -> int:
    """Memory (bytes) that tuning and fitting one of some models to rows takes at most, beside the rows themselves.

    The most copies of the rows that any of the models takes (`Model.n_copies`) times their size; `best` takes those of
    the ordinal ridge. An unknown name is a KeyError, and no name a ValueError.

    Examples
    --------
    Two rows of three features in float64 are 48 bytes, of which a logistic regression takes four copies.

    >>> import pandas as pd
    >>> samples = Samples(pd.DataFrame(np.zeros((2, 3))), np.zeros((2, 2)), np.zeros(2, np.uint64))
    >>> fit_bytes(["logistic", "prevalence"], samples)
    192
    """
    n_copies = [MODELS[STEADY if name == BEST else name].n_copies for name in names]
    return int(max(n_copies) * samples.n_bytes)


def takes_mean(compared: Collection[str], n_blocks: int) -> bool:
    """Whether `best` of some models is a mean of candidates, where training rows lie in so many blocks.

    It is with fewer than ten blocks (`FEW_BLOCKS`), if the ordinal ridge (`STEADY`) is among the models.

    Examples
    --------
    >>> takes_mean(["ordinal_ridge", "espa"], 9), takes_mean(["ordinal_ridge"], 10), takes_mean(["espa"], 9)
    (True, False, False)
    """
    return n_blocks < FEW_BLOCKS and STEADY in compared


def mean_of_candidates(inner_folds: InnerFolds, tuning: Tuning) -> tuple[Part, ...]:
    """Fit the candidates of the steady model to all training rows; parts without submodels, their weights sum to 1.

    The steady model is the ordinal ridge. Each candidate is fitted as it is, and scored out of the inner folds
    (`held_out_log_score`), by which it weighs (`candidate_weights`). Parts are in the order of the candidates; those of
    a weight below 0.01 are left out.

    Raises
    ------
    LabelError
        As `InnerFolds.splits`.
    """
    model, n_blocks = MODELS[STEADY], inner_folds.n_blocks
    logger.info("%d training blocks are too few to choose: best is a mean of %s candidates.", n_blocks, model.title)
    fits = [tuning.fixed(each).fit(model, inner_folds) for each in tuning.settings(model).candidates]
    log_scores = np.array([held_out_log_score(model, fitted, inner_folds, tuning) for fitted in fits])
    weights = candidate_weights(log_scores, n_blocks)
    return tuple(
        Part(model, float(weight), {NOTHING: fitted}) for fitted, weight in zip(fits, weights, strict=True) if weight
    )


def candidate_weights(log_scores: FloatArray, n_blocks: int) -> FloatArray:
    """Weights (n_candidate,) by mean log scores (n_candidate,); small ones are 0, and all sum to 1.

    ``w_k ∝ exp(3 · B · s_k)`` with B blocks and the mean log score s of a row, in nats: pseudo-Bayesian weights, a
    block counting for three independent rows. Geisser and Eddy (1979), doi:10.1080/01621459.1979.10481632; Yao et al.
    (2018), doi:10.1214/17-BA1091. A weight below 0.01 (`LEAST_WEIGHT`) when all sum to 1 becomes 0, and the others are
    scaled to sum to 1 again.

    Examples
    --------
    With one block a lead of log(2) / 3 counts double.

    >>> import numpy as np
    >>> candidate_weights(np.array([-1.0, -1.0 - np.log(2) / 3, -9.0]), 1).round(6).tolist()
    [0.666667, 0.333333, 0.0]
    """
    # Relative to the best: exp of a sum over many blocks would underflow for all.
    likelihoods = np.exp(INDEPENDENT_ROWS_PER_BLOCK * n_blocks * (log_scores - log_scores.max()))
    kept = np.where(likelihoods >= LEAST_WEIGHT * likelihoods.sum(), likelihoods, 0.0)
    weights: FloatArray = kept / kept.sum()
    return weights


def best_of(log_scores: Mapping[str, float]) -> str:
    """The name with the highest log score, the first of equals; one name at least.

    Examples
    --------
    >>> best_of({"espa": -0.5, "logistic": -0.4, "latitude": -0.4})
    'logistic'
    """
    return max(log_scores, key=lambda name: log_scores[name])


def statement_of_best(log_scores: Mapping[str, float]) -> dict[str, Any]:
    """``name title chosen``: what `best` is, and what it beat, best first, by log skill over the prevalence.

    ``chosen`` holds ``criterion`` (a text), ``score`` (the skill), ``parts`` (a list of ``name title weight``, the best
    alone) and ``beaten`` (a list of ``name title score``). `log_scores` are mean log scores by name, that of the
    prevalence model among them (else KeyError); skill is 1 − score / that of the prevalence.

    Examples
    --------
    >>> told = statement_of_best({"espa": -0.3, "latitude": -0.35, "prevalence": -0.4})
    >>> told["title"], round(told["chosen"]["score"], 4), [each["name"] for each in told["chosen"]["beaten"]]
    ('best of the compared models: eSPA', 0.25, ['latitude', 'prevalence'])
    """
    skill = {name: 1 - score / log_scores[REFERENCE] for name, score in log_scores.items()}
    first, *others = sorted(skill, key=lambda name: -skill[name])
    return {
        "name": BEST,
        "title": f"{BEST_TITLE}: {MODELS[first].title}",
        "chosen": {
            "criterion": CRITERION,
            "score": skill[first],
            "parts": [{"name": first, "title": MODELS[first].title, "weight": 1.0}],
            "beaten": [{"name": name, "title": MODELS[name].title, "score": skill[name]} for name in others],
        },
    }


def statement_of_mean() -> dict[str, Any]:
    """``name title chosen`` of a mean of candidates; ``chosen`` is null, for nothing was chosen.

    Examples
    --------
    >>> statement_of_mean()
    {'name': 'best', 'title': 'best of the compared models: ordinal ridge, mean of candidates', 'chosen': None}
    """
    return {"name": BEST, "title": f"{BEST_TITLE}: {MODELS[STEADY].title}, mean of candidates", "chosen": None}


def statement(name: str) -> dict[str, Any]:
    """``name title chosen`` of a model that parameters name; ``chosen`` is null, for nothing was compared.

    Examples
    --------
    >>> statement("espa")
    {'name': 'espa', 'title': 'eSPA', 'chosen': None}
    """
    return {"name": name, "title": MODELS[name].title, "chosen": None}
