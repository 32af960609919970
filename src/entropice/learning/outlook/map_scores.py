"""How good the map is in label years whose climate was forecast, beside the same map with the climate that came.

Both are told by the map's model refitted without the blocks of the cell (`entropice.learning.doubts.spread.refitted`,
parameters kept), so that no score knows a label that it is held against.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import QUANTILES
from entropice.learning.doubts.spread import refitted
from entropice.learning.folds import TEST, TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.predictor import Predictor
from entropice.learning.samples import Samples
from entropice.learning.scores.forecast import Forecast
from entropice.learning.scores.registry import SCORES
from entropice.learning.scores.resampled import Resampled, Weights
from entropice.learning.scores.score import Score
from entropice.types import BoolArray, DataFrame, FloatArray, IntArray

OBSERVED: Final = "observed"
"""The map with the climate that came."""

TOLD: Final = ("log_skill", "rpss", "brier_skill", "auc")
PART: Final = "map"


@dataclass(frozen=True, eq=False)
class Fold:
    """A fit without some cells, and the rows (n,) of these.

    Attributes
    ----------
    predictor
        The fit.
    is_tested
        (n,) whether each row of the table is one that it has not seen and is judged by.
    reference
        (n_class,) frequencies of classes in the rows that it has seen.
    """

    predictor: Predictor
    is_tested: BoolArray
    reference: FloatArray


def fold_fits(
    predictor: Predictor, samples: Samples, codes: IntArray, table: DataFrame, folds: DataFrame, n_classes: int
) -> list[Fold]:
    """The map's model refitted to the training rows of every fold of a scheme; codes (n,) are of rows of the table.

    `table` has the columns ``cell_id year``, row by row of the samples (n), `folds` the columns ``fold cell_id year
    role`` of one scheme. Fits are in the order of the folds' numbers.

    Raises
    ------
    ValueError
        As `spread.refitted`.
    FeatureError
        As `spread.refitted`.
    """
    fits = []
    for _, roles in folds.groupby("fold", sort=True):
        is_train, is_tested = (has_role(table, roles, role) for role in (TRAIN, TEST))
        counts = np.bincount(codes[is_train], minlength=n_classes)
        seen = refitted(predictor, samples.where(is_train), codes[is_train])
        fits.append(Fold(seen, is_tested, counts / counts.sum()))
    return fits


def mean_chances(fits: Sequence[Fold], drawn: Iterable[Samples], n_classes: int) -> FloatArray:
    """Probabilities (n, n_class) of rows by the fit that has not seen them: the mean over draws of their climate.

    NaN in rows that no fold tests, and where a fit predicts nothing in some draw. One draw at least.

    Examples
    --------
    Each row by the fit that does not know it; the third is tested by none.

    >>> from types import SimpleNamespace
    >>> says = lambda p: SimpleNamespace(predict_proba=lambda samples, n_classes: np.array([[1 - p, p]]))
    >>> tested = ([True, False, False], [False, True, False])
    >>> fits = [Fold(says(p), np.array(rows), np.ones(2) / 2) for p, rows in zip((0.5, 0.75), tested)]
    >>> samples = Samples(pd.DataFrame({"rain": [1.0, 2.0, 3.0]}), np.zeros((3, 2)), np.zeros(3, np.uint64))
    >>> mean_chances(fits, [samples], n_classes=2).tolist()
    [[0.5, 0.5], [0.25, 0.75], [nan, nan]]
    """
    told: FloatArray = np.mean([_chances(fits, samples, n_classes) for samples in drawn], axis=0)
    return told


def _chances(fits: Sequence[Fold], samples: Samples, n_classes: int) -> FloatArray:
    told = np.full((len(samples.features), n_classes), np.nan)
    for fit in fits:
        told[fit.is_tested] = fit.predictor.predict_proba(samples.where(fit.is_tested), n_classes)
    return told


def map_score_table(
    chances: Mapping[tuple[str, float], FloatArray],
    observed: FloatArray,
    fits: Sequence[Fold],
    codes: IntArray,
    block: IntArray,
    land_area_m2: FloatArray,
    replicates: Callable[[int], Weights],
) -> DataFrame:
    """Scores of the map by model of the climate and horizon, and how much lower they are than with what came.

    Parameters
    ----------
    chances
        (n, n_class) by model and horizon; rows that a fold does not test are NaN, and count nowhere.
    observed
        The same with the climate that came.
    fits
        Of `fold_fits`: what the reference says of each row.
    codes
        (n,) true classes.
    block, land_area_m2
        (n,) of the rows.
    replicates
        Gives multiplicities (n_replicate, n_block) for a number of blocks.

    Returns
    -------
    DataFrame
        ``model compared_with score part horizon value low_95 high_95 n_blocks n``, of the part "map" and the scores
        ``log_skill rpss brier_skill auc``; rows with ``compared_with`` hold the score minus that with the climate that
        came. The map with the climate that came is the model ``observed``, of horizon NaN. ``n`` is the rows known to
        all, on which all are scored; ends are the 2.5 % and 97.5 % quantiles of the defined replicates, linear, NaN
        without any.
    """
    reference, fold = _references(fits, observed.shape)
    # Rows known to all alike: on rows of its own, a model would be compared by where it speaks.
    known = np.isfinite(np.stack([observed, *chances.values(), reference])).all(axis=(0, 2))
    _, code = np.unique(block[known], return_inverse=True)
    weights = replicates(int(code.max()) + 1)
    all_once = np.ones((1, weights.shape[1]))

    def scored(told: FloatArray, score: Score, drawn: Weights) -> FloatArray:
        rows = (told[known], reference[known], codes[known], code, fold[known], land_area_m2[known], drawn.shape[1])
        return score.values(Resampled(Forecast(*rows), drawn))

    rows = []
    for score in (SCORES[name] for name in TOLD):
        base, base_drawn = scored(observed, score, all_once)[0], scored(observed, score, weights)
        rows.append(_row((OBSERVED, np.nan), None, score.name, base, base_drawn, code))
        for key, told in chances.items():
            value, drawn = scored(told, score, all_once)[0], scored(told, score, weights)
            rows.append(_row(key, None, score.name, value, drawn, code))
            rows.append(_row(key, OBSERVED, score.name, value - base, drawn - base_drawn, code))
    return pd.DataFrame(rows)


def _references(fits: Sequence[Fold], shape: tuple[int, ...]) -> tuple[FloatArray, IntArray]:
    reference, fold = np.full(shape, np.nan), np.full(shape[0], -1, dtype=np.int64)
    for number, fit in enumerate(fits):
        reference[fit.is_tested], fold[fit.is_tested] = fit.reference, number
    return reference, fold


def _row(
    key: tuple[str, float], compared_with: str | None, score: str, value: float, drawn: FloatArray, code: IntArray
) -> dict[str, object]:
    defined = drawn[np.isfinite(drawn)]
    low, high = np.quantile(defined, QUANTILES) if len(defined) else (np.nan, np.nan)
    return {
        "model": key[0],
        "compared_with": compared_with,
        "score": score,
        "part": PART,
        "horizon": key[1],
        "value": float(value),
        "low_95": float(low),
        "high_95": float(high),
        "n_blocks": int(code.max()) + 1,
        "n": len(code),
    }
