"""Histograms of what a model says of held-out tiles, tile by tile: all scores of pixels are sums of them.

A tile fills few of the bins, so that counts are sparse: a tile of 224 × 224 pixels takes some kB, 10⁵ tiles less than a
GB, where dense ones would take 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, eq=False)
class TileCounts:
    """Counts of one model.

    Attributes
    ----------
    keys, blocks
        (n_tile,) names, and the block that each tile lies in.
    counts
        Sparse int64 (n_tile, (1 + n_part) × `N_BINS`): negatives by bin of the logit, then positives of each part.
    """

    keys: Keys
    blocks: CellIds
    counts: csr_array

    @property
    def n_parts(self) -> int:
        """Parts into which positives fall, such as classes of their objects' sizes; those without a pixel count, too.

        One where nothing is told apart.
        """
        return int(self.counts.shape[1]) // N_BINS - 1

    def by_block(self) -> tuple[CellIds, IntArray]:
        """Blocks (n_block,), sorted, and negatives and positives int64 (n_block, 2, n_bin) of their tiles together.

        Examples
        --------
        >>> from entropice.imagery.score_histograms import score_counts
        >>> row = sparse_row(score_counts(np.array([2.0, -1.0]), np.array([True, False]), np.ones(2, bool)))
        >>> twice = csr_array(row.toarray().repeat(2, axis=0))
        >>> blocks, counts = TileCounts(np.array(["a", "b"]), np.array([7, 7], np.uint64), twice).by_block()
        >>> blocks.tolist(), counts.sum(axis=-1).tolist()
        ([7], [[2, 2]])
        """
        names, place = np.unique(self.blocks, return_inverse=True)
        ones = np.ones(len(place), dtype=np.int64)
        members = csr_array((ones, (place, np.arange(len(place)))), shape=(len(names), len(place)))
        counts = (members @ self.counts).toarray().reshape(len(names), self.n_parts + 1, N_BINS)
        return names, np.stack([counts[:, 0], counts[:, 1:].sum(axis=1)], axis=1)

    def chosen(self, threshold: float) -> IntArray:
        """Pixels (n_tile, 3) that are positive, that are chosen from a raw logit up, and that are both.

        A threshold within a bin counts as the bin's upper edge.

        Examples
        --------
        >>> from entropice.imagery.score_histograms import score_counts
        >>> counts = score_counts(np.array([2.0, -1.0, 1.0]), np.array([True, True, False]), np.ones(3, bool))
        >>> tile = TileCounts(np.array(["a"]), np.array([7], np.uint64), sparse_row(counts))
        >>> tile.chosen(0.0).tolist(), tile.chosen(1.5).tolist()
        ([[2, 2, 1]], [[2, 1, 1]])
        """
        n_said = self.counts @ np.tile(is_chosen(threshold).astype(np.int64), self.n_parts + 1)
        n_true, n_both = self.chosen_by_part(threshold).sum(axis=1).T
        return np.stack([n_true, n_said, n_both], axis=-1)

    def chosen_by_part(self, threshold: float) -> IntArray:
        """Positive pixels (n_tile, n_part, 2) of each part, and those of them that are chosen.

        Parts are in their order, such as classes of sizes from the smallest up; int64.

        Examples
        --------
        >>> from entropice.imagery.score_histograms import score_counts
        >>> counts = score_counts(np.array([2.0, -1.0, 1.0, 1.0]), np.array([1, 2, 2, 0]), np.ones(4, bool), n_parts=2)
        >>> tile = TileCounts(np.array(["a"]), np.array([7], np.uint64), sparse_row(counts))
        >>> tile.chosen_by_part(0.0).tolist()
        [[[1, 1], [2, 1]]]
        """
        bins = np.stack([np.ones(N_BINS, dtype=np.int64), is_chosen(threshold)])
        # One product of the sparse counts, which are never made dense: the first row, negatives, has no weight.
        weights = np.kron(np.eye(self.n_parts, self.n_parts + 1, 1, dtype=np.int64), bins)
        return np.asarray(self.counts @ weights.T, dtype=np.int64).reshape(-1, self.n_parts, 2)


def sparse_row(counts: IntArray) -> csr_array:
    """A tile's histogram (1 + n_part, n_bin) as a sparse row (1, (1 + n_part) · n_bin) of `TileCounts.counts`."""
    return csr_array(counts.reshape(1, -1))


def to_arrays(model: str, split: str, counts: csr_array) -> NamedArrays:
    """What a file keeps of a model's counts in the tiles of a split: 6 bytes for each bin that is used.

    Returns
    -------
    dict
        ``<model>_<split>_counts`` int32 and ``…_columns`` uint16, an entry a bin that is used, ``…_starts`` int64
        (n_tile + 1,) where each tile's begin, and ``…_width``, the number of columns. A column is below 2¹⁶, which is
        15 parts of positives at most; that is not checked.

    Examples
    --------
    >>> counts = csr_array(np.array([[0, 3, 0], [1, 0, 0]]))
    >>> {name: array.tolist() for name, array in to_arrays("net", "test", counts).items()}
    {'net_test_counts': [3, 1], 'net_test_columns': [1, 0], 'net_test_starts': [0, 1, 2], 'net_test_width': 3}
    """
    return {
        f"{model}_{split}_counts": counts.data.astype(np.int32),
        # Half of what a tile takes are its columns; those of 16 rows of 4,096 bins are just below 2¹⁶.
        f"{model}_{split}_columns": counts.indices.astype(np.uint16),
        f"{model}_{split}_starts": counts.indptr.astype(np.int64),
        f"{model}_{split}_width": np.array(counts.shape[1]),
    }


def from_arrays(arrays: Mapping[str, Any], model: str, split: str) -> TileCounts:
    """The counts that `to_arrays` has kept, with ``keys_<split>`` and ``blocks_<split>`` (n_tile,) beside them.

    Raises
    ------
    KeyError
        One of these arrays is missing.

    Examples
    --------
    >>> counts = csr_array(np.array([[0, 3, 0], [1, 0, 0]]))
    >>> beside = {"keys_test": np.array(["a", "b"]), "blocks_test": np.array([7, 8], np.uint64)}
    >>> from_arrays({**to_arrays("net", "test", counts), **beside}, "net", "test").counts.toarray().tolist()
    [[0, 3, 0], [1, 0, 0]]
    """
    kept = ("counts", "columns", "starts", "width")
    data, columns, starts, width = (arrays[f"{model}_{split}_{name}"] for name in kept)
    keys, blocks = arrays[f"keys_{split}"], arrays[f"blocks_{split}"]
    counts = csr_array((data.astype(np.int64), columns.astype(np.int64), starts), shape=(len(keys), int(width)))
    return TileCounts(keys, blocks.astype(np.uint64), counts)
