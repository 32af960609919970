"""A finished model applied to cells and years that it was not trained on, and how far these are from its training."""

import logging
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.learning.doubts.doubts import add_doubts
from entropice.learning.portable import TOLD, PortableModel, is_outside
from entropice.learning.prediction import predict_cells
from entropice.learning.samples import Samples
from entropice.types import Dataset

OUTSIDE: Final = "n_features_outside_range"
"""Column: how many features of a cell lie beyond the range of the training rows."""

logger = logging.getLogger(__name__)


def apply(model: PortableModel, keys: pd.DataFrame, samples: Samples) -> pd.DataFrame:
    """Predict each row of some samples, which ``cell_id year`` of `keys` name, with doubts.

    Returns
    -------
    DataFrame
        The columns of the dataset ``predictions`` and `OUTSIDE`, row by row of the samples (n).

    Raises
    ------
    FeatureError
        If the samples lack a feature of the model.
    """
    predictions = add_doubts(predict_cells(model.predictor, model.classes, keys, samples), samples, model.doubts)
    return predictions.assign(**{OUTSIDE: is_outside(model, samples.features).sum(axis=1).to_numpy(dtype=np.int64)})


def check_of(model: PortableModel, predictions: pd.DataFrame, samples: Samples, cube: Dataset) -> dict[str, Any]:
    """Say how far what was predicted lies from the training rows, as plain values; the log says it in a line.

    `predictions` has the columns that `apply` gives, row by row of the samples (n); shares are of these rows, 0 to 1.
    `cube` describes the features, on dims (cell, year).
    """
    shares = {
        "share_predicted": _share(predictions["p_any"].notna()),
        "share_applicable": _share(predictions["is_applicable"]),
        "share_with_features_outside_range": _share(predictions[OUTSIDE] > 0),
    }
    others = model.differences(cube)
    logger.info(
        "%d cells and years: %.0f %% are like the training data, %.0f %% have a feature beyond its range there.",
        len(predictions),
        100 * shares["share_applicable"],
        100 * shares["share_with_features_outside_range"],
    )
    if others:
        (name, key), here = next(iter(others.items()))
        logger.warning(
            "%d features are of other sources or years than in training, such as %s: %s, not %s.",
            len({name for name, _ in others}),
            name,
            here,
            model.features[name][key],
        )
    return {
        "grid": model.grid,
        "trained_on_years": list(model.label_years),
        "years": sorted(predictions["year"].unique().tolist()),
        "n_cell_years": len(predictions),
        **shares,
        "share_unknown_by_group": {name: _share(unknown) for name, unknown in samples.unknown_groups().items()},
        "features": _of_features(model, samples.features, others),
    }


def _of_features(
    model: PortableModel, features: pd.DataFrame, others: Mapping[tuple[str, str], str]
) -> list[dict[str, Any]]:
    outside = is_outside(model, features)
    return [
        {
            "name": name,
            **model.features[name],
            **{f"{key}_here": others.get((name, key), model.features[name][key]) for key in TOLD},
            "minimum_here": _plain(features[name].min()),
            "maximum_here": _plain(features[name].max()),
            "share_unknown": _share(features[name].isna()),
            "share_outside_range": _share(outside[name]),
        }
        for name in model.feature_names
    ]


def _share(chosen: Any) -> float:
    return float(chosen.mean())


def _plain(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
