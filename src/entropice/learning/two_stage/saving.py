"""How much looking a ranking of cells saves, beside a ranking that knows the true densities.

To keep a share of all objects, cells are looked at from the highest expected density down; what need not be looked at
is saved. Chance puts a limit to that which no model can pass: where objects lie is random even if all densities are
known. The share of that *attainable* saving is what a model can be judged by.
"""

from dataclasses import dataclass

import numpy as np

from entropice.errors import LabelError
from entropice.learning.scores.interval import QUANTILES
from entropice.types import FloatArray, IntArray

_ROUNDING = 1e-9


@dataclass(frozen=True)
class SavingShare:
    """A model's saving beside the attainable one.

    Attributes
    ----------
    kept
        Share of all objects that is kept.
    saving, attainable
        Share of the area that need not be looked at: by the model, and knowing the true densities.
    share
        Their ratio, with the central 95 % of a bootstrap of blocks (`low_95`, `high_95`; NaN without replicates).
    """

    kept: float
    saving: float
    attainable: float
    share: float
    low_95: float
    high_95: float


def saving(density: FloatArray, n_objects: FloatArray, area: FloatArray, kept: float) -> float:
    """Share of the area that need not be looked at to keep a share of the objects.

    Parameters
    ----------
    density
        (n_cell,) by which cells are looked at, the highest first; equal ones together, NaN last.
    n_objects, area
        (n_cell,) objects and area of the cells; their multiples are cells that a bootstrap has drawn so often.
    kept
        More than 0, at most 1.

    Raises
    ------
    LabelError
        There is no object.

    Examples
    --------
    Eight of ten objects lie in the two best cells, which are half of the area.

    >>> saving(np.array([3.0, 2.0, 1.0]), np.array([5.0, 3.0, 2.0]), np.array([1.0, 1.0, 2.0]), kept=0.8)
    0.5
    """
    if not n_objects.sum() > 0:
        raise LabelError("Without objects there is nothing to keep.", field="n_objects")
    _, place = np.unique(-density, return_inverse=True)
    found, looked_at = (np.bincount(place, weights=values).cumsum() for values in (n_objects, area))
    # 0.55 of a hundred objects is 55.00000000000001 in binary: without the margin one cell more would be looked at.
    first = int(np.searchsorted(found, kept * found[-1] * (1 - _ROUNDING)))
    return float(1 - looked_at[first] / looked_at[-1])


def saving_share(
    density: FloatArray,
    true_density: FloatArray,
    n_objects: FloatArray,
    area: FloatArray,
    block: IntArray,
    kept: float,
    weights: FloatArray,
) -> SavingShare:
    """Share of the attainable saving, with an interval over blocks.

    Parameters
    ----------
    density, true_density
        (n_cell,) of the model, out of fold, and of the world.
    n_objects, area, block
        (n_cell,) objects, area and code of the block, from 0.
    kept
        Share of the objects that both rankings must keep.
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`. A replicate without objects, or
        without any attainable saving, counts for nothing.

    Returns
    -------
    SavingShare
        The share is NaN where nothing can be saved; ends are the 2.5 % and 97.5 % quantiles of the replicates' shares,
        linear between them. It may exceed 1, for where objects lie is chance.

    Raises
    ------
    LabelError
        There is no object.

    Examples
    --------
    To keep all six objects the model looks at three of four cells, the truth at two.

    >>> model, truth = np.array([3.0, 2.0, 1.0, 0.0]), np.array([3.0, 1.0, 2.0, 0.0])
    >>> objects, block = np.array([4.0, 0.0, 2.0, 0.0]), np.zeros(4, dtype=np.int64)
    >>> found = saving_share(model, truth, objects, np.ones(4), block, kept=1.0, weights=np.ones((0, 1)))
    >>> found.saving, found.attainable, found.share
    (0.25, 0.5, 0.5)
    """

    def savings(times: FloatArray) -> tuple[float, float]:
        model, limit = (saving(each, n_objects * times, area * times, kept) for each in (density, true_density))
        return model, limit

    model, attainable = savings(np.ones(len(density)))
    drawn = [savings(row[block]) for row in weights if (n_objects * row[block]).sum() > 0]
    shares = np.array([_share(*each) for each in drawn])
    defined = shares[~np.isnan(shares)]
    low, high = np.quantile(defined, QUANTILES) if len(defined) else (np.nan, np.nan)
    return SavingShare(kept, model, attainable, _share(model, attainable), float(low), float(high))


def _share(model: float, attainable: float) -> float:
    return model / attainable if attainable > 0 else np.nan
