"""Scores of forecast indices in years that nothing was learned from, by horizon, with intervals over blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import bootstrap, paired_difference
from entropice.learning.outlook.crps import crps, inner_range
from entropice.quotients import quotient
from entropice.types import DataFrame, Float32Array, FloatArray, IntArray

ALL_INDICES: Final = "all indices"
SUMS: Final = ("n", "crps", "covered", "width", "squared")


@dataclass(frozen=True)
class IndexScore:
    """A score that is a mean over cells and years.

    Attributes
    ----------
    name, title
        In tables, and for people.
    score
        (…,) of sums (…, `SUMS`).
    best
        Its best value.
    """

    name: str
    title: str
    score: Callable[[FloatArray], FloatArray]
    best: float


def _mean(name: str) -> Callable[[FloatArray], FloatArray]:
    return lambda sums: quotient(sums[..., SUMS.index(name)], sums[..., SUMS.index("n")])


INDEX_SCORES: Final[tuple[IndexScore, ...]] = (
    IndexScore("crps", "CRPS of climate indices, in their standard deviations", _mean("crps"), 0.0),
    IndexScore("coverage_90", "Share of truth within 90 % intervals of climate indices", _mean("covered"), 0.9),
    IndexScore("width_90", "Width of 90 % intervals of climate indices, in standard deviations", _mean("width"), 0.0),
    IndexScore("index_rmse", "Root mean squared error of the mean", lambda sums: np.sqrt(_mean("squared")(sums)), 0.0),
)


def index_sums(draws: Float32Array, truth: Float32Array, block: IntArray) -> FloatArray:
    """Sums (n_block, n_index, 5) of draws (n_draw, n_index, n_cell) of one year; unknown cells count nowhere.

    Truth is (n_index, n_cell), blocks (n_cell,) from 0. Summed over the known cells of a block are 1, the CRPS, whether
    the truth lies in the central 90 % of the draws (ends included), the width of these, and the squared error of the
    mean draw.

    Examples
    --------
    Draws of 0 and 2 around a truth of 1, and a second cell that is not known.

    >>> draws = np.array([[[0.0, 0.0]], [[2.0, 2.0]]], dtype=np.float32)
    >>> index_sums(draws, np.array([[1.0, np.nan]], dtype=np.float32), np.array([0, 0])).tolist()
    [[[1.0, 0.0, 1.0, 2.0, 0.0]]]
    """
    score = crps(draws, truth)
    low, high = inner_range(draws)
    is_scored = np.isfinite(score) & np.isfinite(truth)
    parts = (is_scored, score, (low <= truth) & (truth <= high), high - low, (draws.mean(axis=0) - truth) ** 2)
    counted = np.stack([np.where(is_scored, part, 0.0) for part in parts], axis=-1)
    # Sums by block, not scores: a replicate of the bootstrap only weighs them.
    sums = np.zeros((int(block.max()) + 1, *counted.shape[::2]))
    np.add.at(sums, block, counted.transpose(1, 0, 2))
    return sums


def index_score_table(
    sums: Mapping[str, Mapping[int, FloatArray]],
    first: str,
    indices: Sequence[str],
    replicates: Callable[[int], FloatArray],
) -> DataFrame:
    """Scores of every model at every horizon, of all indices together and of each, and the first model's lead.

    Parameters
    ----------
    sums
        (n_block, n_index, 5) of `index_sums`, by model and horizon: blocks are parent cells in one year.
    first
        The model whose lead over each other is told.
    indices
        (n_index) names.
    replicates
        Gives multiplicities (n_replicate, n_block) for a number of blocks.

    Returns
    -------
    DataFrame
        ``model compared_with score part horizon value low_95 high_95 n_blocks n``; ``part`` is an index, or "all
        indices". Scores are ``crps``, ``coverage_90`` (share of the truth within the 90 % intervals), ``width_90`` and
        ``index_rmse``, means over cells and years. Where ``compared_with`` names a model, its score is taken from that
        of the first in the same blocks; else it is null. ``n`` is the known cells and years, ``n_blocks`` the blocks,
        ``horizon`` a float; the interval is the central 95 % of the replicates (`entropice.imagery.block_bootstrap`).

    Examples
    --------
    The network's CRPS of two cells sums up to 1, that of persistence to 3.

    >>> crps_sums = {"network": 1.0, "past": 3.0}
    >>> sums = {name: {1: np.array([[[2.0, total, 0.0, 0.0, 0.0]]])} for name, total in crps_sums.items()}
    >>> table = index_score_table(sums, "network", ["rain"], lambda n_blocks: np.ones((1, n_blocks)))
    >>> table[(table["part"] == "rain") & (table["score"] == "crps")][["model", "value"]].values.tolist()
    [['network', 0.5], ['past', 1.5], ['network', -1.0]]
    """
    parts = {ALL_INDICES: slice(None)} | {name: slice(place, place + 1) for place, name in enumerate(indices)}
    rows = [
        {"part": part, "horizon": float(horizon), **row}
        for part, chosen in parts.items()
        for horizon in sums[first]
        for row in _rows({name: of[horizon][:, chosen].sum(axis=1) for name, of in sums.items()}, first, replicates)
    ]
    return pd.DataFrame(rows)


def _rows(
    sums: Mapping[str, FloatArray], first: str, replicates: Callable[[int], FloatArray]
) -> Iterator[dict[str, object]]:
    weights = replicates(len(sums[first]))
    for each in INDEX_SCORES:
        for model, of_model in sums.items():
            yield _row(model, None, each.name, bootstrap(each.score, of_model, weights), of_model)
            if model != first:
                lead = paired_difference(each.score, sums[first], each.score, of_model, weights)
                yield _row(first, model, each.name, lead, sums[first])


def _row(model: str, compared_with: str | None, score: str, estimate: object, sums: FloatArray) -> dict[str, object]:
    told = {name: getattr(estimate, name) for name in ("value", "low_95", "high_95", "n_blocks")}
    return {"model": model, "compared_with": compared_with, "score": score, **told, "n": int(sums[:, 0].sum())}
