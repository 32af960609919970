"""Processing algorithm `entropice:figure`: one selection of a run as a page for print or screen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

from ..core.errors import RunFolderError
from ..core.layer_plan import plan_layers, title_of
from ..core.layers import Layer
from ..core.manifest import CRS, Manifest
from ..core.run_folder import Run
from ..core.selection import Selection, choices_of, first_selection, layer_for
from ..core.target_file import write_target
from .figure_files import rendered
from .figure_page import FigureTexts, Page, figure_page
from .help_pages import help_url
from .legend import on_map
from .map_tips import column_title
from .renderers import polygon_renderer
from .run_parameters import run_in, told
from .table_layer import table_layer
from .translate import tr

NAME = "figure"
FOLDER, QUANTITY, YEAR, MODEL, TITLE, EXTENT = "FOLDER", "QUANTITY", "YEAR", "MODEL", "TITLE", "EXTENT"
WIDTH, HEIGHT, DPI, FIGURE = "WIDTH_MM", "HEIGHT_MM", "DPI", "FIGURE"
_ROOM_AROUND = 1.04


class FigureAlgorithm(QgsProcessingAlgorithm):
    """Lays out a page and writes it as PNG, PDF or SVG."""

    def createInstance(self) -> FigureAlgorithm:
        """A new algorithm of this kind; QGIS asks for one before each run of it."""
        return FigureAlgorithm()

    def name(self) -> str:
        """Its name within the provider: scripts call it ``entropice:figure``."""
        return NAME

    def displayName(self) -> str:
        """What the toolbox calls it: "Draw a figure", in the language of QGIS."""
        return tr("Draw a figure")

    def helpUrl(self) -> str:
        """The address of the plugin's help page ``survey``, which the button Help opens."""
        return help_url("survey")

    def shortHelpString(self) -> str:
        """What it does, in a few sentences beside its form, in the language of QGIS."""
        return tr(
            "One quantity of a run in one year as a page: map with graticule, legend with units, scale bar, credits "
            "and run id. The suffix of the file decides: .png, .pdf or .svg. The same run gives the same file."
        )

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        """How QGIS may run it: those of any algorithm, and on the main thread alone.

        Layouts may be drawn on the main thread alone.
        """
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare what it asks for and what it gives; `configuration` is not used.

        FOLDER: a run folder. QUANTITY, YEAR, MODEL, TITLE, EXTENT: what is shown; empty is what the run shows first,
        the newest year, the map's own model, quantity and year, and all cells. WIDTH_MM (200 to 1200), HEIGHT_MM (160
        to 1200), DPI (30 to 1200). FIGURE: the file, whose suffix is ``.png``, ``.pdf`` or ``.svg``.
        """
        folder, whole = Qgis.ProcessingFileParameterBehavior.Folder, Qgis.ProcessingNumberParameterType.Integer
        real = Qgis.ProcessingNumberParameterType.Double
        quantity = tr("Quantity, such as p_any_rts (that of the run where empty)")
        files = tr("Figures (*.png *.pdf *.svg)")
        for parameter in (
            QgsProcessingParameterFile(FOLDER, tr("Run folder"), folder),
            QgsProcessingParameterString(QUANTITY, quantity, None, False, True),
            QgsProcessingParameterNumber(YEAR, tr("Year (the latest where empty)"), whole, None, True),
            QgsProcessingParameterString(MODEL, tr("Model (that of the map where empty)"), None, False, True),
            QgsProcessingParameterString(TITLE, tr("Title (quantity and year where empty)"), None, False, True),
            QgsProcessingParameterExtent(EXTENT, tr("Extent (all cells where empty)"), None, True),
            QgsProcessingParameterNumber(WIDTH, tr("Width (mm)"), real, 260.0, False, 200.0, 1200.0),
            QgsProcessingParameterNumber(HEIGHT, tr("Height (mm)"), real, 200.0, False, 160.0, 1200.0),
            QgsProcessingParameterNumber(DPI, tr("Dots per inch"), real, 300.0, False, 30.0, 1200.0),
            QgsProcessingParameterFileDestination(FIGURE, tr("Figure"), files),
        ):
            self.addParameter(parameter)

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Draw one quantity of a run in one year as a page, and write it as FIGURE, whose path is returned.

        The same run and parameters give the same bytes: dates, ids and the user's name are taken out. The project stays
        as it is. A file that stands there is replaced. All of the run is read first; then quantity, year and model are
        looked at, in this order, and the suffix last.

        Raises
        ------
        QgsProcessingException
            The folder is no intact run, the run has no such map, or the figure cannot be drawn or written.
        """
        return told(lambda: {FIGURE: self._drawn(parameters, context)})

    def _drawn(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        run = run_in(self, parameters, FOLDER, context)
        layer = self._layer(parameters, context, run)
        layers = figure_layers(run, layer)
        page = Page(*(self.parameterAsDouble(parameters, name, context) for name in (WIDTH, HEIGHT)))
        title = self.parameterAsString(parameters, TITLE, context) or column_title(run.manifest, layer)
        project, extent = QgsProject(), self._extent(parameters, context, layers[0])
        layout = figure_page(project, layers, extent, figure_texts(run.manifest, layer, title), page)
        target = Path(self.parameterAsFileOutput(parameters, FIGURE, context))
        write_target(target, rendered(layout, target, self.parameterAsDouble(parameters, DPI, context), FIGURE), FIGURE)
        return str(target)

    def _layer(self, parameters: dict[str, Any], context: QgsProcessingContext, run: Run) -> Layer:
        first = first_selection(run.manifest)
        quantity = self.parameterAsString(parameters, QUANTITY, context) or (first.quantity if first else "")
        model = self.parameterAsString(parameters, MODEL, context) or None
        choices = {choice.quantity: choice for group in choices_of(run.manifest) for choice in group.choices}
        if quantity not in choices:
            raise _no_such_map(run, QUANTITY, quantity, choices)
        choice = choices[quantity]
        year = choice.years[0] if parameters.get(YEAR) is None else self.parameterAsInt(parameters, YEAR, context)
        if year not in choice.years:
            raise _no_such_map(run, YEAR, year, choice.years)
        layer = layer_for(run.manifest, Selection(quantity, year, model))
        if layer is None:
            raise _no_such_map(run, MODEL, model, ["none"] + [other for other in choice.models if other])
        return layer

    def _extent(self, parameters: dict[str, Any], context: QgsProcessingContext, cells: QgsVectorLayer) -> QgsRectangle:
        if parameters.get(EXTENT) is not None:
            return self.parameterAsExtent(parameters, EXTENT, context, QgsCoordinateReferenceSystem(CRS))
        extent = cells.extent()
        extent.scale(_ROOM_AROUND)
        return extent


def figure_texts(manifest: Manifest, layer: Layer, title: str) -> FigureTexts:
    """What stands beside the map of a layer.

    The subtitle is the run's title; in small print stand what the layer says, model, run and projection, and whom to
    credit.
    """
    origin = tr("Model: %1. Entropice run %2. Projection: NSIDC polar stereographic north (EPSG:3413).")
    model = origin.replace("%1", manifest.map_model_title).replace("%2", manifest.run_id)
    return FigureTexts(title, title_of(manifest), manifest.notices, (layer.description, model, *manifest.attributions))


def figure_layers(run: Run, layer: Layer) -> list[QgsVectorLayer]:
    """The cells as a layer shows them, with its legend, and what lies below them.

    They are read from the run's files anew and in no project yet; the cells stand first, on top.

    Raises
    ------
    RunFolderError
        A table is not as the manifest says.
    """
    below = [_polygons(run, other, other.title) for other in plan_layers(run.manifest).below]
    return [_polygons(run, layer, column_title(run.manifest, layer)), *below]


def _polygons(run: Run, layer: Layer, title: str) -> QgsVectorLayer:
    built = table_layer(run, layer.table, title, layer.description)
    built.setRenderer(polygon_renderer(on_map(run.manifest, layer)))
    return built


def _no_such_map(run: Run, field: str, got: object, offered: Iterable[object]) -> RunFolderError:
    return RunFolderError(
        tr("The run has no such map."),
        path=run.folder,
        field=field,
        got=got,
        expected=tr("one of %1", ", ".join(map(str, offered))),
        fix=tr("Choose one of these."),
    )
