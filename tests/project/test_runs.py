"""A finished run, read through the Python API."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice import Run, open_run
from entropice.errors import InputFileError


@pytest.fixture(scope="module")
def folder(finished_project: Path) -> Path:
    return finished_project / "data/test/h3_4/08_reporting/run"


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return open_run(folder)


@pytest.fixture(scope="module")
def outputs(folder: Path) -> Path:
    return folder.parents[1] / "07_model_output"


def test_probabilities_are_those_of_the_pipeline(run: Run, outputs: Path) -> None:
    predictions = pd.read_parquet(outputs / "predictions.parquet")
    for year in run.years:
        expected = predictions[predictions["year"] == year].set_index("cell_id")
        found = run.probabilities(year).loc[expected.index.astype(np.int64)]
        for name in run.class_names:
            assert found[f"p_{name}"].to_numpy() == pytest.approx(expected[f"p_{name}"].to_numpy(), nan_ok=True)


def test_every_model_is_there_out_of_fold(run: Run, outputs: Path) -> None:
    stored = pd.read_parquet(outputs / "out_of_fold.parquet")
    assert set(stored["model"]) <= set(run.models)
    for model in stored["model"].unique():
        assert len(run.out_of_fold(model)) == ((stored["model"] == model) & (stored["scheme"] == "spatial")).sum()
    assert run.map_model in run.models


def test_cells_of_a_year_have_the_years_quantities_alone(run: Run) -> None:
    whole, year = run.cells(), run.cells(run.years[0])
    assert len(whole) == len(year) == run.manifest["n_cells"]
    assert whole.crs.to_epsg() == 3413
    assert {"p_any_rts", "state", "land_fraction", "geometry"} <= set(year.columns)
    assert not any(column.endswith(tuple(map(str, run.years))) for column in year.columns)


def test_some_columns_of_cells_are_those_of_the_table(run: Run) -> None:
    names = ["land_fraction", f"p_any_rts_{run.years[0]}"]
    found = run.columns_of_cells([*names, "of_no_run"])
    assert set(found) == {*names, "geometry"}
    pd.testing.assert_frame_equal(found[names], run.cells()[names])


def test_forecasts_of_a_scheme_are_those_of_the_table(run: Run) -> None:
    table = run.table("out_of_fold")
    expected = table[table["scheme"] == "spatial"].reset_index(drop=True)
    pd.testing.assert_frame_equal(run.forecasts("spatial"), expected)
    assert run.forecasts("of_no_run").empty


def test_every_declared_table_can_be_read(run: Run) -> None:
    for table in run.manifest["tables"]:
        read = {"attributes": run.table, "context": run.context, "cells": lambda _: run.cells()}[table["role"]]
        assert len(read(table["table"])) == table["n_rows"]


def test_values_of_features_are_those_of_the_cube_to_a_thousandth_of_their_spread(run: Run, outputs: Path) -> None:
    cube = xr.open_zarr(outputs.parent / "04_feature/features.zarr", consolidated=False)
    stored = run.table("feature_values")
    assert stored["cell_id"].is_unique
    for year in run.years:
        found = run.feature_values(year)
        places = pd.Index(cube["cell_ids"].to_numpy().astype(np.int64)).get_indexer(found.index)
        assert 0 < len(found.columns) <= 20
        for name, values in found.items():
            feature = cube[name].isel(cell=places)
            expected = (feature.sel(year=year) if "year" in feature.dims else feature).to_numpy()
            np.testing.assert_allclose(values, expected, rtol=0, atol=0.5001e-3 * np.nanstd(cube[name]))


def test_values_of_features_that_are_kept_otherwise_are_refused(run: Run) -> None:
    tables = [
        table | {"columns": [{"name": "cell_id"}, {"name": "year"}]} if table["table"] == "feature_values" else table
        for table in run.manifest["tables"]
    ]
    with pytest.raises(InputFileError, match="not keep values of features as this version reads them") as caught:
        Run(run.folder, {**run.manifest, "tables": tables}).feature_values(run.years[0])
    assert "kedro run" in str(caught.value)


def test_the_features_of_a_cell_are_those_of_the_table(run: Run) -> None:
    year = run.years[-1]
    table = run.feature_values(year)

    pd.testing.assert_series_equal(run.features_of_cell(int(table.index[5]), year), table.iloc[5])


def test_the_rows_of_a_cell_are_those_of_the_table(run: Run) -> None:
    table = run.table("out_of_fold")
    cell_id = int(table["cell_id"].iloc[5])

    found = run.rows_of_cell("out_of_fold", cell_id)

    pd.testing.assert_frame_equal(found, table[table["cell_id"] == cell_id].reset_index(drop=True))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda run: run.cells(1999), "no year 1999"),
        (lambda run: run.out_of_fold("oracle"), "no model 'oracle'"),
        (lambda run: run.table("cells"), "no table 'cells'"),
        (lambda run: run.rows_of_cell("cells", 1), "no table 'cells'"),
        (lambda run: run.context("ice"), "no polygons 'ice'"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(run: Run, ask, told: str) -> None:
    with pytest.raises(KeyError, match=told):
        ask(run)


def test_no_run_another_schema_and_a_changed_map_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="not an Entropice run"):
        open_run(tmp_path)

    copy = shutil.copytree(folder, tmp_path / "copy")
    with (copy / "run.gpkg").open("r+b") as file:
        file.seek(5000)
        file.write(b"changed")
    with pytest.raises(InputFileError, match="damaged or was changed after the run"):
        open_run(copy).cells()

    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"schema": "entropice-run/1"}))
    with pytest.raises(InputFileError, match="not usable") as caught:
        open_run(copy)
    assert "kedro run" in str(caught.value)
