"""Labels of the dock: plain text that wraps and can be selected."""

from __future__ import annotations

import html

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel


def plain_label(text: str = "", bold: bool = False) -> QLabel:
    """A label that takes markup for text."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    label.setText(text)
    return label


def tool_tip(text: str) -> str:
    """A text as a tool tip: HTML, so that it wraps, without any markup of its own."""
    return f"<p>{html.escape(text)}</p>" if text else ""


def section(title: str) -> QLabel:
    """The title of a part of a page."""
    label = plain_label(title, bold=True)
    label.setContentsMargins(0, 8, 0, 2)
    return label
