"""What models say of tiles that they have not learned from, counted by tile or by block."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array, vstack

from entropice.imagery.loading import SampleView
from entropice.imagery.score_histograms import N_BINS, score_counts
from entropice.imagery.size_classes import sized_target
from entropice.imagery.tile_counts import TileCounts, sparse_row
from entropice.types import CellIds, Float32Array, IntArray

Predict = Callable[[Float32Array], Float32Array]
"""Inputs (n, band, row, column) to logits (n, row, column)."""


def counts_by_tile(
    view: SampleView,
    keys: Sequence[str],
    blocks: CellIds,
    models: Mapping[str, Predict],
    batch_size: int,
    area_edges_m2: Sequence[float] = (),
) -> dict[str, TileCounts]:
    """Negatives and positives by bin (`score_counts`) of every model's logit in every tile; each tile is read once.

    Only scored pixels count, as `view` scores them.

    Parameters
    ----------
    keys, blocks
        (n,) tiles, and the block that each lies in.
    models
        Standardised inputs (n, band, row, column) to raw logits (n, row, column).
    batch_size
        Tiles predicted at once.
    area_edges_m2
        Positives are counted apart by the size of their object: `entropice.imagery.size_classes`.

    Returns
    -------
    dict
        By model, each a `TileCounts` of all tiles in the order of the keys: one part of positives without edges, else a
        part a class of sizes, 1 + n_edge of them. Without keys it has no rows.

    Raises
    ------
    SchemaError
        A model gives NaN at a scored pixel.
    """
    n_parts = 1 + len(area_edges_m2)
    nothing = csr_array((0, (1 + n_parts) * N_BINS), dtype=np.int64)
    rows: dict[str, list[csr_array]] = {model: [nothing] for model in models}
    for start in range(0, len(keys), batch_size):
        samples = [view.sample(key) for key in keys[start : start + batch_size]]
        inputs, targets = view.inputs(samples), [sized_target(sample, area_edges_m2) for sample in samples]
        for model, predict in models.items():
            for logits, target, sample in zip(predict(inputs), targets, samples, strict=True):
                rows[model].append(sparse_row(score_counts(logits, target, sample.scored, n_parts)))
    names = np.array(keys, dtype=np.str_)
    return {model: TileCounts(names, blocks, vstack(of_model, format="csr")) for model, of_model in rows.items()}


def counts_by_block(
    view: SampleView, keys: Sequence[str], blocks: CellIds, models: Mapping[str, Predict], batch_size: int
) -> tuple[CellIds, dict[str, IntArray]]:
    """Negatives and positives by bin of every model's logit in every block; each tile is read once.

    Only scored pixels count, as `view` scores them.

    Parameters
    ----------
    keys, blocks
        (n,) tiles, and the block that each lies in.
    models
        Standardised inputs (n, band, row, column) to raw logits (n, row, column).
    batch_size
        Tiles predicted at once.

    Returns
    -------
    CellIds, dict
        (n_block,) sorted, and int64 (n_block, 2, n_bin) by model: `entropice.imagery.score_histograms.score_counts`
        summed.

    Raises
    ------
    SchemaError
        A model gives NaN at a scored pixel.
    """
    counted = counts_by_tile(view, keys, blocks, models, batch_size)
    return np.unique(blocks), {model: counts.by_block()[1] for model, counts in counted.items()}
