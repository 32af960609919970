"""Years to come on top of a finished run on a HEALPix grid, at the smallest size."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from project_copy import copy_project, kedro

GRID = "healpix_6"
BASE = "long_world"
"""The small world with a climate that is long enough to learn from."""


@pytest.fixture(scope="module")
def results(project_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(project_path, tmp_path_factory.mktemp("years") / "project")
    _make_environment(project / "conf", "test", BASE, {"virtual_arctic": {"climate": {"n_history_years": 30}}})
    (project / "conf" / BASE / "globals.yml").write_text(f"work_root: data/{BASE}\n")
    ahead = project / "conf" / "years_to_come"
    (ahead / "globals.yml").write_text(
        f"grid: {GRID}\nwork_root: data/years_to_come\nbase_root: data/{BASE}\nsize: tiny\n"
    )
    for section in ("features", "virtual_arctic", "modelling"):
        text = (project / "conf" / BASE / section / "parameters.yml").read_text()
        (ahead / section).mkdir()
        (ahead / section / "parameters.yml").write_text(text)
    for arguments in (("--env", BASE, "--params", f"grid={GRID}"), ("--env", "years_to_come")):
        result = kedro(project, "run", *arguments)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return project / "data/years_to_come" / GRID / "tiny"


def _make_environment(conf: Path, like: str, name: str, changes: dict) -> None:
    """A copy of an environment with other values of some sections."""
    for path in (conf / like).rglob("*.yml"):
        target = conf / name / path.relative_to(conf / like)
        target.parent.mkdir(parents=True, exist_ok=True)
        values = yaml.safe_load(path.read_text())
        target.write_text(yaml.safe_dump(_merged(values, changes) if "parameters" in path.name else values))


def _merged(values: dict, changes: dict) -> dict:
    inner = {key: _merged(values[key], changes[key]) for key in values if isinstance(changes.get(key), dict)}
    new = {key: value for key, value in changes.items() if key not in inner and not isinstance(value, dict)}
    return {**values, **new, **inner}


@pytest.mark.slow
def test_every_cell_has_a_chance_with_an_interval_for_four_years(results: Path) -> None:
    outlook = pd.read_parquet(results / "07_model_output/years_outlook.parquet")

    assert outlook.groupby("cell_id")["year"].apply(list).map(tuple).unique().tolist() == [(2024, 2025, 2026, 2027)]
    assert (outlook["year"] - outlook["horizon"] == 2023).all()
    assert ((outlook["p_any_low"] <= outlook["p_any"]) & (outlook["p_any"] <= outlook["p_any_high"])).all()
    assert (outlook["p_any_climate_sd"] > 0).all()


@pytest.mark.slow
def test_forecasts_are_scored_beside_simple_ones_and_the_law_at_every_horizon(results: Path) -> None:
    scores = pd.read_parquet(results / "07_model_output/years_index_scores.parquet")
    crps = scores[(scores["score"] == "crps") & (scores["part"] == "all indices") & scores["compared_with"].isna()]

    assert set(crps["model"]) == {"network", "persistence", "trend", "climatology", "law"}
    assert sorted(set(crps["horizon"])) == [1, 2, 3, 4]
    assert crps.groupby("horizon")["n"].nunique().eq(1).all()
    of_map = pd.read_parquet(results / "07_model_output/years_map_outlook_scores.parquet")
    assert {"observed", "network", "trend"} <= set(of_map["model"])
    assert np.isfinite(of_map["value"]).all()


@pytest.mark.slow
def test_the_run_folder_holds_table_and_layers_of_years_to_come(results: Path) -> None:
    folder = results / "08_reporting/run"
    manifest = json.loads((folder / "manifest.json").read_text())
    layers = {layer["name"]: layer for layer in manifest["layers"]}

    assert {f"p_any_{year}" for year in range(2024, 2028)} <= set(layers)
    assert layers["p_any_2024"]["begins"] == "2024-01-01"
    table = pd.read_parquet(folder / "layers/years_outlook.parquet")
    assert {"cell_id", "year", "horizon", "p_any", "p_any_low", "p_any_high"} <= set(table)
    assert "The climate that came" in (folder / "report.html").read_text(encoding="utf-8")
