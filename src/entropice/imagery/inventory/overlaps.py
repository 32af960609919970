"""Which found objects stand for which true ones, and how much of the truth is each one's to tell.

A found and a true object belong together where they share at least a given part of the smaller one. A true object that
belongs to several found ones is shared out among them by how much of it each covers, so that no area counts twice; a
found object answers for all of what is shared out to it, also beyond its own outline:

    A_i = Σ_j A_j o_ij / Σ_i' o_i'j.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from entropice.types import BoolArray, FloatArray, Geometries, IntArray


@dataclass(frozen=True)
class Pairs:
    """Found and true objects that belong together, (n_pair,) each.

    Attributes
    ----------
    found, true
        Positions of both.
    shared
        How much both have in common, in any unit of area.
    """

    found: IntArray
    true: IntArray
    shared: FloatArray

    def true_areas(self, n_found: int, areas: FloatArray) -> FloatArray:
        """Area A (n_found,) that each found object stands for; `areas` are those (n_true,) of the true ones.

        A_i = Σ_j A_j o_ij / Σ_i' o_i'j of the shared parts o: a true object is shared out among the found ones that it
        belongs to. 0 where a found object belongs to no true one.

        A true object without a found one is nobody's; `areas` in any unit, the result in the same.

        Examples
        --------
        Two found objects cover 3 and 1 parts of what both have of a true one of 10 m²; the third stands for nothing.

        >>> Pairs(np.array([0, 1]), np.array([0, 0]), np.array([3.0, 1.0])).true_areas(3, np.array([10.0])).tolist()
        [7.5, 2.5, 0.0]
        """
        total = np.bincount(self.true, weights=self.shared, minlength=len(areas))
        share = self.shared / total[self.true]
        sums = np.bincount(self.found, weights=areas[self.true] * share, minlength=n_found)
        return sums.astype(np.float64)

    def is_found(self, n_true: int) -> BoolArray:
        """Whether (n_true,) each true object was found.

        Examples
        --------
        >>> Pairs(np.array([0, 1]), np.array([2, 2]), np.array([3.0, 1.0])).is_found(4).tolist()
        [False, False, True, False]
        """
        return np.bincount(self.true, minlength=n_true) > 0


@dataclass(frozen=True)
class Outlined:
    """Outlines (n,) in one projected CRS, and what each belongs to (n,): only what belongs to the same is compared."""

    outlines: Geometries
    group: IntArray


def pairs_of(found: Outlined, true: Outlined, min_overlap: float) -> Pairs:
    """All pairs of a found and a true outline of one group that share enough ground.

    Parameters
    ----------
    found, true
        Valid polygons (n_found,) and (n_true,) in the same projected CRS.
    min_overlap
        Least part of the smaller one's area that both share, above 0 and at most 1; exactly as much is enough.

    Returns
    -------
    Pairs
        Positions in `found` and `true`, and the shared area in square units of the CRS (m² in EPSG:3413). An outline
        may be in several pairs, or in none; those that only touch are no pair.

    Examples
    --------
    A found square of 4 m² shares 1 m² with a true one of 2 m², half of the smaller one; the far one is not met.

    >>> found = Outlined(shapely.box([0.0], [0.0], [2.0], [2.0]), np.array([0]))
    >>> true = Outlined(shapely.box([1.0, 9.0], [0.0, 0.0], [3.0, 10.0], [1.0, 1.0]), np.array([0, 0]))
    >>> pairs = pairs_of(found, true, 0.5)
    >>> pairs.found.tolist(), pairs.true.tolist(), pairs.shared.tolist()
    ([0], [0], [1.0])
    """
    one, other = shapely.STRtree(true.outlines).query(found.outlines, predicate="intersects")
    is_comparable = found.group[one] == true.group[other]
    one, other = one[is_comparable], other[is_comparable]
    shared = shapely.area(shapely.intersection(found.outlines[one], true.outlines[other]))
    smaller = np.minimum(shapely.area(found.outlines[one]), shapely.area(true.outlines[other]))
    is_pair = (shared >= min_overlap * smaller) & (shared > 0)
    return Pairs(one[is_pair], other[is_pair], shared[is_pair])
