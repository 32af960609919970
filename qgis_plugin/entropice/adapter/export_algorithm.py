"""Processing algorithm `entropice:export`: chosen quantities and years as a file, and beside it what columns mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsVectorLayer,
)

from ..core.export_plan import (
    FEATURE_VALUES,
    Column,
    about_text,
    asked_for,
    asked_years,
    columns_of,
    driver_of,
    feature_columns,
    require_outside,
)
from ..core.run_folder import Run
from ..core.run_record import read_run_record
from ..core.target_file import write_target
from .described_fields import give_aliases
from .help_pages import help_url
from .kept_style import keep_style
from .run_parameters import cells_of, folder_parameter, run_in, told
from .table_layer import describe, table_layer
from .translate import tr
from .written_table import write_table

FOLDER, QUANTITIES, YEARS, WITH_FEATURES = "FOLDER", "QUANTITIES", "YEARS", "WITH_FEATURES"
OUTPUT, ABOUT, N_CELLS = "OUTPUT", "ABOUT", "N_CELLS"


class ExportAlgorithm(QgsProcessingAlgorithm):
    """Writes a GeoPackage, CSV or GeoJSON of cells, and a JSON file about it."""

    def createInstance(self) -> ExportAlgorithm:  # noqa: D102
        return ExportAlgorithm()

    def name(self) -> str:  # noqa: D102
        return "export"

    def displayName(self) -> str:  # noqa: D102
        return tr("Export cells")

    def helpUrl(self) -> str:  # noqa: D102
        return help_url("compare")

    def shortHelpString(self) -> str:  # noqa: D102
        return tr(
            "Writes quantities of a run, separated by commas (all where empty), for years (all where empty), with the "
            "values of features if wanted. The suffix of the file decides: .gpkg, .csv (centres as longitude and "
            "latitude) or .geojson (WGS 84, cut at ±180°). Beside it a file _about.json says what each column means, "
            "and whom to credit."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002, D102
        self.addParameter(folder_parameter(FOLDER, tr("Run folder")))
        self.addParameter(QgsProcessingParameterString(QUANTITIES, tr("Quantities"), "p_any_rts", optional=True))
        self.addParameter(QgsProcessingParameterString(YEARS, tr("Years"), optional=True))
        self.addParameter(QgsProcessingParameterBoolean(WITH_FEATURES, tr("With the values of features"), False))
        formats = tr("GeoPackage (*.gpkg);;CSV (*.csv);;GeoJSON (*.geojson)")
        self.addParameter(QgsProcessingParameterFileDestination(OUTPUT, tr("File"), formats))
        self.addOutput(QgsProcessingOutputFile(ABOUT, tr("What its columns mean")))
        self.addOutput(QgsProcessingOutputNumber(N_CELLS, tr("Number of cells")))

    def processAlgorithm(  # noqa: D102
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        return told(lambda: self._export(parameters, context, feedback))

    def _export(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        target = Path(self.parameterAsFileOutput(parameters, OUTPUT, context))
        about = target.with_name(f"{target.stem}_about.json")
        driver = driver_of(target)
        run = run_in(self, parameters, FOLDER, context)
        require_outside(run.folder, target)
        columns = self._columns(parameters, context, run)
        of_features = [column for column in columns if column.scale_factor is not None]
        cells = cells_of(run)
        features = _feature_values(run) if of_features else None
        n_cells = write_table(cells, features, columns, target, driver, feedback)
        write_target(about, about_text(run.manifest, columns).encode(), ABOUT)
        if driver == "GPKG":
            keep_style(str(target), context, lambda layer: _described(layer, run, columns))
        for notice in run.manifest.notices:
            feedback.pushWarning(notice)
        return {OUTPUT: str(target), ABOUT: str(about), N_CELLS: n_cells}

    def _columns(self, parameters: dict[str, Any], context: QgsProcessingContext, run: Run) -> tuple[Column, ...]:
        quantities = asked_for(self.parameterAsString(parameters, QUANTITIES, context))
        years = asked_years(self.parameterAsString(parameters, YEARS, context), run.folder)
        columns = columns_of(run.manifest, quantities, years, run.folder)
        if not self.parameterAsBool(parameters, WITH_FEATURES, context):
            return columns
        features = read_run_record(run.folder).features
        return (*columns, *feature_columns(run.manifest, features, years, run.folder))


def _feature_values(run: Run) -> QgsVectorLayer:
    table = next(table for table in run.manifest.tables if table.table == FEATURE_VALUES)
    return table_layer(run, table, table.title, "")


def _described(layer: QgsVectorLayer, run: Run, columns: tuple[Column, ...]) -> None:
    give_aliases(layer, columns)
    describe(layer, run.manifest, run.manifest.title, "")
