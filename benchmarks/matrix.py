"""Measures of several worlds as tables: the mean over worlds in each cell, with its interval."""

import argparse
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks.espa_accuracy import half_width, read
from benchmarks.measuring import markdown_table

logger = logging.getLogger(__name__)

Measures = dict[tuple[str, str, str], float]
"""Of one world, by table, row and column."""


def measured(measure: Callable[[int], Measures], seeds: Sequence[int], path: Path) -> pd.DataFrame:
    """Measure the seeds that are not on record, in one thread; append a JSON line each; return those asked for.

    Returns
    -------
    DataFrame
        World by measure; the columns are (table, row, column), in the order of the first world.
    """
    logger.setLevel(logging.INFO)
    on_record = {record["seed"] for record in read(path)}
    with threadpool_limits(limits=1):
        for seed in (seed for seed in seeds if seed not in on_record):
            found = [[*names, value] for names, value in measure(seed).items()]
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"seed": seed, "found": found}) + "\n")
            logger.info("World %d is measured.", seed)
    asked = {record["seed"]: record["found"] for record in read(path) if record["seed"] in seeds}
    frame = pd.DataFrame({seed: {tuple(names): value for *names, value in found} for seed, found in asked.items()}).T
    return frame.set_axis(pd.MultiIndex.from_tuples(frame.columns), axis="columns")


def measured_worlds(
    description: str | None, measure: Callable[[Path, int], Measures], arguments: Sequence[str] | None
) -> pd.DataFrame:
    """`measured` of worlds below a folder, as a command line asks for it.

    Parameters
    ----------
    measure
        Measures a world by the folder of all worlds and its seed.
    arguments
        ``--work FOLDER --seeds 1 2 --records FILE``; None: those of the command.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the folder of the worlds")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--records", type=Path, required=True, help="JSON lines, one a world; none is measured twice")
    given = parser.parse_args(arguments)
    return measured(lambda seed: measure(given.work, seed), given.seeds, given.records)


def report(found: pd.DataFrame, digits: int = 3) -> str:
    """Spell every table of some measures."""
    titles = dict.fromkeys(found.columns.get_level_values(0))
    return "\n\n".join(matrix(found[title], title, digits) for title in titles)


def matrix(found: pd.DataFrame, corner: str, digits: int = 3) -> str:
    """Spell measures (world by measure) whose columns are pairs (row, column)."""
    rows, columns = (list(dict.fromkeys(found.columns.get_level_values(level))) for level in (0, 1))
    cells = [
        [row, *(spelled(found[row, column], digits) if (row, column) in found else "–" for column in columns)]
        for row in rows
    ]
    return markdown_table([corner, *columns], cells)


def spelled(values: "pd.Series[float]", digits: int = 3) -> str:
    """Spell a mean over worlds ± half a 95 % t interval, and in how many worlds the value is above 0."""
    known = values.dropna()
    width = half_width(known) if len(known) > 1 else np.nan
    return f"{known.mean():.{digits}f} ± {width:.{digits}f} ({(known > 0).sum()} of {len(known)})"
