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

    def createInstance(self) -> ExportAlgorithm:
        """A new algorithm of this kind; QGIS asks for one before each run of it."""
        return ExportAlgorithm()

    def name(self) -> str:
        """Its name within the provider: scripts call it ``entropice:export``."""
        return "export"

    def displayName(self) -> str:
        """What the toolbox calls it: "Export cells", in the language of QGIS."""
        return tr("Export cells")

    def helpUrl(self) -> str:
        """The address of the plugin's help page ``compare``, which the button Help opens."""
        return help_url("compare")

    def shortHelpString(self) -> str:
        """What it does, in a few sentences beside its form, in the language of QGIS."""
        return tr(
            "Writes quantities of a run, separated by commas (all where empty), for years (all where empty), with the "
            "values of features if wanted. The suffix of the file decides: .gpkg, .csv (centres as longitude and "
            "latitude) or .geojson (WGS 84, cut at ±180°). Beside it a file _about.json says what each column means, "
            "and whom to credit."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare what it asks for and what it gives; `configuration` is not used.

        FOLDER: a run folder. QUANTITIES and YEARS: separated by commas, all where empty. WITH_FEATURES: whether the
        values of features come along. OUTPUT: the file, whose suffix is ``.gpkg``, ``.csv`` or ``.geojson``.
        """
        self.addParameter(folder_parameter(FOLDER, tr("Run folder")))
        self.addParameter(QgsProcessingParameterString(QUANTITIES, tr("Quantities"), "p_any_rts", optional=True))
        self.addParameter(QgsProcessingParameterString(YEARS, tr("Years"), optional=True))
        self.addParameter(QgsProcessingParameterBoolean(WITH_FEATURES, tr("With the values of features"), False))
        formats = tr("GeoPackage (*.gpkg);;CSV (*.csv);;GeoJSON (*.geojson)")
        self.addParameter(QgsProcessingParameterFileDestination(OUTPUT, tr("File"), formats))
        self.addOutput(QgsProcessingOutputFile(ABOUT, tr("What its columns mean")))
        self.addOutput(QgsProcessingOutputNumber(N_CELLS, tr("Number of cells")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Write a row for each cell into OUTPUT, and beside it ``<name>_about.json``, which says what columns mean.

        Columns are those of `core.export_plan.columns_of`, and of features those of `feature_columns`, multiplied to
        their own unit; null is unknown. Polygons are in EPSG:3413, in GeoJSON in WGS 84; CSV has none. Returned are
        OUTPUT, ABOUT (the path of the JSON file) and N_CELLS. A file that stands there is replaced; what is cancelled
        or fails while rows are written leaves a part of OUTPUT and no JSON file. The suffix is looked at before the run
        is read, the folder, years, quantities and features after it, in this order.

        Raises
        ------
        QgsProcessingException
            The folder is no intact run, the run lacks a quantity or year or keeps no features, the file lies in the run
            folder or has another suffix, it cannot be written, or it was cancelled.
        """
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
