"""Histograms of what a model says of held-out tiles, tile by tile: all scores of pixels are sums of them.

A tile fills few of the bins, so that counts are sparse: a tile of 224 × 224 pixels takes some kB, 10⁵ tiles less than a
GB, where dense ones would take 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array

from entropice.imagery.score_histograms import N_BINS, is_chosen
from entropice.types import CellIds, IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Keys = NDArray[np.str_]
    NamedArrays = dict[str, NDArray[np.generic]]
else:
    Keys = NamedArrays = Any

N_COLUMNS: Final = 2 * N_BINS
"""Negatives by bin of the logit, then positives."""


@dataclass(frozen=True, eq=False)
class TileCounts:
    """Counts of one model.

    Attributes
    ----------
    keys, blocks
        (n_tile,) names, and the block that each tile lies in.
    counts
        Sparse int64 (n_tile, `N_COLUMNS`).
    """

    keys: Keys
    blocks: CellIds
    counts: csr_array

    def by_block(self) -> tuple[CellIds, IntArray]:
        """Blocks (n_block,), sorted, and negatives and positives int64 (n_block, 2, n_bin) of their tiles together."""
        names, place = np.unique(self.blocks, return_inverse=True)
        ones = np.ones(len(place), dtype=np.int64)
        members = csr_array((ones, (place, np.arange(len(place)))), shape=(len(names), len(place)))
        return names, (members @ self.counts).toarray().reshape(-1, 2, N_BINS)

    def chosen(self, threshold: float) -> IntArray:
        """Pixels (n_tile, 3) that are positive, that are chosen from a raw logit up, and that are both.

        A threshold within a bin counts as the bin's upper edge.
        """
        said = is_chosen(threshold).astype(np.int64)
        none, every = np.zeros_like(said), np.ones_like(said)
        columns = [[none, every], [said, said], [none, said]]
        return np.asarray(self.counts @ np.reshape(columns, (3, N_COLUMNS)).T, dtype=np.int64)


def sparse_row(counts: IntArray) -> csr_array:
    """A tile's histogram (2, n_bin) as a sparse row of `N_COLUMNS`."""
    return csr_array(counts.reshape(1, -1))


def to_arrays(model: str, split: str, counts: csr_array) -> NamedArrays:
    """What a file keeps of a model's counts in the tiles of a split: 6 bytes for each bin that is used."""
    return {
        f"{model}_{split}_counts": counts.data.astype(np.int32),
        f"{model}_{split}_columns": counts.indices.astype(np.uint16),
        f"{model}_{split}_starts": counts.indptr.astype(np.int64),
    }


def from_arrays(arrays: Mapping[str, Any], model: str, split: str) -> TileCounts:
    """The counts that `to_arrays` has kept, with ``keys_<split>`` and ``blocks_<split>`` beside them."""
    data, columns, starts = (arrays[f"{model}_{split}_{name}"] for name in ("counts", "columns", "starts"))
    keys, blocks = arrays[f"keys_{split}"], arrays[f"blocks_{split}"]
    counts = csr_array((data.astype(np.int64), columns.astype(np.int64), starts), shape=(len(keys), N_COLUMNS))
    return TileCounts(keys, blocks.astype(np.uint64), counts)
