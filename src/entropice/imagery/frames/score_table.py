"""Scores of forecasts by horizon and part, with intervals over blocks, and a model's lead over every other."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.imagery.block_bootstrap import Estimate, bootstrap, paired_difference
from entropice.imagery.frames.rivals import PERSISTENCE
from entropice.imagery.frames.scores import FORECAST_SCORES, REFERENCES
from entropice.imagery.frames.sums import SUMS
from entropice.types import DataFrame, FloatArray

Replicates = Callable[[int], FloatArray]
"""Weights (n_replicate, n_block) of a number of blocks: `entropice.learning.scores.table.block_replicates`."""

COLUMNS = ("model", "compared_with", "score", "part", "horizon", "value", "low_95", "high_95", "n_blocks", "n")


def score_table(sums: DataFrame, first: str, replicates: Replicates) -> DataFrame:
    """Every score of every model in every part at every horizon, and how much higher the first model's are.

    Parameters
    ----------
    sums
        Of `entropice.imagery.frames.sums.forecast_sums`, of persistence among others.
    first
        The model that is compared with each other one, in the same replicates of the same blocks.
    replicates
        Weights (n_replicate, n_block) of a number of blocks: `entropice.learning.scores.table.block_replicates`.

    Returns
    -------
    DataFrame
        ``model compared_with score part horizon value low_95 high_95 n_blocks n``, by part and horizon; ``score`` is
        one of `entropice.imagery.frames.scores.FORECAST_SCORES`, ``low_95`` and ``high_95`` are the ends of the central
        95 % of the replicates; ``compared_with`` is null, or the model whose score is taken from the first one's; ``n``
        are scored pixels. A score that is not defined is NaN: the share of what can be known where no forecast knows
        it, and all scores where no pixel is scored.

    Raises
    ------
    SchemaError
        Persistence or the first model was not judged, or models were judged on other pixels.

    Notes
    -----
    Of sums over a block's pixels, added up over blocks: ``mse``, ``mae``, ``bias`` and ``within_tenth`` are
    ``squared``, ``absolute``, ``error`` and ``near`` over ``n``, ``rmse`` is the root of ``mse``; ``skill`` is
    1 − S / S₀, S ``squared`` of the model and S₀ of ``persistence``; ``share_of_ceiling`` is (S₀ − S) / (S₀ − S₁), S₁
    of the model ``ceiling_mean``, and ``share_of_ceiling_mae`` the same of ``absolute`` and the model ``ceiling``. NaN
    where a divisor is 0.
    """
    _require(sums, first)
    rows = [row for _, group in sums.groupby(["split", "horizon"]) for row in _rows(group, first, replicates)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(group: DataFrame, first: str, replicates: Replicates) -> Iterator[dict[str, object]]:
    counts = _counts_by_model(group)
    here = {"part": group["split"].iloc[0], "horizon": float(group["horizon"].iloc[0])}
    weights = replicates(len(counts[first]))
    for model, of_model in counts.items():
        about = {"model": model, "compared_with": None, **here, "n": int(of_model[:, 0].sum())}
        for each in FORECAST_SCORES:
            yield {**about, "score": each.name, **_values(bootstrap(each.score, of_model, weights))}
    for model in (name for name in counts if name != first):
        about = {"model": first, "compared_with": model, **here, "n": int(counts[first][:, 0].sum())}
        for each in FORECAST_SCORES:
            lead = paired_difference(each.score, counts[first], each.score, counts[model], weights)
            yield {**about, "score": each.name, **_values(lead)}


def _counts_by_model(group: DataFrame) -> dict[str, FloatArray]:
    """`entropice.imagery.frames.scores.COUNTS` (n_block, …) of each model, the blocks in one order."""
    by_block = group.groupby(["model", "block"])[list(SUMS)].sum()
    sums = {str(model): by_block.loc[model].sort_index() for model in by_block.index.unique("model")}
    n_pixels = sums[PERSISTENCE]["n"]
    wrong = [model for model, of_model in sums.items() if not of_model["n"].equals(n_pixels)]
    if wrong:
        raise SchemaError("Models were not judged on the same pixels.", field="n", got=", ".join(wrong))
    references = [_sum_of(sums, name, column, len(n_pixels)) for name, column in REFERENCES]
    return {model: np.column_stack([of_model.to_numpy(), *references]) for model, of_model in sums.items()}


def _sum_of(sums: dict[str, DataFrame], model: str, column: str, n_blocks: int) -> FloatArray:
    return sums[model][column].to_numpy() if model in sums else np.full(n_blocks, np.nan)


def _values(estimate: Estimate) -> dict[str, object]:
    return {
        "value": estimate.value,
        "low_95": estimate.low_95,
        "high_95": estimate.high_95,
        "n_blocks": estimate.n_blocks,
    }


def _require(sums: DataFrame, first: str) -> None:
    missing = [model for model in (PERSISTENCE, first) if model not in set(sums["model"])]
    if missing:
        raise SchemaError(
            "A model that others are compared with was not judged.",
            field="model",
            got=", ".join(sorted(set(sums["model"]))),
            expected=", ".join(missing),
        )
