"""One table of a run's GeoPackage as a read-only QGIS layer."""

from __future__ import annotations

import html
from pathlib import Path

from qgis.core import QgsLayerMetadata, QgsMapLayer, QgsVectorLayer

from ..core.errors import RunFolderError
from ..core.manifest import CRS, Manifest
from ..core.run_folder import Run
from ..core.safe_names import REBUILD
from ..core.tables import Table
from .translate import tr


def table_layer(run: Run, table: Table, title: str, description: str) -> QgsVectorLayer:
    """A table of a run as a read-only layer without style, in no project; the file on disk stays untouched.

    `title` is its name, and with `description` on its metadata page.

    Raises
    ------
    RunFolderError
        QGIS cannot read the table, or its geometry, CRS or row count is not as the manifest says.
    """
    layer = plain_table_layer(run.geopackage, table, title)
    describe(layer, run.manifest, title, description)
    return layer


def plain_table_layer(geopackage: Path, table: Table, title: str) -> QgsVectorLayer:
    """A table of a GeoPackage as a layer without style and words; the file on disk stays untouched.

    It has as many rows as the manifest says, in EPSG:3413 where it has geometry.

    Raises
    ------
    RunFolderError
        QGIS cannot read the table, or its geometry, CRS or row count is not as described.
    """
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    options.forceReadOnly = True
    layer = QgsVectorLayer(f"{geopackage}|layername={table.table}", title, "ogr", options)
    _require_as_described(layer, geopackage, table)
    layer.setReadOnly(True)
    return layer


def describe(layer: QgsMapLayer, manifest: Manifest, title: str, description: str) -> None:
    """Fill the layer's metadata page; QGIS shows it as HTML, so all text is escaped.

    The page has the title, as abstract `description`, the run's notices, its model and id, and as rights whom to
    credit.
    """
    metadata = QgsLayerMetadata()
    metadata.setTitle(html.escape(title))
    notes = [description, *manifest.notices, f"{manifest.map_model_title}, run {manifest.run_id}"]
    metadata.setAbstract("\n".join(html.escape(note) for note in notes if note))
    metadata.setRights([html.escape(text) for text in manifest.attributions])
    layer.setMetadata(metadata)


def _require_as_described(layer: QgsVectorLayer, geopackage: Path, table: Table) -> None:
    if not layer.isValid() or layer.storageType() != "GPKG":
        raise _differs(geopackage, table.table, layer.error().summary() or "no such table", "a table of the GeoPackage")
    if layer.isSpatial() != table.has_geometry:
        got, expected = ("geometry", "none") if layer.isSpatial() else ("no geometry", "polygons")
        raise _differs(geopackage, table.table, got, expected)
    if layer.isSpatial() and layer.crs().authid() != CRS:
        raise _differs(geopackage, table.table, layer.crs().authid() or "no CRS", CRS)
    if layer.featureCount() != table.n_rows:
        raise _differs(geopackage, table.table, f"{layer.featureCount()} rows", f"{table.n_rows} rows")


def _differs(geopackage: Path, field: str, got: str, expected: str) -> RunFolderError:
    return RunFolderError(
        tr("A table of the map is not as the manifest says."),
        path=geopackage,
        field=field,
        got=got,
        expected=expected,
        fix=tr(REBUILD),
    )
