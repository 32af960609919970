"""Opening a run of images: the manifest is read and every file proved intact, before any layer exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import RunFolderError
from .geopackage import require_plain_tables, require_settled
from .image_manifest import ImageManifest, read_image_manifest
from .image_tasks import ImageTask
from .language import tr
from .run_folder import Progress, readable, require_intact_files, require_readable_by_qgis
from .safe_names import REBUILD, file_of_images

MAX_CARD_BYTES = 1_000_000


@dataclass(frozen=True)
class ImageRun:
    """A run of images whose files were all found intact; `paths` maps each file name to its resolved path."""

    folder: Path
    manifest: ImageManifest
    paths: Mapping[str, Path]


def open_image_run(folder: Path, progress: Progress = lambda _share: None) -> ImageRun:
    """The run in `folder`, or an error; nothing is changed and no other file is looked at.

    `progress` is told the share (0..1) of the bytes that were read. All bytes of all listed files are read and compared
    with their SHA-256.

    Raises
    ------
    RunFolderError
        The manifest is unusable, or a file is missing, leads outside the folder, is not as described or cannot be read;
        a GeoPackage lacks a table that is described, or has code in its schema.
    """
    return readable(folder, lambda: _opened(folder, progress))


def _opened(folder: Path, progress: Progress) -> ImageRun:
    manifest = read_image_manifest(folder)
    run = ImageRun(
        folder.resolve(), manifest, {file.name: file_of_images(folder, file.name, "files") for file in manifest.files}
    )
    require_readable_by_qgis(run.folder)
    for inventory in manifest.inventories:
        require_settled(run.paths[inventory.file])
    require_intact_files(manifest.files, run.paths, progress)
    for inventory in manifest.inventories:
        require_plain_tables(run.paths[inventory.file], inventory.tables)
    return run


def model_card(folder: Path, task: ImageTask) -> str:
    """The text of a task's model card, Markdown.

    It is read as UTF-8, at most 1,000,000 bytes; line ends become line feeds.

    Raises
    ------
    RunFolderError
        The name is none of a file of a run of images, or the file is missing, too large, cannot be read, or is no
        UTF-8.
    """
    return readable(folder, lambda: _text(file_of_images(folder, task.card, "model_card")))


def _text(path: Path) -> str:
    n_bytes = path.stat().st_size
    if n_bytes > MAX_CARD_BYTES:
        raise _no_text(path, f"{n_bytes} bytes")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _no_text(path, str(error)) from error


def _no_text(path: Path, got: str) -> RunFolderError:
    expected = f"UTF-8 text of at most {MAX_CARD_BYTES} bytes"
    return RunFolderError(
        tr("A model card cannot be read."), path=path, field="model_card", got=got, expected=expected, fix=tr(REBUILD)
    )
