"""Spatial folds: whole blocks held out, with a buffer."""

from typing import TYPE_CHECKING, Final

from entropice.learning.folds.scheme import Ground, Scheme
from entropice.types import DataFrame

if TYPE_CHECKING:
    import numpy as np


def deal(ground: Ground, random: "np.random.Generator") -> DataFrame:
    """Deal whole blocks, scattered over the region; every cell of `ground` (n) is tested once.

    Blocks go to folds as in `dealing.deal_blocks`: the largest first, each to the fold with the fewest cells. In a fold
    its cells are ``test``, others whose centre lies within ``ground.buffer_m`` of the centre of any of these, the
    distance itself included, are ``buffer``, and the rest ``train``.

    Returns
    -------
    DataFrame
        ``fold cell_id year role`` as of `dealing.hold_out`.

    Raises
    ------
    LabelError
        For fewer blocks than folds, or a fold without training cells.

    Examples
    --------
    Two blocks of two cells on a line, 100 km apart: the nearest cell of the block that trains lies within the buffer.

    >>> import numpy as np
    >>> ids, places_m = np.arange(4, dtype=np.uint64), np.column_stack([np.arange(4) * 1e5, np.zeros(4)])
    >>> ground = Ground(ids, ids // np.uint64(2), places_m, places_m, np.array([2020]), n_folds=2, buffer_m=1e5)
    >>> roles = deal(ground, np.random.default_rng(0))
    >>> sorted(own["role"].tolist() for _, own in roles.groupby("fold"))
    [['test', 'test', 'buffer', 'train'], ['train', 'buffer', 'test', 'test']]
    """
    from entropice.learning.folds.dealing import deal_blocks, hold_out

    return hold_out(ground, deal_blocks(ground.block_ids, ground.n_folds, random), ground.buffer_m)


SCHEME: Final = Scheme(
    name="spatial",
    title="transfer skill (spatial folds)",
    description="Each fold holds out whole blocks with a buffer around them.",
    deal=deal,
    keeps_blocks_apart=True,
)
