import json
import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest

from entropice.report.geopackage import write_geopackage
from entropice.report.manifest import build_manifest, to_json

CONTEXT = ["slumps", "searched_ground", "land"]
ATTRIBUTES = [
    "scores", "fold_scores", "drivers", "responses", "boxes", "box_values", "features", "feature_quantiles",
    "feature_histograms", "feature_values", "regional_calibration", "true_map_skill", "folds", "out_of_fold",
]  # fmt: skip


@pytest.fixture(scope="module")
def package(content, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("package") / "run.gpkg"
    write_geopackage(content, path)
    return path


@pytest.fixture(scope="module")
def manifest(content) -> dict:
    return json.loads(to_json(build_manifest(content)))


def ask(package: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(package)) as connection:
        return connection.execute(question).fetchall()


def test_written_twice_it_is_the_same_file(package: Path, content, tmp_path: Path) -> None:
    write_geopackage(content, tmp_path / "again.gpkg")
    assert (tmp_path / "again.gpkg").read_bytes() == package.read_bytes()


def test_it_does_not_say_which_library_wrote_it_and_is_whole(package: Path) -> None:
    assert package.read_bytes()[96:100] == bytes(4)
    assert ask(package, "PRAGMA integrity_check") == [("ok",)]


def test_it_is_version_1_2_with_every_table_and_no_clock(package: Path) -> None:
    assert ask(package, "PRAGMA user_version") == [(10200,)]
    tables = dict(ask(package, "SELECT table_name, data_type FROM gpkg_contents"))
    expected = dict.fromkeys(["cells", *CONTEXT], "features") | dict.fromkeys(
        [*ATTRIBUTES, "layer_styles"], "attributes"
    )
    assert tables == expected
    assert {change for (change,) in ask(package, "SELECT last_change FROM gpkg_contents")} == {
        "2000-01-01T00:00:00.000Z"
    }


def test_the_manifest_describes_every_column_as_it_is_stored(package: Path, manifest: dict) -> None:
    stored_as = {"INTEGER": "integer", "MEDIUMINT": "integer", "REAL": "real", "TEXT": "text"}
    for table in manifest["tables"]:
        rows = ask(package, f"PRAGMA table_info({table['table']})")
        found = {name: stored_as[kind] for _, name, kind, *_ in rows if name not in {"fid", "geom"}}
        assert {column["name"]: column["type"] for column in table["columns"]} == found
        assert all(column["description"] for column in table["columns"])
        assert ("geom" in {name for _, name, *_ in rows}) is (table["geometry"] is not None)
        assert ask(package, f"SELECT count(*) FROM {table['table']}") == [(table["n_rows"],)]  # noqa: S608 - our own


def test_every_table_is_read_by_the_vector_library(package: Path, manifest: dict) -> None:
    for table in manifest["tables"]:
        info = pyogrio.read_info(package, layer=table["table"])
        assert info["features"] == table["n_rows"]
        assert (info["crs"] == "EPSG:3413") is (table["geometry"] is not None)
        assert (info["geometry_type"] == "MultiPolygon") is (table["geometry"] is not None)


def test_cells_come_back_as_they_were(package: Path, cells) -> None:
    found = pyogrio.read_dataframe(package, layer="cells")
    assert found["cell_id"].tolist() == cells["cell_id"].tolist()
    assert found["p_any_rts_2021"].tolist() == cells["p_any_rts_2021"].tolist()
    assert found["rts_count_2021"].isna().tolist() == cells["rts_count_2021"].isna().tolist()
    assert set(found["state_2021"]) == {"observed_with", "observed_without", "unobserved"}


def test_distances_are_whole_metres(package: Path) -> None:
    assert set(ask(package, "SELECT distance_m_2022 FROM cells")) == {(1e4,), (8.12e5,)}


def test_geometry_is_stored_once(package: Path) -> None:
    with_geometry = {name for (name,) in ask(package, "SELECT table_name FROM gpkg_geometry_columns")}
    assert with_geometry == {"cells", *CONTEXT}


@pytest.mark.parametrize(("table", "is_unique"), [("cells", 1), ("out_of_fold", 0)])
def test_a_cell_is_found_by_an_index(package: Path, table: str, is_unique: int) -> None:
    indices = ask(package, f"PRAGMA index_list({table})")
    assert [(name, unique) for _, name, unique, *_ in indices] == [(f"{table}_cell_id", is_unique)]
    plan = ask(package, f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE cell_id = 1")  # noqa: S608 - our own table
    assert f"USING INDEX {table}_cell_id" in plan[0][-1]


@pytest.mark.parametrize(("feature", "year"), [("elevation_mean_m", None), ("summer_precipitation_mm", 2022)])
def test_a_value_of_a_feature_is_one_line_of_sql(package: Path, fabricated, feature: str, year: int | None) -> None:
    column = feature if year is None else f"{feature}_{year}"
    question = (
        f"SELECT v.cell_id, v.{column} * f.scale_factor FROM feature_values v, features f WHERE f.name = '{feature}'"  # noqa: S608
    )
    values = fabricated.features[feature].set_index(cell="cell_ids")
    expected = (values if year is None else values.sel(year=year)).to_pandas().sort_index()
    found = pd.Series(dict(ask(package, question)), dtype=float)
    assert found.index.tolist() == expected.index.tolist()
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.5e-3 * float(values.std()))


def test_values_of_features_lie_under_the_number_of_their_cell(package: Path) -> None:
    plan = ask(package, "EXPLAIN QUERY PLAN SELECT * FROM feature_values WHERE cell_id = 1")
    assert "USING INTEGER PRIMARY KEY" in plan[0][-1]


def test_pages_leave_little_room(package: Path) -> None:
    assert ask(package, "PRAGMA page_size") == [(32_768,)]


@pytest.mark.parametrize(
    ("x_m", "y_m"), [(10.0, 10.0), (-320_000.0, 300_000.0), (-300_000.0, 320_000.0)], ids=["pole", "180 W", "180 E"]
)
def test_the_spatial_index_finds_few_cells_at_pole_and_antimeridian(package: Path, x_m: float, y_m: float) -> None:
    window = (x_m - 1, y_m - 1, x_m + 1, y_m + 1)
    found = pyogrio.read_dataframe(package, layer="cells", bbox=window)
    assert 1 <= len(found) <= 3
    assert (found.area < 3e10).all()


def test_every_style_belongs_to_a_layer_and_draws_its_values(package: Path, manifest: dict, cells) -> None:
    styles = pd.DataFrame(
        ask(package, "SELECT f_table_name, styleName, useAsDefault, styleQML FROM layer_styles"),
        columns=["table", "layer", "is_default", "qml"],
    )
    drawn = {layer["name"]: layer for layer in manifest["layers"] if layer["table"] == "cells" and layer["scale"]}
    assert set(styles["table"]) == {"cells"}
    assert styles["layer"].tolist() == list(drawn)
    assert styles.loc[styles["is_default"] == 1, "layer"].tolist() == ["p_any_rts_2022"]
    for name, qml in zip(styles["layer"], styles["qml"], strict=True):
        renderer = ElementTree.fromstring(qml).find("renderer-v2")  # noqa: S314 - our own text
        column, scale = drawn[name]["column"], drawn[name]["scale"]
        assert column in renderer.attrib["attr"]
        if scale["kind"] == "graduated":
            edges = [(float(step.attrib["lower"]), float(step.attrib["upper"])) for step in renderer.iter("range")]
            assert edges == list(zip(scale["breaks"][:-1], scale["breaks"][1:], strict=True))
            assert cells[column].dropna().between(edges[0][0], edges[-1][1]).all()
        else:
            assert set(cells[column].dropna()) <= {item.attrib["value"] for item in renderer.iter("category")}


def test_titles_and_notice_travel_with_the_tables(make_run_folder, tmp_path: Path) -> None:
    checked = make_run_folder(purpose="plumbing check", notice="Claims no skill.")
    write_geopackage(checked.content, tmp_path / "run.gpkg")
    texts = ask(tmp_path / "run.gpkg", "SELECT identifier, description FROM gpkg_contents WHERE data_type = 'features'")
    assert len(texts) == 4
    assert all(title.startswith("Plumbing check: ") and "Claims no skill." in text for title, text in texts)
    told = build_manifest(checked.content)
    titles = [entry["title"] for name in ("tables", "layers") for entry in told[name]]
    assert all(title.startswith("Plumbing check: ") for title in [*titles, *(o.title for o in checked.overviews)])


def test_every_models_probabilities_are_there_the_limits_too(package: Path, fabricated) -> None:
    table = pyogrio.read_dataframe(package, layer="out_of_fold")
    assert set(table["model"]) == {"espa", "logistic", "knn_coordinates", "prevalence", "bayes_limit"}
    assert len(table) == len(fabricated.out_of_fold) + len(fabricated.bayes_limit)
    np.testing.assert_allclose(table[["p_none", "p_few", "p_some", "p_many"]].sum(axis=1), 1.0)
    assert table["standard_error_max"].notna().tolist() == (table["model"] == "bayes_limit").tolist()


def test_rows_written_some_at_a_time_are_the_rows_written_at_once(package: Path, content, tmp_path, monkeypatch):
    monkeypatch.setattr("entropice.report.geopackage.ROWS_AT_ONCE", 7)
    parts = tmp_path / "parts.gpkg"
    write_geopackage(content, parts)
    names = {name for (name,) in ask(package, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {*content.tables, "rtree_cells_geom"} <= names
    for name in names - {name for name in names if name.startswith("rtree_") and name.endswith(("_node", "_parent"))}:
        question = f'SELECT * FROM "{name}"'  # noqa: S608 - names of its own tables
        assert sorted(ask(parts, question), key=repr) == sorted(ask(package, question), key=repr), name
    assert ask(parts, "PRAGMA integrity_check") == [("ok",)]
