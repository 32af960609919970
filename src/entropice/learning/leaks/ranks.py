"""Rank correlation of many columns with many others."""

import numpy as np
import pandas as pd

from entropice.types import BoolArray, FloatArray


def rank_correlations(features: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Absolute rank correlation of every feature (rows) with every target (columns); 0 where one is constant.

    An unknown value takes the middle rank, so a feature that is often unknown is judged mildly. Features are
    (n, n_feature), targets (n, n_target), the result (n_feature, n_target).

    Examples
    --------
    >>> import pandas as pd
    >>> features = pd.DataFrame({"rising": [1.0, 2.0, 4.0], "constant": [1.0, 1.0, 1.0]})
    >>> rank_correlations(features, pd.DataFrame({"label": [0.9, 0.5, 0.1]}))["label"].round(6).tolist()
    [1.0, 0.0]
    """
    right = _standard_ranks(targets)
    # One feature at a time: each of the steps below would take memory for all of them.
    products = [_standard_ranks(features[[name]]).T @ right for name in features]
    return pd.DataFrame(
        np.abs(np.concatenate(products)) / len(features), index=features.columns, columns=targets.columns
    )


def areas_under_curves(features: pd.DataFrame, is_positive: BoolArray) -> pd.Series:
    """AUC of every feature by name: the chance that it is larger in a positive row; NaN with one kind of rows.

    Pairs with an unknown value count half, so a feature that is often unknown is judged mildly. Features are columns
    (n, n_feature), `is_positive` is (n,).

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> areas_under_curves(pd.DataFrame({"rain": [1.0, 2.0, 3.0]}), np.array([False, True, True])).to_dict()
    {'rain': 1.0}
    """
    ranks, is_known = features.rank(), features.notna()
    n_positive, n_negative = is_known[is_positive].sum(), is_known[~is_positive].sum()
    n_right = ranks[is_positive].sum() - n_positive * (n_positive + 1) / 2
    n_pairs = int(is_positive.sum()) * int((~is_positive).sum())
    areas: pd.Series = 0.5 + (n_right - n_positive * n_negative / 2) / (n_pairs if n_pairs else np.nan)
    return areas


def _standard_ranks(frame: pd.DataFrame) -> FloatArray:
    ranks = frame.rank()
    centred = ranks.sub(ranks.mean()).fillna(0.0).to_numpy(dtype=np.float64)
    spread = np.sqrt((centred**2).mean(axis=0))
    return np.asarray(centred / np.where(spread > 0, spread, np.inf), dtype=np.float64)
