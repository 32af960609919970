"""The run folder: what a run hands to QGIS and to the reader."""

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kedro_datasets._typing import ImagePreview

from entropice.io.checksums import DigestOf, verify_recorded_files
from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.sha256 import sha256_of

if TYPE_CHECKING:
    from entropice.report.image_run.folder import ImageRunFolder
    from entropice.report.run_folder import RunFolder


Handed = TypeVar("Handed")


class HandedFolder(RecordedDataset[Handed, dict[str, Any]]):
    """A folder that a run hands on, with ``manifest.json``; loads as the manifest.

    Files that it did not write, such as what QGIS puts beside a raster, leave it undamaged.
    """

    is_folder = True

    def verify(self, digest_of: DigestOf = sha256_of) -> None:
        """Pass only if every file of the run is as it was written.

        Raises
        ------
        InputFileError
            No record, or a recorded file was changed or removed since.
        """
        verify_recorded_files(self.path, digest_of)

    def read(self, path: Path) -> dict[str, Any]:
        """Read the manifest, ``manifest.json``, as plain values."""
        manifest: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        return manifest


class RunFolderDataset(HandedFolder["RunFolder"]):
    """A folder with map, report, overviews and manifest."""

    def write(self, data: "RunFolder", path: Path) -> None:
        """Write every file, the manifest last.

        ``run.gpkg``, ``overview_*.tif``, ``starting_conditions.nc``, ``model.npz``, ``model.json``, ``survey.csv``,
        ``report.html``, ``manifest.json``.
        """
        from entropice.report.run_folder import write_run_folder

        write_run_folder(data, path)

    def preview(self) -> ImagePreview:
        """The coarse raster of the map's default layer in its colours, for Kedro-Viz.

        A PNG of the first layer of the manifest whose ``is_default`` is true: its ``overview`` in the ``breaks`` and
        ``colours`` of its ``scale``.

        Raises
        ------
        RunStateError
            It has not been made yet.
        InputFileError
            A file was changed or removed since.
        """
        from entropice.report.overviews import coloured_png

        shown = next(layer for layer in self.load()["layers"] if layer["is_default"])
        png = coloured_png(self.path / shown["overview"], shown["scale"]["breaks"], shown["scale"]["colours"])
        return ImagePreview(base64.b64encode(png).decode())


class ImageRunFolderDataset(DescriptionPreview, HandedFolder["ImageRunFolder"]):
    """A folder with layers, model cards, report and manifest of tasks of imagery."""

    def write(self, data: "ImageRunFolder", path: Path) -> None:
        """Write every file, the manifest last.

        ``layers/`` (a GeoTIFF and a QML a layer, inventory and outlook), ``model_cards/`` (a Markdown file a task),
        ``scores/`` (a CSV a task), ``report.html`` and ``manifest.json``.
        """
        from entropice.report.image_run.folder import write_image_run

        write_image_run(data, path)


class Published(Protocol):
    """What leaves under published names."""

    def write(self, folder: Path) -> None:
        """Write every file into an empty folder, ``manifest.json`` last."""


class PublishedFolderDataset(DescriptionPreview, HandedFolder[Published]):
    """A folder with what leaves of tasks under published names, and its manifest."""

    def write(self, data: Published, path: Path) -> None:
        """Write every file, the manifest last: what these are, the data themselves say."""
        data.write(path)
