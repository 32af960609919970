"""A run folder that is not as its manifest says: one message, and the project stays as it was."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from entropice.core.run_folder import Run
from entropice.core.selection import Selection, layer_for
from entropice.ui.plugin import EntropicePlugin
from places import POLE
from qgis.core import QgsProject
from run_edits import alter_geopackage, describe_again, edit_manifest, give_layer


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


def no_scale_is_known(folder: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        for layer in manifest["layers"]:
            layer["scale"] = {"kind": "hatched"}

    edit_manifest(folder, change)


def empty_of_cells(folder: Path) -> None:
    alter_geopackage(folder, "DELETE FROM cells")
    edit_manifest(folder, lambda m: next(t for t in m["tables"] if t["table"] == "cells").update(n_rows=0))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "not complete"),
    "no folder": (shutil.rmtree, "not an Entropice run"),
    "manifest is not JSON": (
        lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"),
        "manifest of this run cannot be read",
    ),
    "older schema": (
        lambda folder: edit_manifest(folder, lambda m: m.update(schema="entropice-run/1")),
        "Make the run again: `kedro run`.",
    ),
    "newer schema": (
        lambda folder: edit_manifest(folder, lambda m: m.update(schema="entropice-run/3")),
        "Update the plugin",
    ),
    "flipped bit": (flip_a_bit, "damaged or was changed"),
    "truncated": (truncate, "damaged or was changed"),
    "no geopackage": (lambda folder: (folder / "run.gpkg").unlink(), "is missing"),
    "link leads outside": (link_outside, "leaves the run folder"),
    "not a geopackage": (replace_by_text, "tables of this run are not such"),
    "overview is not a raster": (overview_of_text, "overview of the map cannot be used"),
    "table with fewer rows": (
        lambda folder: edit_manifest(folder, lambda m: m["tables"][0].update(n_rows=m["tables"][0]["n_rows"] + 1)),
        "not as the manifest says",
    ),
    "table that is not there": (
        lambda folder: alter_geopackage(folder, "DROP TABLE land"),
        "not as the manifest says",
    ),
    "column renamed": (
        lambda folder: alter_geopackage(folder, "ALTER TABLE cells RENAME COLUMN land_fraction TO land"),
        "not as the manifest says",
    ),
    "no cells": (empty_of_cells, "manifest of this run is not usable"),
    "no scale that is known": (no_scale_is_known, "No layer of the cells can be drawn"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES.keys())
def test_bad_run_gives_one_message_and_no_layer(
    large: None,
    plugin: EntropicePlugin,
    project: QgsProject,
    copied_run: Path,
    damage: Callable[[Path], object],
    message: str,
):
    damage(copied_run)
    crs = project.crs().authid()
    plugin.open_run(copied_run)
    (text,) = messages(plugin)
    assert message in text
    assert not project.mapLayers()
    assert not project.layerTreeRoot().children()
    assert project.crs().authid() == crs


def messages(plugin: EntropicePlugin) -> list[str]:
    return [text for texts in plugin.iface.messageBar().messages.values() for text in texts]


def test_impossible_probability_is_refused_on_click(plugin: EntropicePlugin, copied_run: Path, run: Run, latest: int):
    column = f"p_{run.manifest.class_names[0]}_{latest}"
    alter_geopackage(copied_run, f"UPDATE cells SET {column} = 1.5")  # noqa: S608
    plugin.open_run(copied_run)
    plugin.iface.messageBar().clear_messages()
    plugin.explorer.show_cell_at(POLE)
    (text,) = messages(plugin)
    assert "value that cannot be" in text


def test_a_scale_of_unknown_kind_leaves_out_that_layer_and_names_it(
    plugin: EntropicePlugin, copied_run: Path, latest: int
):
    name = f"entropy_{latest}"
    edit_manifest(copied_run, partial(give_layer, name=name, scale={"kind": "hatched"}))
    plugin.open_run(copied_run)
    assert [text for text in messages(plugin) if name in text and "hatched" in text]
    assert layer_for(plugin.explorer.run.manifest, Selection("entropy", latest)) is None
    assert plugin.explorer.run.layer.name == f"p_any_rts_{latest}"
