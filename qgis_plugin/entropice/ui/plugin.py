"""The plugin that QGIS loads: three actions, a dock and a Processing provider; `unload` undoes everything."""

from __future__ import annotations

from pathlib import Path

from qgis import processing
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsPathResolver,
    QgsProject,
    QgsSettings,
)
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QFileDialog

from ..adapter.audit_sample_algorithm import FOLDER, NAME
from ..adapter.days import prepare
from ..adapter.help_pages import CONTENTS
from ..adapter.icon import plugin_icon
from ..adapter.images_on_map import AddedImages, add_images
from ..adapter.map_of_run import AddedRun, AtFirst, add_run
from ..adapter.plain_raster import read_alone_in_project
from ..adapter.provider import EntropiceProvider
from ..adapter.stored_settings import stored
from ..adapter.translate import Translation, tr
from ..core.errors import RunFolderError
from ..core.image_run import ImageRun
from ..core.manifest import CRS
from ..core.run_folder import Run
from ..core.settings import FIRST_QUANTITY, RUNS_FOLDER, SHOWS_ABOVE, SHOWS_BELOW
from .explorer import CellExplorer
from .help_window import HelpWindow
from .messages import not_polar, show_error, show_success, show_warning
from .opening import Opening
from .run_tab import RunTab
from .runs_dialog import RunsDialog, remember
from .settings_page import NAME_OF_PAGE, SettingsFactory

MENU = "Entropice"
_LAST_FOLDER = "entropice/last_folder"


