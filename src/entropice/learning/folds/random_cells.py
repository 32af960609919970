"""Random folds: the comparison that flatters."""

from typing import TYPE_CHECKING, Final

from entropice.learning.folds.scheme import Ground, Scheme
from entropice.types import DataFrame

if TYPE_CHECKING:
    import numpy as np


def deal(ground: Ground, random: "np.random.Generator") -> DataFrame:
    """Deal cells alone, without a buffer; every cell of `ground` (n) is tested once.

    Fold sizes differ by one at most; which cell is in which is a permutation that `random` draws. In a fold its cells
    are ``test``, all others ``train``.

    Returns
    -------
    DataFrame
        ``fold cell_id year role`` as of `dealing.hold_out`: neighbours of a test cell train.

    Raises
    ------
    LabelError
        If a fold has no training cell, as with one cell or one fold.

    Examples
    --------
    >>> import numpy as np
    >>> ids, places_m = np.arange(5, dtype=np.uint64), np.zeros((5, 2))
    >>> roles = deal(Ground(ids, ids, places_m, places_m, np.array([2020]), 2, 0.0), np.random.default_rng(0))
    >>> roles.groupby(["fold", "role"]).size().to_dict()
    {(0, 'test'): 3, (0, 'train'): 2, (1, 'test'): 2, (1, 'train'): 3}
    """
    import numpy as np

    from entropice.learning.folds.dealing import hold_out

    return hold_out(ground, random.permutation(np.arange(len(ground.cell_ids)) % ground.n_folds), 0.0)


SCHEME: Final = Scheme(
    name="random",
    title="random cross-validation",
    description="Neighbours of a held-out cell stay in training, so these scores flatter.",
    deal=deal,
    keeps_blocks_apart=False,
)
