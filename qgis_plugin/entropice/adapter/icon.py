"""The plugin's icon."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtGui import QIcon


def plugin_icon() -> QIcon:
    """The hexagon of the toolbar and of Processing, from ``icon.svg`` of the plugin."""
    return QIcon(str(Path(__file__).parents[1] / "icon.svg"))