class EntropicePlugin:
    """Life cycle of the plugin in QGIS's desktop."""

    def __init__(self, iface: QgisInterface) -> None:
        self.iface = iface
        self.provider: EntropiceProvider | None = None
        self.explorer: CellExplorer | None = None
        self.opening = Opening(self._show, lambda error: show_error(iface, error))
        self.actions: list[QAction] = []
        self.help: HelpWindow | None = None
        self.settings: SettingsFactory | None = None
        self.translation: Translation | None = None
        self._path_reader = ""

    def initProcessing(self) -> None:
        """Register the Processing provider; all that qgis_process needs.

        QGIS calls it for qgis_process, which has no window; `initGui` calls it, too. Texts are in the language of QGIS
        from then on.
        """
        self.translation = Translation()
        self.provider = EntropiceProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add actions, dock, settings, help and provider; QGIS calls it once its window is there.

        The menu Entropice gets "Open Entropice run…", "Explore cells", "Draw audit sample…", which stand on the
        toolbar, too, "Settings…" and "Help"; the dock is on the right.
        """
        self.initProcessing()
        self._path_reader = QgsPathResolver.setPathPreprocessor(read_alone_in_project)
        self.explorer = CellExplorer(self.iface)
        self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.explorer.dock)
        open_action = self._add_action(plugin_icon(), tr("Open Entropice run…"))
        open_action.triggered.connect(self.choose_run)
        identify_icon = QgsApplication.getThemeIcon("/mActionIdentify.svg")
        explore_action = self._add_action(identify_icon, tr("Explore cells"))
        explore_action.setCheckable(True)
        explore_action.triggered.connect(self.explore)
        self.explorer.tool.setAction(explore_action)
        self.explorer.dock.tab(RunTab).other_runs_wanted.connect(self.choose_other_run)
        audit_icon = QgsApplication.getThemeIcon("/algorithms/mAlgorithmRandomPointsWithinPolygon.svg")
        self._add_action(audit_icon, tr("Draw audit sample…")).triggered.connect(self.draw_audit_sample)
        self.settings = SettingsFactory()
        self.iface.registerOptionsWidgetFactory(self.settings)
        settings_icon = QgsApplication.getThemeIcon("/mActionOptions.svg")
        self._add_entry(settings_icon, tr("Settings…")).triggered.connect(self.show_settings)
        self.help = HelpWindow(self.iface.mainWindow())
        self.explorer.dock.help_wanted.connect(self.help.show_page)
        help_icon = QgsApplication.getThemeIcon("/mActionHelpContents.svg")
        self._add_entry(help_icon, tr("Help")).triggered.connect(lambda: self.help.show_page(CONTENTS))

    def unload(self) -> None:
        """Remove everything that `initGui` added; layers stay.

        QGIS calls it when the plugin is switched off or QGIS ends; it may be called again.
        """
        self.opening.close()
        if self._path_reader:
            QgsPathResolver.removePathPreprocessor(self._path_reader)
            self._path_reader = ""
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
            self.iface.removeToolBarIcon(action)
            action.deleteLater()
        self.actions.clear()
        if self.explorer is not None:
            self.explorer.close()
            self.explorer = None
        if self.help is not None:
            self.help.close_for_good()
            self.help = None
        if self.settings is not None:
            self.iface.unregisterOptionsWidgetFactory(self.settings)
            self.settings = None
        if self.translation is not None:
            self.translation.remove()
            self.translation = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

    def choose_run(self) -> None:
        """Ask for a run folder and open it.

        The window begins in the folder that is set, else in that of the last time; without a choice nothing happens.
        """
        settings = QgsSettings()
        start = stored(RUNS_FOLDER) or settings.value(_LAST_FOLDER, "")
        title = tr("Choose a run folder (it holds manifest.json)")
        folder = QFileDialog.getExistingDirectory(self.iface.mainWindow(), title, start)
        if folder:
            settings.setValue(_LAST_FOLDER, folder)
            self.open_run(Path(folder))

    def choose_other_run(self) -> None:
        """Offer the runs opened lately, and those below a folder; open the chosen one.

        It returns at once; the window opens the run when one is chosen.
        """
        dialog = RunsDialog(self.iface.mainWindow())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.run_chosen.connect(self.open_run)
        dialog.open()

    def open_run(self, folder: Path) -> None:
        """Begin to open a run folder: layers, map view, and the tool to explore cells; or one message why not.

        It returns at once, and the files are read beside the main thread. Notices of the run are warnings in the
        message bar.
        """
        self.opening.start(folder)

    def draw_audit_sample(self) -> None:
        """Ask how many cells of the run to draw, and where their sheet shall stand.

        It opens the form of the algorithm ``entropice:drawauditsample``, with the folder of the run that is looked at.
        """
        run = self.explorer.run if self.explorer else None
        processing.execAlgorithmDialog(f"entropice:{NAME}", {FOLDER: str(run.folder) if run else ""})

    def show_settings(self) -> None:
        """Open QGIS's options at the page of the plugin."""
        self.iface.showOptionsDialog(self.iface.mainWindow(), NAME_OF_PAGE)

    def explore(self) -> None:
        """Make a click on the map show its cell, and bring the dock into view."""
        if self.explorer is not None:
            self.iface.mapCanvas().setMapTool(self.explorer.tool)
            self.explorer.dock.setUserVisible(True)

    def _show(self, run: Run | ImageRun) -> None:
        if isinstance(run, ImageRun):
            self._show_images(run)
        else:
            self._show_run(run)

    def _show_images(self, run: ImageRun) -> None:
        try:
            added = add_images(QgsProject.instance(), run)
        except RunFolderError as error:
            show_error(self.iface, error)
            return
        self._tell(added, run)
        self._zoom_to(added)
        prepare(self.iface.mapCanvas().temporalController(), QgsProject.instance())
        if self.explorer is not None:
            self.explorer.refresh()
            self.explorer.dock.setUserVisible(True)

    def _show_run(self, run: Run) -> None:
        try:
            added = add_run(QgsProject.instance(), run, _at_first())
        except RunFolderError as error:
            show_error(self.iface, error)
            return
        self._tell(added, run)
        if added.left_out:
            show_warning(self.iface, tr("Not on the map: %1", " ".join(added.left_out)))
        self._zoom_to(added)
        if self.explorer is not None:
            self.explorer.choose_run(added.run.key)
        self.explore()

    def _tell(self, added: AddedRun | AddedImages, run: Run | ImageRun) -> None:
        """Say that a run is open, and what readers must know of it."""
        remember(run.folder)
        show_success(self.iface, added.title, added.n_layers)
        for notice in run.manifest.notices:
            show_warning(self.iface, notice)
        if not added.is_polar_project:
            show_warning(self.iface, not_polar(QgsProject.instance().crs()))

    def _zoom_to(self, added: AddedRun | AddedImages) -> None:
        canvas = self.iface.mapCanvas()
        source = QgsCoordinateReferenceSystem(CRS)
        target = canvas.mapSettings().destinationCrs()
        extent = QgsCoordinateTransform(source, target, QgsProject.instance()).transformBoundingBox(added.extent)
        extent.scale(1.05)
        canvas.setExtent(extent)
        canvas.refresh()

    def _add_action(self, icon: QIcon, text: str) -> QAction:
        """In the menu and on the toolbar."""
        action = self._add_entry(icon, text)
        self.iface.addToolBarIcon(action)
        return action

    def _add_entry(self, icon: QIcon, text: str) -> QAction:
        """In the menu alone."""
        action = QAction(icon, text, self.iface.mainWindow())
        self.iface.addPluginToMenu(MENU, action)
        self.actions.append(action)
        return action


def _at_first() -> AtFirst:
    return AtFirst(stored(FIRST_QUANTITY), stored(SHOWS_ABOVE), stored(SHOWS_BELOW))
