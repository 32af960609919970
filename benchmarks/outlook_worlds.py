"""How good forecasts of years to come are: ``python -m benchmarks.outlook_worlds --work F --seeds 1 2 --records F``.

Each seed makes a world and its network, in a folder of its own: of the base run only cells and climate, which forecasts
are made of (`kedro run --to-outputs cells,climate`), then `kedro run --env years_to_come` up to the scores of the
indices. A world that is on record is not run again. Ways to forecast must be fixed before worlds are measured, on
others.

The tables hold, of all indices together and by years ahead: CRPS, the network's less that of every other way in the
same world, and the share of truth in 90 % intervals with their width. ± is half a 95 % interval over worlds; behind it
stands in how many worlds the value is above 0.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchmarks.imagery_table import write_configuration
from benchmarks.matrix import Measures, measured, report
from benchmarks.task_worlds import measures_of, parser_of_worlds, run_kedro
from entropice.learning.outlook.index_scores import ALL_INDICES

ENVIRONMENT: Final = "years_to_come"
TASK: Final = "years"
GRID: Final = "healpix_7"
SCORES: Final = ("crps", "coverage_90", "width_90")


def scores_of_world(table: pd.DataFrame) -> Measures:
    """Measures of one world from its ``index_scores``: of all indices together; leads in CRPS alone."""
    is_shown = table["compared_with"].isna() | (table["score"] == "crps")
    return measures_of(table[is_shown & (table["part"] == ALL_INDICES)], SCORES)


def run_world(size: str, work: Path, changes: dict[str, Any], seed: int) -> Measures:
    """Make a world, forecast it, and read the scores; errors of `run_kedro`."""
    folder = work / f"{TASK}_{size}_{seed}"
    base, world = folder / "base", {"virtual_arctic": {"seed": seed}, "random_seed": seed}
    write_configuration(base, "base")
    run_kedro(base, {"env": "base", "to_outputs": "cells,climate", "params": {"grid": GRID, **world}})
    write_configuration(folder, ENVIRONMENT, base_root=str(base.resolve()))
    tasks = {TASK: {**changes, "training": {"seed": seed, **changes.get("training", {})}}}
    params = {"grid": GRID, "size": size, **world, "tasks": tasks}
    run_kedro(folder, {"env": ENVIRONMENT, "to_outputs": f"{TASK}.index_scores", "params": params})
    return scores_of_world(pd.read_parquet(folder / GRID / size / "07_model_output" / f"{TASK}_index_scores.parquet"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not on record, and print the tables."""
    given = parser_of_worlds(__doc__).parse_args(arguments)
    measure = partial(run_world, given.size, given.work, given.changes)
    print(report(measured(measure, given.seeds, given.records)))  # noqa: T201


if __name__ == "__main__":
    main()
