"""What tasks have found in images, and how good their pixels, objects and joined evidence are: two sections a task."""

import math
from functools import partial
from typing import Any, Final

from markupsafe import Markup

from entropice.report.charts.imagery import charts_of_finds, charts_of_skill
from entropice.report.content import RunContent
from entropice.report.figure_files import png_uri
from entropice.report.frames.outlines import has_outlines
from entropice.report.maps import draw_maps
from entropice.report.markup import render
from entropice.report.sections.section import Section
from entropice.report.task_facts import TaskFacts
from entropice.report.task_quantities import land_area_m2
from entropice.report.task_scores import joint_grid, object_grid, pixel_grids, size_grid, year_rows
from entropice.report.task_statements import (
    gate_statements,
    growth_statement,
    joint_statements,
    object_statements,
    pixel_statements,
)
from entropice.report.task_tables import JOINT_SCORES, OBJECT_SCORES, SCORES, TILES
from entropice.types import DataFrame

N_NEXT: Final = 10
PICTURED: Final = ("found_per_km2", "gate", "growth_m2_per_year", "expected_per_km2")
KM2: Final = 1e-6


def imagery_sections(content: RunContent) -> tuple[Section, ...]:
    """The sections of every task of the run, two each: what was found, and how good; none without tasks."""
    return tuple(section for task in content.tasks for section in (_found(task), _scored(task)))


def _found(task: TaskFacts) -> Section:
    return Section(
        f"imagery_{task.name}",
        task.text.title,
        partial(draw_found, task=task),
        needs=("cells", task.called(TILES)),
        reason="No tile was imaged.",
        charts=charts_of_finds(task),
    )


def _scored(task: TaskFacts) -> Section:
    return Section(
        f"imagery_scores_{task.name}",
        f"{task.text.title}: how good",
        partial(draw_scores, task=task),
        needs=(task.called(SCORES),),
        reason="No pixel was tested.",
        charts=charts_of_skill(task),
    )


def draw_found(content: RunContent, task: TaskFacts) -> Markup:
    """What was looked for, on how much land, what the gate leaves out, and where to look next.

    From the tables ``cells`` and ``<task>_tiles``, which must have rows: text, a table of tiles by year, pictures where
    cells are too many to be drawn one by one, and the first ten cells to image next.
    """
    cells = content.frame("cells")
    years = year_rows(content.frame(task.called(TILES)))
    land = land_shares(content, task)
    return render(
        "imagery.html",
        task=task,
        years=years,
        latest=years[-1],
        land=land,
        gate=list(gate_statements(task, land["left_out"])),
        growth=growth_statement(cells, task),
        next=next_rows(content, task),
        n_next=_n_next(content, task),
        pictures=None if has_outlines(content) else _pictures(content, task),
    )


def land_shares(content: RunContent, task: TaskFacts) -> dict[str, float]:
    """Shares of the land of all cells: ``left_out`` by the gate, ``seen``; ``seen_of_passing``, and ``seen_km2``.

    From the columns ``area_m2 land_fraction <task>_gate <task>_imaged_fraction``. A cell without a known gate counts as
    left out; unknown seen land is 0. A share is NaN where there is no land that it is of.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"area_m2": 2e6, "land_fraction": 1.0, "lakes_gate": ["looked_at", "left_out"],
    ...                       "lakes_imaged_fraction": [0.5, None]})
    >>> content, task = SimpleNamespace(frame=lambda _: cells), SimpleNamespace(called="lakes_{}".format)
    >>> land_shares(content, task)
    {'left_out': 0.5, 'seen_km2': 1.0, 'seen': 0.25, 'seen_of_passing': 0.5}
    """
    cells = content.frame("cells")
    land_km2 = land_area_m2(cells).fillna(0.0) * KM2
    passes = cells[task.called("gate")] == "looked_at"
    seen_km2 = cells[task.called("imaged_fraction")].fillna(0.0) * land_km2
    whole, looked_at = float(land_km2.sum()), float(land_km2[passes].sum())
    return {
        "left_out": 1 - looked_at / whole if whole else math.nan,
        "seen_km2": float(seen_km2.sum()),
        "seen": float(seen_km2.sum()) / whole if whole else math.nan,
        "seen_of_passing": float(seen_km2[passes].sum()) / looked_at if looked_at else math.nan,
    }


