"""Random folds: the comparison that flatters."""

from typing import TYPE_CHECKING, Final

from entropice.learning.folds.scheme import Ground, Scheme
from entropice.types import DataFrame

if TYPE_CHECKING:
    import numpy as np


def deal(ground: Ground, random: "np.random.Generator") -> DataFrame:
    """Deal cells alone, without a buffer; every cell is tested once. Columns ``fold cell_id year role``."""
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
