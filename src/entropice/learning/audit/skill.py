"""Audit skill: the scores of a map on cells that were drawn at random and looked at."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.learning.audit.correction import fit_correction
from entropice.learning.scores import REFERENCE, score_table
from entropice.types import FloatArray, IntArray

AUDIT: Final = "audit"
N_PARTS: Final = 10


def audit_scores(
    answers: pd.DataFrame, training_prevalence: float, random_seed: int, n_replicates: int
) -> pd.DataFrame:
    """Audit skill: scores of "any slump" over the map, estimated from the sample alone.

    Parameters
    ----------
    answers
        Columns ``cell_id year p_any observed``, (n).
    training_prevalence
        What the reference says everywhere, 0 to 1.
    random_seed, n_replicates
        Of the bootstrap.

    Returns
    -------
    DataFrame
        ``scheme model score value low_95 high_95 n_cell_years n_positive n_folds`` as of `scores.score_table`, a row a
        score, of scheme and model ``audit`` and one fold; the bootstrap draws cells, for cells were drawn, and
        intervals are not widened.

    Notes
    -----
    Cells count alike, as in a sample of one stratum or of strata that got their share.

    Examples
    --------
    A chance of 3/4 for each of two right answers: a Brier score of 1/16, beside the reference's 1/4.

    >>> answers = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "p_any": [0.75, 0.25], "observed": [True, False]})
    >>> scores = audit_scores(answers, training_prevalence=0.5, random_seed=0, n_replicates=20)
    >>> float(scores.set_index("score").loc["brier_skill", "value"])
    0.75
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
    # Cells were drawn, not blocks: each is a block of its own. Land is not asked of an audit, and all have as much.
    places = pd.DataFrame({"block": cells, "land_area_m2": 1.0}, index=cells)
    scores = score_table(pd.concat(pieces, ignore_index=True), places, random_seed, n_replicates)
    return scores[scores["model"] == AUDIT].reset_index(drop=True)


def cross_fitted(answers: pd.DataFrame) -> FloatArray:
    """Corrected chance (n,) of each cell by a correction to which its own answer has said nothing.

    Answers have the columns ``p_any weight observed``, (n), two or more. Ten parts (`N_PARTS`), fewer of fewer answers,
    are left out in turn. Sorted by answer (no first) and then by chance, cells are dealt to them in turn, so that
    leaving one out hardly moves the share of cells with slumps among the rest.

    Raises
    ------
    LabelError
        If there is one answer alone, so that none is left to learn from.
    """
    parts = _parts(answers)
    corrected = np.empty(len(answers))
    for part in np.unique(parts):
        is_here = parts == part
        corrected[is_here] = fit_correction(answers[~is_here]).apply(answers.loc[is_here, "p_any"].to_numpy())
    return corrected


def _parts(answers: pd.DataFrame) -> IntArray:
    # Dealt in turn along answers and chances: with few slumps, random parts would leave some corrections without any.
    order = np.lexsort((answers["p_any"].to_numpy(), answers["observed"].to_numpy()))
    parts = np.empty(len(answers), dtype=np.int64)
    parts[order] = np.arange(len(answers)) % N_PARTS
    return parts
