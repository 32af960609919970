"""A run folder that is not as its manifest says: one message, and the project stays as it was."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from entropice.ui.plugin import EntropicePlugin
from qgis.core import QgsProject
from run_edits import alter_geopackage, describe_again, edit_manifest


def first_table(folder: Path) -> str:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["layers"][0]["table"]


def flip_a_bit(folder: Path) -> None:
    content = bytearray((folder / "run.gpkg").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "run.gpkg").write_bytes(content)


def truncate(folder: Path) -> None:
    content = (folder / "run.gpkg").read_bytes()
    (folder / "run.gpkg").write_bytes(content[: len(content) // 2])


def link_outside(folder: Path) -> None:
    outside = folder.parent / "elsewhere.gpkg"
    shutil.move(folder / "run.gpkg", outside)
    (folder / "run.gpkg").symlink_to(outside)


def replace_by_text(folder: Path) -> None:
    (folder / "run.gpkg").write_text("not a database", encoding="utf-8")
    describe_again(folder)


def overview_of_text(folder: Path) -> None:
    name = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["overviews"][0]["file"]
    (folder / name).write_text("not a raster", encoding="utf-8")
    describe_again(folder)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "not an Entropice run"),
    "no folder": (shutil.rmtree, "not an Entropice run"),
    "manifest is not JSON": (
        lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"),
        "manifest of this run cannot be read",
    ),
    "newer schema": (
        lambda folder: edit_manifest(folder, lambda m: m.update(schema="entropice-run/2")),
        "Update the plugin",
    ),
    "flipped bit": (flip_a_bit, "damaged or was changed"),
    "truncated": (truncate, "damaged or was changed"),
    "no geopackage": (lambda folder: (folder / "run.gpkg").unlink(), "is missing"),
    "link leads outside": (link_outside, "leaves the run folder"),
    "not a geopackage": (replace_by_text, "not as the manifest says"),
    "overview is not a raster": (overview_of_text, "overview of the map cannot be used"),
    "table with fewer rows": (
        lambda folder: edit_manifest(folder, lambda m: m["layers"][0].update(n_rows=m["layers"][0]["n_rows"] + 1)),
        "not as the manifest says",
    ),
    "table that is not there": (
        lambda folder: edit_manifest(folder, lambda m: m["layers"][0].update(table="cells_of_nowhere")),
        "not as the manifest says",
    ),
    "no styles": (lambda folder: alter_geopackage(folder, "DELETE FROM layer_styles"), "style of the map"),
    "column renamed": (
        lambda folder: alter_geopackage(
            folder,
            f"ALTER TABLE {first_table(folder)} RENAME COLUMN entropy TO entropie",
        ),
        "not as the manifest says",
    ),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES.keys())
def test_bad_run_gives_one_message_and_no_layer(
    plugin: EntropicePlugin,
    project: QgsProject,
    copied_run: Path,
    damage: Callable[[Path], object],
    message: str,
):
    damage(copied_run)
    crs = project.crs().authid()
    plugin.open_run(copied_run)
    (text,) = [text for texts in plugin.iface.messageBar().messages.values() for text in texts]
    assert message in text
    assert not project.mapLayers()
    assert not project.layerTreeRoot().children()
    assert project.crs().authid() == crs


def test_impossible_probability_is_refused_on_click(plugin: EntropicePlugin, copied_run: Path):
    manifest = json.loads((copied_run / "manifest.json").read_text(encoding="utf-8"))
    column = "p_" + manifest["classes"]["names"][0]
    cells = [table["table"] for table in manifest["layers"] if table["kind"] == "cells"]
    for table in cells:
        alter_geopackage(copied_run, f"UPDATE {table} SET {column} = 1.5")  # noqa: S608
    plugin.open_run(copied_run)
    plugin.iface.messageBar().clear_messages()
    plugin.explorer.show_cell_at(plugin.iface.mapCanvas().extent().center())
    (text,) = [text for texts in plugin.iface.messageBar().messages.values() for text in texts]
    assert "value that cannot be" in text
