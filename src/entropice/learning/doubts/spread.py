"""How far a probability moves when other regions had been mapped: members refitted to resampled blocks.

Member m is the map's model, its chosen parameters kept, fitted to as many whole blocks as there are, drawn with
replacement (block bootstrap: Künsch 1989, doi:10.1214/aos/1176347265; of spatial data: Lahiri 2003,
doi:10.1007/978-1-4757-3803-2). With p the map's own P(any) and pₘ that of member m,

    sd = √(Σₘ (pₘ − p̄)² / (M − 1)),    range = logit⁻¹(logit p ± t₀.₉₅ · s),

where s is the standard deviation of logit pₘ and t₀.₉₅ Student's quantile with M − 1 degrees of freedom. It says what
another choice of training regions would change; it does not hold what no training region shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import t

from entropice.errors import LabelError
from entropice.learning.best import fit_bytes
from entropice.learning.predictor import Part, Predictor
from entropice.learning.samples import Samples
from entropice.learning.scores.skills import log_odds
from entropice.processes import side_by_side
from entropice.types import CellIds, FloatArray, IntArray

RANGE: Final = 0.95
"""Upper end of the range, as a quantile; the lower end is as far away."""

N_DRAWS: Final = 1000


@dataclass(frozen=True)
class Member:
    """What draws the map, fitted to a draw of blocks.

    Attributes
    ----------
    predictor
        The fit.
    rows
        (n,) numbers of its training rows; a number comes as often as its block was drawn.
    """

    predictor: Predictor
    rows: IntArray


def fit_members(
    predictor: Predictor, samples: Samples, class_codes: IntArray, n_members: int, random_seed: int
) -> tuple[Member, ...]:
    """Refit what draws the map to resampled blocks of its training rows.

    Parameters
    ----------
    predictor
        What draws the map; its submodels are refitted with the parameters that were chosen.
    samples, class_codes
        The training rows (n) and their classes (n,).
    n_members
        At least 2.
    random_seed
        The same seed draws the same blocks.

    Returns
    -------
    tuple
        `n_members` of them, in the order in which blocks were drawn.

    Raises
    ------
    LabelError
        If there are fewer than two blocks, or none of 1,000 draws (`N_DRAWS`) of blocks for a member has two classes.
    ConfigError
        If a fit needs more memory than may be taken; none has been begun.
    ValueError
        As `refitted`.
    """
    random = np.random.default_rng(random_seed)
    draws = [resampled_rows(samples.blocks, class_codes, random) for _ in range(n_members)]
    n_bytes = fit_bytes([part.model.name for part in predictor.parts], samples)
    member = partial(_member, predictor, samples, class_codes)
    return tuple(side_by_side(member, draws, "spread of the map", n_bytes=n_bytes, n_shared_bytes=samples.n_bytes))


def _member(predictor: Predictor, samples: Samples, class_codes: IntArray, rows: IntArray) -> Member:
    return Member(refitted(predictor, samples.rows(rows), class_codes[rows]), rows)


def refitted(predictor: Predictor, samples: Samples, class_codes: IntArray) -> Predictor:
    """Fit every submodel of every part to other rows (n) of classes (n,), with the parameters that were chosen.

    Weights of the parts, and the feature groups that submodels do without, stay; the given predictor is not changed.
    Estimators are clones (`Model.refit`): parameters, random state and device are those of the fits given, and
    each submodel sees the features that it saw. A class that the rows lack has probability 0.

    Raises
    ------
    FeatureError
        If the samples lack a feature of a fit.
    ValueError
        If a classifier cannot be fitted to these rows: none of them, one class where it needs two, or fewer rows than
        eSPA has boxes.
    """
    return Predictor(tuple(_refitted_part(part, samples, class_codes) for part in predictor.parts))


def _refitted_part(part: Part, samples: Samples, class_codes: IntArray) -> Part:
    fits = {
        left_out: part.model.refit(fitted, samples.without(left_out), class_codes)
        for left_out, fitted in part.submodels.items()
    }
    return replace(part, submodels=fits)


def resampled_rows(blocks: CellIds, class_codes: IntArray, random: np.random.Generator) -> IntArray:
    """Numbers (n_drawn,) of the rows of as many blocks as there are, drawn with replacement until two classes occur.

    Blocks and codes are (n,). Rows of a block that is drawn twice come twice; rows go block by block as drawn.

    Raises
    ------
    LabelError
        If there is one block only, or none of 1,000 draws (`N_DRAWS`) holds two classes.

    Examples
    --------
    Whole blocks: the rows 0 and 1 of block 5 come equally often.

    >>> blocks, codes = np.array([5, 5, 6, 7], dtype=np.uint64), np.array([0, 1, 0, 0])
    >>> rows = resampled_rows(blocks, codes, np.random.default_rng(0))
    >>> bool(np.sum(rows == 0) == np.sum(rows == 1) > 0), len(np.unique(codes[rows]))
    (True, 2)
    """
    different, block_of_row = np.unique(blocks, return_inverse=True)
    if len(different) < 2:
        raise _no_spread(f"{len(different)} block")
    # Whole blocks: rows drawn alone would leave a neighbour of each in every draw, and members would agree wherever
    # labels are dense.
    members = np.split(np.argsort(block_of_row, kind="stable"), np.cumsum(np.bincount(block_of_row))[:-1])
    for _ in range(N_DRAWS):
        rows = np.concatenate([members[block] for block in random.integers(len(different), size=len(different))])
        if len(np.unique(class_codes[rows])) > 1:
            return rows
    raise _no_spread(f"no two classes in any of {N_DRAWS} draws of {len(different)} blocks")


def chance_spread(p_any: FloatArray, members: Sequence[Member], samples: Samples, n_classes: int) -> pd.DataFrame:
    """Return columns ``p_any_sd p_any_low p_any_high`` of samples (n) whose chance (n,) the map's model gave.

    The standard deviation of the members' chances (n − 1 in the denominator), and the ends of `chance_range`; two
    members or more. Row by row, indexed from 0; NaN where a member predicts nothing.

    Raises
    ------
    FeatureError
        If the samples lack a feature of a member.
    """
    chances = np.stack([1 - member.predictor.predict_proba(samples, n_classes)[:, 0] for member in members])
    low, high = chance_range(p_any, chances)
    return pd.DataFrame({"p_any_sd": chances.std(axis=0, ddof=1), "p_any_low": low, "p_any_high": high})


def chance_range(p_any: FloatArray, chances: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ends (n,) of the 90 % range around chances (n,) by those of the members (n_member, n), at least two.

    ``logit⁻¹(logit p ± t₀.₉₅ s)`` with s the standard deviation of the members' logits, and t Student's with n_member −
    1 degrees of freedom. The chance itself lies within, also where it is beyond the floor of `log_odds`.

    Examples
    --------
    Members that agree leave no range.

    >>> import numpy as np
    >>> low, high = chance_range(np.array([0.5, 0.5]), np.array([[0.4, 0.5], [0.6, 0.5]]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.026, 0.5], [0.974, 0.5])
    """
    # On the logit's scale, where a range keeps within 0 and 1; Student's quantile, since members are few.
    reach = t.ppf(RANGE, len(chances) - 1) * log_odds(chances).std(axis=0, ddof=1)
    low, high = expit(log_odds(p_any) - reach), expit(log_odds(p_any) + reach)
    # Log odds stop at 1e-4: a chance of 1e-6 would lie below its own range.
    return np.minimum(low, p_any), np.maximum(high, p_any)


def _no_spread(got: str) -> LabelError:
    return LabelError(
        "Resampled blocks cannot show the spread of the map.",
        field="modelling.folds.block_level",
        got=got,
        expected="at least two blocks, and labels of two classes in most draws of them",
        fix="raise modelling.folds.block_level (smaller blocks), or add labels",
    )
