"""What every page of the dock is."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from ..adapter.cell_lookup import FoundCell
from ..adapter.images_on_map import ImagesOnMap
from ..adapter.run_on_map import RunOnMap


class Tab(QWidget):
    """A page of the dock. The dock tells it the run, again after each change of what is selected, and the cell.

    `cell_wanted` asks for the cell at a place, a QgsPointXY in the CRS of the run; `help_page` names the page of the
    handbook that explains the tab.
    """

    cell_wanted = pyqtSignal(object)
    help_page = ""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self.iface = iface

    def title(self) -> str:
        """What stands on the tab.

        Raises
        ------
        NotImplementedError
            The page does not say it.
        """
        raise NotImplementedError

    def show_run(self, run: RunOnMap | None) -> None:
        """Take another run or selection; None where the project has no run. A page that needs none does nothing."""

    def show_images(self, images: Sequence[ImagesOnMap]) -> None:
        """Take the runs of images that the project has, topmost first; empty where it has none."""

    def show_cell(self, cell: FoundCell | None) -> None:
        """Take another cell, or the same in another year; None where none is chosen."""

    def text(self) -> str:
        """What the tab says, line by line; empty where a page does not say it."""
        return ""

    def release(self) -> None:
        """Give back what the tab has put elsewhere in QGIS; called once, before the plugin is unloaded."""
