"""Rank correlation of many columns with many others."""

import numpy as np
import pandas as pd

from entropice.types import BoolArray, FloatArray


def rank_correlations(features: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Absolute rank correlation of every feature (rows) with every target (columns); 0 where one is constant.

    An unknown value takes the middle rank, so a feature that is often unknown is judged mildly.
    """
    left, right = _standard_ranks(features), _standard_ranks(targets)
    return pd.DataFrame(np.abs(left.T @ right) / len(features), index=features.columns, columns=targets.columns)


def areas_under_curves(features: pd.DataFrame, is_positive: BoolArray) -> pd.Series:
    """AUC of every feature by name: the chance that it is larger in a positive row; NaN with one kind of rows.

    An unknown value takes the middle rank.
    """
    ranks = features.rank().apply(lambda column: column.fillna(column.mean()))
    n_positive, n_negative = int(is_positive.sum()), int((~is_positive).sum())
    if n_positive == 0 or n_negative == 0:
        return pd.Series(np.nan, index=features.columns)
    right: pd.Series = ranks[is_positive].sum() - n_positive * (n_positive + 1) / 2
    return right / (n_positive * n_negative)


def _standard_ranks(frame: pd.DataFrame) -> FloatArray:
    ranks = frame.rank()
    centred = ranks.sub(ranks.mean()).fillna(0.0).to_numpy(dtype=np.float64)
    spread = np.sqrt((centred**2).mean(axis=0))
    return np.asarray(centred / np.where(spread > 0, spread, np.inf), dtype=np.float64)
