"""What tasks add to a run folder: tables, layers, quantities, styles and a key of the manifest; and nothing else."""

import json
import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from jsonschema import Draft202012Validator
from task_results import GATE, YEARS

from entropice import open_run
from entropice.errors import SchemaError
from entropice.report.manifest import build_manifest, to_json
from entropice.report.results import gather_results, task_dataset_names
from entropice.report.run_folder import write_run_folder
from entropice.report.run_tables import facts_of_manifest
from entropice.report.task_facts import gate_facts, task_of

TABLES = ["outlines", "tiles", "scores", "object_scores", "curves", "joint_scores"]
QUANTITIES = [
    "found_per_km2", "found_low_90", "found_high_90", "growth_m2_per_year", "growth_low_90", "growth_high_90",
    "imaged_fraction", "expected_per_km2", "gate", "look_next_rank",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tasked, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("tasked")
    write_run_folder(tasked, path)
    return path


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cells(tasked) -> pd.DataFrame:
    return tasked.content.frame("cells").set_index("cell_id")


def ask(folder: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / "run.gpkg")) as connection:
        return connection.execute(question).fetchall()


def test_datasets_find_their_task_by_their_names(fabricated, slump_results) -> None:
    names = task_dataset_names("slumps")
    whole = {"cells": fabricated.cells} | {
        name: getattr(fabricated, name) for name in fabricated.__dataclass_fields__ if name not in {"cells", "tasks"}
    }
    gathered = gather_results(whole | {name: getattr(slump_results, name.split(".")[1]) for name in names})
    assert gathered.cells is fabricated.cells
    assert gathered.tasks["slumps"] == slump_results
    assert gather_results(whole).tasks == {}


def test_a_run_without_tasks_tells_nothing_of_them_and_is_else_the_same(tasked, run_folder) -> None:
    plain, more = (json.loads(to_json(build_manifest(run.content))) for run in (run_folder, tasked))
    assert set(more) - set(plain) == {"tasks"}
    own = {"slumps_" + name for name in [*TABLES, *QUANTITIES]}
    assert {table["table"] for table in more["tables"]} - {table["table"] for table in plain["tables"]} <= own
    assert [layer for layer in more["layers"] if layer["name"] not in own] == plain["layers"]
    kept = [table for table in more["tables"] if table["table"] not in own]
    assert [table["table"] for table in kept] == [table["table"] for table in plain["tables"]]
    assert kept[1:] == plain["tables"][1:]
    assert "imagery" not in run_folder.report_html
    for name in plain["tables"][1:]:
        pd.testing.assert_frame_equal(run_folder.content.frame(name["table"]), tasked.content.frame(name["table"]))


def test_the_manifest_of_a_run_with_tasks_follows_the_schema(manifest: dict) -> None:
    text = files("entropice.report").joinpath("schemas/entropice-run-2.schema.json").read_text("utf-8")
    schema = json.loads(text)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(manifest)] == []
    assert set(manifest) == set(schema["properties"])
    task = manifest["tasks"][0]
    broken = manifest | {"tasks": [{name: value for name, value in task.items() if name != "gate"}]}
    assert not Draft202012Validator(schema).is_valid(broken)


def test_the_manifest_says_what_was_looked_for(manifest: dict, tasked, slump_results) -> None:
    (task,) = manifest["tasks"]
    assert (task["name"], task["kind"], task["nouns"]) == ("slumps", "mask", "slumps")
    assert task["title"] == "Slumps in images"
    assert task["source_title"] == "the virtual Arctic seen from above"
    assert task["years"] == list(YEARS)
    assert task["gate"] == {"bound": 0.05, "threshold_per_km2": 0.004, "missed_share": 0.032, "n_blocks": 35}
    assert task["n_tiles"] == slump_results.imaged_tiles["tile"].nunique()
    assert task["n_outlines"] == len(slump_results.outlines)
    assert task["tables"] == [f"slumps_{name}" for name in TABLES]
    assert task["quantities"] == [f"slumps_{name}" for name in QUANTITIES]
    assert task_of(task) == tasked.content.tasks[0]
    assert facts_of_manifest(manifest).tasks == tasked.content.facts.tasks


