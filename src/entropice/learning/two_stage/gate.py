"""A hard gate: cells below a density are not looked at, and the share of what is missed there is bounded.

The threshold is chosen by conformal risk control (Angelopoulos, Bates, Fisch, Lei and Schuster 2022, arXiv:2208.02814).
In each of n held-out blocks that hold any object, the loss Lᵢ(t) is the share of its objects in cells with an expected
density below t. It lies in 0..1 and does not fall with t; the threshold is the largest t with

    n / (n + 1) · mean Lᵢ(t) + 1 / (n + 1) ≤ bound.

If the next block is exchangeable with those n, its expected loss is at most the bound: on average over choices of the
blocks, not for each of them. Blocks count alike, however many objects they hold; blocks without any could miss none and
are left out, which makes the promise one about blocks that have something to miss. Densities must come from models that
have not seen the block (out-of-fold predictions). With fewer than 1 / bound − 1 blocks nothing can be promised, and
every cell passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from entropice.errors import ConfigError, LabelError, SchemaError
from entropice.types import BoolArray, DataFrame, FloatArray, IntArray

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Gate:
    """Which cells are looked at.

    Attributes
    ----------
    threshold
        Lowest expected density that passes, in the unit of the densities it was fitted to; -inf where all pass.
    bound
        What the expected missed share of a block is kept below.
    missed_share
        Mean missed share of the blocks it was fitted to.
    n_blocks
        Blocks with objects.
    """

    threshold: float
    bound: float
    missed_share: float
    n_blocks: int

    def passes(self, density: FloatArray) -> BoolArray:
        """Whether (n_cell,) each cell is looked at: where its density is at least the threshold.

        One without a forecast (NaN) is, for unknown is not low.

        Examples
        --------
        >>> Gate(threshold=2.0, bound=0.5, missed_share=0.25, n_blocks=9).passes(np.array([1.9, 2.0, np.nan])).tolist()
        [False, True, True]
        """
        return np.asarray(~(density < self.threshold), dtype=bool)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document of a gate fitted to densities per km² that `from_json` reads back exactly.

        Entries ``bound threshold_per_km2 missed_share n_blocks``; the threshold is None where all cells pass.

        Examples
        --------
        >>> Gate(-np.inf, bound=0.1, missed_share=0.0, n_blocks=4).to_json()
        {'bound': 0.1, 'threshold_per_km2': None, 'missed_share': 0.0, 'n_blocks': 4}
        """
        threshold = None if np.isinf(self.threshold) else self.threshold
        return {
            "bound": self.bound,
            "threshold_per_km2": threshold,
            "missed_share": self.missed_share,
            "n_blocks": self.n_blocks,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Rebuild what `to_json` wrote; other entries are left alone, and a lacking one is a KeyError.

        Examples
        --------
        >>> Gate.from_json({"bound": 0.1, "threshold_per_km2": None, "missed_share": 0.0, "n_blocks": 4}).threshold
        -inf
        """
        threshold = document["threshold_per_km2"]
        return cls(
            -np.inf if threshold is None else threshold,
            document["bound"],
            document["missed_share"],
            document["n_blocks"],
        )


def fit_gate(density: FloatArray, n_objects: FloatArray, block: IntArray, bound: float) -> Gate:
    """The gate with the highest threshold that keeps the bound.

    Parameters
    ----------
    density
        (n_cell,) expected density out of fold; NaN where there is none: such a cell passes, and misses nothing.
    n_objects
        (n_cell,) objects found where everything was looked at.
    block
        (n_cell,) code of the block, from 0.
    bound
        In 0..1, both excluded.

    Returns
    -------
    Gate
        Its threshold is one of the densities; -inf, with a missed share of 0, where blocks are too few for the bound.

    Raises
    ------
    ConfigError
        The bound is not between 0 and 1; looked for first.
    LabelError
        No block holds an object; looked for last.
    SchemaError
        The arrays differ in length.

    Notes
    -----
    The largest t with ``n / (n + 1) · mean Lᵢ(t) + 1 / (n + 1) ≤ bound``, Lᵢ(t) the share of the objects of block i in
    cells below t: conformal risk control (Angelopoulos, Bates, Fisch, Lei and Schuster 2022, arXiv:2208.02814).

    Examples
    --------
    Three blocks with an object each. Missing one of three is 3/4 · 1/3 + 1/4 = 1/2, missing two is 3/4.

    >>> gate = fit_gate(np.array([1.0, 2.0, 3.0]), np.ones(3), np.array([0, 1, 2]), bound=0.5)
    >>> gate.threshold, round(gate.missed_share, 4)
    (2.0, 0.3333)
    """
    _require(density, n_objects, block, bound)
    share, n_blocks = _share_of_loss(n_objects, block)
    thresholds, missed = _missed_below(density, share)
    # The block to come counts as if all of it were missed: that is what makes a promise of so few blocks hold. The loss
    # rises with the threshold, so the last one kept is the highest.
    is_kept = n_blocks / (n_blocks + 1) * missed + 1 / (n_blocks + 1) <= bound + _ROUNDING
    if not is_kept.any():
        return Gate(-np.inf, bound, 0.0, n_blocks)
    last = int(np.flatnonzero(is_kept)[-1])
    return Gate(float(thresholds[last]), bound, float(missed[last]), n_blocks)


def risk_curve(
    density: FloatArray, n_objects: FloatArray, area: FloatArray, block: IntArray, n_points: int = 100
) -> DataFrame:
    """What each threshold would miss and save: ``threshold missed_share land_saved``, by rising threshold.

    ``missed_share`` is the mean over the blocks with objects, as in `fit_gate`, and ``land_saved`` the share of all
    area with a density below the threshold. Thresholds are `n_points` of the densities that occur, the lowest and the
    highest among them, at equal steps of their rank; fewer where fewer occur. All arrays are (n_cell,), areas in any
    unit. Cells without a density (NaN) are below no threshold; their objects and area count in the wholes. One density
    at least is known.

    Examples
    --------
    >>> density, ones = np.array([1.0, 2.0, np.nan, 3.0]), np.ones(4)
    >>> curve = risk_curve(density, n_objects=ones, area=ones, block=np.array([0, 0, 1, 1]))
    >>> curve.values.tolist()
    [[1.0, 0.0, 0.0], [2.0, 0.25, 0.25], [3.0, 0.5, 0.5]]
    """
    thresholds, missed = _missed_below(density, _share_of_loss(n_objects, block)[0])
    _, saved = _missed_below(density, area / area.sum())
    kept = np.unique(np.linspace(0, len(thresholds) - 1, n_points).round().astype(np.int64))
    return pd.DataFrame({"threshold": thresholds[kept], "missed_share": missed[kept], "land_saved": saved[kept]})


def _share_of_loss(n_objects: FloatArray, block: IntArray) -> tuple[FloatArray, int]:
    """What missing each cell (n_cell,) adds to the mean missed share of the blocks with objects; their number."""
    by_block = np.bincount(block, weights=n_objects)[block]
    n_blocks = len(np.unique(block[by_block > 0]))
    share = np.divide(n_objects, by_block * n_blocks, out=np.zeros(len(n_objects)), where=by_block > 0)
    return share, n_blocks


def _missed_below(density: FloatArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Densities that occur, rising, and the sum of the shares of all cells below each."""
    thresholds, place = np.unique(density[~np.isnan(density)], return_inverse=True)
    at = np.bincount(place, weights=share[~np.isnan(density)], minlength=len(thresholds))
    return thresholds, at.cumsum() - at


def _require(density: FloatArray, n_objects: FloatArray, block: IntArray, bound: float) -> None:
    if not 0 < bound < 1:
        raise ConfigError("A share is bounded.", field="bound", got=bound, expected="more than 0, less than 1")
    if not len(density) == len(n_objects) == len(block):
        raise SchemaError("Cells differ.", got=f"{len(density)}, {len(n_objects)}, {len(block)}", expected="one length")
    if not n_objects.sum() > 0:
        raise LabelError(
            "No block holds an object, so nothing is known of what a gate misses.",
            field="n_objects",
            fix="hold out blocks with objects, or look at all cells",
        )
