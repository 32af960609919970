"""What was published of systems like a task's, and how it is told beside what a run has."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field

from entropice.base_model import StrictModel

if TYPE_CHECKING:
    from entropice.types import DataFrame
else:
    DataFrame = Any


class PublishedExpectation(StrictModel):
    """A number that was published, and the score that it is of."""

    what: str = Field(min_length=1, description="in a few words")
    published: str = Field(min_length=1, description="as it was published, with its unit")
    score: str = Field(min_length=1, description="of task_scores")
    part: str | None = Field(default=None, description="of task_scores; null: of no part")
    horizon: float | None = Field(default=None, gt=0, description="of task_scores; null: of none")


def told_beside(published: Sequence[PublishedExpectation], task_scores: DataFrame, model: str) -> list[dict[str, str]]:
    """``what published ours`` of each: the score of a model with its interval, or that it was not measured.

    Of `task_scores`, with the columns ``model compared_with score part horizon value low_95 high_95``, those count that
    are compared with nothing; part and horizon must be those of the expectation, null where it has none; of several
    rows the first is told. Numbers have three significant digits.

    >>> import pandas as pd
    >>> row = {"model": "network", "compared_with": None, "score": "iou", "part": None, "horizon": None}
    >>> scores = pd.DataFrame([row | {"value": 0.5, "low_95": 0.25, "high_95": 0.75}])
    >>> asked = [PublishedExpectation(what="fit", published="0.6", score=score) for score in ("iou", "f_1")]
    >>> [told["ours"] for told in told_beside(asked, scores, "network")]
    ['0.5 (95 % of draws of blocks: 0.25 to 0.75)', 'not measured']
    """
    own = task_scores[(task_scores["model"] == model) & task_scores["compared_with"].isna()]
    return [{"what": one.what, "published": one.published, "ours": _ours(one, own)} for one in published]


def _ours(one: PublishedExpectation, scores: DataFrame) -> str:
    found = scores[(scores["score"] == one.score) & _is(scores, "part", one.part) & _is(scores, "horizon", one.horizon)]
    if found.empty:
        return "not measured"
    value, low, high = found[["value", "low_95", "high_95"]].iloc[0].astype(float)
    return f"{value:.3g} (95 % of draws of blocks: {low:.3g} to {high:.3g})"


def _is(scores: DataFrame, column: str, value: object) -> Any:
    return scores[column].isna() if value is None else scores[column] == value
