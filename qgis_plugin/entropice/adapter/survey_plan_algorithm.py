"""Processing algorithm `entropice:surveyplan`: where to look next, within an area and a budget."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeatureSink,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsVectorLayer,
)

from ..core.manifest import CRS
from ..core.run_folder import Run
from ..core.survey_cells import Candidate, Constraints
from ..core.survey_plan import SurveyPlan, plan_survey
from ..core.survey_rows import csv_text, waypoints
from ..core.survey_terms import survey_terms
from ..core.survey_wording import places_in, summary
from ..core.target_file import not_written, write_target
from .help_pages import help_url
from .run_parameters import cells_of, run_in, told
from .survey_area import Area, area_of, inside, places_of
from .survey_cells import candidates_of, plan_features, plan_fields
from .survey_files import gpx
from .survey_layer import PlanStyle, plan_title
from .translate import tr

NAME = "surveyplan"
FOLDER, EXTENT, AREA, BUDGET, MIN_LAND = "FOLDER", "EXTENT", "AREA", "BUDGET_KM2", "MIN_LAND_FRACTION"
PLACES, COORDINATES, MAX_DISTANCE = "PLACES", "COORDINATES", "MAX_DISTANCE_KM"
INSIDE_ONLY, UNSEEN_ONLY = "INSIDE_ONLY", "UNSEEN_ONLY"
OUTPUT, CSV, GPX = "OUTPUT", "CSV", "GPX"
N_CELLS, SPENT, N_EXPECTED, GAIN = "N_CELLS", "SPENT_KM2", "N_EXPECTED", "GAIN_BITS"


class SurveyPlanAlgorithm(QgsProcessingAlgorithm):
    """Chooses cells and writes them as a layer, as CSV and as waypoints."""

    def createInstance(self) -> SurveyPlanAlgorithm:
        """A new algorithm of this kind; QGIS asks for one before each run of it."""
        return SurveyPlanAlgorithm()

    def name(self) -> str:
        """Its name within the provider: scripts call it ``entropice:surveyplan``."""
        return NAME

    def displayName(self) -> str:
        """What the toolbox calls it: "Plan a survey", in the language of QGIS."""
        return tr("Plan a survey")

    def helpUrl(self) -> str:
        """The address of the plugin's help page ``survey``, which the button Help opens."""
        return help_url("survey")

    def shortHelpString(self) -> str:
        """What it does, in a few sentences beside its form, in the language of QGIS."""
        return tr(
            "Chooses the cells of a run that nobody has looked at, one by one, by what an image of them is expected to "
            "tell and to find over what it costs, as the run itself ranks them: neighbours of a chosen cell count for "
            "less. A cell costs its land that no year has seen, at least what the smallest image costs. It lies in an "
            "area where its centre does; without extent and area, all of the run is the area."
        )

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        """How QGIS may run it: those of any algorithm, and on the main thread alone.

        It hands a layer and its style to the project.
        """
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare what it asks for and what it gives; `configuration` is not used.

        FOLDER: a run folder. EXTENT and AREA (polygons): where a cell's centre has to lie, in both if both are given.
        BUDGET_KM2: that of the run where empty. MIN_LAND_FRACTION (0 to 1), PLACES (points), COORDINATES (text),
        MAX_DISTANCE_KM, INSIDE_ONLY, UNSEEN_ONLY: the constraints. OUTPUT: where the cells go, CSV and GPX: files, if
        wanted.
        """
        for parameter in (*_of_the_area(), *_of_the_choice(), *_targets()):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber(N_CELLS, tr("Number of cells")))
        self.addOutput(QgsProcessingOutputNumber(SPENT, tr("Cost (km²)")))
        self.addOutput(QgsProcessingOutputNumber(N_EXPECTED, tr("Expected number of cells with slumps")))
        self.addOutput(QgsProcessingOutputNumber(GAIN, tr("Expected information and finds (bits)")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Choose cells as `core.survey_plan.plan_survey` does, and write them as layer, as CSV and as waypoints.

        OUTPUT has the chosen cells, first choice first, with the columns of `core.survey_rows.columns` and polygons in
        EPSG:3413. Returned are OUTPUT, the paths of the files that were asked for, N_CELLS, SPENT_KM2, N_EXPECTED
        (cells with slumps) and GAIN_BITS. Files that stand there are replaced; the CSV is written first, then the GPX,
        then OUTPUT, and what is written stays where a later one fails.

        Raises
        ------
        QgsProcessingException
            The folder is no intact run or does not value unseen cells, no survey can be planned, or a file or the
            output cannot be written.
        """
        return told(lambda: self._planned(parameters, context, feedback))

    def _planned(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        run = run_in(self, parameters, FOLDER, context)
        cells = cells_of(run)
        plan = self._plan(parameters, context, run, cells)
        files = self._files_written(parameters, context, run, plan)
        layer = self._layer_written(parameters, context, run, plan, cells)
        for name, value in summary(plan):
            feedback.pushInfo(f"{name}: {value}")
        numbers = {N_CELLS: len(plan.choices), SPENT: plan.spent_km2, N_EXPECTED: plan.n_expected, GAIN: plan.gain_bits}
        return {OUTPUT: layer, **files, **numbers}

    def _plan(
        self, parameters: dict[str, Any], context: QgsProcessingContext, run: Run, cells: QgsVectorLayer
    ) -> SurveyPlan:
        candidates: list[Candidate] = candidates_of(run.manifest, cells, run.folder)
        for area in self._areas(parameters, context, run):
            candidates = inside(candidates, area)
        constraints = Constraints(
            min_land_fraction=self.parameterAsDouble(parameters, MIN_LAND, context),
            places=self._places(parameters, context, run),
            max_distance_km=self.parameterAsDouble(parameters, MAX_DISTANCE, context),
            inside_only=self.parameterAsBoolean(parameters, INSIDE_ONLY, context),
            unseen_only=self.parameterAsBoolean(parameters, UNSEEN_ONLY, context),
        )
        terms = survey_terms(run.manifest)
        budget_km2 = terms.budget_km2
        if parameters.get(BUDGET) is not None:
            budget_km2 = self.parameterAsDouble(parameters, BUDGET, context)
        return plan_survey(candidates, constraints, budget_km2, terms, run.folder)

    def _areas(self, parameters: dict[str, Any], context: QgsProcessingContext, run: Run) -> Iterator[Area]:
        if parameters.get(EXTENT) is not None:
            crs = self.parameterAsExtentCrs(parameters, EXTENT, context)
            yield Area(self.parameterAsExtentGeometry(parameters, EXTENT, context, crs), crs)
        source = self.parameterAsSource(parameters, AREA, context)
        if source is not None:
            yield area_of(source.getFeatures(), source.sourceCrs(), run.folder)

    def _places(self, parameters: dict[str, Any], context: QgsProcessingContext, run: Run) -> tuple[Any, ...]:
        places = places_in(self.parameterAsString(parameters, COORDINATES, context), run.folder)
        source = self.parameterAsSource(parameters, PLACES, context)
        return places if source is None else (*places, *places_of(source.getFeatures(), source.sourceCrs()))

    def _files_written(
        self, parameters: dict[str, Any], context: QgsProcessingContext, run: Run, plan: SurveyPlan
    ) -> dict[str, str]:
        grid_name, run_id = run.manifest.grid_name, run.manifest.run_id
        contents = {
            CSV: lambda: csv_text(plan, grid_name).encode(),
            GPX: lambda: gpx(waypoints(plan, grid_name, run_id)),
        }
        paths = {name: self.parameterAsFileOutput(parameters, name, context) for name in contents}
        wanted = {name: path for name, path in paths.items() if path}
        for name, path in wanted.items():
            write_target(Path(path), contents[name](), name)
        return wanted

    def _layer_written(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        run: Run,
        plan: SurveyPlan,
        cells: QgsVectorLayer,
    ) -> str:
        grid_name, crs = run.manifest.grid_name, QgsCoordinateReferenceSystem(CRS)
        shape = (plan_fields(grid_name), Qgis.WkbType.MultiPolygon, crs)
        try:
            sink, layer = self.parameterAsSink(parameters, OUTPUT, context, *shape)
        except QgsProcessingException as error:
            raise not_written(Path(str(parameters[OUTPUT])), OUTPUT, str(error)) from error
        if sink is None:
            raise not_written(Path(str(parameters[OUTPUT])), OUTPUT, self.invalidSinkError(parameters, OUTPUT))
        sink.addFeatures(list(plan_features(plan, grid_name, cells)), QgsFeatureSink.Flag.FastInsert)
        self._show_as_plan(context, layer, plan)
        return str(layer)

    def _show_as_plan(self, context: QgsProcessingContext, layer: str, plan: SurveyPlan) -> None:
        if context.willLoadLayerOnCompletion(layer):
            self._style = PlanStyle()  # QGIS does not keep it alive
            details = context.layerToLoadOnCompletionDetails(layer)
            details.name = plan_title(plan)
            details.setPostProcessor(self._style)


def _of_the_area() -> tuple[Any, ...]:
    folder = Qgis.ProcessingFileParameterBehavior.Folder
    polygons = [QgsProcessing.SourceType.VectorPolygon]
    return (
        QgsProcessingParameterFile(FOLDER, tr("Run folder"), folder),
        QgsProcessingParameterExtent(EXTENT, tr("Extent"), None, True),
        QgsProcessingParameterFeatureSource(AREA, tr("Area (polygons)"), polygons, None, True),
    )


def _of_the_choice() -> tuple[Any, ...]:
    number, points = Qgis.ProcessingNumberParameterType.Double, [QgsProcessing.SourceType.VectorPoint]
    budget, land = tr("Budget (km²; that of the run where empty)"), tr("Least share of land (0 to 1)")
    coordinates = tr("Places as longitude, latitude; longitude, latitude … (degrees)")
    return (
        QgsProcessingParameterNumber(BUDGET, budget, number, None, True),
        QgsProcessingParameterNumber(MIN_LAND, land, number, 0.0),
        QgsProcessingParameterFeatureSource(PLACES, tr("Places (points)"), points, None, True),
        QgsProcessingParameterString(COORDINATES, coordinates, None, False, True),
        QgsProcessingParameterNumber(MAX_DISTANCE, tr("Largest distance to a place (km)"), number, 0.0),
        QgsProcessingParameterBoolean(INSIDE_ONLY, tr("Only cells where the map may be applied"), False),
        QgsProcessingParameterBoolean(UNSEEN_ONLY, tr("Only cells of which nothing was seen in any year"), False),
    )


def _targets() -> tuple[Any, ...]:
    polygons = QgsProcessing.SourceType.VectorPolygon
    csv_filter, gpx_filter = tr("CSV files (*.csv)"), tr("GPX files (*.gpx)")
    return (
        QgsProcessingParameterFeatureSink(OUTPUT, tr("Survey plan"), polygons),
        QgsProcessingParameterFileDestination(CSV, tr("As CSV"), csv_filter, None, True, False),
        QgsProcessingParameterFileDestination(GPX, tr("As waypoints (GPX)"), gpx_filter, None, True, False),
    )
