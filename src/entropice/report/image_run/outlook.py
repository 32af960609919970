"""Years to come for readers: a table of chances by cell and year, layers of the map, scores beside the task's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from entropice.errors import SchemaError
from entropice.imagery.map_layers import MapLayer
from entropice.report.image_run.datasets import OF_PIPELINES, OUTLOOK
from entropice.types import DataFrame

COLUMNS: Final = ("cell_id", "year", "horizon", "p_any", "p_any_low", "p_any_high")
SHOWN_PARTS: Final = ("all indices", "map")
"""Parts of the scores that a page shows; those of single indices are in the dataset."""


@dataclass(frozen=True, eq=False)
class ShownOutlook:
    """Years to come.

    Attributes
    ----------
    table
        `COLUMNS` and more, a row a cell and year.
    layers
        Chances, and widths of their intervals, by year.
    scores
        In the form of a task's scores.
    """

    table: DataFrame
    layers: tuple[MapLayer, ...]
    scores: DataFrame


def shown_outlook(task: str, datasets: Mapping[str, Any]) -> ShownOutlook | None:
    """The outlook among datasets ``<task>.<name>``; None where the run has made none.

    The table has ``cell_id year horizon p_any p_any_low p_any_high`` and more. Of its scores those whose ``part`` is
    ``all indices`` or ``map`` are kept.

    Raises
    ------
    SchemaError
        Its table lacks a column or rows.

    Examples
    --------
    >>> shown_outlook("rts", {"rts.map_layers": []}) is None
    True
    >>> datasets = {f"rts.{name}": pd.DataFrame() for name in OF_PIPELINES[OUTLOOK]}
    >>> shown_outlook("rts", datasets)
    Traceback (most recent call last):
    entropice.errors.SchemaError: ...
    """
    names = [f"{task}.{name}" for name in OF_PIPELINES[OUTLOOK]]
    if names[0] not in datasets:
        return None
    table, layers, of_indices, of_map = (datasets[name] for name in names)
    _require_whole(table, names[0])
    scores = pd.concat([of_indices, of_map], ignore_index=True)
    return ShownOutlook(table, tuple(layers), scores[scores["part"].isin(SHOWN_PARTS)])


def write_outlook(outlook: ShownOutlook, path: Path) -> None:
    """Write the table as Parquet, without its index; the same rows give the same bytes.

    All columns of `ShownOutlook.table`, in the order of its rows; a file at the path is replaced.
    """
    outlook.table.to_parquet(path, index=False)


def _require_whole(table: DataFrame, field: str) -> None:
    missing = [name for name in COLUMNS if name not in table]
    if missing or table.empty:
        raise SchemaError(
            "A table of years to come is not usable.",
            field=field,
            got=f"no {', '.join(missing)}" if missing else "no rows",
            expected=f"rows with {' '.join(COLUMNS)}",
        )
