"""Whether two runs of one grid hold the same numbers: ``python -m benchmarks.same_numbers OLD NEW``.

OLD and NEW are folders of a grid, such as ``data/virtual_arctic/h3_4``, made by two states of the code. Predictions,
scores and features are compared value by value, rows aligned by their keys; NaN equals NaN, and nothing is rounded.
What has another name in NEW stands in `RENAMED`. Columns that only NEW has are no difference, nor are scores of models
and schemes that only NEW has. The Markdown table says what was compared; the exit code is 1 where anything differs.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xarray as xr

from benchmarks.measuring import markdown_table

Renames = Mapping[str, str]


@dataclass(frozen=True)
class Compared:
    """A dataset that is compared.

    Attributes
    ----------
    path
        Below the folder of the grid.
    read
        Makes a table of it, without an index.
    keys
        Columns that name a row.
    may_grow
        Whether NEW may have rows that OLD has not.
    """

    path: str
    read: Callable[[Path], pd.DataFrame]
    keys: tuple[str, ...]
    may_grow: bool = False


@dataclass(frozen=True)
class Column:
    """A column of OLD and what became of it; `n_values` is 0 where NEW lacks it."""

    dataset: str
    name: str
    n_values: int
    n_different: int

    @property
    def is_same(self) -> bool:
        """Whether NEW has the column with the same values."""
        return self.n_values > 0 and self.n_different == 0


def read_cube(path: Path) -> pd.DataFrame:
    """Features by cell and year; one that has no year of its own repeats."""
    with xr.open_zarr(path, consolidated=False) as cube:
        indexed = cube.load().set_index(cell="cell_ids")
    frame: pd.DataFrame = indexed.to_dataframe().reset_index()
    return frame.rename(columns={"cell": "cell_id"})


DATASETS: Final = {
    "predictions": Compared("07_model_output/predictions.parquet", pd.read_parquet, ("cell_id", "year")),
    "scores": Compared("07_model_output/scores.parquet", pd.read_parquet, ("scheme", "model", "score"), may_grow=True),
    "features": Compared("04_feature/features.zarr", read_cube, ("cell_id", "year")),
}

RENAMED: Final[Mapping[str, Renames]] = {}
"""By dataset: the names of columns in OLD, and in NEW."""


def compare(name: str, dataset: Compared, old: pd.DataFrame, new: pd.DataFrame, renamed: Renames) -> Iterator[Column]:
    """Every column of OLD beside the one of NEW that stands for it.

    Raises
    ------
    ValueError
        Several rows of one key, rows that NEW lacks, or rows that it has beside those of OLD where it may not grow.
    """
    before, after = _by_key(old.rename(columns=renamed), dataset), _by_key(new, dataset)
    missing = before.index.difference(after.index)
    added = after.index.difference(before.index)
    if len(missing) or (len(added) and not dataset.may_grow):
        raise ValueError(f"{name}: {len(missing)} rows are missing and {len(added)} were added, such as {missing[:1]}")
    aligned = after.reindex(before.index)
    for column in before.columns:
        if column in aligned:
            yield Column(name, str(column), len(before), _n_different(before[column], aligned[column]))
        else:
            yield Column(name, str(column), 0, 0)


def _by_key(table: pd.DataFrame, dataset: Compared) -> pd.DataFrame:
    indexed = table.set_index(list(dataset.keys)).sort_index()
    if not indexed.index.is_unique:
        raise ValueError(f"{dataset.path}: several rows of one {', '.join(dataset.keys)}")
    return indexed


def _n_different(before: "pd.Series[Any]", after: "pd.Series[Any]") -> int:
    is_same = before.eq(after).fillna(False) | (before.isna() & after.isna())
    return int((~is_same).sum())


def compare_folders(old: Path, new: Path) -> list[Column]:
    """Every column of every dataset."""
    return [
        column
        for name, dataset in DATASETS.items()
        for column in compare(
            name, dataset, dataset.read(old / dataset.path), dataset.read(new / dataset.path), RENAMED.get(name, {})
        )
    ]


def report(columns: list[Column]) -> str:
    """How many values of each dataset are the same, and every column that is not."""
    rows = [
        [name, len(of_one), sum(c.n_values for c in of_one), sum(c.n_different for c in of_one)]
        for name in DATASETS
        for of_one in [[column for column in columns if column.dataset == name]]
    ]
    table = markdown_table(["dataset", "columns", "values", "different"], [[str(cell) for cell in row] for row in rows])
    faults = [f"- {c.dataset}.{c.name}: {_fault(c)}" for c in columns if not c.is_same]
    return "\n".join([table, *faults])


def _fault(column: Column) -> str:
    return f"{column.n_different} values differ" if column.n_values else "not there any more"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    given = parser.parse_args()
    found = compare_folders(given.old, given.new)
    print(report(found))  # noqa: T201 - its purpose
    sys.exit(not all(column.is_same for column in found))