def test_a_gate_that_all_cells_pass_has_no_threshold() -> None:
    assert gate_facts(GATE | {"threshold_per_km2": -np.inf}).threshold_per_km2 is None
    assert gate_facts(GATE | {"threshold_per_km2": None}).threshold_per_km2 is None


def test_a_missed_share_that_is_unknown_is_null_in_the_manifest_and_no_number_else() -> None:
    unknown = gate_facts(GATE | {"missed_share": None})
    assert np.isnan(unknown.missed_share)


def test_tiles_on_which_nothing_was_found_are_told(make_run_folder, slump_results, tmp_path: Path) -> None:
    tiles = slump_results.imaged_tiles.assign(n_found=0, expected_found=0.0)
    none = replace(
        slump_results,
        outlines=slump_results.outlines.head(0),
        imaged_tiles=tiles,
        cell_finds=slump_results.cell_finds.assign(found_per_km2=slump_results.cell_finds["found_per_km2"] * 0),
    )
    run = make_run_folder(tasks={"slumps": none})
    write_run_folder(run, tmp_path)
    assert pyogrio.read_info(tmp_path / "run.gpkg", layer="slumps_outlines")["features"] == 0
    assert run.content.tasks[0].n_outlines == 0
    assert (run.content.frame("cells")["slumps_found_per_km2"].dropna() == 0).all()


def test_kinds_of_columns_that_a_file_may_bring_back_give_the_same_run(make_run_folder, slump_results, tasked) -> None:
    read = replace(slump_results, cell_finds=slump_results.cell_finds.convert_dtypes())
    again = make_run_folder(tasks={"slumps": read}).content.frame("cells")
    pd.testing.assert_frame_equal(again, tasked.content.frame("cells"))


def test_two_tasks_stand_beside_each_other(make_run_folder, slump_results) -> None:
    content = make_run_folder(tasks={"slumps": slump_results, "scars": slump_results}).content
    assert [task.name for task in content.tasks] == ["slumps", "scars"]
    cells = content.frame("cells")
    assert cells["slumps_found_per_km2"].equals(cells["scars_found_per_km2"])
    assert [layer.name for layer in content.layers[:4]] == [
        "slumps_outlines", "slumps_tiles", "scars_outlines", "scars_tiles",
    ]  # fmt: skip


def test_the_package_describes_and_holds_every_table(folder: Path, manifest: dict) -> None:
    for table in (table for table in manifest["tables"] if table["table"].startswith("slumps_")):
        rows = ask(folder, f"PRAGMA table_info({table['table']})")
        stored = {name for _, name, *_ in rows} - {"fid", "geom"}
        assert {column["name"] for column in table["columns"]} == stored
        assert ask(folder, f"SELECT count(*) FROM {table['table']}") == [(table["n_rows"],)]  # noqa: S608 - our own
        is_context = table["table"] in {"slumps_outlines", "slumps_tiles"}
        assert (table["geometry"], table["role"]) == (
            ("MultiPolygon", "context") if is_context else (None, "attributes")
        )


def test_outlines_and_tiles_come_back_as_they_were(folder: Path, slump_results) -> None:
    outlines = pyogrio.read_dataframe(folder / "run.gpkg", layer="slumps_outlines").set_index(["year", "outline_id"])
    expected = slump_results.outlines.set_index(["year", "outline_id"]).sort_index()
    np.testing.assert_array_equal(outlines["p"], expected["p"])
    np.testing.assert_allclose(outlines.area, expected.area)
    tiles = pyogrio.read_dataframe(folder / "run.gpkg", layer="slumps_tiles")
    assert len(tiles) == len(slump_results.imaged_tiles)
    assert (tiles["chosen"].map({"best": 1, "random": 0}) == tiles["is_best"]).all()


