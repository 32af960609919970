"""A run folder as far as it can be checked before anything of it is shown; may be done beside the main thread."""

from __future__ import annotations

from pathlib import Path

from ..core.image_manifest import is_of_images
from ..core.image_run import ImageRun, open_image_run
from ..core.run_folder import Progress, Run, open_run
from .plain_raster import require_plain_raster


def checked_run(folder: Path, progress: Progress) -> Run | ImageRun:
    """The run of cells or of images in `folder`, all of whose files are plain data; `progress` as in `open_run`.

    All its rasters are looked at: overviews of a run of cells, all layers of one of images. What `progress` raises ends
    it.

    Raises
    ------
    RunFolderError
        As `open_run` and `open_image_run`, or a raster is not a plain one.
    """
    return _checked_images(folder, progress) if is_of_images(folder) else _checked_cells(folder, progress)


def _checked_images(folder: Path, progress: Progress) -> ImageRun:
    run = open_image_run(folder, progress)
    for layer in run.manifest.layers:
        require_plain_raster(run.paths[layer.file])
    return run


def _checked_cells(folder: Path, progress: Progress) -> Run:
    run = open_run(folder, progress)
    for name in sorted({layer.overview for layer in run.manifest.layers if layer.overview}):
        require_plain_raster(run.paths[name])
    return run
