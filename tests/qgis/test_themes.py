"""What the dock shows can be kept as map themes, from which other tools of QGIS draw."""

import pytest
from choosing import choose_quantity, choose_year
from entropice.core.run_folder import Run
from entropice.core.selection import Selection
from entropice.ui.plugin import EntropicePlugin
from pressing import press
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeModel,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QImage


@pytest.fixture
def opened(plugin: EntropicePlugin, run: Run) -> EntropicePlugin:
    plugin.open_run(run.folder)
    return plugin


def keep(plugin: EntropicePlugin) -> str:
    """Press the button, and return the name of the theme."""
    before = set(plugin.explorer.project.mapThemeCollection().mapThemes())
    press(plugin.explorer.dock.choosers.keep)
    (name,) = set(plugin.explorer.project.mapThemeCollection().mapThemes()) - before
    return name


def pictured(plugin: EntropicePlugin, theme: str | None) -> QImage:
    """The whole map, as the dock shows it or as a theme keeps it."""
    project, cells = plugin.explorer.project, plugin.explorer.run.cells
    settings = QgsMapSettings()
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3413"))
    settings.setOutputSize(QSize(300, 300))
    settings.setExtent(cells.extent())
    settings.setLayers([layer for layer in project.layerTreeRoot().checkedLayers() if layer == cells])
    if theme is not None:
        settings.setLayers(project.mapThemeCollection().mapThemeVisibleLayers(theme)[:1])
        settings.setLayerStyleOverrides(project.mapThemeCollection().mapThemeStyleOverrides(theme))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def test_themes_keep_what_was_shown_while_the_dock_goes_on(opened: EntropicePlugin, run: Run):
    pictures = {}
    for quantity in ("p_any_rts", "class"):
        for year in run.manifest.years:
            choose_quantity(opened, quantity)
            choose_year(opened, year)
            pictures[keep(opened)] = pictured(opened, None)
    choose_quantity(opened, "entropy")
    assert len(pictures) == 2 * len(run.manifest.years)
    for name, picture in pictures.items():
        assert pictured(opened, name) == picture, name


def test_keeping_the_same_again_replaces_the_theme(opened: EntropicePlugin):
    name = keep(opened)
    press(opened.explorer.dock.choosers.keep)
    assert opened.explorer.project.mapThemeCollection().mapThemes() == [name]


def test_the_dock_follows_a_theme_that_is_chosen_and_leaves_it_as_it_is(
    opened: EntropicePlugin, run: Run, antimeridian_point
):
    opened.explorer.show_cell_at(antimeridian_point)
    first, last = run.manifest.years[0], run.manifest.years[-1]
    choose_quantity(opened, "class")
    choose_year(opened, first)
    kept, picture = keep(opened), pictured(opened, None)
    opened.explorer.choose(Selection("entropy", last))
    apply_theme(opened.explorer.project, kept)
    assert opened.explorer.run.selection == Selection("class", first)
    assert opened.explorer.run.cells.name().startswith("Most probable class")
    assert opened.explorer.dock.choosers.quantity.currentData() == "class"
    assert opened.explorer.cell.report.year == first
    choose_quantity(opened, "p_any_rts")
    assert pictured(opened, kept) == picture
    assert pictured(opened, None) != picture


def test_a_theme_of_a_large_run_shows_polygons_at_every_scale(large: None, opened: EntropicePlugin):
    cells, overview = opened.explorer.run.cells, opened.explorer.run.overview
    limit = cells.minimumScale()
    name = keep(opened)
    assert cells.hasScaleBasedVisibility()
    assert cells.minimumScale() == limit
    assert overview not in opened.explorer.project.mapThemeCollection().mapThemeVisibleLayers(name)
    apply_theme(opened.explorer.project, name)
    assert cells.isInScaleRange(limit * 100)


def apply_theme(project: QgsProject, name: str) -> None:
    root = project.layerTreeRoot()
    project.mapThemeCollection().applyTheme(name, root, QgsLayerTreeModel(root))
