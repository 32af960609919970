"""Scores of a task of images as rows of text."""

from __future__ import annotations

from typing import Optional

from .image_tasks import ImageScore, ImageTask
from .language import tr
from .wording import UNKNOWN, number_text, unit_text

_DIGITS = 3
Chosen = tuple[str, Optional[str]]


def score_choices(task: ImageTask) -> list[tuple[str, Chosen]]:
    """Each score, and each part that it is of: what to call both, and their names ``(score, part)``.

    They stand in the order in which the run names scores, those that it does not name last; the part None, which is the
    whole, comes first. The title tells the unit and the best value, where the run says them.
    """
    pairs = dict.fromkeys((score.name, score.part) for score in task.scores)
    places = {name: place for place, name in enumerate(task.scores_by_name)}
    ordered = sorted(pairs, key=lambda pair: (places.get(pair[0], len(places)), pair[1] is not None))
    return [(_title(task, *pair), pair) for pair in ordered]


def score_rows(task: ImageTask, name: str, part: str | None) -> list[tuple[str, ...]]:
    """Model, and value above 95 % interval, differences last; before those of each horizon a row that tells it.

    Rows have two texts, or one where they tell a horizon; horizons ascend, and scores without one come first, under no
    such row. Models stand in the order of the run. Numbers have three digits, None is "unknown"; no such score gives no
    rows.
    """
    chosen = [score for score in task.scores if (score.name, score.part) == (name, part)]
    horizons = sorted({score.horizon for score in chosen}, key=lambda horizon: horizon or 0)
    return [row for horizon in horizons for row in _of_horizon(task, chosen, horizon)]


def _of_horizon(task: ImageTask, scores: list[ImageScore], horizon: float | None) -> list[tuple[str, ...]]:
    places = {model: place for place, model in enumerate(task.model_titles)}
    own = [score for score in scores if score.horizon == horizon]
    own.sort(key=lambda score: (score.compared_with is not None, places.get(score.model, len(places))))
    rows: list[tuple[str, ...]] = [(_model(task, score), _value(score)) for score in own]
    return rows if horizon is None else [(tr("Steps ahead: %1", f"{horizon:g}"),), *rows]


def _title(task: ImageTask, name: str, part: str | None) -> str:
    words = task.scores_by_name.get(name)
    title = name if words is None else f"{words.title} ({_unit(words.unit)}{tr('best %1', f'{words.best:g}')})"
    return title if part is None else f"{title}, {part}"


def _unit(unit: str) -> str:
    text = unit_text(unit)
    return f"{text}, " if text else ""


def _model(task: ImageTask, score: ImageScore) -> str:
    title = task.model_title(score.model)
    if score.compared_with is None:
        return title
    return tr("%1 less %2", title, _within(task.model_title(score.compared_with)))


def _number(value: float | None) -> str:
    return tr(UNKNOWN) if value is None else number_text(value, _DIGITS)


def _value(score: ImageScore) -> str:
    interval = tr(UNKNOWN) if score.low is None else tr("%1 to %2", _number(score.low), _number(score.high))
    return f"{_number(score.value)}\n{interval}"


def _within(title: str) -> str:
    """A title inside a sentence: without its first capital, unless it is an abbreviation or the like."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
