"""Processing algorithm `entropice:drawauditsample`: cells of a run drawn at random, for a person to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProject,
)

from ..core.audit_sample import INSTRUCTION, MIN_CELLS, chance_column, draw_sheet, write_sheet
from .audit_layer import chances_of, sheet_layer
from .help_pages import help_url
from .run_parameters import folder_parameter, run_in, told, year_in, year_parameter
from .translate import tr

NAME = "drawauditsample"
FOLDER, YEAR, N_CELLS, SEED, SHEET = "FOLDER", "YEAR", "N_CELLS", "SEED", "SHEET"


class DrawAuditSampleAlgorithm(QgsProcessingAlgorithm):
    """Draws the sample, writes its sheet, and adds it to the project as a layer that can be edited."""

    def createInstance(self) -> DrawAuditSampleAlgorithm:  # noqa: D102
        return DrawAuditSampleAlgorithm()

    def name(self) -> str:  # noqa: D102
        return NAME

    def displayName(self) -> str:  # noqa: D102
        return tr("Draw audit sample")

    def helpUrl(self) -> str:  # noqa: D102
        return help_url("audit")

    def shortHelpString(self) -> str:  # noqa: D102
        return tr("Draws cells of a run at random. ") + tr(INSTRUCTION, "RUN_FOLDER", "SHEET.csv")

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:  # noqa: D102
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002, D102
        whole = Qgis.ProcessingNumberParameterType.Integer
        self.addParameter(folder_parameter(FOLDER, tr("Run folder")))
        self.addParameter(year_parameter(YEAR, tr("Year (the latest where empty)")))
        self.addParameter(QgsProcessingParameterNumber(N_CELLS, tr("Number of cells"), whole, 100, False, MIN_CELLS))
        self.addParameter(QgsProcessingParameterNumber(SEED, tr("Random seed"), whole, 0, False, 0))
        self.addParameter(QgsProcessingParameterFileDestination(SHEET, tr("Sheet"), tr("CSV files (*.csv)")))

    def processAlgorithm(  # noqa: D102
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        return told(lambda: self._draw(parameters, context, feedback))

    def _draw(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        project = context.project() or QgsProject.instance()
        n_cells, seed = (self.parameterAsInt(parameters, name, context) for name in (N_CELLS, SEED))
        sheet = Path(self.parameterAsFileOutput(parameters, SHEET, context))
        run = run_in(self, parameters, FOLDER, context)
        year = year_in(self, parameters, YEAR, context) or run.manifest.years[-1]
        chances = chances_of(run, chance_column(run.manifest, year, run.folder))
        write_sheet(draw_sheet(run.manifest, year, chances, n_cells, seed, run.folder), sheet)
        project.addMapLayer(sheet_layer(sheet))
        feedback.pushInfo(tr(INSTRUCTION, run.folder, sheet))
        return {SHEET: str(sheet), N_CELLS: n_cells}
