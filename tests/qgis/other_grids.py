"""Small runs made of a given one: its cells merged into larger ones, with the means that follow from them."""

import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from entropice.core.run_folder import Run, open_run
from osgeo import gdal, ogr
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
from run_edits import describe_again, edit_manifest

QUANTITIES = ("p_any_rts", "expected_rts_area_fraction", "class", "area_m2", "land_fraction")
MEANS = ("p_any_rts", "expected_rts_area_fraction")


def merged_run(
    run: Run, folder: Path, grid: dict[str, Any], larger_id: Callable[[QgsFeature], int], change: float = 0.0
) -> Run:
    """A run on `grid` whose cells are unions of those with the same larger id; its probabilities differ by `change`."""
    folder.mkdir()
    columns = [layer.column for layer in run.manifest.layers if layer.quantity in QUANTITIES]
    rows = _merged_rows(run, columns, larger_id, change)
    _write_cells(folder / "run.gpkg", columns, rows)
    shutil.copy(run.folder / "manifest.json", folder)
    edit_manifest(folder, lambda manifest: _describe(manifest, grid, columns, len(rows)))
    describe_again(folder)
    return open_run(folder)


def _merged_rows(run: Run, columns: list[str], larger_id: Callable[[QgsFeature], int], change: float) -> list[dict]:
    parts = defaultdict(list)
    cells = QgsVectorLayer(f"{run.geopackage}|layername=cells", "cells", "ogr")
    for cell in cells.getFeatures():
        parts[larger_id(cell)].append(cell)
    return [_merged(cell_id, of_cell, columns, change) for cell_id, of_cell in sorted(parts.items())]


def _merged(cell_id: int, cells: list[QgsFeature], columns: list[str], change: float) -> dict[str, Any]:
    area_m2 = sum(cell["area_m2"] for cell in cells)
    land_m2 = sum(cell["area_m2"] * cell["land_fraction"] for cell in cells)
    row = {"cell_id": cell_id, "area_m2": area_m2, "land_fraction": land_m2 / area_m2}
    for column in columns:
        if column.startswith(MEANS):
            known = [
                (cell["area_m2"] * cell["land_fraction"], cell[column]) for cell in cells if cell[column] is not None
            ]
            row[column] = sum(weight * value for weight, value in known) / sum(weight for weight, _ in known) + change
        elif column not in row:
            row[column] = cells[0][column]
    row["geom"] = QgsGeometry.unaryUnion([cell.geometry().buffer(1, 1) for cell in cells]).buffer(-1, 1)
    return row


def _write_cells(path: Path, columns: list[str], rows: list[dict[str, Any]]) -> None:
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path), ["VERSION=1.2"])
    reference = ogr.osr.SpatialReference()
    reference.ImportFromEPSG(3413)
    layer = dataset.CreateLayer("cells", reference, ogr.wkbMultiPolygon, ["GEOMETRY_NAME=geom"])
    layer.CreateField(ogr.FieldDefn("cell_id", ogr.OFTInteger64))
    for column in columns:
        layer.CreateField(ogr.FieldDefn(column, ogr.OFTString if column.startswith("class") else ogr.OFTReal))
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for column in ("cell_id", *columns):
            feature[column] = row[column]
        shape = ogr.CreateGeometryFromWkb(bytes(row["geom"].asWkb()))
        feature.SetGeometry(ogr.ForceToMultiPolygon(shape))
        layer.CreateFeature(feature)
    del feature, layer, dataset  # closes the file


def _describe(manifest: dict[str, Any], grid: dict[str, Any], columns: list[str], n_cells: int) -> None:
    (cells,) = [table for table in manifest["tables"] if table["table"] == "cells"]
    kept = {"cell_id", *columns}
    cells.update(n_rows=n_cells, columns=[column for column in cells["columns"] if column["name"] in kept])
    layers = [layer | {"overview": None} for layer in manifest["layers"] if layer["column"] in columns]
    manifest.update(
        run_id="0123456789abcdef",
        grid=grid,
        n_cells=n_cells,
        tables=[cells],
        layers=layers,
        tasks=[],
        overviews=[],
        files=[entry for entry in manifest["files"] if entry["name"] == "run.gpkg"],
    )


gdal.UseExceptions()
