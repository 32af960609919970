"""How much of the attainable skill a model reaches."""

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from entropice.types import DataFrame, Series

KEYS: Final = ["scheme", "score"]
PREVALENCE: Final = "prevalence"
BAYES_LIMIT: Final = "bayes_limit"


def share_of_limit(
    scores: DataFrame, limit_scores: DataFrame | None, *, unshared: Collection[str], falling: Collection[str] = ()
) -> DataFrame:
    """The scores, then the limit's, with ``share_of_limit``: 0 at the prevalence's score, 1 at the limit's.

    Parameters
    ----------
    scores, limit_scores
        Rows of ``scheme model score value …``; the limit's model is named ``bayes_limit``. Without a limit (no known
        truth) every share is NaN.
    unshared
        Scores of which no part is attainable, such as calibration errors.
    falling
        Scores that are better the smaller they are.

    Returns
    -------
    DataFrame
        ``scores`` and then ``limit_scores``, with ``share_of_limit``: NaN for the unshared scores, where the limit is
        no better than the prevalence, and where a scheme has no such score of the limit or of the model named
        ``prevalence``. Negative shares are worse than the prevalence.

    Notes
    -----
    share = (model − prevalence) / (limit − prevalence), each on the same cells and years.

    Examples
    --------
    >>> scores = pd.DataFrame({"scheme": "spatial", "model": ["prevalence", "espa"], "score": "auc"})
    >>> scores["value"] = [0.5, 0.75]
    >>> limit = pd.DataFrame({"scheme": "spatial", "model": "bayes_limit", "score": "auc", "value": [1.0]})
    >>> share_of_limit(scores, limit, unshared=[])["share_of_limit"].tolist()
    [0.0, 0.5, 1.0]
    >>> share_of_limit(scores, limit, unshared=["auc"])["share_of_limit"].isna().all().item()
    True
    """
    if limit_scores is None:
        return scores.assign(share_of_limit=np.nan)
    together = pd.concat([scores, limit_scores], ignore_index=True)
    prevalence, limit = _reference(together, PREVALENCE), _reference(together, BAYES_LIMIT)
    sign = 1 - 2 * together["score"].isin(falling)
    # A limit that is no better than the prevalence leaves nothing to attain: a share of it would have no meaning.
    attainable = (limit - prevalence).where(sign * (limit - prevalence) > 0)
    share = (together["value"] - prevalence) / attainable
    return together.assign(share_of_limit=share.mask(together["score"].isin(unshared)))


def _reference(scores: DataFrame, model: str) -> Series:
    """The value of one model for the scheme and score of every row."""
    values = scores[scores["model"] == model].set_index(KEYS)["value"]
    return values.reindex(pd.MultiIndex.from_frame(scores[KEYS])).set_axis(scores.index)
