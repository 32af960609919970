"""The table of drivers: what sets of features are worth out of fold, beside what copies without meaning are worth."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.learning.best import fit_bytes
from entropice.learning.drivers.feature_sets import FeatureSet, Level, feature_sets
from entropice.learning.drivers.leave_out import leave_out_rises
from entropice.learning.drivers.nulls import Land, Turn, copies_of, turns, with_copies
from entropice.learning.drivers.permutation import permutation_rises
from entropice.learning.drivers.refits import fit_folds
from entropice.learning.drivers.significance import (
    FALSE_DISCOVERY_RATE,
    NULL_QUANTILE,
    block_intervals,
    p_values,
    q_values,
)
from entropice.learning.drivers.stated_columns import without_rows
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.predictor import Part
from entropice.learning.tuning import Tuning
from entropice.processes import side_by_side
from entropice.types import CellIds, FloatArray

COLUMNS: Final = {
    "level": "str",
    "group": "str",
    "feature": "str",
    "features": "str",
    "n_features": "int64",
    "importance": "float64",
    "low_95": "float64",
    "high_95": "float64",
    "leave_out": "float64",
    "null_q95": "float64",
    "p_value": "float64",
    "q_value": "float64",
    "is_discovery": "bool",
    "rank": "int64",
}


def global_drivers(part: Part, inner_folds: InnerFolds, tuning: Tuning, land: Land, n_nulls: int) -> pd.DataFrame:
    """Rank sets of features by permutation importance under spatial folds, each beside turned copies of itself.

    For each turn (`nulls.turns`, by the tuning's seed) the model is fitted with the copies beside the real features,
    and all sets of both are shuffled; what is told of a real set is the mean over turns.

    Parameters
    ----------
    part
        The model that is explained; it is fitted again to the training rows of each fold, with its parameters.
    inner_folds
        The training rows and their spatial folds.
    tuning
        Seed, device and processes of the fits; nothing is tuned.
    land
        Where turned copies take their values.
    n_nulls
        Number of turns, at least 3; each takes a fit a fold, with twice the features.

    Returns
    -------
    DataFrame
        Columns ``level group feature features n_features importance low_95 high_95 leave_out null_q95 p_value q_value
        is_discovery rank``, by level (groups first) and rank, which is by falling importance from 1. ``level`` is group
        or cluster; ``feature`` is the most typical one of ``features`` (separated by spaces); ``importance`` is the
        mean rise of the log loss in nats, over rows that a fold tests, with its 95 % interval over blocks;
        ``leave_out`` is that of fits without the group, and without any copies (NaN for clusters, and where there is
        one group alone); ``null_q95`` is the 95 % quantile of the importances of the set's own copies, one a turn,
        linear between them; ``p_value`` is of `significance.p_values`. A discovery has a ``q_value`` (false discovery
        rate within the level) of at most 10 %. No rows where the model sees no feature.

    Raises
    ------
    ConfigError
        If a fit needs more memory than may be taken; none has been begun.
    LabelError
        As `InnerFolds.splits`.
    """
    sets = feature_sets(inner_folds.samples, part.feature_names)
    if not sets:
        return without_rows(COLUMNS)
    random = np.random.default_rng(tuning.random_seed)
    rises, nulls = _beside_copies(part, inner_folds, tuning, land, sets, turns(n_nulls, random), random)
    worth = _worth(rises, inner_folds.samples.blocks, random).assign(
        leave_out=_left_out(part, inner_folds, tuning, sets)
    )
    told = pd.DataFrame(
        {
            "level": [each.level for each in sets],
            "group": [each.group for each in sets],
            "feature": [each.features[0] for each in sets],
            "features": [" ".join(each.features) for each in sets],
            "n_features": [len(each.features) for each in sets],
        }
    )
    return pd.concat([_judged(told.join(worth), nulls, level) for level in ("group", "cluster")], ignore_index=True)


def _beside_copies(
    part: Part,
    inner_folds: InnerFolds,
    tuning: Tuning,
    land: Land,
    sets: Sequence[FeatureSet],
    turned: Sequence[Turn],
    random: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Rises of the loss (n_set, n) in the mean over turns, and mean rises of the copies (n_turn, n_set)."""
    names = [name for each in sets if each.level == "group" for name in each.features]
    judged = [each.features for each in sets] + [copies_of(each.features) for each in sets]

    def beside(turn_and_random: tuple[Turn, np.random.Generator]) -> tuple[FloatArray, FloatArray]:
        turn, own_random = turn_and_random
        fits = fit_folds(part.model, part.whole.recipe.parameters, with_copies(inner_folds, land, names, turn), tuning)
        rises = permutation_rises(fits, judged, len(inner_folds.class_codes), own_random)
        return rises[: len(sets)], np.nanmean(rises[len(sets) :], axis=1)

    # Real layers are judged in the same fits as their copies, and their rises are the mean over all turns: so both have
    # met the same competition, and a real layer gains nothing from a fit in which no copy stood beside it.
    tasks = list(zip(turned, random.spawn(len(turned)), strict=True))
    # Rows stand beside as wide copies of them, and a fit sees both.
    n_bytes = 2 * (fit_bytes([part.model.name], inner_folds.samples) + inner_folds.samples.n_bytes)
    n_shared_bytes = inner_folds.samples.n_bytes + land.n_bytes
    found = side_by_side(beside, tasks, "null of the drivers", tuning.n_processes, n_bytes, n_shared_bytes)
    rises, nulls = zip(*found, strict=True)
    return np.mean(rises, axis=0), np.array(nulls)


def _worth(rises: FloatArray, blocks: CellIds, random: np.random.Generator) -> pd.DataFrame:
    """``importance low_95 high_95`` of each set, from rises (n_set, n) that are NaN where no fold tests a row."""
    is_tested = ~np.isnan(rises[0])
    low, high = block_intervals(rises[:, is_tested], blocks[is_tested], random)
    return pd.DataFrame({"importance": rises[:, is_tested].mean(axis=1), "low_95": low, "high_95": high})


def _left_out(part: Part, inner_folds: InnerFolds, tuning: Tuning, sets: Sequence[FeatureSet]) -> FloatArray:
    """Mean rise of the loss (n_set,) without each group; NaN for clusters, and where nothing would be left."""
    groups = [each.features for each in sets if each.level == "group"]
    found = np.full(len(sets), np.nan)
    if len(groups) > 1:
        rises = leave_out_rises(part.model, part.whole.recipe.parameters, inner_folds, tuning, groups)
        found[[each.level == "group" for each in sets]] = np.nanmean(rises, axis=1)
    return found


def _judged(table: pd.DataFrame, nulls: FloatArray, level: Level) -> pd.DataFrame:
    """The rows of one level by rank, with p-values from the copies of that level alone."""
    is_here = (table["level"] == level).to_numpy()
    here, of_copies = table[is_here], nulls[:, is_here]
    # Level by level: a group and its clusters are one piece of evidence, which would count twice in one list of
    # p-values.
    p = p_values(here["importance"].to_numpy(), of_copies)
    q = q_values(p)
    judged = here.assign(
        null_q95=np.quantile(of_copies, NULL_QUANTILE, axis=0),
        p_value=p,
        q_value=q,
        is_discovery=q <= FALSE_DISCOVERY_RATE,
    ).sort_values("importance", ascending=False, kind="stable")
    return judged.assign(rank=np.arange(1, len(judged) + 1))[list(COLUMNS)].astype(COLUMNS)
