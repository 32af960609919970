"""Buttons of the dock."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtWidgets import QPushButton


def text_button(text: str, act: Callable[[], None]) -> QPushButton:
    """A button with a text, which calls `act` without arguments when it is clicked."""
    button = QPushButton(text)
    button.clicked.connect(act)
    return button