def test_what_was_not_imaged_is_unknown_and_never_zero(cells: pd.DataFrame, slump_results) -> None:
    finds = slump_results.cell_finds.set_index("cell_id").loc[cells.index]
    is_imaged = finds["n_tiles"] > 0
    assert cells["slumps_found_per_km2"].isna().equals(~is_imaged)
    assert cells["slumps_found_per_km2"].dropna().tolist() == finds.loc[is_imaged, "found_per_km2"].tolist()
    assert cells["slumps_growth_low_90"].isna().equals(finds["growth_low_90"].isna())
    assert (cells.loc[~is_imaged, "slumps_imaged_fraction"] == 0).all()
    assert set(cells["slumps_gate"]) == {"looked_at", "left_out"}
    assert (cells["slumps_gate"] == "looked_at").tolist() == finds["passes_gate"].tolist()


def test_the_imaged_fraction_is_seen_over_land_area(cells: pd.DataFrame, slump_results) -> None:
    seen = slump_results.cell_finds.set_index("cell_id")["seen_area_m2"].loc[cells.index]
    np.testing.assert_allclose(cells["slumps_imaged_fraction"], seen / (1e9 * 0.8))


def test_quantities_without_a_value_have_no_column(make_run_folder, slump_results) -> None:
    growth = ["growth_m2_per_year", "growth_low_90", "growth_high_90"]
    once = slump_results.cell_finds.assign(**dict.fromkeys(growth, np.nan))
    content = make_run_folder(tasks={"slumps": replace(slump_results, cell_finds=once)}).content
    assert not {f"slumps_{name}" for name in growth} & set(content.frame("cells"))
    assert "slumps_growth_m2_per_year" not in content.tasks[0].quantities


def test_two_finds_of_one_cell_are_refused(make_run_folder, slump_results) -> None:
    twice = pd.concat([slump_results.cell_finds, slump_results.cell_finds.head(1)])
    with pytest.raises(SchemaError, match="one is expected") as caught:
        make_run_folder(tasks={"slumps": replace(slump_results, cell_finds=twice)})
    assert caught.value.field == "slumps.cell_finds"


def test_growth_is_coloured_around_zero_and_densities_are_not(tasked) -> None:
    scales = {layer.quantity: layer.scale for layer in tasked.content.layers}
    growth = scales["slumps_growth_m2_per_year"].breaks
    assert growth == tuple(-edge for edge in reversed(growth))
    assert scales["slumps_found_per_km2"].breaks[0] >= 0
    units = {layer.quantity: layer.unit for layer in tasked.content.layers}
    assert units["slumps_growth_m2_per_year"] == "m2 a-1"
    assert units["slumps_expected_per_km2"] == "km-2"


def test_outlines_are_styled_by_their_chance_and_tiles_as_lines_by_how_they_were_chosen(folder: Path) -> None:
    styles = {
        table: ElementTree.fromstring(qml)  # noqa: S314 - our own text
        for table, qml in ask(
            folder, "SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault AND f_table_name != 'cells'"
        )
    }
    assert set(styles) == {"slumps_outlines", "slumps_tiles"}
    outlines = styles["slumps_outlines"].find("renderer-v2")
    assert (outlines.attrib["type"], outlines.attrib["attr"]) == ("graduatedSymbol", "p")
    tiles = styles["slumps_tiles"]
    assert [item.attrib["value"] for item in tiles.iter("category")] == ["best", "random"]
    options = [
        {option.attrib["name"]: option.attrib["value"] for option in layer.iter("Option") if "name" in option.attrib}
        for layer in tiles.iter("layer")
    ]
    assert all((one["style"], one["outline_style"], one["outline_width"]) == ("no", "solid", "0.5") for one in options)
    assert len({one["outline_color"] for one in options}) == 2


def test_a_finished_run_with_tasks_is_opened(folder: Path) -> None:
    run = open_run(folder)
    assert run.facts.tasks[0].called("curves") == "slumps_curves"
    curves = run.frame("slumps_curves")
    of_gate = curves[curves["curve"] == "gate"]
    assert of_gate["x"].tolist() == sorted(point["land_saved"] for point in GATE["curve"])
    assert of_gate["model"].isna().all()
    assert of_gate["threshold_per_km2"].isna().tolist() == [True, False, False, False, False]


def test_the_same_run_gives_the_same_bytes(tasked, folder: Path, tmp_path: Path) -> None:
    write_run_folder(tasked, tmp_path)
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == {f.name: f.read_bytes() for f in folder.iterdir()}
