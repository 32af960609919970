"""Scores that cannot be; the one sign that asks for a known truth, and so is no check of the artefacts alone."""

from typing import Final

import pandas as pd

from entropice.learning.leaks.check import Finding

ABOVE_LIMIT: Final = "score above the limit"
SCORES: Final = ("log_skill", "auc")


def above_the_limit(scores: pd.DataFrame, limit_scores: pd.DataFrame) -> list[Finding]:
    """Models above the interval of the attainable limit, in the schemes for which that is known.

    Looked at are log skill and AUC; a value is above where it exceeds the upper end of the limit's 95 % interval. Its
    evidence is ``rows``: ``scheme model score value limit limit_high_95`` of each. A NaN is not above.

    Parameters
    ----------
    scores, limit_scores
        Columns ``scheme model score value high_95`` and more, of the models and of the limit.

    Returns
    -------
    list
        One finding for all such models, or none.

    Examples
    --------
    >>> limit = pd.DataFrame({"scheme": ["spatial"], "model": "limit", "score": "auc", "value": 0.8, "high_95": 0.85})
    >>> scores = limit.assign(model="forest", value=0.9)
    >>> [finding.statement for finding in above_the_limit(scores, limit)]
    ['forest has auc 0.900 (spatial), above the attainable limit 0.800 and its interval.']
    """
    limit = limit_scores[["scheme", "score", "value", "high_95"]]
    limit = limit.rename(columns={"value": "limit", "high_95": "limit_high_95"})
    told = scores.loc[scores["score"].isin(SCORES), ["scheme", "model", "score", "value"]]
    # Beyond its interval, not beyond the limit alone: on so few tested cells, chance lifts an honest model above it.
    above = told.merge(limit, on=["scheme", "score"]).query("value > limit_high_95")
    if above.empty:
        return []
    first = above.iloc[0]
    statement = (
        f"{first['model']} has {first['score']} {first['value']:.3f} ({first['scheme']}), above the attainable limit "
        f"{first['limit']:.3f} and its interval."
    )
    return [Finding(ABOVE_LIMIT, statement, {"rows": above.to_dict("records")})]
