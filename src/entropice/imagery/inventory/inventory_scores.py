"""How far an inventory can be trusted, from objects whose truth is known, with intervals by drawing whole blocks.

Every score is a quotient of two sums over objects, so that a replicate of blocks costs a product.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import bootstrap
from entropice.quotients import quotient
from entropice.types import DataFrame, FloatArray, Series

Sums = Callable[[DataFrame], tuple[Series, Series]]


@dataclass(frozen=True)
class InventoryScore:
    """A quotient.

    Attributes
    ----------
    name, title
        In tables, and for people.
    best
        Its best value.
    of
        What is divided, and by what, object by object.
    """

    name: str
    title: str
    best: float
    of: Sums


def _each(rows: DataFrame) -> Series:
    """One for each object, so that a quotient is a mean."""
    return pd.Series(1.0, index=rows.index)


def _is_within(rows: DataFrame, true: str, said: str) -> Series:
    """Whether the truth lies in the 90 % interval of what was said."""
    return rows[true].between(rows[f"{said}_low_90_m2"], rows[f"{said}_high_90_m2"])


AREA_SCORES: Final = (
    InventoryScore(
        "area_bias", "areas said less true ones, as a share of all true area", 0.0,
        lambda rows: (rows["area_m2"] - rows["true_m2"], rows["true_m2"]),
    ),
    InventoryScore(
        "relative_bias", "mean relative error of an area", 0.0,
        lambda rows: (rows["area_m2"] / rows["true_m2"] - 1, _each(rows)),
    ),
    InventoryScore(
        "area_coverage_90", "share of true areas inside their 90 % intervals", 0.9,
        lambda rows: (_is_within(rows, "true_m2", "area"), _each(rows)),
    ),
)  # fmt: skip
"""Of found objects that are true: ``true_m2 area_m2 area_low_90_m2 area_high_90_m2``."""

FOUND_SCORES: Final = (
    InventoryScore(
        "false_share", "share of found objects that stand for nothing", 0.0,
        lambda rows: (rows["true_m2"] == 0, _each(rows)),
    ),
    InventoryScore(
        "false_area", "their area, as a share of all area found", 0.0,
        lambda rows: (rows["area_m2"].where(rows["true_m2"] == 0, 0.0), rows["area_m2"]),
    ),
    InventoryScore(
        "chance_bias", "mean chance of found objects less the share that is true", 0.0,
        lambda rows: (rows["p"] - (rows["true_m2"] > 0), _each(rows)),
    ),
)  # fmt: skip
"""Of all found objects: ``p true_m2 area_m2``, ``true_m2`` 0 of false ones."""

TRUE_SCORES: Final = (
    InventoryScore(
        "missed_share", "share of true objects that were not found", 0.0,
        lambda rows: (~rows["is_found"], _each(rows)),
    ),
    InventoryScore(
        "missed_area", "their area, as a share of all true area", 0.0,
        lambda rows: (rows["true_m2"].where(~rows["is_found"], 0.0), rows["true_m2"]),
    ),
)  # fmt: skip
"""Of all true objects: ``is_found true_m2``."""

GROWTH_SCORES: Final = (
    InventoryScore(
        "growth_bias", "changes said less true ones, as a share of all true area in the first year", 0.0,
        lambda rows: (rows["change_m2"] - rows["true_change_m2"], rows["first_true_m2"]),
    ),
    InventoryScore(
        "growth_coverage_90", "share of true changes inside their 90 % intervals", 0.9,
        lambda rows: (_is_within(rows, "true_change_m2", "change"), _each(rows)),
    ),
    InventoryScore(
        "grew_bias", "mean chance to have grown less the share that has", 0.0,
        lambda rows: (rows["p_grew"] - (rows["true_change_m2"] > 0), _each(rows)),
    ),
)  # fmt: skip
"""Of objects that are true in both years."""

TOTAL_SCORES: Final = (
    InventoryScore(
        "total_bias", "sums of areas of regions and years less true ones, as a share of these", 0.0,
        lambda rows: (rows["area_m2"] - rows["true_m2"], rows["true_m2"]),
    ),
    InventoryScore(
        "total_coverage_90", "share of true sums inside their 90 % intervals", 0.9,
        lambda rows: (_is_within(rows, "true_m2", "area"), _each(rows)),
    ),
)  # fmt: skip
"""Of regions and years: ``true_m2 area_m2 area_low_90_m2 area_high_90_m2``; blocks are regions."""

INVENTORY_SCORES: Final = (*AREA_SCORES, *FOUND_SCORES, *TRUE_SCORES, *GROWTH_SCORES, *TOTAL_SCORES)


def score_rows(
    parts: Mapping[str, DataFrame],
    scores: tuple[InventoryScore, ...],
    weights_of: Callable[[int], FloatArray],
) -> DataFrame:
    """Rows ``score part value low_95 high_95 n_blocks n`` of scores of parts; a part without objects has none.

    Parameters
    ----------
    parts
        Objects with their ``block``, by the name of the part, and the columns that the scores ask for: ``true_m2
        area_m2 area_low_90_m2 area_high_90_m2`` for `AREA_SCORES` and `TOTAL_SCORES`, ``p true_m2 area_m2`` for
        `FOUND_SCORES`, ``is_found true_m2`` for `TRUE_SCORES`, and ``change_m2 change_low_90_m2 change_high_90_m2
        true_change_m2 first_true_m2 p_grew`` for `GROWTH_SCORES`.
    scores
        One of these tuples.
    weights_of
        Replicates (n_replicate, n_block) of so many blocks: `entropice.learning.scores.table.block_replicates`.

    Returns
    -------
    DataFrame
        By part, and then in the order of the scores; ``n`` is the number of objects, ``low_95`` and ``high_95`` are the
        ends of the central 95 % of the replicates. A value is NaN where its divisor is not above 0.

    Notes
    -----
    Each score is a quotient of two sums over objects, with Â ``area_m2`` and A ``true_m2``:

    - ``area_bias`` and ``total_bias`` Σ (Â − A) / Σ A, ``relative_bias`` the mean of Â / A − 1, ``area_coverage_90``
      and ``total_coverage_90`` the share of A within its interval, the ends included;
    - ``false_share`` the share with A = 0, ``false_area`` Σ Â of these / Σ Â, ``chance_bias`` the mean of ``p`` less
      the share with A > 0;
    - ``missed_share`` the share that is not found, ``missed_area`` Σ A of these / Σ A;
    - ``growth_bias`` Σ (``change_m2`` − ``true_change_m2``) / Σ ``first_true_m2``, ``growth_coverage_90`` the share of
      true changes within their interval, ``grew_bias`` the mean of ``p_grew`` less the share that truly grew.

    Examples
    --------
    Two objects in two blocks, one 10 m² too large and one 10 m² too small, of 300 m² in all:

    >>> areas = {"true_m2": [100.0, 200.0], "area_m2": [110.0, 190.0]}
    >>> ends = {"area_low_90_m2": [90.0, 150.0], "area_high_90_m2": [120.0, 195.0]}
    >>> rows = pd.DataFrame({"block": [1, 2], **areas, **ends})
    >>> table = score_rows({"all": rows}, AREA_SCORES, lambda n_blocks: np.array([[2.0, 0.0], [0.0, 2.0]]))
    >>> table[["score", "value", "n"]].round(4).to_numpy().tolist()
    [['area_bias', 0.0, 2], ['relative_bias', 0.025, 2], ['area_coverage_90', 0.5, 2]]
    """
    return pd.DataFrame(
        [row for part, rows in parts.items() if len(rows) for row in _rows(part, rows, scores, weights_of)],
        columns=["score", "part", "value", "low_95", "high_95", "n_blocks", "n"],
    )


def _rows(
    part: str, rows: DataFrame, scores: tuple[InventoryScore, ...], weights_of: Callable[[int], FloatArray]
) -> Iterator[dict[str, object]]:
    blocks, position = np.unique(rows["block"].to_numpy(), return_inverse=True)
    weights = weights_of(len(blocks))
    for score in scores:
        sums = np.column_stack(
            [np.bincount(position, weights=each.to_numpy(np.float64), minlength=len(blocks)) for each in score.of(rows)]
        )
        # Sums of a block, not its score, are drawn: a mean of blocks' quotients would weigh a block of one slump as one
        # of a hundred.
        estimate = bootstrap(_quotient, sums, weights)
        yield {
            "score": score.name,
            "part": part,
            "value": estimate.value,
            "low_95": estimate.low_95,
            "high_95": estimate.high_95,
            "n_blocks": estimate.n_blocks,
            "n": len(rows),
        }


def _quotient(sums: FloatArray) -> FloatArray:
    return quotient(sums[..., 0], sums[..., 1])
