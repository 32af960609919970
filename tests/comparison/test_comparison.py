import logging
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from entropice.comparison.comparable import check_comparable
from entropice.comparison.comparison import Comparison, compare
from entropice.comparison.folder import write_comparison
from entropice.comparison.settings import Settings
from entropice.errors import InputFileError

SETTINGS = Settings(unit_level=4, min_observed_fraction=0.1, min_covered_share=0.5, n_bootstrap=60, random_seed=0)


@pytest.fixture(scope="module")
def compared(make_run) -> Comparison:
    upside_down = make_run("h3_3", "h3_3_reversed", lambda x_m: 0.12 - 0.1 * np.clip((x_m + 9e5) / 1.8e6, 0, 1))
    return compare([make_run("h3_3"), upside_down, make_run("healpix_6", seconds={"modelling.score": 3.0})], SETTINGS)


def value(table: pd.DataFrame, column: str, **where: object) -> float:
    chosen = table
    for name, wanted in where.items():
        chosen = chosen[chosen[name] == wanted]
    (found,) = chosen[column]
    return float(found)


def test_a_forecast_of_the_true_density_has_skill_and_its_reverse_has_none(compared: Comparison) -> None:
    for run in ("h3_3", "healpix_6"):
        assert value(compared.skill, "value", run=run, score="deviance_skill") > 0.5
        assert value(compared.skill, "value", run=run, score="rank_correlation") > 0.7
    assert value(compared.skill, "value", run="h3_3_reversed", score="deviance_skill") < 0
    assert value(compared.skill, "value", run="h3_3_reversed", score="rank_correlation") < -0.7


def test_intervals_hold_their_values_and_pairs_their_differences(compared: Comparison) -> None:
    assert (compared.skill["low_95"] <= compared.skill["value"]).all()
    assert (compared.skill["value"] <= compared.skill["high_95"]).all()
    assert value(compared.differences, "low_95", run="h3_3", other="h3_3_reversed", score="deviance_skill") > 0
    both = [value(compared.skill, "value", run=run, score="deviance_skill") for run in ("h3_3", "healpix_6")]
    difference = value(compared.differences, "difference", run="h3_3", other="healpix_6", score="deviance_skill")
    assert difference == pytest.approx(both[0] - both[1])


def test_maps_of_one_world_agree_across_grid_systems(compared: Comparison) -> None:
    alike = {"run": "h3_3", "other": "healpix_6", "quantity": "expected_rts_area_fraction", "year": 2022}
    assert value(compared.agreement, "rank_correlation", **alike) > 0.95
    reversed_ = alike | {"run": "h3_3", "other": "h3_3_reversed"}
    assert value(compared.agreement, "rank_correlation", **reversed_) < -0.9


def test_cost_is_told_where_it_was_noted_and_null_elsewhere(compared: Comparison) -> None:
    assert value(compared.runs, "seconds", run="healpix_6") == 3.0
    assert np.isnan(value(compared.runs, "seconds", run="h3_3"))


def test_a_finer_grid_of_the_same_truth_is_no_other_truth(make_run) -> None:
    coarse, fine = (compare([make_run(key)], SETTINGS).units for key in ("h3_3", "h3_4"))
    assert coarse["observed_2021"].equals(fine["observed_2021"])


def test_one_run_alone_is_scored_and_said_to_be_alone(make_run, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        alone = compare([make_run("h3_3")], SETTINGS)
    assert "h3_3 is the only finished run" in caplog.text
    assert len(alone.skill) == 2
    assert alone.agreement.empty
    assert alone.differences.empty


@pytest.mark.parametrize("dataset", ["rts", "coverage", "land"])
def test_runs_with_other_labels_are_refused(make_run, dataset: str) -> None:
    other = make_run("h3_4")
    other.run.manifest["intermediates"] = [
        item | ({"sha256": "other"} if item["dataset"] == dataset else {})
        for item in other.run.manifest["intermediates"]
    ]
    with pytest.raises(InputFileError) as caught:
        compare([make_run("h3_3"), other], SETTINGS)
    assert caught.value.field == f"intermediates: {dataset}"
    assert caught.value.got == ["other"]
    assert "h3_3" in str(caught.value.expected)
    assert "h3_4" in str(caught.value.path)
    assert "comparison.runs_root" in str(caught.value.fix)


def test_runs_of_other_years_are_refused(make_run) -> None:
    other = make_run("h3_4")
    other.run.years = [2022]
    with pytest.raises(InputFileError, match="their years differ") as caught:
        compare([make_run("h3_3"), other], SETTINGS)
    assert caught.value.got == [2022]


@pytest.mark.parametrize(("lost", "field"), [("logistic", "map_model"), ("prevalence", "models")])
def test_a_run_without_forecasts_by_its_map_model_or_the_reference_is_refused(make_run, lost: str, field: str) -> None:
    run = make_run("h3_4")
    forecasts = run.run.forecasts("spatial")
    run.run.forecasts = lambda _: forecasts[forecasts["model"] != lost]
    with pytest.raises(InputFileError, match=f"The run h3_4 has no forecasts by {lost}") as caught:
        compare([make_run("h3_3"), run], SETTINGS)
    assert (caught.value.field, "h3_4" in str(caught.value.path)) == (field, True)
    assert caught.value.fix == "make the run again: kedro run --params grid=h3_4"


def test_a_run_without_any_forecast_is_refused(make_run) -> None:
    run = make_run("h3_4")
    forecasts = run.run.forecasts("spatial")
    run.run.forecasts = lambda _: forecasts[:0]
    with pytest.raises(InputFileError, match="The run h3_4 has no forecasts by logistic") as caught:
        compare([make_run("h3_3"), run], SETTINGS)
    assert caught.value.got == "no forecasts"


def test_runs_that_call_other_cells_observed_are_told(make_run, caplog: pytest.LogCaptureFixture) -> None:
    other = make_run("h3_4")
    other.run.manifest["parameters"] = {"labels": {"min_observed_fraction": 0.3}}
    with caplog.at_level(logging.WARNING):
        check_comparable([make_run("h3_3"), other])
    assert "h3_4 has learned from other labels than h3_3: a cell is observed from 0.3 of its land on" in caplog.text


def test_units_that_no_run_covers_are_refused(make_run) -> None:
    blind = make_run("h3_3")
    for year in blind.run.years:
        blind.run._cells[f"observed_fraction_{year}"] = 0.01
    with pytest.raises(InputFileError, match="No common unit") as caught:
        compare([blind], SETTINGS)
    assert "min_covered_share" in str(caught.value.field)


def test_the_folder_is_the_same_bytes_again_and_opens(compared: Comparison, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_comparison(compared, tmp_path / name)
    files = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert files == [
        "agreement.csv", "comparison.html", "comparison.png", "comparison.svg", "differences.csv", "runs.csv",
        "skill.csv", "units.gpkg",
    ]  # fmt: skip
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name
    units = gpd.read_file(tmp_path / "one" / "units.gpkg")
    assert units.crs == "EPSG:3413"
    assert {"observed_2021", "p_any_rts_2022_healpix_6"} <= set(units)
    read = pd.read_csv(tmp_path / "one" / "skill.csv")
    assert read["value"].to_numpy() == pytest.approx(compared.skill["value"].to_numpy())


def test_slumps_of_unknown_area_leave_no_density_to_judge(make_run) -> None:
    run = make_run("h3_3")
    unknown = {"spatial/0": {"names": ["none", "some"], "mean_rts_area_fraction": [0.0, None]}}
    assert replace(run, fold_classes=unknown).forecasts["rts_area_fraction"].isna().all()
