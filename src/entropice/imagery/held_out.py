"""What models say of tiles that they have not learned from, counted by tile or by block."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array, vstack

from entropice.imagery.loading import SampleView
from entropice.imagery.score_histograms import score_counts
from entropice.imagery.tile_counts import N_COLUMNS, TileCounts, sparse_row
from entropice.types import CellIds, Float32Array, IntArray

Predict = Callable[[Float32Array], Float32Array]
"""Inputs (n, band, row, column) to logits (n, row, column)."""


def counts_by_tile(
    view: SampleView, keys: Sequence[str], blocks: CellIds, models: Mapping[str, Predict], batch_size: int
) -> dict[str, TileCounts]:
    """Negatives and positives by bin of every model's logit in every tile; each tile is read once.

    Parameters
    ----------
    keys, blocks
        (n,) tiles, and the block that each lies in.

    Returns
    -------
    dict
        Counts of all tiles by model.
    """
    rows: dict[str, list[csr_array]] = {model: [csr_array((0, N_COLUMNS), dtype=np.int64)] for model in models}
    for start in range(0, len(keys), batch_size):
        inputs, target, scored = view.seen(keys[start : start + batch_size])
        for model, predict in models.items():
            for number, logits in enumerate(predict(inputs)):
                rows[model].append(sparse_row(score_counts(logits, target[number] > 0, scored[number])))
    names = np.array(keys, dtype=np.str_)
    return {model: TileCounts(names, blocks, vstack(of_model, format="csr")) for model, of_model in rows.items()}


def counts_by_block(
    view: SampleView, keys: Sequence[str], blocks: CellIds, models: Mapping[str, Predict], batch_size: int
) -> tuple[CellIds, dict[str, IntArray]]:
    """The same, of the tiles of every block together.

    Returns
    -------
    CellIds, dict
        (n_block,) sorted, and int64 (n_block, 2, n_bin) by model.
    """
    counted = counts_by_tile(view, keys, blocks, models, batch_size)
    return np.unique(blocks), {model: counts.by_block()[1] for model, counts in counted.items()}
