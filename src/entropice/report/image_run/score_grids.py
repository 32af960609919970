"""Scores of a task as tables for readers: models across, and the paired differences between them."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from entropice.report.image_run.content import ImageTask
from entropice.report.task_scores import ScoreGrid, score_grid, within
from entropice.types import DataFrame, Series

OF_ALL: Final = "all"


@dataclass(frozen=True)
class TaskGrid:
    """One table, and the table of differences beside it.

    Attributes
    ----------
    title
        Of the score that it is of; empty for that of all scores without horizons or parts.
    what
        What its rows are.
    scores
        A column for each model.
    differences
        A column for each pair of models, in the same blocks; without rows where none were compared.
    """

    title: str
    what: str
    scores: ScoreGrid
    differences: ScoreGrid

    @property
    def grids(self) -> tuple[ScoreGrid, ...]:
        """Those that have rows."""
        return tuple(grid for grid in (self.scores, self.differences) if grid.rows)


def task_grids(task: ImageTask) -> tuple[TaskGrid, ...]:
    """A table of the scores of all, then one for each score by horizon and part.

    Models and scores are in reading order, parts as they come, horizons ascending; tables without rows are left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(model_titles={"net": "Network", "trees": "Trees"}, score_titles={"iou": "IoU"})
    >>> scores = pd.DataFrame({"model": "net", "compared_with": [None, "trees"], "score": "iou", "part": None})
    >>> scores = scores.assign(horizon=float("nan"), value=0.5, low_95=0.25, high_95=0.75)
    >>> (grid,) = task_grids(SimpleNamespace(score_table=scores, facts=facts))
    >>> grid.scores.columns, grid.differences.columns
    (('Network',), ('Network less trees',))
    """
    ordered = _in_order(task.score_table, task)
    is_split = ordered["part"].notna() | ordered["horizon"].notna()
    # Scores of parts and horizons have tables of their own: one table of all would mix what is not comparable.
    whole = ordered[~is_split]
    of_all = _grids("", "score", whole, whole["score"].map(task.facts.score_titles), task)
    split = [ordered[is_split & (ordered["score"] == name)] for name in task.facts.score_titles]
    found = (of_all, *(_split_grids(rows, task) for rows in split if not rows.empty))
    return tuple(grid for grid in found if grid.grids)


def _split_grids(rows: DataFrame, task: ImageTask) -> TaskGrid:
    title = task.facts.score_titles[rows["score"].iloc[0]]
    has_parts, has_horizons = rows["part"].notna().any(), rows["horizon"].notna().any()
    what = ", ".join(name for name, has in (("part", has_parts), ("steps ahead", has_horizons)) if has)
    return _grids(title, what, rows, row_names(rows), task)


def row_names(rows: DataFrame) -> Series:
    """The columns ``part`` and ``horizon`` as one text: ``space, 3``, ``space`` or ``3``; ``all`` without either.

    Examples
    --------
    >>> rows = pd.DataFrame({"part": ["space", "space", None, None], "horizon": [3, None, 3, None]})
    >>> row_names(rows).tolist()
    ['space, 3', 'space', '3', 'all']
    """
    names = [
        ", ".join(text for text in (part if isinstance(part, str) else "", "" if pd.isna(at) else f"{at:g}") if text)
        for part, at in zip(rows["part"], rows["horizon"], strict=True)
    ]
    return pd.Series([name or OF_ALL for name in names], rows.index, dtype=object)


def _grids(title: str, what: str, rows: DataFrame, names: Series, task: ImageTask) -> TaskGrid:
    titles = task.facts.model_titles
    model, other = rows["model"].map(titles), rows["compared_with"].map(titles)
    is_score, difference = other.isna(), model + " less " + other.fillna("").map(within)
    return TaskGrid(
        title,
        what,
        score_grid(rows[is_score], names[is_score], model[is_score]),
        score_grid(rows[~is_score], names[~is_score], difference[~is_score]),
    )


def _in_order(scores: DataFrame, task: ImageTask) -> DataFrame:
    """Models before differences, both in reading order; scores, parts as they come, and horizons ascending."""
    models, scores_ = ({name: place for place, name in enumerate(names)} for names in
                       (task.facts.model_titles, task.facts.score_titles))  # fmt: skip
    parts = {part: place for place, part in enumerate(dict.fromkeys(scores["part"].dropna()))}
    keyed = scores.assign(
        is_difference=scores["compared_with"].notna(),
        first=scores["model"].map(models),
        second=scores["compared_with"].map(models),
        place=scores["score"].map(scores_),
        section=scores["part"].map(parts),
    )
    keys = ["is_difference", "first", "second", "place", "section", "horizon"]
    return keyed.sort_values(keys, kind="stable", na_position="first")
