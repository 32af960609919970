"""What models say of tiles that they have not learned from, counted by block."""

from collections.abc import Callable, Sequence

import numpy as np

from entropice.imagery.loading import SampleView
from entropice.imagery.score_histograms import N_BINS, score_counts
from entropice.types import CellIds, Float32Array, IntArray

Predict = Callable[[Float32Array], Float32Array]
"""Inputs (n, band, row, column) to logits (n, row, column)."""


def counts_by_block(
    view: SampleView, keys: Sequence[str], blocks: CellIds, predict: Predict, batch_size: int
) -> tuple[CellIds, IntArray]:
    """Negatives and positives by bin of the logit in every block.

    Parameters
    ----------
    keys, blocks
        (n,) tiles, and the block that each lies in.

    Returns
    -------
    CellIds, IntArray
        (n_block,) sorted, and int64 (n_block, 2, n_bin).
    """
    names, place = np.unique(blocks, return_inverse=True)
    counts = np.zeros((len(names), 2, N_BINS), dtype=np.int64)
    for start in range(0, len(keys), batch_size):
        inputs, target, scored = view.seen(keys[start : start + batch_size])
        logits = predict(inputs)
        for number in range(len(inputs)):
            of_tile = score_counts(logits[number], target[number] > 0, scored[number])
            counts[place[start + number]] += of_tile
    return names, counts
