"""The run folder of tasks of imagery: all that a run hands to QGIS and to the reader, and how it is written."""

from dataclasses import dataclass
from pathlib import Path

from entropice.report.image_run.content import ImageRun, ImageTask
from entropice.report.image_run.inventory import write_inventory
from entropice.report.image_run.layer_files import write_layer
from entropice.report.image_run.manifest import (
    build_manifest,
    card_file,
    inventory_file,
    layer_file,
    outlook_file,
    scores_file,
)
from entropice.report.image_run.model_card import card_markdown
from entropice.report.image_run.outlook import write_outlook
from entropice.report.image_run.qml import layer_qml
from entropice.report.manifest import to_json
from entropice.sha256 import file_entries

FOLDERS = ("layers", "model_cards", "scores")


@dataclass(frozen=True)
class ImageRunFolder:
    """What a run folder holds; ``report_html`` is a complete document."""

    run: ImageRun
    report_html: str


def write_image_run(folder_of: ImageRunFolder, folder: Path) -> None:
    """Write every file into an empty folder, ``manifest.json`` with their hashes last; same content, same bytes.

    ``layers/<task>_<layer>.tif`` and ``.qml``, ``layers/<task>_inventory.gpkg`` and ``layers/<task>_outlook.parquet``
    of tasks that have them, ``model_cards/<task>.md``, ``scores/<task>.csv`` (all digits, empty where unknown),
    ``report.html``. A write that breaks off leaves a folder without a manifest, which is no run.

    Raises
    ------
    FileExistsError
        One of these folders is there already.
    """
    for name in FOLDERS:
        (folder / name).mkdir()
    for task in folder_of.run.tasks:
        _write_layers(task, folder)
        if task.inventory is not None:
            title = folder_of.run.about.marked(task.words.title)
            write_inventory(task.inventory, title, folder / inventory_file(task))
        if task.outlook is not None:
            write_outlook(task.outlook, folder / outlook_file(task))
        (folder / card_file(task)).write_text(card_markdown(folder_of.run, task), encoding="utf-8")
        task.score_table.to_csv(folder / scores_file(task), index=False, lineterminator="\n")
    (folder / "report.html").write_text(folder_of.report_html, encoding="utf-8")
    manifest = build_manifest(folder_of.run) | {"files": file_entries(folder)}
    (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")


def _write_layers(task: ImageTask, folder: Path) -> None:
    for layer in task.layers:
        raster = folder / layer_file(task, layer)
        write_layer(layer, raster)
        raster.with_suffix(".qml").write_text(layer_qml(layer), encoding="utf-8")
