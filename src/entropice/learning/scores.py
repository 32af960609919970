"""Scores of out-of-fold probabilities, each with an interval from a bootstrap of whole blocks.

Every score is a ratio of sums over blocks (the AUC: over pairs of blocks), so a bootstrap replicate only reweights
those sums: it costs a product, and all models see the same replicates.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.classes import in_class_order
from entropice.learning.training_table import KEYS
from entropice.types import BoolArray, FloatArray, IntArray

REFERENCE: Final = "prevalence"
PROBABILITY_FLOOR: Final = 1e-4
"""Smallest probability inside a logarithm, for every model alike: impossible means one in ten thousand."""

N_CALIBRATION_BINS: Final = 10
N_REPLICATES: Final = 1000
INTERVAL: Final = (0.025, 0.975)

_ROW = ["scheme", "fold", *KEYS]

Weights = FloatArray
"""Multiplicities of the blocks in each replicate, (n_replicate, n_block)."""


@dataclass(frozen=True)
class Forecast:
    """Probabilities of one model under one scheme, beside the reference's and the truth.

    Attributes
    ----------
    probabilities, reference
        (n, n_class), rows sum to 1, classes in order; the reference predicts its fold's training prevalence.
    class_codes
        (n,) true classes.
    block, fold
        (n,) codes from 0.
    n_blocks
        Number of blocks.
    """

    probabilities: FloatArray
    reference: FloatArray
    class_codes: IntArray
    block: IntArray
    fold: IntArray
    n_blocks: int

    @property
    def is_positive(self) -> BoolArray:
        """Whether there is any slump."""
        return self.class_codes > 0

    def sum_by_block(self, values: FloatArray) -> FloatArray:
        """Sums (n_block,) of values (n,)."""
        return np.bincount(self.block, weights=values, minlength=self.n_blocks).astype(np.float64)


def score_table(
    out_of_fold: pd.DataFrame, blocks: pd.Series, random_seed: int, n_replicates: int = N_REPLICATES
) -> pd.DataFrame:
    """Score every model under every scheme.

    Parameters
    ----------
    out_of_fold
        ``scheme fold model cell_id year class_ p_<class>…`` of any models, the prevalence model among them.
    blocks
        Block of every cell, indexed by ``cell_id``; blocks are what the bootstrap draws.

    Returns
    -------
    DataFrame
        ``scheme model score value low_95 high_95 n_cell_years n_positive n_folds``, with the scores

        - ``log_skill``: 1 − log loss / log loss of the training prevalence;
        - ``rpss``: the same with the ranked probability score (Epstein 1969), which knows the order of the classes;
        - ``auc``: chance that a cell with slumps ranks above one without, over pairs tested in the same fold;
        - ``brier_skill``: as above with the Brier score of "any slump";
        - ``ece``: mean gap between forecast and frequency of "any slump", in ten bins with equal counts.

        A score that is not defined (an AUC without positives) is NaN. The interval is NaN with fewer than two blocks.

    Raises
    ------
    LabelError
        If the prevalence model does not cover the rows, or a cell has no block.
    """
    names = in_class_order({column.removeprefix("p_") for column in out_of_fold.columns if column.startswith("p_")})
    frame = _with_reference(out_of_fold, [f"p_{name}" for name in names])
    block_codes, n_blocks = _block_codes(frame["cell_id"], blocks)
    weights = block_replicates(n_blocks, random_seed, n_replicates)
    frame = frame.assign(block=block_codes)
    rows = [
        {"scheme": scheme, "model": model, **row}
        for (scheme, model), members in frame.groupby(["scheme", "model"], sort=True)
        for row in _score_rows(_forecast(members, names, n_blocks), weights)
    ]
    return pd.DataFrame(rows)


def log_losses(probabilities: FloatArray, class_codes: IntArray) -> FloatArray:
    """Return −log of the probability (n,) given to the true class, not below `PROBABILITY_FLOOR`."""
    given = probabilities[np.arange(len(class_codes)), class_codes]
    losses: FloatArray = -np.log(np.maximum(given, PROBABILITY_FLOOR))
    return losses


def ranked_probability_scores(probabilities: FloatArray, class_codes: IntArray) -> FloatArray:
    """Sum over classes of the squared gap between cumulative forecast and truth, (n,); 0 is perfect."""
    truth = class_codes[:, None] <= np.arange(probabilities.shape[1])
    scores: FloatArray = ((probabilities.cumsum(axis=1) - truth) ** 2).sum(axis=1)
    return scores


def brier_scores(probabilities: FloatArray, class_codes: IntArray) -> FloatArray:
    """Squared error (n,) of the probability of any slump."""
    scores: FloatArray = (1 - probabilities[:, 0] - (class_codes > 0)) ** 2
    return scores


def concordance(forecast: Forecast) -> tuple[FloatArray, FloatArray]:
    """Count pairs (positive, negative) of one fold by their blocks: those in the right order (ties half), and all.

    Both are (n_block, n_block), positives by row.
    """
    right = np.zeros((forecast.n_blocks, forecast.n_blocks))
    pairs = np.zeros_like(right)
    chance = 1 - forecast.probabilities[:, 0]
    for fold in np.unique(forecast.fold):
        is_here = forecast.fold == fold
        positive, negative = is_here & forecast.is_positive, is_here & ~forecast.is_positive
        for block in np.unique(forecast.block[negative]):
            negatives = np.sort(chance[negative & (forecast.block == block)])
            below = np.searchsorted(negatives, chance[positive], side="left")
            upto = np.searchsorted(negatives, chance[positive], side="right")
            np.add.at(right[:, block], forecast.block[positive], (below + upto) / 2)
            np.add.at(pairs[:, block], forecast.block[positive], len(negatives))
    return right, pairs


def calibration_bins(chance: FloatArray) -> IntArray:
    """Bin (n,) of each probability, in ten bins with about equal counts; equal probabilities share a bin."""
    inner = np.linspace(0, 1, N_CALIBRATION_BINS + 1)[1:-1]
    return np.searchsorted(np.unique(np.quantile(chance, inner)), chance, side="left")


def _skill(loss: Callable[[FloatArray, IntArray], FloatArray]) -> Callable[[Forecast, Weights], FloatArray]:
    def skill(forecast: Forecast, weights: Weights) -> FloatArray:
        model, reference = (
            weights @ forecast.sum_by_block(loss(probabilities, forecast.class_codes))
            for probabilities in (forecast.probabilities, forecast.reference)
        )
        return 1 - _ratio(model, reference)

    return skill


def _auc(forecast: Forecast, weights: Weights) -> FloatArray:
    right, pairs = (np.einsum("ri,ij,rj->r", weights, counts, weights) for counts in concordance(forecast))
    return _ratio(right, pairs)


def _ece(forecast: Forecast, weights: Weights) -> FloatArray:
    chance = 1 - forecast.probabilities[:, 0]
    bins = calibration_bins(chance)
    gaps = np.zeros((forecast.n_blocks, bins.max() + 1))
    np.add.at(gaps, (forecast.block, bins), chance - forecast.is_positive)
    n_rows = weights @ forecast.sum_by_block(np.ones(len(chance)))
    return _ratio(np.abs(weights @ gaps).sum(axis=1), n_rows)


@dataclass(frozen=True)
class Score:
    """One score of out-of-fold probabilities, for computing and for readers.

    Attributes
    ----------
    name
        In the table of scores.
    title, description
        For readers: what it is called, and what it judges.
    values
        The score (n_replicate,) under multiplicities of the blocks (n_replicate, n_block); NaN where not defined.
    bigger_is_better
        Which way is better.
    has_share_of_limit
        Whether a part of the attainable limit can be reached; a calibration error has none.
    is_charted
        Whether reports draw it.
    grows_when_resampled
        Whether resampling adds noise to it on top of the noise it measures: its interval is reflected about the value.
    """

    name: str
    title: str
    description: str
    values: Callable[[Forecast, Weights], FloatArray]
    bigger_is_better: bool = True
    has_share_of_limit: bool = True
    is_charted: bool = False
    grows_when_resampled: bool = False


SCORES: Final[Mapping[str, Score]] = MappingProxyType(
    {
        score.name: score
        for score in (
            Score("log_skill", "log skill", "probabilities of all classes", _skill(log_losses), is_charted=True),
            Score(
                "rpss",
                "RPSS",
                "ranked probability skill score of all classes",
                _skill(ranked_probability_scores),
                is_charted=True,
            ),
            Score("auc", "AUC", "order of the cells, any slump against none", _auc, is_charted=True),
            Score("brier_skill", "Brier skill", "probability of any slump against none", _skill(brier_scores)),
            Score(
                "ece",
                "ECE",
                "expected calibration error of any slump against none",
                _ece,
                bigger_is_better=False,
                has_share_of_limit=False,
                grows_when_resampled=True,
            ),
        )
    }
)
"""Every score by its name, in the readers' order."""


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide; NaN where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0)


