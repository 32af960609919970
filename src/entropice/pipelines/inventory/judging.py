"""An inventory beside the truth, where the scenery tells it, on ground that nothing was learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from entropice.dggs import parse_grid
from entropice.imagery.inventory.ground import ground_at
from entropice.imagery.inventory.inventory_scores import (
    AREA_SCORES,
    FOUND_SCORES,
    GROWTH_SCORES,
    TOTAL_SCORES,
    TRUE_SCORES,
    score_rows,
)
from entropice.imagery.inventory.overlaps import Outlined, pairs_of
from entropice.imagery.inventory.region_tiles import REGION
from entropice.imagery.size_classes import size_class_names, size_classes
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import TEST
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.inventory.gathering import TRUE, centres_m, ground_pixels_m2, known_places, whole_objects
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.pipelines.inventory.places import pixel_m_of, reach_m_of
from entropice.tiles.plan import TileResults
from entropice.types import DataFrame, GeoDataFrame, IntArray

LARGE: Final = "large"
SMALL: Final = "small"
"""Parts: objects of at least the least area, and those below."""


@dataclass(frozen=True)
class Truth:
    """What is there, and what is known of it.

    Attributes
    ----------
    objects
        ``region year split block true_m2 is_cut geometry``.
    known
        ``region year`` of those whose truth is known wherever somebody looked.
    """

    objects: GeoDataFrame
    known: DataFrame


def truth_of(
    surveyed: TileResults,
    places: DataFrame,
    years: Sequence[int],
    rules: InventoryParameters,
    grid: str,
    splits: SplitRules,
    seed: int,
) -> Truth:
    """True objects of all regions and years, put together from tiles as found ones are.

    Areas are those on the ground; split and block are those of the parent cell that holds an object's centroid. A
    region and year counts as known where the truth is known wherever somebody looked.
    """
    objects = whole_objects(surveyed, places, years, reach_m_of(places, rules), TRUE)
    ground = ground_at(centres_m(objects), parse_grid(grid), splits, seed)
    told = objects.assign(
        split=ground.split,
        block=ground.block,
        true_m2=objects["n_pixels"] * ground_pixels_m2(objects, pixel_m_of(places)),
    )
    by_year = known_places(surveyed, places, years).groupby([REGION, "year"])["knows_truth"].all()
    return Truth(told, by_year[by_year].reset_index()[[REGION, "year"]])


def judged_objects(inventory: GeoDataFrame, truth: Truth, min_overlap: float) -> tuple[DataFrame, DataFrame]:
    """Found objects with ``true_m2``, 0 of a false one, and true ones with ``is_found``; where the truth is known.

    Rows of `inventory`, with columns ``region year geometry``, and of the truth are paired in the same region and year
    where they share at least `min_overlap` of the smaller one's area, that much included. An object may be in several
    pairs: two found pieces of one true object are both right, and share its area out by how much of it each covers
    (`entropice.imagery.inventory.overlaps.Pairs.true_areas`). All columns stay, the index is new.
    """
    known = pd.MultiIndex.from_frame(truth.known)
    (said, of_said), (there, of_there) = (_known(rows, known) for rows in (inventory, truth.objects))
    pairs = pairs_of(
        Outlined(said.geometry.to_numpy(), of_said), Outlined(there.geometry.to_numpy(), of_there), min_overlap
    )
    true_m2 = pairs.true_areas(len(said), there["true_m2"].to_numpy(np.float64))
    return pd.DataFrame(said.assign(true_m2=true_m2)), pd.DataFrame(there.assign(is_found=pairs.is_found(len(there))))


def _known(rows: GeoDataFrame, known: pd.MultiIndex) -> tuple[GeoDataFrame, IntArray]:
    """Rows of known regions and years, and which of these each is of."""
    of = np.asarray(known.get_indexer(pd.MultiIndex.from_frame(rows[[REGION, "year"]])), dtype=np.int64)
    return rows[of >= 0].reset_index(drop=True), of[of >= 0]


def judged_growth(growth: DataFrame, found: DataFrame) -> DataFrame:
    """Growth with ``true_change_m2 first_true_m2`` of objects that are true in both years.

    `growth` has ``object_id first_year last_year``, `found` ``object_id year true_m2`` of `judged_objects`; other rows
    are left out, and `last_true_m2` is told beside.

    >>> growth = pd.DataFrame({"object_id": [7, 8], "first_year": 2015, "last_year": 2020})
    >>> found = pd.DataFrame({"object_id": [7, 7, 8, 8], "year": [2015, 2020] * 2, "true_m2": [100.0, 150.0, 0.0, 9.0]})
    >>> judged_growth(growth, found)[["object_id", "first_true_m2", "true_change_m2"]].values.tolist()
    [[7.0, 100.0, 50.0]]
    """
    true = found.loc[found["true_m2"] > 0, ["object_id", "year", "true_m2"]]
    first = true.rename(columns={"year": "first_year", "true_m2": "first_true_m2"})
    last = true.rename(columns={"year": "last_year", "true_m2": "last_true_m2"})
    both = growth.merge(first, on=["object_id", "first_year"]).merge(last, on=["object_id", "last_year"])
    return both.assign(true_change_m2=both["last_true_m2"] - both["first_true_m2"])


def inventory_scores(
    inventory: GeoDataFrame,
    growth: DataFrame,
    region_areas: DataFrame,
    truth: Truth,
    rules: InventoryParameters,
    area_edges_m2: Sequence[float],
    seed: int,
    n_replicates: int,
) -> DataFrame:
    """Rows ``score part value low_95 high_95 n_blocks n`` of test ground; none where no truth is known.

    Objects at the edge of what was seen go into sums of regions alone. Sizes are those of the truth where there is one.

    Parameters
    ----------
    inventory, growth, region_areas
        The task's datasets of these names; rows with ``split`` test are judged.
    truth
        Of `truth_of`.
    rules
        The least area, from which on, it included, an object is large, and the overlap by which objects are one.
    area_edges_m2
        Edges of the classes of sizes; an area at an edge is of the upper class.
    seed, n_replicates
        Of the draws of blocks; blocks of sums are regions.

    Returns
    -------
    DataFrame
        ``part`` is ``large``, ``small``, ``large, <year>``, a class of sizes, or ``regions``; a part without objects
        has no row, a value is NaN where its divisor is not above 0. Scores are ``area_bias relative_bias
        area_coverage_90`` of true finds, ``false_share false_area chance_bias`` of all finds, ``missed_share
        missed_area`` of true objects, ``growth_bias growth_coverage_90 grew_bias`` of growth and ``total_bias
        total_coverage_90`` of regions (`entropice.imagery.inventory.inventory_scores`). Intervals are NaN with fewer
        than two blocks.
    """
    found, true = judged_objects(inventory, truth, rules.min_overlap)
    whole, there = (rows[(rows["split"] == TEST) & ~rows["is_cut"]] for rows in (found, true))
    changes = judged_growth(growth, found)
    grown = changes[(changes["split"] == TEST) & ~changes["is_cut"]]
    matched = whole[whole["true_m2"] > 0]
    rows = partial(score_rows, weights_of=lambda n_blocks: block_replicates(n_blocks, seed, n_replicates))
    return pd.concat(
        [
            rows(_parts(matched, "true_m2", rules.min_area_m2, area_edges_m2), AREA_SCORES),
            rows(_parts(whole, "area_m2", rules.min_area_m2, area_edges_m2), FOUND_SCORES),
            rows(_parts(there, "true_m2", rules.min_area_m2, area_edges_m2), TRUE_SCORES),
            rows(_sizes(grown, "first_true_m2", rules.min_area_m2), GROWTH_SCORES),
            rows({"regions": _totals(region_areas, true, truth)}, TOTAL_SCORES),
        ],
        ignore_index=True,
    )


def _parts(rows: DataFrame, area: str, min_area_m2: float, edges_m2: Sequence[float]) -> Mapping[str, DataFrame]:
    """Large and small ones, the large ones by year, and all by class of sizes."""
    sizes = _sizes(rows, area, min_area_m2)
    years = {f"{LARGE}, {year}": of_year for year, of_year in sizes[LARGE].groupby("year")}
    number = size_classes(rows[area].to_numpy(np.float64), edges_m2)
    classes = {name: rows[number == place] for place, name in enumerate(size_class_names(edges_m2))}
    return {**sizes, **years, **classes}


def _sizes(rows: DataFrame, area: str, min_area_m2: float) -> Mapping[str, DataFrame]:
    is_large = rows[area] >= min_area_m2
    return {LARGE: rows[is_large], SMALL: rows[~is_large]}


def _totals(region_areas: DataFrame, true: DataFrame, truth: Truth) -> DataFrame:
    """Sums of areas on test ground beside true ones; blocks are regions."""
    said = region_areas[region_areas["split"] == TEST].merge(truth.known, on=[REGION, "year"])
    there = true[true["split"] == TEST].groupby([REGION, "year"])["true_m2"].sum()
    both = said.assign(true_m2=there.reindex(pd.MultiIndex.from_frame(said[[REGION, "year"]])).to_numpy(np.float64))
    return both.assign(block=both[REGION]).dropna(subset="true_m2")
