"""Leave-region-out: the farthest that the observed cells let a model travel."""

from typing import TYPE_CHECKING, Final

from entropice.learning.folds.scheme import Ground, Scheme
from entropice.types import DataFrame, IntArray

if TYPE_CHECKING:
    import numpy as np


def deal(ground: Ground, random: "np.random.Generator") -> DataFrame:
    """Hold out one contiguous region a fold, with a buffer; every cell is tested once.

    The cells of `ground` (n) are joined to as many `regions` as there are folds: k-means (scikit-learn's, the best of
    10 starts, seeded by `random`) of the mean centres of its blocks, each block as heavy as its cells are many; regions
    need not be equal in anything. In a fold the cells of one region are ``test``, others whose centre lies within
    ``ground.buffer_m`` of the centre of any of these, the distance itself included, are ``buffer``, and the rest
    ``train``.

    Returns
    -------
    DataFrame
        ``fold cell_id year role`` as of `dealing.hold_out`.

    Raises
    ------
    LabelError
        For fewer blocks than folds, or a fold without training cells.
    """
    from entropice.learning.folds.dealing import hold_out, require_blocks

    require_blocks(ground.block_ids, ground.n_folds)
    return hold_out(ground, regions(ground, ground.n_folds, random), ground.buffer_m)


def regions(ground: Ground, n_regions: int, random: "np.random.Generator") -> IntArray:
    """Region (n,) of each cell: k-means of the blocks' mean centres, each block as heavy as its cells are many.

    Numbers begin at 0. A block lies in one region; regions have no order. At least as many blocks as regions.
    scikit-learn's KMeans with the best of 10 starts and a seed that `random` draws.

    Examples
    --------
    Blocks 1 and 2 lie side by side, block 3 a thousand kilometres away.

    >>> import numpy as np
    >>> blocks, places_m = np.array([1, 1, 2, 3], dtype=np.uint64), np.array([[0, 0], [1, 0], [2, 0], [1e6, 0]])
    >>> ground = Ground(blocks, blocks, places_m, places_m, np.array([2020]), n_folds=2, buffer_m=0.0)
    >>> found = regions(ground, 2, np.random.default_rng(0))
    >>> [bool(region == found[0]) for region in found]
    [True, True, True, False]
    """
    import numpy as np
    from sklearn.cluster import KMeans

    _, block_of_cell, n_cells = np.unique(ground.block_ids, return_inverse=True, return_counts=True)
    # Blocks are clustered, not cells: a border between regions then never cuts a block, whose halves would know each
    # other.
    sums_m = [np.bincount(block_of_cell, weights=axis_m) for axis_m in ground.coordinates_m.T]
    centres_m = np.column_stack(sums_m) / n_cells[:, None]
    clusters = KMeans(n_regions, n_init=10, random_state=int(random.integers(2**31)))
    of_block = clusters.fit(centres_m, sample_weight=n_cells).labels_.astype(np.int64)
    return np.asarray(of_block[block_of_cell])


SCHEME: Final = Scheme(
    name="region",
    title="transfer skill to another region",
    description="Each fold holds out one large contiguous region with a buffer around it: blocks are joined to as many "
    "regions as there are folds, by k-means of their centres.",
    deal=deal,
    keeps_blocks_apart=True,
)
