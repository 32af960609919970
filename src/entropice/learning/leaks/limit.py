"""Scores that cannot be."""

from collections.abc import Iterator
from typing import Final

from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding

KIND: Final = "score above the limit"
SCORES: Final = ("log_skill", "auc")


def above_the_limit(artefacts: Artefacts) -> Iterator[Finding]:
    """Models above the interval of the attainable limit, where that is known."""
    if artefacts.scores is None or artefacts.limit_scores is None:
        return
    limit = artefacts.limit_scores[["scheme", "score", "value", "high_95"]]
    limit = limit.rename(columns={"value": "limit", "high_95": "limit_high_95"})
    told = artefacts.scores.loc[artefacts.scores["score"].isin(SCORES), ["scheme", "model", "score", "value"]]
    above = told.merge(limit, on=["scheme", "score"]).query("value > limit_high_95")
    if len(above):
        first = above.iloc[0]
        yield Finding(
            KIND,
            f"{first['model']} has {first['score']} {first['value']:.3f} ({first['scheme']}), above the attainable "
            f"limit {first['limit']:.3f} and its interval.",
            {"rows": above.to_dict("records")},
        )


ABOVE_LIMIT: Final = Check(KIND, above_the_limit)
