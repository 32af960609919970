"""An audit: cells drawn at random, looked at by a person, that say what a map is worth where nobody had looked.

A probability sample is the only unbiased judge of a map (Stehman and Foody 2019, doi:10.1016/j.rse.2019.05.018). With
pᵢ the map's P(any) of the cells in the sample and yᵢ what the person saw, the corrected chance is

    logit p′ = a + b · logit p.

a and b maximise the likelihood with Jeffreys' prior (Firth 1993, doi:10.1093/biomet/80.1.27), which is finite whatever
was seen. The slope b is estimated where at least `MIN_OF_EACH` cells with slumps and as many without were seen, else it
is 1. The interval of the intercept (b held) is that of the score test, all a with

    (Σ wᵢ (yᵢ − p′ᵢ(a)))² ≤ z² · Σ wᵢ² p′ᵢ(a) (1 − p′ᵢ(a)),

Wilson's interval (1927, doi:10.1080/01621459.1927.10502953) where all pᵢ are equal; that of the slope is Wald's.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm

from entropice.errors import InputFileError, LabelError
from entropice.learning.scores import REFERENCE, score_table
from entropice.learning.scores.skills import log_odds
from entropice.types import BoolArray, FloatArray

MIN_OF_EACH: Final = 30
ANSWERS: Final = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
COLUMNS: Final = ("cell_id", "lon_deg", "lat_deg", "year", "p_any", "weight", "observed")
AUDIT: Final = "audit"

_Z = float(norm.ppf(0.975))
_WIDEST_LOGIT = 30.0
_MAX_STEPS = 100

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Correction:
    """A line through the logits of a map, and the 95 % intervals of its parts.

    Attributes
    ----------
    intercept, slope
        a and b.
    intercept_low, intercept_high
        Infinite where all cells of the sample gave the same answer.
    slope_low, slope_high
        NaN where the slope is not estimated.
    n, n_with
        Cells that were looked at, and those with slumps.
    """

    intercept: float
    intercept_low: float
    intercept_high: float
    slope: float
    slope_low: float
    slope_high: float
    n: int
    n_with: int

    def apply(self, p_any: FloatArray) -> FloatArray:
        """Corrected chance (n,) of any slump."""
        corrected: FloatArray = expit(self.intercept + self.slope * log_odds(p_any))
        return corrected


def draw_sample(predictions: pd.DataFrame, n_cells: int, random_seed: int, n_strata: int = 1) -> pd.DataFrame:
    """Draw cells for a person to look at.

    Parameters
    ----------
    predictions
        ``cell_id lon_deg lat_deg year p_any`` of one year; rows without a prediction are not drawn.
    n_cells
        To draw, without replacement.
    n_strata
        Equal parts by P(any), each of which gets its share of the cells; 1 draws from all alike.

    Returns
    -------
    DataFrame
        ``cell_id lon_deg lat_deg year p_any weight observed``, in random order; ``observed`` is to be filled in, and
        ``weight`` is how many cells of the map each stands for.

    Raises
    ------
    LabelError
        If fewer cells are predicted than are to be drawn, or fewer are to be drawn than there are strata.
    """
    predicted = predictions[predictions["p_any"].notna()]
    if not n_strata <= n_cells <= len(predicted):
        raise LabelError(
            "The sample does not fit the map.",
            field="n_cells",
            got=n_cells,
            expected=f"{n_strata} to {len(predicted)}, the strata and the cells with a prediction",
            fix="ask for another number of cells, or fewer strata",
        )
    random = np.random.default_rng(random_seed)
    stratum = (predicted["p_any"].rank(method="first") - 1) * n_strata // len(predicted)
    members = [np.flatnonzero(stratum == number) for number in range(n_strata)]
    sizes = [len(part) for part in np.array_split(np.arange(n_cells), n_strata)]
    drawn = [random.choice(rows, size, replace=False) for rows, size in zip(members, sizes, strict=True)]
    weights = [np.full(size, len(rows) / size) for rows, size in zip(members, sizes, strict=True)]
    sample = predicted.iloc[np.concatenate(drawn)].assign(weight=np.concatenate(weights), observed="")
    return sample[list(COLUMNS)].iloc[random.permutation(n_cells)].reset_index(drop=True)


def read_answers(path: Path) -> pd.DataFrame:
    """Read a sample that was filled in; cells without an answer stay out, and the log says how many.

    Returns
    -------
    DataFrame
        ``cell_id lon_deg lat_deg year p_any weight observed``; ``observed`` is boolean.

    Raises
    ------
    InputFileError
        If a column is missing, an answer is none of `ANSWERS`, a chance or weight cannot be, a cell comes twice, or
        nothing was answered.
    """
    sheet = pd.read_csv(path, dtype=dict.fromkeys(("cell_id", "observed"), "str"), keep_default_na=False)
    missing = [name for name in COLUMNS if name not in sheet]
    if missing:
        raise _refusal(path, ", ".join(missing), "The sheet lacks columns.", got=", ".join(map(str, sheet.columns)))
    answers = sheet["observed"].str.strip().str.lower()
    is_answered = answers != ""
    _check(path, "observed", sheet["observed"], ~is_answered | answers.isin(list(ANSWERS)), ", ".join(ANSWERS))
    numbers = {name: pd.to_numeric(sheet[name], errors="coerce") for name in COLUMNS if name != "observed"}
    _check(path, "cell_id", sheet["cell_id"], ~sheet[["cell_id", "year"]].duplicated(), "each cell and year once")
    _check(path, "cell_id", sheet["cell_id"], sheet["cell_id"].str.fullmatch(r"\d+"), "whole numbers")
    _check(path, "p_any", sheet["p_any"], numbers["p_any"].between(0, 1), "0 to 1")
    _check(path, "weight", sheet["weight"], numbers["weight"] > 0, "above 0")
    if not is_answered.any():
        raise _refusal(path, "observed", "Nothing in the sheet was answered.", got="only empty cells")
    logger.info("%d of %d cells of the audit were looked at.", is_answered.sum(), len(sheet))
    typed = {"cell_id": sheet["cell_id"].astype(np.uint64), "observed": answers.map(ANSWERS)}
    return pd.DataFrame({**numbers, **typed})[is_answered].astype({"observed": bool}).reset_index(drop=True)


def fit_correction(answers: pd.DataFrame) -> Correction:
    """Fit intercept and slope to the answers, as `read_answers` gives them.

    Raises
    ------
    LabelError
        If there are none.
    """
    if answers.empty:
        raise LabelError("The audit holds no answer.", field="observed", fix="fill in the sample, then read it again")
    logits, observed = log_odds(answers["p_any"].to_numpy()), answers["observed"].to_numpy()
    weights = (answers["weight"] / answers["weight"].mean()).to_numpy()
    slope, slope_error = _slope(logits, observed, weights)
    intercept = _jeffreys(np.ones((len(logits), 1)), slope * logits, observed, weights)[0][0]
    low, high = intercept_interval(slope * logits, observed, weights)
    return Correction(
        float(intercept),
        *(low, high),
        *(slope, slope - _Z * slope_error, slope + _Z * slope_error),
        *(len(observed), int(observed.sum())),
    )


def intercept_interval(offset: FloatArray, observed: BoolArray, weights: FloatArray) -> tuple[float, float]:
    """Ends of the 95 % interval of a in logit p = a + offset, by the score test; infinite on a side without evidence.

    Parameters
    ----------
    offset, observed, weights
        (n,).
    """

    def excess(z: float, intercept: float) -> float:
        chance = expit(intercept + offset)
        sd = np.sqrt((weights**2 * chance * (1 - chance)).sum())
        return float((weights * (observed - chance)).sum() - z * sd)

    low, high = _root(partial(excess, _Z)), _root(partial(excess, -_Z))
    return -np.inf if low is None else low, np.inf if high is None else high


def audit_scores(
    answers: pd.DataFrame, training_prevalence: float, random_seed: int, n_replicates: int
) -> pd.DataFrame:
    """Audit skill: scores of "any slump" over the map, estimated from the sample alone.

    Returns
    -------
    DataFrame
        As `scores.score_table`, of the scheme ``audit``; the bootstrap draws cells, for cells were drawn.

    Notes
    -----
    Cells count alike, as in a sample of one stratum or of strata that got their share.
    """
    observed = np.where(answers["observed"], "some", "none")
    chances = {AUDIT: answers["p_any"].to_numpy(), REFERENCE: np.full(len(answers), training_prevalence)}
    pieces = [
        answers[["cell_id", "year"]].assign(
            scheme=AUDIT, fold=0, model=model, class_=observed, p_none=1 - chance, p_some=chance
        )
        for model, chance in chances.items()
    ]
    cells = answers["cell_id"].unique()
    places = pd.DataFrame({"block": cells, "land_area_m2": 1.0}, index=cells)
    scores = score_table(pd.concat(pieces, ignore_index=True), places, random_seed, n_replicates)
    return scores[scores["model"] == AUDIT].reset_index(drop=True)


def _slope(logits: FloatArray, observed: BoolArray, weights: FloatArray) -> tuple[float, float]:
    """The slope and its standard error; 1 and NaN where it is not identified."""
    if min(observed.sum(), (~observed).sum()) < MIN_OF_EACH or np.ptp(logits) == 0:
        return 1.0, np.nan
    design = np.column_stack([np.ones(len(logits)), logits])
    coefficients, covariance = _jeffreys(design, np.zeros(len(logits)), observed, weights)
    return float(coefficients[1]), float(np.sqrt(covariance[1, 1]))


def _jeffreys(
    design: FloatArray, offset: FloatArray, observed: BoolArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Coefficients (k,) of a logistic regression with Jeffreys' prior, and their covariance, by Newton's method."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(_MAX_STEPS):
        chance = expit(offset + design @ coefficients)
        curvature = weights * chance * (1 - chance)
        covariance = np.linalg.inv(design.T @ (curvature[:, None] * design))
        leverage = curvature * np.einsum("ij,jk,ik->i", design, covariance, design)
        step = covariance @ design.T @ (weights * (observed - chance) + leverage * (0.5 - chance))
        coefficients = coefficients + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    return coefficients, covariance


def _root(excess: Callable[[float], float]) -> float | None:
    """The logit at which a falling function is 0; None where it does not change its sign."""
    ends = excess(-_WIDEST_LOGIT), excess(_WIDEST_LOGIT)
    return float(brentq(excess, -_WIDEST_LOGIT, _WIDEST_LOGIT)) if ends[0] > 0 > ends[1] else None


def _check(path: Path, field: str, values: "pd.Series[Any]", is_right: "pd.Series[bool]", expected: str) -> None:
    if not is_right.all():
        raise _refusal(path, field, "The sheet holds what cannot be.", got=values[~is_right].iloc[0], expected=expected)


def _refusal(path: Path, field: str, what: str, *, got: object, expected: object = None) -> InputFileError:
    return InputFileError(
        what, path=path, field=field, got=got, expected=expected, fix="fill in the column observed of the drawn sample"
    )
