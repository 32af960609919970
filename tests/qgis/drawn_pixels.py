"""Pixels of drawn widgets."""

from entropice.ui.chance_bar import ChanceBar
from entropice.ui.driver_bar import DriverBar
from qgis.PyQt.QtCore import QPointF
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QWidget


def colours_along(bar: "ChanceBar | DriverBar") -> list[str]:
    """The colours of a bar, pixel by pixel from the left, a little above its middle."""
    image = bar.grab().toImage()
    y_px = int(bar.track().top() + 3)
    return [image.pixelColor(x_px, y_px).name() for x_px in range(image.width())]


def colour_at(widget: QWidget, place: QPointF) -> QColor:
    """The colour of one pixel of a widget."""
    return widget.grab().toImage().pixelColor(place.toPoint())


def columns_with(widget: QWidget, colour: QColor) -> list[int]:
    """The columns of pixels in which a colour occurs."""
    image = widget.grab().toImage()
    rows = range(image.height())
    return [x_px for x_px in range(image.width()) if any(image.pixelColor(x_px, y_px) == colour for y_px in rows)]
