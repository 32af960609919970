"""A run folder as far as it can be checked before anything of it is shown; may be done beside the main thread."""

from __future__ import annotations

from pathlib import Path

from ..core.run_folder import Progress, Run, open_run
from .plain_raster import require_plain_raster


def checked_run(folder: Path, progress: Progress) -> Run:
    """The run in `folder`, all of whose tables and overviews are plain data; `progress` as in `open_run`.

    Raises
    ------
    RunFolderError
        As `open_run`, or an overview is not a plain raster.
    """
    run = open_run(folder, progress)
    for name in sorted({layer.overview for layer in run.manifest.layers if layer.overview}):
        require_plain_raster(run.paths[name])
    return run
