"""The cells of two runs are read, brought together and compared; nothing of this touches a project or a widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qgis.core import (
    QgsAbstractFeatureSource,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeedback,
    QgsFields,
    QgsGeometry,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)

from ..core.comparison import Comparison, compare
from ..core.comparison_cells import CellValue, Piece, brought, parent_pieces
from ..core.comparison_side import Side, require_comparable
from ..core.comparison_way import HIERARCHY, Way, way_of
from ..core.tables import CELL_ID
from .cell_rows import uncancelled, value_in
from .overlay import overlay_pieces

AREA, LAND = "area_m2", "land_fraction"


@dataclass(frozen=True)
class Source:
    """A side with the rows of its table of cells; they may be read in any thread."""

    side: Side
    fields: QgsFields
    rows: QgsAbstractFeatureSource


@dataclass(frozen=True)
class ComparedMaps:
    """A comparison, and where the polygons of its cells are found: in the first source, else in the second."""

    comparison: Comparison
    polygons: tuple[Source, ...]


def source_of(side: Side, cells: QgsVectorLayer) -> Source:
    """The side with the rows of a layer as it is now; call in the layer's thread.

    `cells` is the table of cells of the side's run.
    """
    return Source(side, cells.fields(), QgsVectorLayerFeatureSource(cells))


def compared_maps(a: Source, b: Source, feedback: QgsFeedback) -> ComparedMaps:
    """Compare two sides on the cells of the run whose cells are larger; may be called beside the main thread.

    Cells of one grid and level meet as they are; else the smaller ones are brought to the larger by
    `core.comparison_cells.brought`. Null is unknown; the land of a cell is area_m2 · land_fraction.

    Raises
    ------
    RunFolderError
        The sides cannot be compared; no values were read of them, and of two grids at most the areas of the cells.
    QgsProcessingException
        It was cancelled.
    """
    require_comparable(a.side, b.side)
    # Of one grid nobody asks which cells are larger, and the areas need not be read.
    mean_areas = [_mean_area_m2(source, feedback) if a.side.grid != b.side.grid else 0.0 for source in (a, b)]
    way = way_of(a.side, b.side, mean_areas[0], mean_areas[1])
    values = {"a": _values(a, feedback), "b": _values(b, feedback)}
    sources = {"a": a, "b": b}
    fine = "b" if way.coarse == "a" else "a"
    if way.brings:
        pieces = _pieces(way, sources[fine], sources[way.coarse], feedback)
        values[fine] = brought(values[fine], pieces, values[way.coarse])
    comparison = compare(a.side, b.side, way, values["a"], values["b"])
    return ComparedMaps(comparison, (sources[way.coarse],) if way.brings else (a, b))


def polygons(maps: ComparedMaps, feedback: QgsFeedback) -> Iterator[tuple[int, QgsGeometry]]:
    """Id and polygon of every compared cell, each once.

    They come in the order of the tables, first those of the first source; polygons are in EPSG:3413.

    Raises
    ------
    QgsProcessingException
        It was cancelled.
    """
    told: set[int] = set()
    for source in maps.polygons:
        for row in _rows(source, _with_ids(source), feedback):
            cell_id = int(row[CELL_ID])
            if cell_id not in told:
                told.add(cell_id)
                yield cell_id, row.geometry()


def _pieces(way: Way, fine: Source, coarse: Source, feedback: QgsFeedback) -> list[Piece]:
    if way.kind == HIERARCHY:
        ids = (int(row[CELL_ID]) for row in _rows(fine, _without_geometry(fine, [CELL_ID]), feedback))
        return parent_pieces(ids, fine.side.grid, coarse.side.grid)
    of_fine, of_coarse = (
        [(int(row[CELL_ID]), row.geometry()) for row in _rows(source, _with_ids(source), feedback)]
        for source in (fine, coarse)
    )
    return overlay_pieces(of_fine, of_coarse, feedback)


def _values(source: Source, feedback: QgsFeedback) -> list[CellValue]:
    columns = (source.side.column, *(source.side.interval or ()))
    request = _without_geometry(source, [CELL_ID, AREA, LAND, *columns])
    return [
        CellValue(
            int(row[CELL_ID]), float(row[AREA]) * float(row[LAND]), *(value_in(row, column) for column in columns)
        )
        for row in _rows(source, request, feedback)
    ]


def _mean_area_m2(source: Source, feedback: QgsFeedback) -> float:
    areas = [float(row[AREA]) for row in _rows(source, _without_geometry(source, [AREA]), feedback)]
    return sum(areas) / len(areas) if areas else 0.0


def _with_ids(source: Source) -> QgsFeatureRequest:
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([CELL_ID], source.fields)
    return request


def _without_geometry(source: Source, columns: list[str]) -> QgsFeatureRequest:
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes(columns, source.fields)
    return request


def _rows(source: Source, request: QgsFeatureRequest, feedback: QgsFeedback) -> Iterator[QgsFeature]:
    return uncancelled(source.rows.getFeatures(request), feedback)
