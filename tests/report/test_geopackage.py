import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from entropice.report.geopackage import write_geopackage


@pytest.fixture(scope="module")
def package(run_folder, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("package") / "run.gpkg"
    write_geopackage(run_folder.layers, path)
    return path


def ask(package: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(package)) as connection:
        return connection.execute(question).fetchall()


def test_written_twice_it_is_the_same_file(package: Path, run_folder, tmp_path: Path) -> None:
    write_geopackage(run_folder.layers, tmp_path / "again.gpkg")
    assert (tmp_path / "again.gpkg").read_bytes() == package.read_bytes()


def test_it_does_not_say_which_library_wrote_it_and_is_whole(package: Path) -> None:
    assert package.read_bytes()[96:100] == bytes(4)
    assert ask(package, "PRAGMA integrity_check") == [("ok",)]


def test_it_is_version_1_2_with_every_table_and_no_clock(package: Path) -> None:
    assert ask(package, "PRAGMA user_version") == [(10200,)]
    tables = dict(ask(package, "SELECT table_name, data_type FROM gpkg_contents"))
    assert tables == {
        "cells_h3_3_2022": "features",
        "cells_h3_3_2021": "features",
        "drivers_h3_3_2022": "features",
        "drivers_h3_3_2021": "features",
        "feature_importances": "attributes",
        "scores": "attributes",
        "layer_styles": "attributes",
    }
    assert {change for (change,) in ask(package, "SELECT last_change FROM gpkg_contents")} == {
        "2000-01-01T00:00:00.000Z"
    }


def test_cells_come_back_as_they_were(package: Path, tables) -> None:
    found = pyogrio.read_dataframe(package, layer="cells_h3_3_2021")
    assert found.crs == "EPSG:3413"
    expected = tables[2021]
    assert found["cell_id"].tolist() == expected["cell_id"].tolist()
    assert found["p_any_rts"].tolist() == expected["p_any_rts"].tolist()
    assert found["rts_count"].isna().tolist() == expected["rts_count"].isna().tolist()
    assert set(found["state"]) == {"observed_with", "observed_without", "unobserved"}


@pytest.mark.parametrize("table", ["cells_h3_3_2021", "drivers_h3_3_2022"])
def test_a_cell_is_found_by_a_unique_index(package: Path, table: str) -> None:
    indices = ask(package, f"PRAGMA index_list({table})")
    assert [(name, is_unique) for _, name, is_unique, *_ in indices] == [(f"{table}_cell_id", 1)]
    plan = ask(package, f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE cell_id = 1")  # noqa: S608 - our own table
    assert f"USING INDEX {table}_cell_id" in plan[0][-1]


@pytest.mark.parametrize(
    ("x_m", "y_m"), [(10.0, 10.0), (-320_000.0, 300_000.0), (-300_000.0, 320_000.0)], ids=["pole", "180 W", "180 E"]
)
def test_the_spatial_index_finds_few_cells_at_pole_and_antimeridian(package: Path, x_m: float, y_m: float) -> None:
    window = (x_m - 1, y_m - 1, x_m + 1, y_m + 1)
    found = pyogrio.read_dataframe(package, layer="cells_h3_3_2022", bbox=window)
    assert 1 <= len(found) <= 3
    assert (found.area < 3e10).all()


def test_styles_are_inside_with_one_default_per_layer(package: Path) -> None:
    styles = pd.DataFrame(
        ask(package, "SELECT f_table_name, styleName, useAsDefault, styleQML FROM layer_styles"),
        columns=["table", "style", "is_default", "qml"],
    )
    names = styles.groupby("table")["style"].agg(list).to_dict()
    assert names["cells_h3_3_2021"] == ["probability", "class", "entropy", "state"]
    assert names["drivers_h3_3_2022"] == ["driver"]
    assert set(styles.loc[styles["is_default"] == 1, "style"]) == {"probability", "driver"}
    for qml in styles["qml"]:
        assert ElementTree.fromstring(qml).tag == "qgis"  # noqa: S314 - our own text
    both_years = styles.loc[styles["style"] == "probability", "qml"]
    assert len(both_years) == 2
    assert len(set(both_years)) == 1


def test_titles_and_notice_travel_with_the_layers(make_run_folder, tmp_path: Path) -> None:
    checked = make_run_folder(purpose="plumbing check", notice="Claims no skill.")
    write_geopackage(checked.layers, tmp_path / "run.gpkg")
    texts = ask(tmp_path / "run.gpkg", "SELECT identifier, description FROM gpkg_contents WHERE data_type = 'features'")
    assert all(title.startswith("Plumbing check: ") and "Claims no skill." in text for title, text in texts)
    assert texts[0][0] == "Plumbing check: RTS probability 2018–2022, pooled"
