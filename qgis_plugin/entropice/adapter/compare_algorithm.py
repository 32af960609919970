"""Processing algorithm `entropice:compare`: what differs between two maps, where, and how alike they are."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeatureSink,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterString,
)

from ..core.comparison import facts
from ..core.comparison_scores import score_pairs
from ..core.comparison_side import CHANCE, Side, side_of
from ..core.comparison_statements import statements_on
from ..core.manifest import CRS
from ..core.run_folder import Run
from ..core.run_record import RunRecord, read_run_record
from .compare_cells import ComparedMaps, Source, compared_maps, source_of
from .compared_layer import compared_fields, compared_rows, layer_name, score_fields, score_rows, style_compared
from .help_pages import help_url
from .kept_style import keep_style
from .run_parameters import cells_of, folder_parameter, run_in, told, year_in, year_parameter
from .translate import tr

FOLDER_A, QUANTITY_A, YEAR_A = "FOLDER_A", "QUANTITY_A", "YEAR_A"
FOLDER_B, QUANTITY_B, YEAR_B = "FOLDER_B", "QUANTITY_B", "YEAR_B"
OUTPUT, SCORES = "OUTPUT", "SCORES"
WAY, N_BOTH, MEAN_DIFFERENCE, RANK_CORRELATION = "WAY", "N_BOTH", "MEAN_DIFFERENCE", "RANK_CORRELATION"


class CompareAlgorithm(QgsProcessingAlgorithm):
    """Reads two selections, brings them to the same cells, and writes the difference and both runs' scores."""

    def createInstance(self) -> CompareAlgorithm:
        """A new algorithm of this kind; QGIS asks for one before each run of it."""
        return CompareAlgorithm()

    def name(self) -> str:
        """Its name within the provider: scripts call it ``entropice:compare``."""
        return "compare"

    def displayName(self) -> str:
        """What the toolbox calls it: "Compare two maps", in the language of QGIS."""
        return tr("Compare two maps")

    def helpUrl(self) -> str:
        """The address of the plugin's help page ``compare``, which the button Help opens."""
        return help_url("compare")

    def shortHelpString(self) -> str:
        """What it does, in a few sentences beside its form, in the language of QGIS."""
        return tr(
            "The difference B − A of two quantities, years or runs, and how alike they are. Runs of other grids or "
            "levels meet on the larger cells: through the ids of the cell hierarchy where these nest, else by overlay. "
            "Without B's folder, quantity or year, A's counts; without A's year, the latest."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare what it asks for and what it gives; `configuration` is not used.

        FOLDER_A and FOLDER_B, QUANTITY_A and QUANTITY_B, YEAR_A and YEAR_B: what is compared; without B's, A's counts,
        without A's year the latest. OUTPUT: where the difference goes, SCORES: where the scores go, if anywhere.
        """
        self.addParameter(folder_parameter(FOLDER_A, tr("Run folder A")))
        self.addParameter(QgsProcessingParameterString(QUANTITY_A, tr("Quantity A"), CHANCE))
        self.addParameter(year_parameter(YEAR_A, tr("Year A")))
        self.addParameter(folder_parameter(FOLDER_B, tr("Run folder B"), optional=True))
        self.addParameter(QgsProcessingParameterString(QUANTITY_B, tr("Quantity B"), optional=True))
        self.addParameter(year_parameter(YEAR_B, tr("Year B")))
        polygons, table = Qgis.ProcessingSourceType.VectorPolygon, Qgis.ProcessingSourceType.Vector
        self.addParameter(QgsProcessingParameterFeatureSink(OUTPUT, tr("Difference"), polygons))
        self.addParameter(
            QgsProcessingParameterFeatureSink(SCORES, tr("Scores side by side"), table, None, True, False)
        )
        self.addOutput(QgsProcessingOutputString(WAY, tr("How the cells met")))
        self.addOutput(QgsProcessingOutputNumber(N_BOTH, tr("Cells with both")))
        self.addOutput(QgsProcessingOutputNumber(MEAN_DIFFERENCE, tr("Mean difference")))
        self.addOutput(QgsProcessingOutputNumber(RANK_CORRELATION, tr("Rank correlation")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Compare two quantities cell by cell, and write the difference and, where asked for, the scores of both runs.

        OUTPUT has a polygon in EPSG:3413 for each compared cell, with the columns of `compared_columns`, SCORES a row a
        score, see `score_fields`. Returned are both, and of the agreement WAY (``same cells``, ``hierarchy`` or
        ``overlay``), N_BOTH (cells with both values), MEAN_DIFFERENCE (B − A weighted by land, in the quantity's unit)
        and RANK_CORRELATION (Spearman's), None where they are not defined. The log tells the agreement in words.

        Raises
        ------
        QgsProcessingException
            A folder is no intact run, a run has no such quantity or year, the two cannot be compared, an output cannot
            be written, or it was cancelled.
        """
        return told(lambda: self._compare(parameters, context, feedback))

    def _compare(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        run_a = run_in(self, parameters, FOLDER_A, context)
        run_b = run_in(self, parameters, FOLDER_B, context) if parameters.get(FOLDER_B) else run_a
        a, b = self._sides(parameters, context, run_a, run_b)
        maps = compared_maps(_source(run_a, a), _source(run_b, b), feedback)
        records = read_run_record(run_a.folder), read_run_record(run_b.folder)
        statements = statements_on(maps.comparison, *records)
        for text in (*statements, *(f"{fact.name}: {fact.value}" for fact in facts(maps.comparison))):
            feedback.pushInfo(text)
        return {
            OUTPUT: self._difference(parameters, context, feedback, maps, statements),
            SCORES: self._scores(parameters, context, *records),
            WAY: maps.comparison.way.kind,
            N_BOTH: maps.comparison.agreement.n_both,
            MEAN_DIFFERENCE: maps.comparison.agreement.mean_difference,
            RANK_CORRELATION: maps.comparison.agreement.rank_correlation,
        }

    def _sides(
        self, parameters: dict[str, Any], context: QgsProcessingContext, run_a: Run, run_b: Run
    ) -> tuple[Side, Side]:
        quantity_a = self.parameterAsString(parameters, QUANTITY_A, context)
        quantity_b = self.parameterAsString(parameters, QUANTITY_B, context) or quantity_a
        year_a = year_in(self, parameters, YEAR_A, context) or run_a.manifest.years[-1]
        year_b = year_in(self, parameters, YEAR_B, context) or year_a
        return (
            side_of(run_a.folder, run_a.manifest, quantity_a, year_a),
            side_of(run_b.folder, run_b.manifest, quantity_b, year_b),
        )

    def _difference(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        maps: ComparedMaps,
        statements: tuple[str, ...],
    ) -> str:
        crs = QgsCoordinateReferenceSystem(CRS)
        polygon = Qgis.WkbType.MultiPolygon
        fields = compared_fields(maps.comparison)
        sink, target = self.parameterAsSink(parameters, OUTPUT, context, fields, polygon, crs)
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        for row in compared_rows(maps, feedback):
            sink.addFeature(row, QgsFeatureSink.Flag.FastInsert)
        del sink  # closes the file
        keep_style(target, context, lambda layer: style_compared(layer, maps.comparison, statements))
        if context.willLoadLayerOnCompletion(target):
            context.layerToLoadOnCompletionDetails(target).name = layer_name(maps.comparison)
        return str(target)

    def _scores(self, parameters: dict[str, Any], context: QgsProcessingContext, a: RunRecord, b: RunRecord) -> str:
        sink, target = self.parameterAsSink(parameters, SCORES, context, score_fields())
        if sink is not None:
            for row in score_rows(score_pairs(a, b)):
                sink.addFeature(row, QgsFeatureSink.Flag.FastInsert)
        return str(target)


def _source(run: Run, side: Side) -> Source:
    return source_of(side, cells_of(run))
