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
    """Scores of all tiles together, at each of `CHANCES` and at the threshold in use.

    Parameters
    ----------
    ratio
        Chances are calibrated at 1 : `ratio`; the pixels that they choose are counted as they are.
    chosen
        The threshold in use, a raw logit.

    Returns
    -------
    DataFrame
        ``threshold is_chosen iou precision recall``, thresholds rising: the least chance that is chosen.
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
