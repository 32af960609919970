"""What each box of the map's model is: its typical values, its share of rows and of land, its class probabilities.

Only a model that puts every row into one box tells them. An ensemble averages over members with boxes of their own, on
components that mix features: nothing there is a box of the map.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.learning.drivers.stated_columns import without_rows
from entropice.learning.exposure import EXPOSURE
from entropice.learning.models.model import Boxes
from entropice.learning.predictor import Part
from entropice.learning.samples import Samples, predict_all_classes
from entropice.types import FloatArray

N_VALUES: Final = 8
"""Typical values that are told of each box."""

SHARES: Final = {
    "box": "int64",
    "n_training_rows": "int64",
    "share_of_training_rows": "float64",
    "share_of_land": "float64",
    "p_any": "float64",
}
VALUES: Final = {
    "box": "int64",
    "rank": "int64",
    "feature": "str",
    "value": "float64",
    "low_80": "float64",
    "high_80": "float64",
    "mean": "float64",
    "departure_sd": "float64",
    "share": "float64",
}


def box_tables(
    part: Part, class_names: Sequence[str], observed: Samples, on_map: Iterable[Samples]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell the boxes of a model that is fitted to all feature groups.

    Parameters
    ----------
    part
        The model that draws the map.
    class_names
        In order.
    observed
        Its training rows (n).
    on_map
        The cells and years of the map, some at a time, each exposed by its land; asked for where there are boxes.

    Returns
    -------
    DataFrame
        Columns ``box n_training_rows share_of_training_rows share_of_land p_any p_<class>…`` (`SHARES`), a row for each
        box, from 0. ``p_any`` and ``p_<class>`` are what the model says at the box's centre. ``share_of_land`` is the
        part of the land of all cells and years that falls into the box; what a submodel predicts falls into none.
    DataFrame
        ``box rank feature value low_80 high_80 mean departure_sd share`` (`VALUES`), up to eight rows a box: the
        features that set it apart. ``value`` is the box's centre in the unit of the feature, beside the ``mean`` of all
        training rows, ``departure_sd`` of their standard deviations away; 80 % of the box's own training rows lie from
        ``low_80`` to ``high_80``, the 10 % and 90 % quantiles, linear between rows (NaN where none knows the feature).
        ``share`` is the feature's part of the squared distance between the two as the model measures it, by which
        features are ranked, from 1; those with a share of 0 are left out. The exposure is not told.

    Both have no rows where the model has no boxes.
    """
    shares = SHARES | {f"p_{name}": "float64" for name in class_names}
    boxes = part.model.boxes
    if boxes is None:
        return without_rows(shares), without_rows(VALUES)
    seen = part.whole.view(observed)
    box_of_row = boxes.of(part.whole, seen)
    centers = pd.DataFrame(boxes.centers(part.whole), columns=seen.columns)
    probabilities = predict_all_classes(part.whole.estimator, centers, len(class_names))
    n_rows = np.bincount(box_of_row, minlength=len(centers))
    table = pd.DataFrame(
        {
            "box": np.arange(len(centers)),
            "n_training_rows": n_rows,
            "share_of_training_rows": n_rows / len(box_of_row),
            "share_of_land": shares_of_land(part, on_map, len(centers)),
            "p_any": 1 - probabilities[:, 0],
        }
    ).join(pd.DataFrame(probabilities, columns=[f"p_{name}" for name in class_names]))
    return table.astype(shares), _typical_values(part, boxes, centers, seen, pd.Series(box_of_row, seen.index))


def shares_of_land(part: Part, on_map: Iterable[Samples], n_boxes: int) -> FloatArray:
    """Part (n_box,) of all land that falls into each box; they sum to 1 but for what a submodel predicts.

    `on_map` gives the cells and years of the map, some at a time, exposed by their land: the exposure is its logarithm.
    At least one block.

    Raises
    ------
    ValueError
        If the model has no boxes.

    Examples
    --------
    Two, one and one m² of land; what a submodel predicts is in no box.

    >>> from types import SimpleNamespace
    >>> land = pd.DataFrame({"log_land_area": np.log([2.0, 1.0, 1.0])})
    >>> block = Samples(land, np.zeros((3, 2)), np.zeros(3, np.uint64))
    >>> part = SimpleNamespace(boxes=lambda samples: np.array([1.0, 0.0, np.nan]))
    >>> shares_of_land(part, [block], n_boxes=2).round(6).tolist()
    [0.25, 0.5]
    """
    of_blocks = [(np.exp(block.features[EXPOSURE].to_numpy()), part.boxes(block)) for block in on_map]
    land_area_m2, box_of_row = (np.concatenate(rows) for rows in zip(*of_blocks, strict=True))
    is_in_a_box = ~np.isnan(box_of_row)
    areas_m2 = np.bincount(box_of_row[is_in_a_box].astype(np.int64), land_area_m2[is_in_a_box], n_boxes)
    shares: FloatArray = areas_m2 / land_area_m2.sum()
    return shares


def _typical_values(
    part: Part, boxes: Boxes, centers: pd.DataFrame, seen: pd.DataFrame, box_of_row: "pd.Series[int]"
) -> pd.DataFrame:
    # By the model's own metric: a feature that it does not weigh may lie far off in a box by chance, and decides
    # nothing.
    parts = ((centers - seen.mean()) ** 2).mul(boxes.metric(part.whole), axis=1)
    shares = parts.div(parts.sum(axis=1), axis=0).drop(columns=EXPOSURE, errors="ignore")
    told = [
        _values_of_box(box, shares.loc[box], centers.loc[box], seen, (box_of_row == box).to_numpy())
        for box in centers.index
    ]
    return pd.concat(told, ignore_index=True).astype(VALUES)


def _values_of_box(
    box: int, shares: "pd.Series[float]", center: "pd.Series[float]", seen: pd.DataFrame, is_inside: "np.ndarray"
) -> pd.DataFrame:
    largest = shares.sort_values(ascending=False, kind="stable").head(N_VALUES)
    names = list(largest.index[largest > 0])
    means, ends = seen[names].mean(), seen.loc[is_inside, names].quantile([0.1, 0.9])
    return pd.DataFrame(
        {
            "box": box,
            "rank": np.arange(1, len(names) + 1),
            "feature": names,
            "value": center[names].to_numpy(),
            "low_80": ends.loc[0.1].to_numpy(),
            "high_80": ends.loc[0.9].to_numpy(),
            "mean": means.to_numpy(),
            "departure_sd": ((center[names] - means) / seen[names].std(ddof=0)).to_numpy(),
            "share": shares[names].to_numpy(),
        }
    )
