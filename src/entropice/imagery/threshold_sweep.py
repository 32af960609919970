"""What every threshold would have chosen: IoU, precision and recall along the scale of chances."""

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from entropice.imagery.calibration import Calibration
from entropice.imagery.tile_counts import TileCounts
from entropice.quotients import quotient
from entropice.types import DataFrame

CHANCES: Final = tuple(float(chance) for chance in np.linspace(0.05, 0.95, 19).round(2))
"""From .05 to .95; .5 is one of them."""


def sweep_table(counts: TileCounts, calibration: Calibration, ratio: float, chosen: float) -> DataFrame:
    """Scores of all tiles together, at chances of 0.05, 0.10 … 0.95 and at the threshold in use.

    NaN where a quotient is of nothing: precision where no pixel is chosen, recall where none is positive. A threshold
    within a bin of the histogram (1/128 of a raw logit) counts as the bin's upper edge.

    Parameters
    ----------
    ratio
        Chances are calibrated at 1 : `ratio`; the pixels that they choose are counted as they are.
    chosen
        The threshold in use, a raw logit.

    Returns
    -------
    DataFrame
        ``threshold is_chosen iou precision recall``, a row a threshold, rising: the least chance that is chosen, at 1 :
        `ratio`. The row in use has ``is_chosen`` True.

    Examples
    --------
    >>> from entropice.imagery.score_histograms import score_counts
    >>> from entropice.imagery.tile_counts import sparse_row
    >>> counts = score_counts(np.array([2.0, -1.0, 1.0]), np.array([True, True, False]), np.ones(3, bool))
    >>> tile = TileCounts(np.array(["a"]), np.array([7], np.uint64), sparse_row(counts))
    >>> table = sweep_table(tile, Calibration(1.0, 0.0, 1.0), 1.0, chosen=1.5)
    >>> table[table["threshold"].isin([0.5, 0.95]) | table["is_chosen"]].round(3).to_numpy(float).tolist()
    [[0.5, 0.0, 0.333, 0.5, 0.5], [0.818, 1.0, 0.5, 1.0, 0.5], [0.95, 0.0, 0.0, nan, 0.0]]
    """
    at = calibration.logits_at(np.array([chosen]), ratio)
    raw = np.append(calibration.raw_logits(logit(CHANCES), ratio), chosen)
    n_true, n_said, n_both = np.array([counts.chosen(threshold).sum(axis=0) for threshold in raw], dtype=np.float64).T
    table = pd.DataFrame(
        {
            "threshold": [*CHANCES, *expit(at)],
            "is_chosen": [False] * len(CHANCES) + [True],
            "iou": quotient(n_both, n_true + n_said - n_both),
            "precision": quotient(n_both, n_said),
            "recall": quotient(n_both, n_true),
        }
    )
    return table.sort_values("threshold", kind="stable", ignore_index=True)
