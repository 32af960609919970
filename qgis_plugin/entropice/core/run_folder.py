"""Opening a run: the manifest is read and every file proved intact, before any layer exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .integrity import require_intact
from .manifest import GEOPACKAGE_NAME, Manifest, read_manifest
from .safe_names import file_inside


@dataclass(frozen=True)
class Run:
    """A run whose files were all found intact; `paths` maps each file name to its resolved path."""

    folder: Path
    manifest: Manifest
    paths: Mapping[str, Path]

    @property
    def geopackage(self) -> Path:
        """Path of the file that holds the tables."""
        return self.paths[GEOPACKAGE_NAME]


def open_run(folder: Path) -> Run:
    """The run in `folder`, or an error; nothing is changed and no other file is looked at.

    Raises
    ------
    RunFolderError
        The manifest is unusable, or a file is missing, leads outside the folder, or is not as described.
    """
    manifest = read_manifest(folder)
    paths = {entry.name: file_inside(folder, entry.name, "files") for entry in manifest.files}
    for entry in manifest.files:
        require_intact(paths[entry.name], entry.n_bytes, entry.sha256)
    return Run(folder.resolve(), manifest, paths)
