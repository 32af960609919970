"""The pipeline `apply` with the model of a finished run."""

from pathlib import Path

import pandas as pd
import pyogrio
from project_copy import copy_project, kedro

RUN = "data/test/h3_4/08_reporting/run"
ELSEWHERE = {
    "globals.yml": "grid: h3_4\nwork_root: data/elsewhere\ndata_root: {data_root}\n",
    "composition.yml": "world: null\nlabels: null\nfeatures: [era5_monthly, arcticdem, alphaearth]\n"
    "pipelines: [grids, features, apply]\n",
    "grids/parameters.yml": "grids: {{region: {{min_lat_deg: 78}}}}\n",
}


def _apply(project: Path, model: Path | str, environment: str = "test") -> tuple[int, str]:
    result = kedro(project, "run", "--env", environment, "--pipelines", "apply", "--params", f"model={model}")
    return result.returncode, result.stdout + result.stderr
