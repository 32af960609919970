"""What models say of tiles that they have not learned from, counted by block."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from entropice.imagery.loading import SampleView
from entropice.imagery.score_histograms import N_BINS, score_counts
from entropice.types import CellIds, Float32Array, IntArray

Predict = Callable[[Float32Array], Float32Array]
"""Inputs (n, band, row, column) to logits (n, row, column)."""


def counts_by_block(
    view: SampleView, keys: Sequence[str], blocks: CellIds, models: Mapping[str, Predict], batch_size: int
) -> tuple[CellIds, dict[str, IntArray]]:
    """Negatives and positives by bin of every model's logit in every block; each tile is read once.

    Parameters
    ----------
    keys, blocks
        (n,) tiles, and the block that each lies in.

    Returns
    -------
    CellIds, dict
        (n_block,) sorted, and int64 (n_block, 2, n_bin) by model.
    """
    names, place = np.unique(blocks, return_inverse=True)
    counts = {model: np.zeros((len(names), 2, N_BINS), dtype=np.int64) for model in models}
    for start in range(0, len(keys), batch_size):
        inputs, target, scored = view.seen(keys[start : start + batch_size])
        for model, predict in models.items():
            for number, logits in enumerate(predict(inputs)):
                of_tile = score_counts(logits, target[number] > 0, scored[number])
                counts[model][place[start + number]] += of_tile
    return names, counts
