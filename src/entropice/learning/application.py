"""A finished model applied to cells and years that it was not trained on, and how far these are from its training."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.learning.portable import TOLD, PortableModel, is_outside
from entropice.learning.prediction import predict_block, tell_unknown
from entropice.learning.samples import Samples
from entropice.types import Dataset

OUTSIDE: Final = "n_features_outside_range"
"""Column: how many features of a cell lie beyond the range of the training rows."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ranges:
    """What features take in some rows; sums and extremes alone, so that those of several blocks are those of all.

    Attributes
    ----------
    by_feature
        ``minimum maximum n_unknown n_outside`` of each feature of the model, by its name; NaN where none is known.
    unknown_by_group
        Rows that know no feature of a group, by its name.
    """

    by_feature: pd.DataFrame
    unknown_by_group: "pd.Series[int]"


def apply(model: PortableModel, blocks: Iterable[tuple[pd.DataFrame, Samples]]) -> tuple[pd.DataFrame, Ranges]:
    """Predict rows with doubts, some at a time.

    Parameters
    ----------
    model
        Of a finished run, as `portable.unpack` gives it.
    blocks
        Rows of some samples and ``cell_id year`` of these; each is asked for when it is predicted. One block at least,
        else ValueError.

    Returns
    -------
    DataFrame
        The columns of the dataset ``predictions`` (those of `prediction.predict_map`) and ``n_features_outside_range``,
        row by row of all blocks (n), indexed from 0.
    Ranges
        What features take in all rows.

    Raises
    ------
    FeatureError
        If the samples lack a feature of the model.
    """
    predicted, ranges = zip(*(_applied(model, keys, samples) for keys, samples in blocks), strict=True)
    predictions = pd.concat(predicted, ignore_index=True)
    tell_unknown(predictions)
    return predictions, _joined(ranges)


def _applied(model: PortableModel, keys: pd.DataFrame, samples: Samples) -> tuple[pd.DataFrame, Ranges]:
    predictions = predict_block(model.predictor, model.classes, model.doubts, keys, samples)
    outside = is_outside(model, samples.features)
    features = samples.features[list(model.feature_names)]
    of_features = {
        "minimum": features.min(),
        "maximum": features.max(),
        "n_unknown": features.isna().sum(),
        "n_outside": outside.sum(),
    }
    told = predictions.assign(**{OUTSIDE: outside.sum(axis=1).to_numpy(dtype=np.int64)})
    return told, Ranges(pd.DataFrame(of_features), samples.unknown_groups().sum())


def _joined(ranges: Sequence[Ranges]) -> Ranges:
    by_feature = pd.concat([each.by_feature for each in ranges]).groupby(level=0, sort=False)
    how = {"minimum": "min", "maximum": "max", "n_unknown": "sum", "n_outside": "sum"}
    by_group = pd.concat([each.unknown_by_group for each in ranges]).groupby(level=0, sort=False)
    return Ranges(by_feature.agg(how), by_group.sum())


def check_of(model: PortableModel, predictions: pd.DataFrame, ranges: Ranges, cube: Dataset) -> dict[str, Any]:
    """Say how far what was predicted lies from the training rows, as plain values; the log says it in a line.

    `predictions` (n) and their ranges are those of `apply`; shares are of these rows, 0 to 1. `cube` describes the
    features, on dims (cell, year). One row at least. What was said in training are ``units group statistic source years
    minimum maximum``; where ``source_here`` or ``years_here`` are others, a warning tells how many features and the
    first of them.

    Returns
    -------
    dict
        ``grid trained_on_years years n_cell_years share_predicted share_applicable share_with_features_outside_range
        share_unknown_by_group features``, the last a list with an entry a feature of the model: ``name``, what was said
        of it in training, ``source_here years_here minimum_here maximum_here share_unknown share_outside_range``; ends
        are None where no row knows it.
    """
    n = len(predictions)
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
        "n_cell_years": n,
        **shares,
        "share_unknown_by_group": {name: n_unknown / n for name, n_unknown in ranges.unknown_by_group.items()},
        "features": _of_features(model, ranges, others, n),
    }


def _of_features(
    model: PortableModel, ranges: Ranges, others: Mapping[tuple[str, str], str], n: int
) -> list[dict[str, Any]]:
    here = ranges.by_feature.to_dict("index")
    return [
        {
            "name": name,
            **model.features[name],
            **{f"{key}_here": others.get((name, key), model.features[name][key]) for key in TOLD},
            "minimum_here": _plain(here[name]["minimum"]),
            "maximum_here": _plain(here[name]["maximum"]),
            "share_unknown": here[name]["n_unknown"] / n,
            "share_outside_range": here[name]["n_outside"] / n,
        }
        for name in model.feature_names
    ]


def _share(chosen: Any) -> float:
    return float(chosen.mean())


def _plain(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
