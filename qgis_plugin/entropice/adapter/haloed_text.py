"""Text that stays readable on any map: with a white halo."""

from __future__ import annotations

from qgis.core import QgsTextBufferSettings, QgsTextFormat
from qgis.PyQt.QtGui import QColor


def haloed_text(colour: str, size_pt: float, halo_mm: float) -> QgsTextFormat:
    """Text in a colour such as ``#1d91c0``, its size in points, with a white halo whose width is in millimetres."""
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setColor(QColor("white"))
    halo.setSize(halo_mm)
    text = QgsTextFormat()
    text.setColor(QColor(colour))
    text.setSize(size_pt)
    text.setBuffer(halo)
    return text
