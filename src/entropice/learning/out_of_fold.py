"""Predictions of every model for every cell and year by a fit that has not seen it."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.best import best_of, fit_bytes, inner_log_score, mean_of_candidates, takes_mean
from entropice.learning.classes import DensityClasses, fit_classes, in_class_order
from entropice.learning.folds import TEST, TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.predictor import Part, Predictor, fit_part, with_submodels
from entropice.learning.samples import Groups, Samples
from entropice.learning.training_table import KEYS
from entropice.learning.tuning import Tuning
from entropice.processes import side_by_side
from entropice.types import BoolArray, FloatArray, IntArray

logger = logging.getLogger(__name__)


def predict_out_of_fold(
    table: pd.DataFrame,
    samples: Samples,
    folds: pd.DataFrame,
    models: Sequence[str],
    n_classes: int,
    tuning: Tuning,
) -> tuple[dict[str, dict[str, Any]], pd.DataFrame]:
    """Fit classes and models on each fold's training rows alone, then predict its test rows.

    Parameters
    ----------
    table
        The training table, columns ``cell_id year rts_area_fraction`` and more, (n).
    samples
        What models may see of its rows (n).
    folds
        Columns ``scheme fold cell_id year role``.
    models
        Names in the registry, and `best` for the best of them in the inner folds of each fold's training rows: that of
        the highest `best.inner_log_score`, the first of equals, or `best.mean_of_candidates` where `best.takes_mean`
        says so.
    n_classes
        Of each fold at most, as `fit_classes` takes it.
    tuning
        How the models' parameters are chosen, in each fold anew.

    Returns
    -------
    fold_classes
        Classes (as `DensityClasses.to_json`) by "scheme/fold".
    out_of_fold
        ``scheme fold model cell_id year class_ p_<class>…``, a row per fold, model and tested row, fold by fold and
        model by model; ``class_`` is the true class under the fold's edges, and a class that a fold lacks has
        probability 0. A row of which a fit knows too little to predict it is told the shares of the classes among the
        training rows of its fold, as the prevalence model tells all: it adds no skill. A warning counts such rows.

    Raises
    ------
    LabelError
        If the training rows of a fold have no positive, or too few blocks or classes for inner folds where these are
        needed.
    ConfigError
        If a fit needs more memory than may be taken; none has been begun.
    """
    names = folds[["scheme", "fold"]].drop_duplicates().itertuples(index=False, name=None)
    cuts = [_cut(table, samples, folds, scheme, fold, n_classes) for scheme, fold in names]
    tasks = [(cut, name) for cut in cuts for name in models if name != BEST or takes_mean(models, cut.n_blocks)]
    forecast = partial(_forecast, samples, tuning, BEST in models)
    n_bytes = fit_bytes(models, samples)
    what, n_shared_bytes = "out-of-fold predictions", samples.n_bytes
    forecasts = side_by_side(forecast, tasks, what, tuning.n_processes, n_bytes, n_shared_bytes)
    found = {(cut.name, name): forecast for (cut, name), forecast in zip(tasks, forecasts, strict=True)}
    pieces = []
    for cut in cuts:
        of_models = {name: found[cut.name, name] for name in models if (cut.name, name) in found}
        # The best model is chosen by folds inside the training rows, never by the rows that are tested here: a choice
        # by these would be scored on what it was made by.
        if BEST in models and BEST not in of_models:
            best = best_of({name: each.inner_log_score for name, each in of_models.items()})
            of_models[BEST] = of_models[best]
        pieces.append(_told(table, cut, _whole(cut, of_models)))
    return {cut.name: cut.classes.to_json() for cut in cuts}, _in_contract_order(pd.concat(pieces, ignore_index=True))


def predict_by_every_fold(
    table: pd.DataFrame,
    samples: Samples,
    folds: pd.DataFrame,
    model: str,
    n_classes: int,
    tuning: Tuning,
    asked: Callable[[], Iterable[Samples]],
) -> FloatArray:
    """Predict other rows by the fit to each fold's training rows, whether a fit has seen them or not.

    Parameters, columns and errors are those of `predict_out_of_fold`, of one scheme and model, not `best`; `asked`
    gives the rows that are asked of every fit, some at a time, whenever it is called.

    Returns
    -------
    FloatArray
        Chance of any slump (n_fold, n_asked), folds in the order of the table; NaN where a fit knows too little.
    """
    cuts = [
        _cut(table, samples, folds, scheme, fold, n_classes)
        for scheme, fold in folds[["scheme", "fold"]].drop_duplicates().itertuples(index=False, name=None)
    ]
    patterns = frozenset().union(*(block.lacking for block in asked()))
    fit = partial(_fit_of_cut, samples, tuning, model, patterns)
    n_bytes, what = fit_bytes([model], samples), "predictions of the map by every fold"
    fits = side_by_side(fit, cuts, what, tuning.n_processes, n_bytes, samples.n_bytes)
    # Every fit is asked about a block before the next one is read.
    chances = [
        [1 - part.predict_proba(block, len(cut.classes.names))[:, 0] for part, cut in zip(fits, cuts, strict=True)]
        for block in asked()
    ]
    return np.concatenate(chances, axis=1)


def _fit_of_cut(samples: Samples, tuning: Tuning, model: str, patterns: frozenset[Groups], cut: "_Cut") -> Part:
    return fit_part(MODELS[model], cut.inner_folds(samples, tuning), tuning, patterns, 1.0)


@dataclass(frozen=True)
class _Cut:
    """A fold: which rows (n,) it trains on and tests, how many blocks hold the former, and the classes of those."""

    scheme: str
    fold: int
    is_train: BoolArray
    is_test: BoolArray
    n_blocks: int
    codes: IntArray
    classes: DensityClasses

    @property
    def name(self) -> str:
        return f"{self.scheme}/{self.fold}"

    @property
    def shares(self) -> FloatArray:
        """Part (n_class,) of the training rows that is of each class."""
        counts = np.bincount(self.codes[self.is_train], minlength=len(self.classes.names))
        return np.asarray(counts / counts.sum(), dtype=np.float64)

    def inner_folds(self, samples: Samples, tuning: Tuning) -> InnerFolds:
        """Of the training rows."""
        return tuning.inner_folds(samples.where(self.is_train), self.codes[self.is_train])


@dataclass(frozen=True)
class _Forecast:
    """Probabilities (n_test, n_class), and the score of a compared model in the folds inside the training rows."""

    probabilities: FloatArray
    inner_log_score: float


def _cut(table: pd.DataFrame, samples: Samples, folds: pd.DataFrame, scheme: str, fold: int, n_classes: int) -> _Cut:
    roles = folds[(folds["scheme"] == scheme) & (folds["fold"] == fold)]
    is_train, is_test = (has_role(table, roles, role) for role in (TRAIN, TEST))
    fractions = table["rts_area_fraction"].to_numpy()
    try:
        classes = fit_classes(fractions[is_train], n_classes)
    except LabelError as error:
        error.add_note(f"This happened in the training rows of fold {scheme}/{fold}.")
        raise
    # Edges come from training rows alone and are applied to all: the test rows' own quantiles would tell how many of
    # them have many slumps.
    n_blocks = len(np.unique(samples.blocks[is_train]))
    return _Cut(scheme, fold, is_train, is_test, n_blocks, classes.assign(fractions), classes)


def _forecast(samples: Samples, tuning: Tuning, is_compared: bool, task: tuple[_Cut, str]) -> _Forecast:
    """Fit a model to a fold's training rows and predict its test rows; score it inside where it is compared.

    In place of a model, `best` is a mean of candidates.
    """
    cut, name = task
    inner_folds = cut.inner_folds(samples, tuning)
    tested, n_classes = samples.where(cut.is_test), len(cut.classes.names)
    patterns = [unknown for unknown, _ in tested.patterns()]
    if name == BEST:
        parts = [
            with_submodels(part, inner_folds, tuning, patterns) for part in mean_of_candidates(inner_folds, tuning)
        ]
        return _Forecast(Predictor(tuple(parts)).predict_proba(tested, n_classes), np.nan)
    part = fit_part(MODELS[name], inner_folds, tuning, patterns, 1.0)
    log_score = inner_log_score(part.model, part.whole, inner_folds, tuning) if is_compared else np.nan
    return _Forecast(part.predict_proba(tested, n_classes), log_score)


def _whole(cut: _Cut, forecasts: Mapping[str, _Forecast]) -> dict[str, FloatArray]:
    """Probabilities (n_test, n_class) of each model, the shares of the training rows where it has none.

    Left out, such rows would be told what the map says of them, and the map's model has seen them.
    """
    is_unknown = {name: np.asarray(np.isnan(each.probabilities).any(axis=1)) for name, each in forecasts.items()}
    if n_unknown := np.count_nonzero(np.any(list(is_unknown.values()), axis=0)):
        logger.warning(
            "Fold %s: %d tested rows know only what none of its training rows does. Models that need it tell them the "
            "shares of the classes.",
            cut.name,
            n_unknown,
        )
    return {
        name: np.where(is_unknown[name][:, None], cut.shares, each.probabilities) for name, each in forecasts.items()
    }


def _told(table: pd.DataFrame, cut: _Cut, probabilities: Mapping[str, FloatArray]) -> pd.DataFrame:
    """Rows of the contract for the tested rows of a fold, model by model."""
    truth = table.loc[cut.is_test, KEYS].assign(
        class_=np.array(cut.classes.names)[cut.codes[cut.is_test]], scheme=cut.scheme, fold=cut.fold
    )
    columns = [f"p_{name}" for name in cut.classes.names]
    return pd.concat(
        [
            truth.assign(model=name, **dict(zip(columns, of_model.T, strict=True)))
            for name, of_model in probabilities.items()
        ],
        ignore_index=True,
    )


def _in_contract_order(frame: pd.DataFrame) -> pd.DataFrame:
    names = in_class_order({column.removeprefix("p_") for column in frame.columns if column.startswith("p_")})
    columns = [f"p_{name}" for name in names]
    frame = frame.fillna(dict.fromkeys(columns, 0.0))
    return frame[["scheme", "fold", "model", *KEYS, "class_", *columns]]
