"""What the table of years to come shows of a world, and what such a world is made of."""

import pandas as pd
import pytest
import yaml

from benchmarks import outlook_worlds
from benchmarks.matrix import measured, report


def scores(crps: float) -> pd.DataFrame:
    rows = [
        ("network", None, "crps", "all indices", crps),
        ("persistence", None, "crps", "all indices", 2 * crps),
        ("network", "persistence", "crps", "all indices", -crps),
        ("network", None, "crps", "frost_number", 9.0),
        ("network", None, "coverage_90", "all indices", 0.9),
        ("network", "persistence", "coverage_90", "all indices", 0.1),
        ("network", None, "index_rmse", "all indices", 9.0),
    ]
    table = pd.DataFrame(rows, columns=["model", "compared_with", "score", "part", "value"])
    return pd.concat([table.assign(horizon=horizon) for horizon in (1.0, 2.0)])


def test_worlds_become_tables_of_crps_of_leads_and_of_coverage(tmp_path):
    measure = lambda seed: outlook_worlds.scores_of_world(scores(0.1 * seed))  # noqa: E731
    found = measured(measure, [1, 2, 3], tmp_path / "records.jsonl")

    titles = ["coverage_90, all indices", "crps, all indices", "crps, all indices: network less"]
    assert sorted(found.columns.get_level_values(0).unique()) == titles
    assert found[titles[2], "persistence", "2"].tolist() == pytest.approx([-0.1, -0.2, -0.3])
    assert "| persistence | 0.400 ± 0.497 (3 of 3) | 0.400 ± 0.497 (3 of 3) |" in report(found)


def test_a_world_is_made_first_and_then_forecast_by_what_was_made(tmp_path, monkeypatch):
    told = []

    def run(folder, given):
        told.append((folder, given))
        if "size" in given["params"]:
            results = folder / "healpix_7/demo/07_model_output"
            results.mkdir(parents=True)
            scores(0.5).to_parquet(results / "years_index_scores.parquet")

    monkeypatch.setattr(outlook_worlds, "run_kedro", run)
    found = outlook_worlds.run_world("demo", tmp_path, {"training": {"n_epochs": 3}}, 7)

    (base, of_base), (folder, of_years) = told
    assert found["crps, all indices", "network", "1"] == 0.5
    assert (base.parent, of_base["to_outputs"]) == (folder, "cells,climate")
    assert of_base["params"]["virtual_arctic"] == of_years["params"]["virtual_arctic"] == {"seed": 7}
    assert of_years["params"]["tasks"]["years"]["training"] == {"seed": 7, "n_epochs": 3}
    of_base, of_years = (
        yaml.safe_load((at / "globals.yml").read_text()) for at in (base / "conf/base", folder / "conf/years_to_come")
    )
    assert of_base["work_root"] == of_years["base_root"] == str(base)
    assert of_years["work_root"] == str(folder)
