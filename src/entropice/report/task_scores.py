"""Scores of tasks, and what their tiles show, as tables for readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from entropice.imagery.object_score_table import OBJECT_SCORES as DECLARED
from entropice.imagery.object_score_table import RECALL_OF_SIZE
from entropice.report.frames.imagery import ratio_name
from entropice.report.score_tables import ScoreCell
from entropice.report.task_facts import TaskFacts
from entropice.types import DataFrame, Series

WAYS: Final = {
    "pixels": "pixels alone",
    "hard_gate": "pixels after a hard gate",
    "soft": "pixels joined with the cell's density",
}
"""How cells and pixels are joined, in the order of what is known."""
OBJECT_SCORES: Final = {score.name: score.title for score in DECLARED}
INTERVAL: Final = ["value", "low_95", "high_95"]


@dataclass(frozen=True)
class ScoreGrid:
    """Scores by row and column, each with its 95 % interval; None where there is none.

    Attributes
    ----------
    columns
        What the columns are called.
    rows
        What each row is called, and its scores in the order of the columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[ScoreCell | None, ...]], ...]


def score_grid(scores: DataFrame, rows: Series, columns: Series) -> ScoreGrid:
    """Scores by what their rows and columns are called, in the order in which these are met.

    Parameters
    ----------
    scores
        ``value low_95 high_95``, NaN where unknown.
    rows, columns
        (n,): what the row and the column of each score are called. Of several scores in one place the last counts.

    Examples
    --------
    >>> scores = pd.DataFrame({"value": [0.5, 0.25], "low_95": 0.125, "high_95": 0.75})
    >>> grid = score_grid(scores, pd.Series(["PR-AUC", "Lift"]), pd.Series(["network", "trees"]))
    >>> grid.columns, [(row, [cell and cell.value for cell in cells]) for row, cells in grid.rows]
    (('network', 'trees'), [('PR-AUC', [0.5, None]), ('Lift', [None, 0.25])])
    """
    values = scores[INTERVAL].to_numpy(float).tolist()
    cells = {(row, column): ScoreCell(*told) for row, column, told in zip(rows, columns, values, strict=True)}
    across = tuple(dict.fromkeys(columns))
    return ScoreGrid(
        across, tuple((row, tuple(cells.get((row, one)) for one in across)) for row in dict.fromkeys(rows))
    )


def pixel_grids(scores: DataFrame, task: TaskFacts) -> dict[str, ScoreGrid]:
    """A table for each ratio: a row for each score, a column for each model and for each lead of one over another.

    By the name of the ratio, such as ``1:500``, ascending. Models come before leads, all in the order of the task's
    words; a model or score without words is called by its name.

    Parameters
    ----------
    scores
        ``model compared_with ratio score value low_95 high_95``; ``compared_with`` is null but for leads.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> task = SimpleNamespace(model_titles={"network": "Network", "trees": "Trees"}, score_titles={"pr_auc": "PR-AUC"})
    >>> scores = pd.DataFrame({"model": "network", "compared_with": ["trees", None], "ratio": 500.0, "score": "pr_auc",
    ...                        "value": 0.5, "low_95": 0.25, "high_95": 0.75})
    >>> pixel_grids(scores, task)["1:500"].columns
    ('Network', 'lead over trees')
    """
    ordered = _in_order(scores, task)
    model, rival = (ordered[name].map(task.model_titles).fillna(ordered[name]) for name in ("model", "compared_with"))
    columns = model.where(ordered["compared_with"].isna(), "lead over " + rival.fillna("").map(within))
    rows = ordered["score"].map(task.score_titles).fillna(ordered["score"])
    return {
        name: score_grid(ordered[is_at], rows[is_at], columns[is_at])
        for ratio in sorted(ordered["ratio"].unique().tolist())
        for name, is_at in [(ratio_name(ratio), ordered["ratio"] == ratio)]
    }


def _in_order(scores: DataFrame, task: TaskFacts) -> DataFrame:
    """Models before leads, both in reading order."""
    places = {name: place for place, name in enumerate(task.model_titles)}
    keys = scores.assign(
        is_lead=scores["compared_with"].notna(),
        first=scores["model"].map(places),
        second=scores["compared_with"].map(places),
        place=scores["score"].map({name: place for place, name in enumerate(task.score_titles)}),
    )
    return keys.sort_values(["is_lead", "first", "second", "place"], kind="stable")


def object_grid(scores: DataFrame) -> ScoreGrid:
    """A row for each score and overlap, a column for each ratio: of objects of all sizes.

    From the columns ``score min_iou ratio low_m value low_95 high_95``; rows with ``low_m`` are of one class of sizes,
    and left out. Overlaps and ratios ascend. A ratio that is NaN makes a column ``1:nan``.

    Examples
    --------
    >>> scores = pd.DataFrame({"score": "recall", "min_iou": [0.5, 0.3], "ratio": 500.0, "low_m": None, "value": 0.5,
    ...                        "low_95": 0.25, "high_95": 0.75})
    >>> object_grid(scores).columns, [row[-9:] for row, _ in object_grid(scores).rows]
    (('1:500',), ['IoU ≥ 0.3', 'IoU ≥ 0.5'])
    """
    ordered = scores[scores["low_m"].isna()].sort_values(["min_iou", "ratio"], kind="stable")
    rows = ordered["score"].map(OBJECT_SCORES).fillna(ordered["score"]) + ", " + ordered["min_iou"].map(overlap)
    return score_grid(ordered, rows, ordered["ratio"].map(ratio_name))


