"""Entropice for QGIS: a run folder on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .ui.plugin import EntropicePlugin


def classFactory(iface: QgisInterface) -> EntropicePlugin:
    """The plugin, which adds nothing to QGIS yet; `iface` is QGIS's window.

    QGIS calls it once when it loads the plugin, and `initGui` or `initProcessing` of what it returns afterwards.
    """
    from .ui.plugin import EntropicePlugin

    return EntropicePlugin(iface)
