"""What the AUC under kNNDM folds lacks to be that of the map.

K folds test observed cells, as far as each was searched, by fits of (K − 1)/K of the rows; a map speaks of all land,
searched in full, by a fit of all rows. Two steps lead from the one to the other, by labels that the folds know.

To all land: the more cells differ, the better they can be told apart. Were some chances true, cells with those chances
would have an AUC that follows from them alone, the model-based concordance (van Klaveren et al. 2016,
doi:10.1002/sim.6997). The step is that of the folds' fits over all land minus that of the tested cells, with chances
recalibrated by intercept and slope out of fold.

To all rows: fits without two folds tell what is lost from (K − 1)/K of the rows to (K − 2)/K. If what is missing falls
as 1/n, a fit of all rows gains (K − 2)/K of that. Fits that know their rows by heart, as forests do, are judged like
others, for no row is asked of a fit that has seen it.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import expit

from entropice.learning.best import FEW_BLOCKS
from entropice.learning.classes import CLASS_ORDER
from entropice.learning.folds import TEST, TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.out_of_fold import predict_by_every_fold, predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.scores.auc import AUC
from entropice.learning.scores.calibration import recalibration
from entropice.learning.scores.forecast import Forecast
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.skills import log_odds
from entropice.learning.tuning import Tuning
from entropice.types import BoolArray, FloatArray, IntArray

SCHEME = "knndm"
"""Whose folds are those of a map."""

_NONE = CLASS_ORDER[0]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Steps:
    """What is added to an AUC under kNNDM folds; NaN where that is not defined.

    Attributes
    ----------
    to_all_land
        From the tested cells to all cells of the map.
    to_all_rows
        From fits without a fold to a fit of all rows.
    """

    to_all_land: float
    to_all_rows: float


def carried(scores: pd.DataFrame, model: str, steps: Steps) -> pd.DataFrame:
    """Scores with the AUC of what draws the map, and the ends of its interval, carried on from the folds to the map.

    Columns ``scheme model score value low_95 high_95`` and more; moved are the rows of the scheme ``knndm``, the model
    and the score ``auc``; all others are as they were, and so is the given table. Both steps are added, and the result
    is kept within 0 and 1. Where a step is NaN so are value and ends.

    Examples
    --------
    >>> scores = pd.DataFrame({"scheme": ["knndm", "spatial"], "model": "espa", "score": "auc", "value": 0.75})
    >>> told = carried(scores.assign(low_95=0.5, high_95=0.9), "espa", Steps(to_all_land=0.125, to_all_rows=0.0))
    >>> told[["value", "low_95", "high_95"]].values.tolist()
    [[0.875, 0.625, 1.0], [0.75, 0.5, 0.9]]
    """
    is_of_map = (scores["scheme"] == SCHEME) & (scores["model"] == model) & (scores["score"] == AUC.name)
    columns, moved = ["value", "low_95", "high_95"], scores.copy()
    ends = scores.loc[is_of_map, columns] + steps.to_all_land + steps.to_all_rows
    moved.loc[is_of_map, columns] = ends.clip(*AUC.range)
    return moved


def steps_to_map(
    name: str,
    table: pd.DataFrame,
    samples: Samples,
    folds: pd.DataFrame,
    out_of_fold: pd.DataFrame,
    map_rows: Callable[[], Iterable[Samples]],
    n_classes: int,
    tuning: Tuning,
) -> Steps:
    """Fit a model to the rows of each fold, and to those of each pair of folds less, and compare.

    Parameters
    ----------
    name
        In the registry.
    table, samples
        As `predict_out_of_fold` takes them.
    folds, out_of_fold
        Columns ``scheme fold cell_id year role`` and ``scheme fold cell_id year class_ p_<class>…``, of any schemes,
        kNNDM among them; the predictions of the model alone.
    map_rows
        Gives all cells and years of the map, at their full land area, as `predict_by_every_fold` asks for them.
    n_classes, tuning
        As `predict_out_of_fold` takes them.

    Returns
    -------
    Steps
        What the AUC under kNNDM folds lacks, by `step_to_all_land` and `step_to_all_rows`. To all rows it is 0 where
        the rows without two folds are too few to fit: fewer than ten blocks (`best.FEW_BLOCKS`), or slumps in all of
        them or none; a warning says so.

    Raises
    ------
    LabelError
        As `predict_out_of_fold`.
    """
    folds = folds[folds["scheme"] == SCHEME]
    held_out = out_of_fold[out_of_fold["scheme"] == SCHEME]
    chance, is_positive = _chance(held_out), _is_positive(held_out)
    fold = held_out["fold"].to_numpy()
    on_map = predict_by_every_fold(table, samples, folds, name, n_classes, tuning, map_rows)
    fewer = _out_of_two_folds(name, table, samples, folds, n_classes, tuning)
    return Steps(
        step_to_all_land(chance, is_positive, fold, on_map[:, ~np.isnan(on_map).any(axis=0)]),
        0.0 if fewer is None else step_to_all_rows(expected_auc(chance, is_positive, fold), *fewer),
    )


def step_to_all_land(chance: FloatArray, is_positive: BoolArray, fold: IntArray, on_map: FloatArray) -> float:
    """Mean model-based concordance of the folds' fits on the map (n_fold, n_map) minus that of the tested rows (n,).

    `chance` (n,), `is_positive` (n,) and `fold` (n,) are those of rows out of fold. Chances of both are recalibrated by
    these rows (`recalibration`), or taken as they are where no regression exists. NaN where either side has no pair, or
    the map a NaN. van Klaveren et al. (2016), doi:10.1002/sim.6997. Recalibrated is ``logit⁻¹(a + b log_odds(p))`` with
    intercept a and slope b.

    Examples
    --------
    One chance for all tested rows has an AUC of 1/2 and tells no regression; the map tells cells apart for certain.

    >>> import numpy as np
    >>> step_to_all_land(np.array([0.5, 0.5]), np.array([True, False]), np.array([0, 0]), np.array([[0.0, 1.0]]))
    0.5
    """
    # Both sides of the difference are expectations under the same chances: what these are wrong by is wrong in both.
    recalibrated = _recalibration(chance, is_positive)
    one = np.zeros(on_map.shape[1], dtype=np.int64)
    of_map = [expected_auc(each, recalibrated(each), one) for each in on_map]
    return float(np.mean(of_map)) - expected_auc(chance, recalibrated(chance), fold)


def step_to_all_rows(auc: float, auc_of_fewer: float, n_folds: int) -> float:
    """What a fit of all rows gains over fits without one of K folds, by what those gain over fits without two.

    With a lack of c / n at n rows, ``c K/(K−1) − c = [c K/(K−2) − c K/(K−1)] (K − 2) / K``. 0 with two folds.

    Examples
    --------
    >>> round(step_to_all_rows(0.80, 0.77, n_folds=5), 6)
    0.018
    """
    return (auc - auc_of_fewer) * (n_folds - 2) / n_folds


def expected_auc(chance: FloatArray, true: FloatArray | BoolArray, group: IntArray) -> float:
    """AUC of chances (n,) where rows have slumps with some true chances (n,), over pairs of the same group (n,).

    Ties count half, and a row is paired with itself, too. NaN where no group has a pair. ``Σ_{ij} q_i (1 − q_j) ([p_i >
    p_j] + ½ [p_i = p_j]) / Σ_{ij} q_i (1 − q_j)`` with the true chances q: the model-based concordance (van Klaveren et
    al. 2016, doi:10.1002/sim.6997).

    Examples
    --------
    True chances of 0 and 1 give the AUC itself: three pairs of four are in order.

    >>> import numpy as np
    >>> chance, zeros = np.array([0.9, 0.6, 0.4, 0.7]), np.zeros(4, dtype=np.int64)
    >>> round(expected_auc(chance, np.array([True, True, False, False]), zeros), 6)
    0.75
    """
    right = pairs = 0.0
    for each in np.unique(group):
        # By steps of equal chance and cumulated weights: all pairs of a map would be some 10¹⁰.
        _, step = np.unique(chance[group == each], return_inverse=True)
        with_slumps = np.bincount(step, weights=true[group == each])
        without = np.bincount(step) - with_slumps
        right += float(with_slumps @ (without.cumsum() - without / 2))
        pairs += float(with_slumps.sum() * without.sum())
    return right / pairs if pairs > 0 else np.nan


def _recalibration(chance: FloatArray, is_positive: BoolArray) -> Callable[[FloatArray], FloatArray]:
    """How chances are to be read, by those (n,) of rows out of fold; as they are where no regression on them exists."""
    everywhere = np.zeros(len(chance), dtype=np.int64)
    probabilities, codes = np.column_stack([1 - chance, chance]), is_positive.astype(np.int64)
    forecast = Forecast(probabilities, probabilities, codes, everywhere, everywhere, np.ones(len(chance)), 1)
    intercept, slope = recalibration(Resampled(forecast, np.ones((1, 1))))[0]
    if not np.isfinite([intercept, slope]).all():
        return lambda chances: chances
    return lambda chances: np.asarray(expit(intercept + slope * log_odds(chances)))


def _out_of_two_folds(
    name: str, table: pd.DataFrame, samples: Samples, folds: pd.DataFrame, n_classes: int, tuning: Tuning
) -> tuple[float, int] | None:
    """AUC over pairs of rows of one fold by fits without it and another, and the number of folds.

    None where the rows without two folds would be too few to fit; the log says so.
    """
    fold_of_cell = folds[folds["role"] == TEST].set_index("cell_id")["fold"]
    of_two = without_two(fold_of_cell)
    if not _can_be_fitted(table, samples, of_two):
        logger.warning("Too few labels to see how the AUC grows with them: that of the map is that of the folds' fits.")
        return None
    _, told = predict_out_of_fold(table, samples, of_two, [name], n_classes, tuning)
    n_folds = fold_of_cell.nunique()
    # A fit without two folds is asked about both; pairs stay within one fold, as in the AUC that is carried on.
    own = fold_of_cell.loc[told["cell_id"]].to_numpy()
    return expected_auc(_chance(told), _is_positive(told), told["fold"].to_numpy() * n_folds + own), n_folds


def without_two(fold_of_cell: pd.Series) -> pd.DataFrame:
    """Folds, columns ``scheme fold cell_id year role``, that each test two of some folds and train on the others.

    `fold_of_cell` gives the fold by ``cell_id``: K folds make K (K − 1) / 2 pairs, numbered from 0; each has a row a
    cell. Years are null: a role is that of every year. The role is ``test`` or ``train``, the scheme ``knndm``. Fewer
    than two folds are a ValueError.

    Examples
    --------
    >>> folds = without_two(pd.Series([0, 1, 2], index=[11, 12, 13]))
    >>> folds[folds["role"] == "train"].set_index("fold")["cell_id"].to_dict()
    {0: 13, 1: 12, 2: 11}
    """
    pieces = [
        pd.DataFrame(
            {
                "scheme": SCHEME,
                "fold": number,
                "cell_id": fold_of_cell.index,
                "year": pd.array([pd.NA] * len(fold_of_cell), dtype="Int64"),
                "role": np.where(fold_of_cell.isin(pair), TEST, TRAIN),
            }
        )
        for number, pair in enumerate(combinations(np.unique(fold_of_cell), 2))
    ]
    return pd.concat(pieces, ignore_index=True)


def _can_be_fitted(table: pd.DataFrame, samples: Samples, folds: pd.DataFrame) -> bool:
    """Whether every fold trains on as many blocks as a choice takes, with some rows with slumps and some without."""
    is_positive = (table["rts_area_fraction"] != 0).to_numpy()
    trained = [has_role(table, roles, TRAIN) for _, roles in folds.groupby("fold")]
    return all(
        len(np.unique(samples.blocks[rows])) >= FEW_BLOCKS and 0 < is_positive[rows].sum() < rows.sum()
        for rows in trained
    )


def _chance(told: pd.DataFrame) -> FloatArray:
    return 1 - told[f"p_{_NONE}"].to_numpy(dtype=np.float64)


def _is_positive(told: pd.DataFrame) -> BoolArray:
    return told["class_"].ne(_NONE).to_numpy()
