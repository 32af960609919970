"""Labels that show any text as it is, and wrap it."""

from __future__ import annotations

import html

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy

TITLE_SPACE_PX = 8


def plain_label(text: str = "", *, bold: bool = False) -> QLabel:
    """A label without markup that can be selected by mouse and keyboard; its words never widen the dock."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label


def row_label(text: str) -> QLabel:
    """The name of a row: it wraps between words, and keeps the room of its longest one."""
    label = plain_label(text)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def section(text: str) -> QLabel:
    """The title of a part of the dock: bold, with room above it."""
    label = plain_label(text, bold=True)
    label.setContentsMargins(0, TITLE_SPACE_PX, 0, 0)
    return label


def say(label: QLabel, text: str) -> None:
    """Show a text in a label, or hide the label where the text is empty."""
    label.setText(text)
    label.setVisible(bool(text))


def breakable(text: str) -> str:
    """The text with places to wrap inside names such as ``slope_mean_deg``.

    Behind each underscore stands a space without width (U+200B).
    """
    return text.replace("_", "_\u200b")


def hover_text(text: str) -> str:
    """A text for a tooltip, which Qt shows as HTML where it looks like it: escaped, so that it stays text and wraps.

    An empty text gives an empty one, for which Qt shows no tooltip; line feeds become line breaks.
    """
    lines = html.escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>" if text else ""
