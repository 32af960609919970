"""Predictions of every model for every cell and year by a fit that has not seen it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.best import inner_log_scores, weights_of_best
from entropice.learning.classes import DensityClasses, fit_classes, in_class_order
from entropice.learning.folds import TEST, TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.predictor import fit_part
from entropice.learning.samples import Samples
from entropice.learning.training_table import KEYS
from entropice.learning.tuning import Tuning
from entropice.progress import progress
from entropice.types import BoolArray


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
        The training table.
    samples
        What models may see of its rows.
    folds
        ``scheme fold cell_id year role``.
    models
        Names in the registry, and `best` for the best of them in the inner folds of each fold's training rows.
    tuning
        How the models' parameters are chosen, in each fold anew.

    Returns
    -------
    fold_classes
        Classes (as `DensityClasses.to_json`) by "scheme/fold".
    out_of_fold
        ``scheme fold model cell_id year class_ p_<class>…``; ``class_`` is the true class under the fold's edges, and
        a class that a fold lacks has probability 0.

    Raises
    ------
    LabelError
        If the training rows of a fold have no positive.
    """
    fold_classes, pieces = {}, []
    names = folds[["scheme", "fold"]].drop_duplicates()
    for scheme, fold in progress(list(names.itertuples(index=False, name=None)), "out-of-fold predictions"):
        roles = folds[(folds["scheme"] == scheme) & (folds["fold"] == fold)]
        is_train, is_test = (has_role(table, roles, role) for role in (TRAIN, TEST))
        classes = _fit_fold_classes(table[is_train], n_classes, f"{scheme}/{fold}")
        fold_classes[f"{scheme}/{fold}"] = classes.to_json()
        predicted = _predict_fold(table, samples, models, classes, is_train, is_test, tuning)
        pieces.append(predicted.assign(scheme=scheme, fold=fold))
    return fold_classes, _in_contract_order(pd.concat(pieces, ignore_index=True))


def _fit_fold_classes(training: pd.DataFrame, n_classes: int, name: str) -> DensityClasses:
    try:
        return fit_classes(training["rts_area_fraction"].to_numpy(), n_classes)
    except LabelError as error:
        error.add_note(f"This happened in the training rows of fold {name}.")
        raise


def _predict_fold(
    table: pd.DataFrame,
    samples: Samples,
    models: Sequence[str],
    classes: DensityClasses,
    is_train: BoolArray,
    is_test: BoolArray,
    tuning: Tuning,
) -> pd.DataFrame:
    """Fit models to the training rows; stack their predictions of the test rows."""
    codes = classes.assign(table["rts_area_fraction"].to_numpy())
    truth = table.loc[is_test, KEYS].assign(class_=np.array(classes.names)[codes[is_test]])
    columns = [f"p_{name}" for name in classes.names]
    inner_folds = tuning.inner_folds(samples.where(is_train), codes[is_train])
    tested = samples.where(is_test)
    patterns = [unknown for unknown, _ in tested.patterns()]
    compared = [name for name in models if name != BEST]
    parts = {name: fit_part(MODELS[name], inner_folds, tuning, patterns, 1.0) for name in compared}
    probabilities = {name: part.predict_proba(tested, len(classes.names)) for name, part in parts.items()}
    if BEST in models:
        log_scores = inner_log_scores({name: part.whole for name, part in parts.items()}, inner_folds, tuning)
        weights = weights_of_best(log_scores, len(np.unique(inner_folds.samples.blocks)))
        probabilities[BEST] = np.sum([weight * probabilities[name] for name, weight in weights.items()], axis=0)
    pieces = [
        truth.assign(model=name, **dict(zip(columns, of_model.T, strict=True)))
        for name, of_model in probabilities.items()
    ]
    return pd.concat(pieces, ignore_index=True)


def _in_contract_order(frame: pd.DataFrame) -> pd.DataFrame:
    names = in_class_order({column.removeprefix("p_") for column in frame.columns if column.startswith("p_")})
    columns = [f"p_{name}" for name in names]
    frame = frame.fillna(dict.fromkeys(columns, 0.0))
    return frame[["scheme", "fold", "model", *KEYS, "class_", *columns]]