def _score_rows(forecast: Forecast, weights: Weights) -> Iterator[dict[str, object]]:
    counts = {
        "n_cell_years": len(forecast.class_codes),
        "n_positive": int(forecast.is_positive.sum()),
        "n_folds": len(np.unique(forecast.fold)),
    }
    for score in SCORES.values():
        value = score.values(forecast, np.ones((1, forecast.n_blocks)))[0]
        low, high = _interval(score.values(forecast, weights))
        if score.grows_when_resampled:
            low, high = max(2 * value - high, 0.0), max(2 * value - low, 0.0)
        yield {"score": score.name, "value": value, "low_95": low, "high_95": high, **counts}


def _interval(values: FloatArray) -> tuple[float, float]:
    """Return the central 95 % of the defined values; NaN without any."""
    defined = values[~np.isnan(values)]
    if len(defined) == 0:
        return np.nan, np.nan
    low, high = np.quantile(defined, INTERVAL)
    return float(low), float(high)


def block_replicates(n_blocks: int, random_seed: int, n_replicates: int) -> Weights:
    """Draw blocks with replacement; one block alone has no spread to show, so there are no replicates."""
    if n_blocks < 2:
        return np.empty((0, n_blocks))
    random = np.random.default_rng(random_seed)
    return random.multinomial(n_blocks, np.full(n_blocks, 1 / n_blocks), size=n_replicates).astype(np.float64)


