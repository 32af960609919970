"""False change on two real scenes by networks of several worlds: ``python -m benchmarks.modis_change --grids F F …``.

The question of `benchmarks.modis_ice` to more than one network: each grid's folder is that of a task of change,
as `benchmarks.task_worlds` leaves it. The mean over networks ± half a 95 % interval, in how many the value is above 0.
The scenes are the same for all, so that the interval holds for other networks and not for other ground.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.matrix import Measures, report
from benchmarks.modis_ice import change_table, ice_change, read_scenes
from entropice.types import DataFrame

COLUMN: Final = "false change"


def measures_of(table: DataFrame) -> Measures:
    """Of one network, from `benchmarks.modis_ice.change_table`: by ground, and model or its lead."""
    return {
        (row["ground"], _told(row["model"], row["compared_with"]), COLUMN): float(row["value"])
        for row in table.to_dict("records")
    }


def _told(model: str, compared_with: str | None) -> str:
    return model if pd.isna(compared_with) else f"{model} less {compared_with}"


def over_networks(found: Sequence[Measures]) -> str:
    """Spell the means over networks."""
    frame = pd.DataFrame(list(found))
    return report(frame.set_axis(pd.MultiIndex.from_tuples(frame.columns), axis="columns"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grids", type=Path, nargs="+", required=True, help="folders of the grid and size of runs")
    parser.add_argument("--scenes", type=Path, required=True, help="modis_sea_ice of the shared fixtures")
    parser.add_argument("--change", default="ice_change", help="task that marks changes")
    given = parser.parse_args(arguments)
    scenes = read_scenes(given.scenes)
    tables = (change_table(scenes, ice_change(grid, given.change)) for grid in given.grids)
    print(over_networks([measures_of(table) for table in tables]))  # noqa: T201


if __name__ == "__main__":
    main()
