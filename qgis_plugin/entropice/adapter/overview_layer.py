"""One overview raster of a run as a QGIS layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal
from qgis.core import QgsRasterLayer

from ..core.errors import RunFolderError
from ..core.layer_plan import OverviewLayer
from ..core.manifest import CRS
from ..core.run_folder import Run
from ..core.safe_names import REBUILD
from .renderers import raster_renderer
from .table_layer import describe


def overview_layer(run: Run, planned: OverviewLayer) -> QgsRasterLayer:
    """A raster layer with the colours of the polygons it stands for.

    Raises
    ------
    RunFolderError
        The file is not a raster in the run's CRS.
    """
    path = run.paths[planned.file]
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    with _no_sidecar_files():
        layer = QgsRasterLayer(str(path), planned.title, "gdal", options)
    if not layer.isValid() or layer.crs().authid() != CRS:
        raise RunFolderError(
            "An overview of the map cannot be used.",
            path=path,
            got=layer.crs().authid() if layer.isValid() else layer.error().summary(),
            expected=f"a GeoTIFF in {CRS}",
            fix=REBUILD,
        )
    layer.setRenderer(raster_renderer(planned.layer, layer.dataProvider()))
    describe(layer, run, planned.title, planned.layer.description)
    return layer


@contextmanager
def _no_sidecar_files() -> Iterator[None]:
    """Of what GDAL opens meanwhile no ``.aux.xml`` is ever read or written, even if QGIS computes statistics later."""
    before = gdal.GetThreadLocalConfigOption("GDAL_PAM_ENABLED")
    gdal.SetThreadLocalConfigOption("GDAL_PAM_ENABLED", "NO")
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption("GDAL_PAM_ENABLED", before)
