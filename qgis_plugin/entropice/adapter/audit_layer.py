"""The chances of a run's cells, and the sheet of an audit as a layer of points that can be edited."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsEditorWidgetSetup,
    QgsFeatureRequest,
    QgsVariantUtils,
    QgsVectorLayer,
)

from ..core.audit_sample import OBSERVED, Chance
from ..core.run_folder import Run
from ..core.tables import CELL_ID
from .table_layer import table_layer
from .translate import tr

_PLACE = ("lon_deg", "lat_deg")


def chances_of(run: Run, column: str) -> list[Chance]:
    """Every cell that has a value in a column of the table of cells.

    They stand in the order of the table; degrees are those of the centre on WGS 84. Null is left out; NaN is not, and
    `draw_sheet` refuses it.

    Raises
    ------
    RunFolderError
        The table is not as the manifest says.
    ValueError
        The column holds text that is no number.
    """
    layer = table_layer(run, run.manifest.cells, run.manifest.cells.title, "")
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes([CELL_ID, *_PLACE, column], layer.fields())
    return [
        Chance(int(cell[CELL_ID]), float(cell["lon_deg"]), float(cell["lat_deg"]), float(cell[column]))
        for cell in layer.getFeatures(request)
        if not QgsVariantUtils.isNull(cell[column])
    ]


def sheet_layer(sheet: Path) -> QgsVectorLayer:
    """The file itself as points: what is saved in QGIS stands in the CSV.

    `sheet` is a CSV as `draw_sheet` writes it, with columns ``lon_deg``, ``lat_deg`` (WGS 84) and ``observed``, whose
    form offers 1 (any slump), 0 (none) and empty (cannot tell). A file that cannot be read gives a layer that is not
    valid.
    """
    options = ["X_POSSIBLE_NAMES=lon_deg", "Y_POSSIBLE_NAMES=lat_deg", "KEEP_GEOM_COLUMNS=YES"]
    source = "|option:".join([str(sheet), *options])
    layer = QgsVectorLayer(source, tr("Audit sample"), "ogr")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    answers = [{tr("any slump"): "1"}, {tr("none"): "0"}, {tr("cannot tell"): ""}]
    field = layer.fields().indexOf(OBSERVED)
    layer.setEditorWidgetSetup(field, QgsEditorWidgetSetup("ValueMap", {"map": answers}))
    return layer