def size_grid(scores: DataFrame) -> ScoreGrid:
    """Recall by size: a row for each class of sizes with its number of true objects, a column for each overlap.

    From the columns ``score low_m high_m min_iou n_true value low_95 high_95``; sizes and overlaps ascend. The number
    is the largest of the class.

    Examples
    --------
    >>> scores = pd.DataFrame({"score": RECALL_OF_SIZE, "low_m": [0.0], "high_m": [50.0], "min_iou": 0.5})
    >>> grid = size_grid(scores.assign(n_true=1200, value=0.5, low_95=0.25, high_95=0.75))
    >>> grid.columns, grid.rows[0][0]
    (('IoU ≥ 0.5',), '0 to 50 m (1,200 true)')
    """
    of_sizes = scores[scores["score"] == RECALL_OF_SIZE].sort_values(["low_m", "min_iou"], kind="stable")
    n_true = of_sizes.groupby("low_m")["n_true"].transform("max")
    sizes = zip(of_sizes["low_m"], of_sizes["high_m"], n_true, strict=True)
    rows = pd.Series([f"{size_name(low, high)} ({n:,} true)" for low, high, n in sizes], of_sizes.index, dtype=object)
    return score_grid(of_sizes, rows, of_sizes["min_iou"].map(overlap))


def size_name(low_m: float, high_m: float) -> str:
    """A class of sizes, such as ``50 to 200 m``; without an upper bound (NaN) ``200 m and more``.

    Examples
    --------
    >>> size_name(50.0, 200.0), size_name(200.0, float("nan"))
    ('50 to 200 m', '200 m and more')
    """
    return f"{low_m:g} m and more" if pd.isna(high_m) else f"{low_m:g} to {high_m:g} m"


def overlap(min_iou: float) -> str:
    """A bound of overlap as readers know it.

    Examples
    --------
    >>> overlap(0.5)
    'IoU ≥ 0.5'
    """
    return f"IoU ≥ {min_iou:g}"


def joint_grid(scores: DataFrame, task: TaskFacts) -> ScoreGrid:
    """A row for each way to join cells and pixels and for the lead of one over another, a column for each ratio.

    From the columns ``way compared_with ratio score value low_95 high_95``. Ways are pixels alone, after a hard gate,
    joined with the cell's density, in this order; leads come after them; ratios ascend, and a column is a score at a
    ratio.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scores = pd.DataFrame({"way": "soft", "compared_with": ["pixels", None], "ratio": 500.0, "score": "pr_auc",
    ...                        "value": 0.5, "low_95": 0.25, "high_95": 0.75})
    >>> grid = joint_grid(scores, SimpleNamespace(score_titles={"pr_auc": "PR-AUC"}))
    >>> grid.columns, [row for row, _ in grid.rows][0]
    (('PR-AUC, 1:500',), "pixels joined with the cell's density")
    """
    places = {way: place for place, way in enumerate(WAYS)}
    keyed = scores.assign(
        is_lead=scores["compared_with"].notna(),
        first=scores["way"].map(places),
        second=scores["compared_with"].map(places),
    )
    ordered = keyed.sort_values(["is_lead", "first", "second", "ratio"], kind="stable")
    way, other = (ordered[name].map(WAYS) for name in ("way", "compared_with"))
    rows = way.where(ordered["compared_with"].isna(), "lead of " + way + " over " + other.fillna(""))
    return score_grid(ordered, rows, ordered["score"].map(task.score_titles) + ", " + ordered["ratio"].map(ratio_name))


def within(title: str) -> str:
    """A title inside a sentence: without its first capital, unless it is an abbreviation or the like.

    Its second letter decides: where it is not a small one, the title stays.

    Examples
    --------
    >>> within("Boosted trees"), within("PR-AUC"), within("U-Net")
    ('boosted trees', 'PR-AUC', 'U-Net')
    """
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def year_rows(tiles: DataFrame) -> list[Mapping[str, float]]:
    """One row for each year: tiles, those drawn at random, area seen (km²), objects expected, outlines, true ones.

    From the columns ``year is_best seen_area_m2 expected n_found expected_found``, a row a tile and year; NaN where no
    tile of a year says. Keys are ``year n_tiles n_random seen_km2 expected n_found expected_found``, years ascend.

    Examples
    --------
    >>> tiles = pd.DataFrame({"year": 2020, "is_best": [1, 0], "seen_area_m2": [1e6, None], "expected": 0.5,
    ...                       "n_found": [2, 0], "expected_found": [None, None]}).astype({"expected_found": float})
    >>> list(year_rows(tiles)[0].values())
    [2020, 2, 1, 1.0, 1.0, 2, nan]
    """
    of_year = tiles.assign(
        n_tiles=1, n_random=(tiles["is_best"] == 0).astype(int), seen_km2=tiles["seen_area_m2"] / 1e6
    ).groupby("year")
    told = of_year[["n_tiles", "n_random", "seen_km2", "expected", "n_found", "expected_found"]].sum(min_count=1)
    return [{str(key): value for key, value in row.items()} for row in told.reset_index().to_dict("records")]
