"""Ground to deal into folds."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from entropice.learning.folds import SPATIAL, Ground
from entropice.learning.folds.table import make_folds
from entropice.learning.samples import Samples


def ground_of(
    cell_ids: NDArray[np.uint64], block_ids: NDArray[np.uint64], coordinates_m: NDArray[np.float64], **changes: Any
) -> Ground:
    """Cells that are the whole map, labelled in one year; `changes` are other values of `Ground`."""
    given = {"map_coordinates_m": coordinates_m, "years": np.array([2021]), "n_folds": 3, "buffer_m": 0.0}
    return Ground(cell_ids, block_ids, coordinates_m, **given | changes)


def spatial_folds(samples: Samples, cell_ids: NDArray[np.uint64], n_folds: int, buffer_m: float) -> pd.DataFrame:
    """Spatial folds of samples with one row a cell."""
    ground = ground_of(cell_ids, samples.blocks, samples.coordinates_m, n_folds=n_folds, buffer_m=buffer_m)
    return make_folds(ground, [SPATIAL], 0)
