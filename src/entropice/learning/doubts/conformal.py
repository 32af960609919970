"""Sets of classes that hold the true one with a stated probability, class by class.

Class k belongs to the set of a row where its probability pₖ is at least qₖ. With p₍₁₎ ≤ … ≤ p₍ₙ₎ the out-of-fold
probabilities of k in the rows whose class is k,

    qₖ = p₍ᵣ₎,    r = ⌊(1 − level) (n + 1)⌋;    qₖ = 0 (always in the set) where r = 0,

so a row of class k misses its own class with probability at most 1 − level: class-conditional, or Mondrian, conformal
prediction (Vovk, Gammerman and Shafer 2005, doi:10.1007/b106715; least ambiguous sets: Sadinle, Lei and Wasserman 2019,
doi:10.1080/01621459.2017.1395341). A quantile over all rows would be filled by the frequent class alone and miss the
slumps. Rows of one block resemble each other, so blocks are what may be exchanged (hierarchical conformal prediction:
Dunn, Wasserman and Ramdas 2022, doi:10.1080/01621459.2022.2060112): a class found in fewer than 1 / (1 − level) − 1
blocks is in every set too. Quantiles that weigh blocks alike, or count blocks in place of rows, cover more than they
say on virtual worlds.

A set need not hold the most probable class: where slumps are rare, a chance of .4 is far above that of rows without.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from entropice.types import BoolArray, CellIds, FloatArray, IntArray

LEVEL: Final = 0.9
SEPARATOR: Final = "|"
_ROUNDING = 1e-9

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ConformalSets:
    """Thresholds of the classes.

    Attributes
    ----------
    level
        Chance that a row's set holds its class, for rows of every class.
    names
        Class names in order.
    thresholds
        (n_class,) smallest probability with which a class is in the set; 0 is always.
    n_rows, n_blocks
        (n_class,) rows of each class behind its threshold, and their blocks.
    """

    level: float
    names: tuple[str, ...]
    thresholds: FloatArray
    n_rows: IntArray
    n_blocks: IntArray

    @property
    def always(self) -> tuple[str, ...]:
        """Classes with too few blocks to leave them out of any set: those with the threshold 0, in order."""
        return tuple(name for name, threshold in zip(self.names, self.thresholds, strict=True) if threshold == 0)

    def members(self, probabilities: FloatArray) -> BoolArray:
        """Whether each class is in the set of each row, (n, n_class), by probabilities of that shape.

        A class is where its probability is at least its threshold. Where no class is, the most probable one stands in,
        the first of equals. No probability is NaN.

        Examples
        --------
        >>> import numpy as np
        >>> counts = np.array([9, 9])
        >>> sets = ConformalSets(0.9, ("none", "some"), np.array([0.6, 0.2]), counts, counts)
        >>> sets.texts(np.array([[0.95, 0.05], [0.7, 0.3], [0.5, 0.5]]))
        ['none', 'none|some', 'some']
        """
        # An empty set says "like no training row", which is the verdict of `applicability`, and would be a hole in the
        # map. The class that stands in only makes sets larger, so that they hold the truth no less often.
        chosen = probabilities >= self.thresholds
        is_empty = np.flatnonzero(~chosen.any(axis=1))
        chosen[is_empty, probabilities[is_empty].argmax(axis=1)] = True
        return chosen

    def texts(self, probabilities: FloatArray) -> list[str]:
        """The sets in words, such as ``few|some``, one for each row of probabilities (n, n_class), classes in order.

        Examples
        --------
        The second row reaches no threshold: its most probable class stands in.

        >>> counts = np.array([9, 9])
        >>> sets = ConformalSets(0.9, ("none", "some"), np.array([0.7, 0.5]), counts, counts)
        >>> sets.texts(np.array([[0.5, 0.5], [0.6, 0.4]]))
        ['some', 'none']
        """
        return [SEPARATOR.join(np.array(self.names)[row]) for row in self.members(probabilities)]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly: the attributes by name, arrays as lists.

        Examples
        --------
        >>> sets = ConformalSets(0.9, ("none", "some"), np.array([0.6, 0.0]), np.array([90, 3]), np.array([30, 2]))
        >>> sets.to_json()
        {'level': 0.9, 'names': ['none', 'some'], 'thresholds': [0.6, 0.0], 'n_rows': [90, 3], 'n_blocks': [30, 2]}
        >>> ConformalSets.from_json(sets.to_json()).always
        ('some',)
        """
        return {
            "level": self.level,
            "names": list(self.names),
            "thresholds": self.thresholds.tolist(),
            "n_rows": self.n_rows.tolist(),
            "n_blocks": self.n_blocks.tolist(),
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote: thresholds float64, counts int64; a lacking entry is a KeyError."""
        return cls(
            document["level"],
            tuple(document["names"]),
            np.array(document["thresholds"], dtype=np.float64),
            np.array(document["n_rows"], dtype=np.int64),
            np.array(document["n_blocks"], dtype=np.int64),
        )


def fit_conformal(
    out_of_fold: pd.DataFrame, blocks: "pd.Series[int]", names: Sequence[str], level: float = LEVEL
) -> ConformalSets:
    """Thresholds from out-of-fold probabilities.

    Parameters
    ----------
    out_of_fold
        ``cell_id class_ p_<class>…`` of one model and scheme, (n); a class without a column has probability 0.
    blocks
        Block by ``cell_id``, not negative, of all cells of `out_of_fold`, else KeyError.
    names
        Class names in order.
    level
        Chance that a row's set holds its class, in (0, 1).

    Returns
    -------
    ConformalSets
        Thresholds and counts of shape (n_class,). A class without rows has the threshold 0: it is in every set. A
        warning names such classes, and those of too few blocks.

    Notes
    -----
    Class-conditional conformal prediction: Vovk, Gammerman and Shafer (2005), doi:10.1007/b106715; Sadinle, Lei and
    Wasserman (2019), doi:10.1080/01621459.2017.1395341. The equation is that of `threshold`.

    Examples
    --------
    At a level of .6 one of three rows of none may miss: their smallest. One row of some may not.

    >>> p_none, blocks = np.array([0.6, 0.8, 0.9, 0.7]), pd.Series([1, 2, 3, 4])
    >>> told = pd.DataFrame({"cell_id": [0, 1, 2, 3], "class_": ["none"] * 3 + ["some"], "p_none": p_none})
    >>> sets = fit_conformal(told.assign(p_some=1 - p_none), blocks, ["none", "some"], level=0.6)
    >>> sets.thresholds.tolist(), sets.n_rows.tolist(), sets.always
    ([0.6, 0.0], [3, 1], ('some',))
    """
    block_of_row: CellIds = blocks.loc[out_of_fold["cell_id"]].to_numpy().astype(np.uint64)
    probabilities = out_of_fold.reindex(columns=[f"p_{name}" for name in names], fill_value=0.0).to_numpy(np.float64)
    members = [np.flatnonzero(out_of_fold["class_"] == name) for name in names]
    fitted = ConformalSets(
        level,
        tuple(names),
        np.array(
            [threshold(probabilities[rows, code], block_of_row[rows], level) for code, rows in enumerate(members)]
        ),
        np.array([len(rows) for rows in members]),
        np.array([_n_different(block_of_row[rows]) for rows in members]),
    )
    if fitted.always:
        logger.warning("Conformal sets always hold %s: labels in too few blocks.", ", ".join(fitted.always))
    return fitted


def threshold(own: FloatArray, blocks: CellIds, level: float) -> float:
    """Smallest probability with which a class is in a set, by that of rows (n,) of the class and their blocks (n,).

    ``p₍ᵣ₎`` with ``r = ⌊(1 − level) (n + 1)⌋``, or 0 where r is 0 for the rows or for the blocks, as it is without
    rows. p₍ᵣ₎ is the r-th smallest of the probabilities; ⌊·⌋ adds 1e-9 before it rounds down.

    Examples
    --------
    Nineteen rows allow two misses at 90 %: the second smallest. The same rows in eight blocks allow none.

    >>> import numpy as np
    >>> own = np.arange(1, 20) / 20
    >>> threshold(own, np.arange(19, dtype=np.uint64), 0.9), threshold(own, np.arange(19, dtype=np.uint64) % 8, 0.9)
    (0.1, 0.0)
    """
    # The + 1 is the new row itself, whose rank among all is as likely as any other: that is what makes the promise hold
    # for finite n. Blocks have a say in whether there is evidence at all, rows in where the threshold lies.
    # (1 − 0.9) · 10 is 0.9999999999999998 in binary: without the margin a rank would be lost.
    ranks = [math.floor((1 - level) * (n + 1) + _ROUNDING) for n in (len(own), _n_different(blocks))]
    return 0.0 if min(ranks) == 0 else float(np.sort(own)[ranks[0] - 1])


def _n_different(blocks: CellIds) -> int:
    return len(np.unique(blocks))
