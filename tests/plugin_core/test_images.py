"""Manifests of runs of images: what the package writes is what the plugin reads, and bad ones name file and field."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from image_runs import ABOUT, INVENTORY_DATASETS, N_DAYS, image_run

from entropice import open_run
from entropice.errors import InputFileError
from entropice.report.image_run.folder import ImageRunFolder, write_image_run
from entropice.run_folders import run_folders_below
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.image_layers import Ramp, Values
from qgis_plugin.entropice.core.image_manifest import is_of_images, read_image_manifest
from qgis_plugin.entropice.core.image_run import MAX_CARD_BYTES, model_card, open_image_run
from qgis_plugin.entropice.core.image_scores import score_choices, score_rows
from qgis_plugin.entropice.core.run_folder import open_run as open_in_qgis
from qgis_plugin.entropice.core.run_search import run_entry, runs_below
from qgis_plugin.entropice.core.safe_names import is_name_of_images
from qgis_plugin.entropice.core.scales import Single
from qgis_plugin.entropice.core.time_steps import TimeStep, time_step


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("written")
    write_image_run(ImageRunFolder(image_run(), "<!DOCTYPE html>"), path)
    return path


@pytest.fixture(scope="module")
def written_inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("inventory")
    run = image_run(**{f"ice_types__{name}": value for name, value in INVENTORY_DATASETS.items()})
    write_image_run(ImageRunFolder(run, "<!DOCTYPE html>"), path)
    return path


@pytest.fixture
def with_inventory(written_inventory: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written_inventory, tmp_path / "inventory"))


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "images"))


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_what_the_package_writes_is_read_whole(folder: Path) -> None:
    run = open_image_run(folder)

    manifest = run.manifest
    assert is_of_images(folder)
    assert manifest.heading == f"{ABOUT.title} (plumbing check)"
    assert manifest.notices == (ABOUT.notice,)
    motion, types = manifest.tasks
    first, last = manifest.layers_of(motion)[0], manifest.layers_of(types)[-1]
    assert isinstance(first.style, Ramp)
    assert (first.style.stops[0].colour, first.style.stops[-1].value) == ("#08306b", 1.0)
    assert isinstance(last.style, Values)
    assert [one.title for one in last.style.values] == ["open water", "thin ice", "thick ice", "none of these"]
    assert manifest.days is not None
    assert (manifest.days[1] - manifest.days[0]).days == N_DAYS
    assert set(run.paths) == {file.name for file in manifest.files}
    assert model_card(folder, motion).startswith("# Ice motion: model card")


def test_scores_are_told_by_horizon_and_by_model(folder: Path) -> None:
    motion, types = read_image_manifest(folder).tasks
    titles = [title for title, _ in score_choices(motion)]
    assert titles[:2] == ["Mean squared error (best 0), space", "Mean squared error (best 0), time"]
    assert titles[2].startswith("Mean absolute error (%, best 0)")
    rows = score_rows(motion, "mse", "space")
    assert [row[0] for row in rows[:7]] == [
        "Steps ahead: 1", "The network", "Persistence", "Drift that is kept", "Known future drift",
        "The network less persistence", "The network less drift that is kept",
    ]  # fmt: skip
    assert rows[1][1].splitlines()[0] == "0.0038"
    (only,) = score_rows(types, "slope", None)
    assert only[0] == "The network"
    assert re.fullmatch(r"0\.97\n0\.\d+ to 1\.\d+", only[1])


def test_a_search_lists_both_kinds_of_runs(run_folder: Path, folder: Path, tmp_path: Path) -> None:
    found = list(runs_below(tmp_path))

    assert {entry.folder for entry in found} == {folder, run_folder} == set(run_folders_below(tmp_path))
    assert [entry.problem for entry in found] == ["", ""]
    entry = run_entry(folder)
    assert (entry.title, entry.grid_key, entry.model, entry.years) == (
        ABOUT.title, "images, no cells", "Ice motion, Ice types", "2024",
    )  # fmt: skip


def test_what_needs_cells_says_that_there_are_none(folder: Path) -> None:
    with pytest.raises(RunFolderError) as of_plugin:
        open_in_qgis(folder)
    with pytest.raises(InputFileError) as of_package:
        open_run(folder)

    for refused in (of_plugin.value, of_package.value):
        assert "has no cells" in str(refused)
        assert "field: schema" in str(refused)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (["2024-03-01", "2024-03-02", "2024-03-03"], TimeStep(1, "days")),
        (["2024-01-31", "2024-02-29", "2024-03-31"], TimeStep(29, "days")),
        (["2023-12-01", "2024-01-01", "2024-03-01"], TimeStep(1, "months")),
        (["2020-01-01", "2025-01-01", "2030-01-01"], TimeStep(5, "years")),
        (["2020-01-01"], None),
    ],
)
def test_layers_follow_in_steps_of_the_calendar(days: list[str], step: TimeStep | None) -> None:
    assert time_step(list(pairwise(map(date.fromisoformat, days)))) == step


def _layer(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest["layers"][0].update(values)


def _style(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest["layers"][0]["style"].update(values)


STOPS = [{"value": 1.0, "colour": "#000000"}, {"value": 0.0, "colour": "#ffffff"}]
CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no tasks": (lambda manifest: manifest.update(tasks=[]), "tasks"),
    "a task twice": (lambda manifest: manifest["tasks"].append(manifest["tasks"][0]), "tasks"),
    "a layer twice": (lambda manifest: manifest["layers"].append(manifest["layers"][0]), "layers"),
    "layer of no task": (_layer(task="snow"), "layers[0].task"),
    "layer that is no raster": (_layer(file="layers/ice_motion_day_1.qml"), "layers[0].file"),
    "layer that is not listed": (_layer(file="layers/other.tif"), "layers[0].file"),
    "name that is a path": (_layer(name="../x"), "layers[0].name"),
    "expression in a title": (_layer(title="[% 1 %]"), "layers[0].title"),
    "no such day": (_layer(begins="2024-02-30"), "layers[0].begins"),
    "half a time": (_layer(ends=None), "layers[0].ends"),
    "unknown style": (_style(kind="hatched"), "layers[0].style.kind"),
    "stops that fall": (_style(stops=STOPS), "layers[0].style.stops"),
    "one stop": (_style(stops=STOPS[:1]), "layers[0].style.stops"),
    "colour that is none": (_style(stops=[{"value": 0, "colour": "red"}, STOPS[0]]), "layers[0].style.stops[0].colour"),
    "no categories": (
        lambda manifest: manifest["layers"][-1]["style"].update(categories=[]), "layers[7].style.categories",
    ),
    "card that is not listed": (
        lambda manifest: manifest["tasks"][1].update(model_card="model_cards/x.md"), "tasks[1].model_card",
    ),
    "file outside": (lambda manifest: manifest["files"][0].update(name="../../etc/passwd"), "files[0].name"),
    "file in a strange folder": (lambda manifest: manifest["files"][0].update(name="layers/a/b.tif"), "files[0].name"),
    "score that is text": (
        lambda manifest: manifest["tasks"][0]["scores"][2].update(value="good"), "tasks[0].scores[2].value",
    ),
    "another CRS": (lambda manifest: manifest.update(crs="EPSG:4326"), "crs"),
    "another schema": (lambda manifest: manifest.update(schema="entropice-images/2"), "schema"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "field"), CHANGES.values(), ids=CHANGES)
def test_a_manifest_that_is_not_usable_names_its_field(
    folder: Path, change: Callable[[dict[str, Any]], object], field: str
) -> None:
    edit(folder, change)

    with pytest.raises(RunFolderError) as refused:
        open_image_run(folder)

    assert refused.value.field == field
    assert refused.value.path == folder / "manifest.json"


def test_an_inventory_is_read_whole(with_inventory: Path) -> None:
    run = open_image_run(with_inventory)

    motion, types = run.manifest.tasks
    assert motion.inventory is None
    assert types.inventory is not None
    assert run.paths[types.inventory.file].is_file()
    assert [table.table for table in types.inventory.tables] == ["objects", "growth", "region_areas"]
    assert (types.inventory.outlines.n_rows, types.inventory.outlines.title) == (
        3, "Plumbing check: Ice types: outlines",
    )  # fmt: skip
    assert (types.inventory.begins, types.inventory.ends) == ("begins", "ends")
    assert types.inventory.style == Single(None, "#0b4f9c", 0.4)
    assert types.inventory.held[-1] == (date(2021, 1, 1), date(2022, 1, 1))
    assert run.manifest.days == (date(2017, 1, 1), date(2024, 3, 8))


def _inventory(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest["tasks"][1]["inventory"].update(values)


INVENTORY_CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "file that is not listed": (_inventory(file="layers/other.gpkg"), "tasks[1].inventory.file"),
    "file that is no GeoPackage": (_inventory(file="layers/ice_types_types.tif"), "tasks[1].inventory.file"),
    "outlines that are not described": (_inventory(layer="lakes"), "tasks[1].inventory.layer"),
    "outlines without geometry": (_inventory(layer="growth"), "tasks[1].inventory.layer"),
    "time that no column tells": (_inventory(begins="start"), "tasks[1].inventory.begins"),
    "another look": (
        _inventory(style={"kind": "graduated", "breaks": [0, 1], "colours": ["#000000"]}),
        "tasks[1].inventory.style.kind",
    ),
    "years that fall": (_inventory(years=[2021, 2017]), "tasks[1].inventory.years"),
    "no tables": (lambda manifest: manifest["tasks"][1]["inventory"].pop("tables"), "tasks[1].inventory.tables"),
}


@pytest.mark.parametrize(("change", "field"), INVENTORY_CHANGES.values(), ids=INVENTORY_CHANGES)
def test_an_inventory_that_is_not_usable_names_its_field(
    with_inventory: Path, change: Callable[[dict[str, Any]], object], field: str
) -> None:
    edit(with_inventory, change)

    with pytest.raises(RunFolderError) as refused:
        open_image_run(with_inventory)

    assert (refused.value.field, refused.value.path) == (field, with_inventory / "manifest.json")


STATEMENTS = {
    "table is gone": ('DROP TABLE "growth"', "growth"),
    "column is gone": ('ALTER TABLE "region_areas" DROP COLUMN "n_objects"', "region_areas"),
    "a view": ('CREATE VIEW "more" AS SELECT * FROM "growth"', "view more"),
}


@pytest.mark.parametrize(("statement", "field"), STATEMENTS.values(), ids=STATEMENTS)
def test_tables_of_an_inventory_are_as_described(with_inventory: Path, statement: str, field: str) -> None:
    path = with_inventory / "layers/ice_types_inventory.gpkg"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    described_again = {"bytes": path.stat().st_size, "sha256": sha256(path.read_bytes()).hexdigest()}
    edit(
        with_inventory,
        lambda manifest: [
            entry.update(described_again) for entry in manifest["files"] if entry["name"].endswith(path.name)
        ],
    )

    with pytest.raises(RunFolderError) as refused:
        open_image_run(with_inventory)

    assert (refused.value.field, refused.value.path) == (field, path)


def test_a_journal_beside_an_inventory_is_refused(with_inventory: Path) -> None:
    (with_inventory / "layers/ice_types_inventory.gpkg-wal").write_bytes(b"")

    with pytest.raises(RunFolderError, match="unfinished changes"):
        open_image_run(with_inventory)


def _link_of_folder(folder: Path) -> None:
    shutil.move(folder / "layers", folder.parent / "elsewhere")
    (folder / "layers").symlink_to(folder.parent / "elsewhere", target_is_directory=True)


def _link_of_file(folder: Path) -> None:
    (folder / "report.html").rename(folder.parent / "report.html")
    (folder / "report.html").symlink_to(folder.parent / "report.html")


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda folder: (folder / "layers/ice_types_types.tif").unlink(), "ice_types_types.tif"),
    "changed": (lambda folder: (folder / "scores/ice_types.csv").write_text("x", "utf-8"), "ice_types.csv"),
    "folder leads away": (_link_of_folder, "leaves the run folder"),
    "file leads away": (_link_of_file, "leaves the run folder"),
}


@pytest.mark.parametrize(("damage", "told"), DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_is_not_as_described_is_named(folder: Path, damage: Callable[[Path], object], told: str) -> None:
    damage(folder)

    with pytest.raises(RunFolderError) as refused:
        open_image_run(folder)

    assert told in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * (MAX_CARD_BYTES + 1)], ids=["no text", "too large"])
def test_a_card_that_is_no_text_is_refused(folder: Path, content: bytes) -> None:
    task = read_image_manifest(folder).tasks[0]
    (folder / task.card).write_bytes(content)

    with pytest.raises(RunFolderError, match="model card cannot be read"):
        model_card(folder, task)


@pytest.mark.parametrize(
    ("name", "is_allowed"),
    [
        ("report.html", True), ("layers/a_1.tif", True), ("layers/a_1.qml", True), ("model_cards/a.md", True),
        ("scores/a.csv", True), ("run.gpkg", False), ("layers/a.md", False), ("layers/../a.tif", False),
        ("/layers/a.tif", False), ("layers//a.tif", False), ("layers\\a.tif", False), ("other/a.tif", False),
        ("layers/.tif", False), ("", False), ("layers/", False),
    ],
)  # fmt: skip
def test_names_lead_into_folders_that_are_known(name: str, is_allowed: bool) -> None:
    assert is_name_of_images(name) is is_allowed
