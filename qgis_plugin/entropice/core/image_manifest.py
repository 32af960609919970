"""The manifest of a run of images as checked, immutable values (schema ``entropice-images/1``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from .fields import Fields
from .image_inventory import ImageInventory
from .image_layers import ImageLayer, read_image_layer
from .image_tasks import ImageTask, read_image_task
from .manifest import CRS, IMAGES, MAX_KEPT, PURPOSES, UPDATE, FileEntry, read_files, require_unique
from .manifest_file import MANIFEST_NAME, read_manifest_file
from .safe_names import IMAGE_NAME_RULE, is_name_of_images
from .time_steps import TimeStep, time_step


@dataclass(frozen=True, eq=False)
class ImageManifest:
    """Everything the plugin needs to know about a run of images; `notices` are sentences that readers must see.

    `layers` stand in drawing order, the first on top, `files` are all of the run. `rebuild_command` makes the run
    again.
    """

    run_id: str
    title: str
    purpose: str
    notices: tuple[str, ...]
    tasks: tuple[ImageTask, ...]
    layers: tuple[ImageLayer, ...]
    files: tuple[FileEntry, ...]
    attributions: tuple[str, ...]
    rebuild_command: str

    @property
    def heading(self) -> str:
        """What to call the run: its title, and in brackets its purpose where it is not ``model``."""
        return self.title if self.purpose == "model" else f"{self.title} ({self.purpose})"

    @property
    def days(self) -> tuple[date, date] | None:
        """The first day on which something of the map holds, and the first on which nothing does any more.

        Layers and outlines of inventories count; there may be gaps between. None where time concerns none.
        """
        held = self._held
        return (min(begins for begins, _ in held), max(ends for _, ends in held)) if held else None

    @property
    def time_step(self) -> TimeStep | None:
        """How long things hold, the shortest of them, see `time_steps.time_step`; None where time concerns none."""
        return time_step(self._held)

    @property
    def _held(self) -> list[tuple[date, date]]:
        of_layers = [(layer.begins, layer.ends) for layer in self.layers if layer.begins and layer.ends]
        return [*of_layers, *(held for inventory in self.inventories for held in inventory.held)]

    @property
    def inventories(self) -> tuple[ImageInventory, ...]:
        """Those of all tasks, in their order; tasks without one are left out."""
        return tuple(task.inventory for task in self.tasks if task.inventory is not None)

    def layers_of(self, task: ImageTask) -> tuple[ImageLayer, ...]:
        """The layers of a task, the first on top; empty where it has none."""
        return tuple(layer for layer in self.layers if layer.task == task.name)


def is_of_images(folder: Path) -> bool:
    """Whether the manifest in a folder follows the schema of runs of images, ``entropice-images/1``.

    A manifest without a schema does not; whether it is usable is not looked at.

    Raises
    ------
    RunFolderError
        There is no manifest, it cannot be read, or its schema is no text.
    """
    fields = read_manifest_file(folder)
    return fields.has("schema") and fields.text("schema") == IMAGES


def read_image_manifest(folder: Path) -> ImageManifest:
    """The manifest of the run in `folder`; unknown keys are ignored. Read again only after the file was changed.

    It is ``manifest.json`` in `folder`, of the schema ``entropice-images/1``. "Changed" means another time of
    modification or another size; up to 16 are kept. There is at least one task; names of tasks and files of layers are
    there once, every layer is of a task, and rasters, model cards and inventories are listed under ``files``.

    Raises
    ------
    RunFolderError
        The file or one of its values is not as the schema says.
    """
    path = folder / MANIFEST_NAME
    status = path.stat() if path.is_file() else None
    return _manifest(folder, status and status.st_mtime_ns, status and status.st_size)


@lru_cache(maxsize=MAX_KEPT)
def _manifest(folder: Path, _mtime_ns: int | None, _n_bytes: int | None) -> ImageManifest:
    fields = read_manifest_file(folder)
    _require_schema(fields)
    fields.one_of("crs", (CRS,))
    files = read_files(fields, is_name_of_images, IMAGE_NAME_RULE)
    tasks = tuple(read_image_task(entry) for entry in fields.objects("tasks"))
    layers = tuple(read_image_layer(entry) for entry in fields.objects("layers"))
    _require_whole(fields, tasks, layers, {file.name for file in files})
    notice = fields.text("notice")
    return ImageManifest(
        run_id=fields.matching("run_id", r"[0-9a-f]{16}", "16 hexadecimal digits"),
        title=fields.label("title"),
        purpose=fields.one_of("purpose", PURPOSES),
        notices=(notice,) if notice else (),
        tasks=tasks,
        layers=layers,
        files=files,
        attributions=fields.texts("attributions"),
        rebuild_command=fields.text("rebuild_command"),
    )


def _require_schema(fields: Fields) -> None:
    schema = fields.text("schema")
    if schema != IMAGES:
        raise fields.wrong("schema", repr(schema), IMAGES, UPDATE)


def _require_whole(
    fields: Fields, tasks: tuple[ImageTask, ...], layers: tuple[ImageLayer, ...], files: set[str]
) -> None:
    """Every name once, every layer of a task that there is, and every file listed."""
    if not tasks:
        raise fields.wrong("tasks", "no task", "at least one")
    require_unique(fields, "tasks", [task.name for task in tasks])
    require_unique(fields, "layers", [layer.file for layer in layers])
    require_unique(fields, "tasks", [task.inventory.file for task in tasks if task.inventory is not None])
    known = {task.name for task in tasks}
    for place, layer in enumerate(layers):
        if layer.task not in known:
            raise fields.wrong(f"layers[{place}].task", layer.task, "one of " + ", ".join(sorted(known)))
        if layer.file not in files or not layer.file.endswith(".tif"):
            raise fields.wrong(f"layers[{place}].file", layer.file, "a GeoTIFF that is listed under files")
    for place, task in enumerate(tasks):
        if task.card not in files or not task.card.endswith(".md"):
            raise fields.wrong(f"tasks[{place}].model_card", task.card, "a model card that is listed under files")
        found = task.inventory
        if found is not None and (found.file not in files or not found.file.endswith(".gpkg")):
            raise fields.wrong(f"tasks[{place}].inventory.file", found.file, "a GeoPackage that is listed under files")