def _n_next(content: RunContent, task: TaskFacts) -> int:
    ranks = content.frame("cells").get(task.called("look_next_rank"))
    return 0 if ranks is None else int(ranks.notna().sum())


def next_rows(content: RunContent, task: TaskFacts) -> list[dict[str, Any]]:
    """The first cells to image next: rank, cell, place, what is expected, and land.

    Ten at most, ``rank cell lon_deg lat_deg expected land_km2``, by ``<task>_look_next_rank``; ``expected`` is per km²
    of land, NaN where unknown. None where no cell has a rank.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7, 8, 9], "lon_deg": 0.0, "lat_deg": 80.0, "area_m2": 2e6})
    >>> cells = cells.assign(land_fraction=0.5, lakes_look_next_rank=[2, None, 1])
    >>> cells = cells.assign(lakes_expected_per_km2=[0.25, 0.25, 0.5])
    >>> content = SimpleNamespace(frame=lambda _: cells, facts=SimpleNamespace(spelt_cell=str))
    >>> told = next_rows(content, SimpleNamespace(called="lakes_{}".format))
    >>> [(row["rank"], row["cell"], row["expected"], row["land_km2"]) for row in told]
    [(1, '9', 0.5, 1.0), (2, '7', 0.25, 1.0)]
    """
    cells, rank = content.frame("cells"), task.called("look_next_rank")
    if rank not in cells:
        return []
    first = cells[cells[rank].notna()].sort_values(rank).head(N_NEXT)
    expected = first.get(task.called("expected_per_km2"))
    told = first.assign(
        rank=first[rank].astype(int),
        cell=[content.facts.spelt_cell(cell_id) for cell_id in first["cell_id"].tolist()],
        expected=math.nan if expected is None else expected,
        land_km2=land_area_m2(first) * KM2,
    )
    columns = ["rank", "cell", "lon_deg", "lat_deg", "expected", "land_km2"]
    return [{str(key): value for key, value in row.items()} for row in told[columns].to_dict("records")]


def _pictures(content: RunContent, task: TaskFacts) -> dict[str, Any]:
    """Maps of too many cells for outlines."""
    wanted = [task.called(name) for name in PICTURED]
    layers = {layer.title: layer for layer in content.layers if layer.quantity in wanted}
    figure = draw_maps(content.frame("cells"), content.frame("land"), layers, n_columns=2)
    return {"uri": png_uri(figure), "titles": list(layers)}


def draw_scores(content: RunContent, task: TaskFacts) -> Markup:
    """Scores of pixels by ratio, of objects and of joined evidence.

    From the tables ``<task>_scores``, which must have rows, ``<task>_object_scores`` and ``<task>_joint_scores``;
    statements, then tables, the middle ratio open and the others folded. A sentence stands in place of what was not
    tested. Of an even number of ratios the upper of the two is the middle one.
    """
    pixels, objects = content.frame(task.called(SCORES)), _frame(content, task.called(OBJECT_SCORES))
    joint = _frame(content, task.called(JOINT_SCORES))
    grids = pixel_grids(pixels, task)
    middle = list(grids)[len(grids) // 2]
    return render(
        "imagery_scores.html",
        task=task,
        n_blocks=int(pixels["n_blocks"].max()),
        middle=middle,
        best={score.title: f"{score.best:g}" for score in task.text.scores},
        grids=grids,
        statements=list(pixel_statements(pixels, task)),
        objects=None if objects is None else object_grid(objects),
        sizes=None if objects is None else size_grid(objects),
        object_statements=[] if objects is None else list(object_statements(objects, task)),
        object_counts={} if objects is None else _most(objects, "n_blocks", "n_true", "n_found"),
        joint=None if joint is None else joint_grid(joint, task),
        joint_counts={} if joint is None else _most(joint, "n_true", "n_found"),
        joint_statements=[] if joint is None else list(joint_statements(joint)),
    )


def _frame(content: RunContent, table: str) -> DataFrame | None:
    """The rows of a table; None where it has none or the run lacks it."""
    rows = content.frame(table) if table in content.tables else None
    return None if rows is None or rows.empty else rows


def _most(scores: DataFrame, *names: str) -> dict[str, int]:
    """The largest of each of some counts."""
    return {name: int(scores[name].max()) for name in names}
