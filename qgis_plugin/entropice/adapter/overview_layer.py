"""One overview raster of a run as a QGIS layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsDataProvider, QgsRasterLayer

from ..core.errors import RunFolderError
from ..core.layers import Layer
from ..core.manifest import CRS
from ..core.run_folder import Run
from ..core.safe_names import REBUILD, file_inside
from .plain_raster import require_plain_raster
from .translate import tr

OVERVIEW_TITLE = "Overview"


def overview_layer(run: Run, layer: Layer) -> QgsRasterLayer:
    """The overview of a layer as a raster, without colours, and in no project yet.

    The raster is named "Overview"; `layer` has to have an overview.

    Raises
    ------
    KeyError
        The layer has no overview.
    """
    return plain_raster_layer(run.paths[layer.overview or ""], OVERVIEW_TITLE)


def plain_raster_layer(path: Path, title: str) -> QgsRasterLayer:
    """A file of a run as a raster, without colours.

    It is named `title`, and in no project yet. No style beside the file is loaded, and no ``.aux.xml`` is written
    beside it.

    Raises
    ------
    RunFolderError
        The file is not a plain raster in the run's CRS.
    """
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    require_plain_raster(path)
    with _no_notes_of_gdal():
        raster = QgsRasterLayer(str(path), title, "gdal", options)
    _require_usable(raster, path)
    return raster


def read_overview(raster: QgsRasterLayer, folder: Path, layer: Layer) -> None:
    """Let a raster read the overview of another layer of the run in `folder`.

    Name and place of the raster in the project stay; its colours are not changed.

    Raises
    ------
    RunFolderError
        The file is not a plain raster in the run's CRS, or not there.
    """
    path = file_inside(folder, layer.overview or "", "overview")
    require_plain_raster(path)
    with _no_notes_of_gdal():
        raster.setDataSource(str(path), raster.name(), "gdal", QgsDataProvider.ProviderOptions())
    _require_usable(raster, path)


def _require_usable(raster: QgsRasterLayer, path: Path) -> None:
    if not raster.isValid() or raster.crs().authid() != CRS:
        raise RunFolderError(
            tr("An overview of the map cannot be used."),
            path=path,
            field="CRS",
            got=raster.crs().authid() if raster.isValid() else raster.error().summary(),
            expected=tr("a GeoTIFF in %1", CRS),
            fix=tr(REBUILD),
        )


@contextmanager
def _no_notes_of_gdal() -> Iterator[None]:
    """Beside what GDAL opens meanwhile no ``.aux.xml`` is ever written, even if QGIS computes statistics later."""
    before = gdal.GetThreadLocalConfigOption("GDAL_PAM_ENABLED")
    gdal.SetThreadLocalConfigOption("GDAL_PAM_ENABLED", "NO")
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption("GDAL_PAM_ENABLED", before)
