"""What models may see of cells and years, and probabilities over all ordered classes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from entropice.types import BoolArray, CellIds, FloatArray


@dataclass(frozen=True)
class Samples:
    """Rows (cell, year) as models see them.

    Attributes
    ----------
    features
        (n, n_feature) named columns; NaN is unknown.
    coordinates_m
        (n, 2) in EPSG:6931.
    blocks
        (n,) spatial block of each row, for folds inside the training rows.
    """

    features: pd.DataFrame
    coordinates_m: FloatArray
    blocks: CellIds

    def where(self, chosen: BoolArray) -> "Samples":
        """Some of the rows."""
        return Samples(self.features[chosen], self.coordinates_m[chosen], self.blocks[chosen])


def predict_all_classes(estimator: Any, view: Any, n_classes: int) -> FloatArray:
    """Probabilities (n, n_classes) by class code; a class without training rows has probability 0."""
    probabilities = np.zeros((len(view), n_classes))
    probabilities[:, estimator.classes_] = estimator.predict_proba(view)
    return probabilities