def _with_reference(out_of_fold: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Put the prevalence forecast of the same row beside every forecast, as ``reference_<class>``."""
    frame = out_of_fold.fillna(dict.fromkeys(columns, 0.0))
    reference = frame.loc[frame["model"] == REFERENCE, [*_ROW, *columns]]
    renamed = reference.rename(columns={column: f"reference_{column}" for column in columns})
    merged = frame.merge(renamed, on=_ROW, how="left", validate="many_to_one")
    is_missing = merged[[f"reference_{column}" for column in columns]].isna().any(axis=1)
    if is_missing.any():
        raise LabelError(
            "Skill needs the prevalence forecast of every row.",
            field="model",
            got=f"{is_missing.sum()} of {len(merged)} rows without one",
            sample=merged.loc[is_missing, "model"].unique(),
            fix=f"concatenate the frame with the rows of out_of_fold where model is {REFERENCE!r}",
        )
    return merged


def _block_codes(cell_ids: pd.Series, blocks: pd.Series) -> tuple[IntArray, int]:
    unknown = ~cell_ids.isin(blocks.index)
    if unknown.any():
        raise LabelError("Some cells have no block.", field="cell_id", sample=cell_ids[unknown].unique())
    drawn, codes = np.unique(blocks.loc[cell_ids].to_numpy(), return_inverse=True)
    return codes.astype(np.int64), len(drawn)


def _forecast(members: pd.DataFrame, names: list[str], n_blocks: int) -> Forecast:
    code_of = {name: code for code, name in enumerate(names)}
    return Forecast(
        probabilities=members[[f"p_{name}" for name in names]].to_numpy(dtype=np.float64),
        reference=members[[f"reference_p_{name}" for name in names]].to_numpy(dtype=np.float64),
        class_codes=np.array(members["class_"].map(code_of), dtype=np.int64),
        block=members["block"].to_numpy(dtype=np.int64),
        fold=members["fold"].to_numpy(dtype=np.int64),
        n_blocks=n_blocks,
    )
