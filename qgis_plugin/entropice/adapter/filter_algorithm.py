"""Processing algorithm `entropice:filter`: the cells of which conditions hold."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterString,
    QgsVectorLayer,
)

from ..core.cell_filter import EXAMPLE, Condition, passes, read_conditions
from ..core.export_plan import Column, columns_of
from ..core.manifest import CRS, Manifest
from ..core.scales import UnknownScale
from .cell_rows import uncancelled, value_in
from .described_fields import described_fields, give_aliases
from .help_pages import help_url
from .kept_style import keep_style
from .legend import on_map
from .renderers import polygon_renderer
from .run_parameters import cells_of, folder_parameter, run_in, told, year_in, year_parameter
from .table_layer import describe
from .translate import tr

FOLDER, CONDITION, YEAR, OUTPUT, N_CELLS = "FOLDER", "CONDITION", "YEAR", "OUTPUT", "N_CELLS"


class FilterAlgorithm(QgsProcessingAlgorithm):
    """Keeps the cells that satisfy every condition, with all that the run says of them in the year."""

    def createInstance(self) -> FilterAlgorithm:
        """A new algorithm of this kind; QGIS asks for one before each run of it."""
        return FilterAlgorithm()

    def name(self) -> str:
        """Its name within the provider: scripts call it ``entropice:filter``."""
        return "filter"

    def displayName(self) -> str:
        """What the toolbox calls it: "Filter cells", in the language of QGIS."""
        return tr("Filter cells")

    def helpUrl(self) -> str:
        """The address of the plugin's help page ``compare``, which the button Help opens."""
        return help_url("compare")

    def shortHelpString(self) -> str:
        """What it does, in a few sentences beside its form, in the language of QGIS."""
        return tr(
            "The cells of a run of which all conditions hold, such as: %1. A quantity counts in the given year, or in "
            "its own where its column is named (p_any_rts_2021). Operators are = != < <= > >=, and “is known”, “is "
            "unknown”; what is unknown satisfies nothing else."
        ).replace("%1", EXAMPLE)

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare what it asks for and what it gives; `configuration` is not used.

        FOLDER: a run folder. CONDITION: as `core.cell_filter.read_conditions` reads it. YEAR: a year, the latest where
        empty. OUTPUT: where the cells go.
        """
        polygons = Qgis.ProcessingSourceType.VectorPolygon
        self.addParameter(folder_parameter(FOLDER, tr("Run folder")))
        self.addParameter(QgsProcessingParameterString(CONDITION, tr("Condition"), "p_any_rts >= 0.8"))
        self.addParameter(year_parameter(YEAR, tr("Year (the latest where empty)")))
        self.addParameter(QgsProcessingParameterFeatureSink(OUTPUT, tr("Cells"), polygons))
        self.addOutput(QgsProcessingOutputNumber(N_CELLS, tr("Number of cells")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Write the cells that satisfy every condition into OUTPUT, with all that the run says of them in the year.

        Columns are those of `core.export_plan.columns_of` for the year, polygons in EPSG:3413, rows in the order of the
        run. Returned are OUTPUT and N_CELLS, which may be 0. What is unknown satisfies nothing but ``is unknown``.

        Raises
        ------
        QgsProcessingException
            The folder is no intact run, a condition cannot be read or its quantity is not of the run, the output cannot
            be written, or it was cancelled.
        """
        return told(lambda: self._filter(parameters, context, feedback))

    def _filter(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        run = run_in(self, parameters, FOLDER, context)
        manifest = run.manifest
        year = year_in(self, parameters, YEAR, context) or manifest.years[-1]
        written = self.parameterAsString(parameters, CONDITION, context)
        conditions = read_conditions(written, manifest, year, run.folder)
        columns = columns_of(manifest, [], [year], run.folder)
        cells = cells_of(run)
        fields = described_fields(columns, cells.fields())
        crs = QgsCoordinateReferenceSystem(CRS)
        sink, target = self.parameterAsSink(parameters, OUTPUT, context, fields, Qgis.WkbType.MultiPolygon, crs)
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        n_cells = _add_cells(sink, cells, fields, columns, conditions, feedback)
        del sink  # closes the file
        words = " AND ".join(condition.words for condition in conditions)
        name = f"{words} · {manifest.year_name(year)}"

        def style(layer: QgsVectorLayer) -> None:
            _style(layer, manifest, conditions[0], columns)
            layer.setName(name)
            describe(layer, manifest, name, "")

        keep_style(target, context, style)
        if context.willLoadLayerOnCompletion(target):
            context.layerToLoadOnCompletionDetails(target).name = name
        feedback.pushInfo(f"{name}: {n_cells:,} / {manifest.cells.n_rows:,}")
        for notice in manifest.notices:
            feedback.pushWarning(notice)
        return {OUTPUT: str(target), N_CELLS: n_cells}


def _add_cells(
    sink: QgsFeatureSink,
    cells: QgsVectorLayer,
    fields: QgsFields,
    columns: tuple[Column, ...],
    conditions: tuple[Condition, ...],
    feedback: QgsProcessingFeedback,
) -> int:
    n_cells = 0
    asked = [condition.layer.column or "" for condition in conditions]
    for number, cell in enumerate(uncancelled(cells.getFeatures(), feedback)):
        if passes(conditions, {column: value_in(cell, column) for column in asked}):
            kept = QgsFeature(fields)
            kept.setAttributes([cell[column.name] for column in columns])
            kept.setGeometry(cell.geometry())
            sink.addFeature(kept, QgsFeatureSink.Flag.FastInsert)
            n_cells += 1
        feedback.setProgress(100 * number / cells.featureCount())
    return n_cells


def _style(layer: QgsVectorLayer, manifest: Manifest, first: Condition, columns: tuple[Column, ...]) -> None:
    """The colours of the first condition's quantity, where it has any, and titles of columns."""
    if first.layer.scale is not None and not isinstance(first.layer.scale, UnknownScale):
        layer.setRenderer(polygon_renderer(on_map(manifest, first.layer)))
    give_aliases(layer, columns)
