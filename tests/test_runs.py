"""A run of three cells and two years, written by hand, as scripts read it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from entropice import open_run
from entropice.errors import InputFileError
from entropice.runs import Run

CELLS = [11, 22, 33]
SQUARES = [shapely.box(x, 0, x + 1, 1) for x in range(3)]
CRS = "EPSG:3413"

TABLES: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
    "cells": gpd.GeoDataFrame(
        {
            "cell_id": CELLS,
            "land_share": [1.0, 0.5, 0.25],
            **{f"{name}_2021": [share, 0.5, None] for name, share in (("p_none", 0.75), ("p_few", 0.25))},
            **{f"{name}_2022": [share, 0.5, 0.5] for name, share in (("p_none", 1.0), ("p_few", 0.0))},
            "p_any_rts_2021": [0.25, 0.5, None],
            "p_any_rts_2022": [0.0, 0.5, 0.5],
        },
        geometry=SQUARES,
        crs=CRS,
    ),
    "land": gpd.GeoDataFrame({"name": ["island"]}, geometry=[shapely.union_all(SQUARES)], crs=CRS),
    "feature_values": pd.DataFrame(
        {"cell_id": CELLS, "height_m": [3, 4, 5], "summer_c_2021": [1, 2, 3], "summer_c_2022": [10, 20, 30]}
    ),
    "out_of_fold": pd.DataFrame(
        {"scheme": ["spatial", "spatial", "random"], "model": ["espa", "prevalence", "espa"], "cell_id": CELLS}
    ),
    "scores": pd.DataFrame({"score": [0.5, 0.25]}),
}
STEPS = {"height_m": 10.0, "summer_c_2021": 0.5, "summer_c_2022": 0.5}
ROLES = {"cells": "cells", "land": "context"}


def described(name: str) -> dict[str, Any]:
    """An entry of the manifest."""
    table = TABLES[name]
    columns = [column for column in table.columns if column != "geometry"]
    return {
        "table": name,
        "role": ROLES.get(name, "table"),
        "geometry": "Polygon" if "geometry" in table else None,
        "columns": [
            {"name": column} | ({"scale_factor": STEPS[column]} if column in STEPS else {}) for column in columns
        ],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    for name, table in TABLES.items():
        key = "cell_id" if name == "feature_values" else "fid"
        pyogrio.write_dataframe(table, folder / "run.gpkg", layer=name, append=(folder / "run.gpkg").exists(), FID=key)
    tables = (folder / "run.gpkg").read_bytes()
    manifest = {
        "schema": "entropice-run/2",
        "title": "Three cells",
        "grid": {"key": "h3_4"},
        "years": [2021, 2022],
        "classes": {"names": ["none", "few"]},
        "models": [{"name": "espa"}, {"name": "prevalence"}],
        "map_model": {"name": "espa"},
        "schemes": [{"name": "spatial"}, {"name": "random"}],
        "tables": [described(name) for name in TABLES],
        "files": [{"name": "run.gpkg", "bytes": len(tables), "sha256": hashlib.sha256(tables).hexdigest()}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def run(folder: Path) -> Run:
    return open_run(folder)


def test_it_says_what_it_is_of(run: Run) -> None:
    assert (run.years, run.class_names, run.models) == ([2021, 2022], ["none", "few"], ["espa", "prevalence"])
    assert run.map_model == "espa"
    assert repr(run) == "<Run 'Three cells', h3_4, [2021, 2022]>"


def test_cells_of_a_year_have_its_quantities_without_the_year_and_those_of_all_years(run: Run) -> None:
    cells = run.cells(2021)

    assert cells.index.tolist() == CELLS
    assert set(cells.columns) == {"land_share", "p_none", "p_few", "p_any_rts", "geometry"}
    assert cells["p_any_rts"].tolist()[:2] == [0.25, 0.5]
    assert pd.isna(cells.loc[33, "p_any_rts"]), "null is unknown"
    assert cells.crs == CRS
    assert cells.geometry.tolist() == SQUARES


def test_cells_as_they_are_stored_are_a_copy_of_ones_own(run: Run) -> None:
    stored = run.cells()
    stored["land_share"] = 0.0

    assert {"p_few_2021", "p_few_2022"} <= set(stored.columns)
    assert run.cells()["land_share"].tolist() == [1.0, 0.5, 0.25]


def test_probabilities_are_those_of_the_classes_and_of_any(run: Run) -> None:
    probabilities = run.probabilities(2022)

    assert type(probabilities) is pd.DataFrame
    assert probabilities.columns.tolist() == ["p_none", "p_few", "p_any_rts"]
    assert probabilities.loc[22].tolist() == [0.5, 0.5, 0.5]


def test_forecasts_out_of_fold_are_of_one_model_under_one_scheme(run: Run) -> None:
    assert run.out_of_fold("espa")["cell_id"].tolist() == [11]
    random = run.out_of_fold("espa", "random")
    assert (random["cell_id"].tolist(), random.index.tolist()) == ([33], [0])
    with pytest.raises(KeyError, match=r"no model 'prevalence' under scheme 'random'.*'espa', 'prevalence'"):
        run.out_of_fold("prevalence", "random")


def test_values_of_features_are_in_their_units(run: Run) -> None:
    """Whole numbers in the file, times 10 m and 0.5 °C."""
    values = run.feature_values(2022)

    assert values.index.tolist() == CELLS
    assert values["height_m"].tolist() == [30.0, 40.0, 50.0]
    assert values["summer_c"].tolist() == [5.0, 10.0, 15.0]
    assert run.feature_values(2021, ["summer_c"]).to_dict("list") == {"summer_c": [0.5, 1.0, 1.5]}


def test_one_cells_values_are_the_row_of_all(run: Run) -> None:
    pd.testing.assert_series_equal(
        run.features_of_cell(22, 2021), run.feature_values(2021).loc[22], check_names=False, check_dtype=False
    )
    with pytest.raises(KeyError):
        run.features_of_cell(44, 2021)


def test_the_key_of_rows_is_a_column_where_it_means_something(run: Run) -> None:
    assert run.table("feature_values").columns.tolist() == ["cell_id", "height_m", "summer_c_2021", "summer_c_2022"]
    assert run.table("scores").to_dict("list") == {"score": [0.5, 0.25]}


def test_a_frame_is_read_once_and_has_its_geometry(run: Run) -> None:
    assert run.frame("land") is run.frame("land")
    assert run.frame("land").geometry.iloc[0].area == 3.0
    assert "geometry" not in run.frame("scores")
    assert run.context("land")["name"].tolist() == ["island"]


def test_rows_of_a_cell_are_its_own(run: Run) -> None:
    assert run.rows_of_cell("out_of_fold", 22)["model"].tolist() == ["prevalence"]
    assert run.rows_of_cell("out_of_fold", 44).empty


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda run: run.cells(2023), r"no year 2023; there are \[2021, 2022\]"),
        (lambda run: run.feature_values(2020), "no year 2020"),
        (lambda run: run.table("cells"), "no table 'cells'; there are feature_values, out_of_fold, scores"),
        (lambda run: run.rows_of_cell("land", 11), "no table 'land'"),
        (lambda run: run.frame("slumps"), "no table 'slumps'; there are cells, land"),
        (lambda run: run.context("cells"), "no polygons 'cells'; there are land"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(run: Run, ask: Any, named: str) -> None:
    with pytest.raises(KeyError, match=named):
        ask(run)


def test_values_that_are_kept_in_another_way_are_not_read(run: Run) -> None:
    (entry,) = (entry for entry in run.manifest["tables"] if entry["table"] == "feature_values")
    for column in entry["columns"]:
        column.pop("scale_factor", None)

    for ask in (lambda: run.feature_values(2021), lambda: run.features_of_cell(11, 2021)):
        with pytest.raises(InputFileError, match="does not keep values of features") as error:
            ask()
        assert (error.value.field, error.value.expected) == ("tables: feature_values", "columns with a scale_factor")


def test_tables_that_were_changed_since_are_not_read(folder: Path, tmp_path: Path) -> None:
    for name in ("manifest.json", "run.gpkg"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    with (tmp_path / "run.gpkg").open("ab") as file:
        file.write(b"\0")

    with pytest.raises(InputFileError, match="damaged or was changed"):
        open_run(tmp_path).cells(2021)
