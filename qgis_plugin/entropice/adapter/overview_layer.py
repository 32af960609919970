"""One overview raster of a run as a QGIS layer."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsFeatureRenderer, QgsGraduatedSymbolRenderer, QgsRasterLayer

from ..core.errors import RunFolderError
from ..core.layer_plan import OverviewLayer
from ..core.manifest import CRS
from ..core.run_folder import Run
from ..core.safe_names import REBUILD
from .styles import pseudocolour_like
from .table_layer import describe


def overview_layer(run: Run, planned: OverviewLayer, like: QgsFeatureRenderer) -> QgsRasterLayer:
    """A raster layer with the colours of the polygons it stands for.

    Raises
    ------
    RunFolderError
        The file is not a raster in the run's CRS, or the polygons' style has no steps of a number.
    """
    path = run.paths[planned.overview.file]
    layer = QgsRasterLayer(str(path), planned.title, "gdal")
    if not layer.isValid() or layer.crs().authid() != CRS:
        got = layer.crs().authid() if layer.isValid() else layer.error().summary()
        raise _unusable(path, got, f"a GeoTIFF in {CRS}")
    if not isinstance(like, QgsGraduatedSymbolRenderer):
        raise _unusable(run.geopackage, like.type(), f"a graduated style {planned.style}")
    layer.setRenderer(pseudocolour_like(like, layer.dataProvider()))
    describe(layer, run, planned.overview.title, "")
    return layer


def _unusable(path: Path, got: str, expected: str) -> RunFolderError:
    return RunFolderError("An overview of the map cannot be used.", path=path, got=got, expected=expected, fix=REBUILD)
