"""Texts for the user go through Qt's translation."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """The text in the user's language where a translation is installed, else as it is."""
    return QCoreApplication.translate("Entropice", text)
