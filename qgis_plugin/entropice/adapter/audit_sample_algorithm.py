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

    def createInstance(self) -> DrawAuditSampleAlgorithm:
        """A new algorithm of this kind; QGIS asks for one before each run of it."""
        return DrawAuditSampleAlgorithm()

    def name(self) -> str:
        """Its name within the provider: scripts call it ``entropice:drawauditsample``."""
        return NAME

    def displayName(self) -> str:
        """What the toolbox calls it: "Draw audit sample", in the language of QGIS."""
        return tr("Draw audit sample")

    def helpUrl(self) -> str:
        """The address of the plugin's help page ``audit``, which the button Help opens."""
        return help_url("audit")

    def shortHelpString(self) -> str:
        """What it does, in a few sentences beside its form, in the language of QGIS."""
        return tr("Draws cells of a run at random. ") + tr(INSTRUCTION, "RUN_FOLDER", "SHEET.csv")

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        """How QGIS may run it: those of any algorithm, and on the main thread alone.

        It adds a layer to the project.
        """
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare what it asks for and what it gives; `configuration` is not used.

        FOLDER: a run folder. YEAR: a year, the latest where empty. N_CELLS: at least 30, 100 by default. SEED: 0 or
        more. SHEET: the CSV file to write.
        """
        whole = Qgis.ProcessingNumberParameterType.Integer
        self.addParameter(folder_parameter(FOLDER, tr("Run folder")))
        self.addParameter(year_parameter(YEAR, tr("Year (the latest where empty)")))
        self.addParameter(QgsProcessingParameterNumber(N_CELLS, tr("Number of cells"), whole, 100, False, MIN_CELLS))
        self.addParameter(QgsProcessingParameterNumber(SEED, tr("Random seed"), whole, 0, False, 0))
        self.addParameter(QgsProcessingParameterFileDestination(SHEET, tr("Sheet"), tr("CSV files (*.csv)")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Draw the sample, write its sheet as CSV, and add that to the project as points whose answers can be edited.

        The columns are those of `core.audit_sample.draw_sheet`. Returned are SHEET, the path, and N_CELLS. A file that
        stands there is never written over.

        Raises
        ------
        QgsProcessingException
            The folder is no intact run or does not show the year, the number does not fit the map, or the sheet is
            there already or cannot be written.
        """
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
