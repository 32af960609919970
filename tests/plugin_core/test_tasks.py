"""What a manifest says of tasks that have looked for something in images."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import read_manifest
from qgis_plugin.entropice.core.scales import Categorical
from qgis_plugin.entropice.core.tasks import Gate, task_of

Write = Callable[[dict[str, Any]], Path]


def test_a_task_is_read_with_its_gate_and_tables(write_run: Write, imaged_values: dict[str, Any]) -> None:
    manifest = read_manifest(write_run(imaged_values))

    (task,) = manifest.tasks
    assert (task.name, task.title, task.years) == ("seen", "Slumps in images", (2019, 2022))
    assert task.gate == Gate(0.05, 0.004, 0.03, 40)
    assert [table.table for table in task.tables] == ["seen_outlines", "seen_tiles"]
    assert [task_of(manifest.tasks, table) for table in (task.outlines, task.tiles, manifest.cells)] == [
        task,
        task,
        None,
    ]
    assert manifest.years == (2021, 2022)


def test_a_run_without_tasks_has_none(write_run: Write, manifest_values: dict[str, Any]) -> None:
    assert read_manifest(write_run(manifest_values)).tasks == ()


def test_a_gate_that_lets_all_pass_has_no_threshold(write_run: Write, imaged_values: dict[str, Any]) -> None:
    imaged_values["tasks"][0]["gate"].update(threshold_per_km2=None, missed_share=None)

    (task,) = read_manifest(write_run(imaged_values)).tasks
    assert task.gate == Gate(0.05, None, None, 40)


@pytest.mark.parametrize(("shown", "of_images"), [(2018, 2019), (2019, 2019), (2021, 2019), (2022, 2022), (2030, 2022)])
def test_the_year_of_images_is_the_latest_up_to_the_shown_one_or_the_first(
    write_run: Write, imaged_values: dict[str, Any], shown: int, of_images: int
) -> None:
    (task,) = read_manifest(write_run(imaged_values)).tasks

    assert task.year_up_to(shown) == of_images


def _without(table: str) -> Callable[[dict[str, Any]], None]:
    def change(values: dict[str, Any]) -> None:
        values["tables"] = [entry for entry in values["tables"] if entry["table"] != table]

    return change


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in values["tables"] if entry["table"] == name)


def _without_cell_id(values: dict[str, Any]) -> None:
    tiles = _table(values, "seen_tiles")
    tiles["columns"] = [column for column in tiles["columns"] if column["name"] != "cell_id"]


def _twice(values: dict[str, Any]) -> None:
    values["tasks"] *= 2


@pytest.mark.parametrize(
    ("change", "field", "got"),
    [
        (_without("seen_outlines"), "tasks[0].name", "seen_outlines: no such table"),
        (_without("seen_tiles"), "tasks[0].name", "seen_tiles: no such table"),
        (
            lambda values: _table(values, "seen_tiles").update(geometry=None, role="attributes"),
            "tasks[0].name",
            "seen_tiles: a table without geometry",
        ),
        (_without_cell_id, "tasks[0].name", "seen_tiles: no cell_id"),
        (_twice, "tasks", "['seen', 'seen']"),
        (lambda values: values["tasks"][0].update(years=[2022, 2019]), "tasks[0].years", "(2022, 2019)"),
        (lambda values: values["tasks"][0].update(years=[]), "tasks[0].years", "()"),
        (lambda values: values["tasks"][0].update(name='x" y'), "tasks[0].name", "'x\" y'"),
        (lambda values: values["tasks"][0].pop("gate"), "tasks[0].gate", "no such key"),
        (lambda values: values["tasks"][0]["gate"].update(bound=2), "tasks[0].gate.bound", "2"),
        (lambda values: values["tasks"][0]["gate"].update(n_blocks=-1), "tasks[0].gate.n_blocks", "-1"),
        (lambda values: values.update(tasks={}), "tasks", "{}"),
    ],
)  # fmt: skip
def test_a_task_that_cannot_be_is_named(
    write_run: Write,
    imaged_values: dict[str, Any],
    change: Callable[[dict[str, Any]], object],
    field: str,
    got: str,
) -> None:
    change(imaged_values)
    folder = write_run(imaged_values)

    with pytest.raises(RunFolderError) as caught:
        read_manifest(folder)
    assert (caught.value.path, caught.value.field, caught.value.got) == (folder / "manifest.json", field, got)
    assert caught.value.expected
    assert caught.value.fix


def test_categories_may_be_outlined(write_run: Write, manifest_values: dict[str, Any]) -> None:
    classes = next(layer for layer in manifest_values["layers"] if layer["name"] == "class_2022")
    classes["scale"] = {**classes["scale"], "outline_width_mm": 0.5}

    layers = {layer.name: layer for layer in read_manifest(write_run(manifest_values)).layers}
    widths = [layers[name].scale for name in ("class_2022", "class_2021")]
    assert [scale.outline_width_mm for scale in widths if isinstance(scale, Categorical)] == [0.5, None]


def test_an_outline_without_a_width_is_named(write_run: Write, manifest_values: dict[str, Any]) -> None:
    classes = next(layer for layer in manifest_values["layers"] if layer["name"] == "class_2022")
    classes["scale"] = {**classes["scale"], "outline_width_mm": -1}

    with pytest.raises(RunFolderError, match=r"scale\.outline_width_mm"):
        read_manifest(write_run(manifest_values))
