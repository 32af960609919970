"""Messages in QGIS's message bar; the bar shows HTML, so all text is escaped."""

from __future__ import annotations

import html

from qgis.core import Qgis, QgsCoordinateReferenceSystem
from qgis.gui import QgisInterface

from ..adapter.translate import tr
from ..core.errors import RunFolderError
from ..core.manifest import CRS

TITLE = "Entropice"


def show_error(iface: QgisInterface, error: RunFolderError) -> None:
    """Say what is wrong, where, and how to fix it; the details are behind a button.

    It stays until closed, and is of the level critical.
    """
    place = tr("File: %1, field: %2.").replace("%1", error.path.name or str(error.path)).replace("%2", error.field)
    summary = html.escape(f"{error.what} {place} {error.fix}")
    details = html.escape(str(error)).replace("\n", "<br>")
    iface.messageBar().pushMessage(TITLE, summary, details, Qgis.MessageLevel.Critical, 0)


def show_warning(iface: QgisInterface, text: str) -> None:
    """Say something that the user must have seen; it stays until closed."""
    iface.messageBar().pushMessage(TITLE, html.escape(text), Qgis.MessageLevel.Warning, 0)


def show_success(iface: QgisInterface, title: str, n_layers: int) -> None:
    """Say that a run is open, and how many layers it has, for five seconds."""
    show_done(iface, f"{title}: " + tr("%n layers.", n=n_layers))


def show_done(iface: QgisInterface, text: str) -> None:
    """Say that something was done, for five seconds."""
    iface.messageBar().pushMessage(TITLE, html.escape(text), Qgis.MessageLevel.Success, 5)


def not_polar(crs: QgsCoordinateReferenceSystem) -> str:
    """The warning that a project's CRS tears the Arctic apart.

    It names the CRS, and the one to set in its place, EPSG:3413.
    """
    text = tr("The project is in %1: cells at the pole and at 180° may be drawn wrongly. Set it to %2.")
    return text.replace("%1", crs.authid() or tr("no CRS")).replace("%2", CRS)
