"""Small forecasts of any slump."""

from typing import Any

import numpy as np

from entropice.learning.scores.forecast import Forecast


def forecast_of(chance: Any, is_positive: Any, block: Any = None, land_area_m2: Any = None) -> Forecast:
    """Forecasts of slumps or none in one fold, by default in one block and cells of the same size."""
    n = len(chance)
    block = np.zeros(n, dtype=np.int64) if block is None else np.asarray(block)
    return Forecast(
        probabilities=np.column_stack([1 - np.asarray(chance), chance]),
        reference=np.full((n, 2), 0.5),
        class_codes=np.asarray(is_positive, dtype=np.int64),
        block=block,
        fold=np.zeros(n, dtype=np.int64),
        land_area_m2=np.ones(n) if land_area_m2 is None else np.asarray(land_area_m2, dtype=float),
        n_blocks=int(block.max()) + 1,
    )
