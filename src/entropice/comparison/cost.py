"""What each run has cost."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from entropice.comparison.finished_run import FinishedRun
from entropice.types import DataFrame


def runs_table(runs: Sequence[FinishedRun]) -> DataFrame:
    """One row a run, in their order.

    Returns
    -------
    DataFrame
        ``run run_id grid level map_model n_cells seconds modelling_seconds run_folder_bytes``; seconds are those of the
        last time that each step ran, null where nothing was noted. Steps of modelling are those called ``modelling.…``;
        bytes are the sum of the files that the manifest lists, itself not among them. Without runs it has neither rows
        nor columns.
    """
    return pd.DataFrame([_row(run) for run in runs])


def _row(run: FinishedRun) -> dict[str, object]:
    manifest = run.run.manifest
    return {
        "run": run.name,
        "run_id": manifest["run_id"],
        "grid": run.grid,
        "level": manifest["grid"]["level"],
        "map_model": run.run.map_model,
        "n_cells": manifest["n_cells"],
        "seconds": _seconds(run, ""),
        "modelling_seconds": _seconds(run, "modelling."),
        "run_folder_bytes": sum(file["bytes"] for file in manifest["files"]),
    }


def _seconds(run: FinishedRun, prefix: str) -> float:
    noted = [seconds for step, seconds in run.seconds.items() if step.startswith(prefix)]
    return float(sum(noted)) if noted else np.nan
