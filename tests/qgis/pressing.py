"""Buttons, dialogs and waiting, as a person does it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAction,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QToolBar,
    QWidget,
)

STEP_MS = 20
DIALOG_MS = 400  # a file dialog that has just come up still lists its folder, and forgets what was typed
LIMIT_MS = 20_000


def press(button: QAbstractButton) -> None:
    """Click a button that can be seen and used."""
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def button_of(toolbar: QToolBar, action: QAction) -> QAbstractButton:
    """The button of an action, in the toolbar."""
    return toolbar.widgetForAction(action)


def wait_until(is_so: Callable[[], object]) -> None:
    """Let QGIS work until something is so."""
    for _ in range(0, LIMIT_MS, STEP_MS):
        if is_so():
            return
        QTest.qWait(STEP_MS)
    raise AssertionError(f"not so after {LIMIT_MS} ms")


@contextmanager
def folder_typed_into_dialog(folder: Path) -> Iterator[list[str]]:
    """While this lasts, the next file dialog gets the folder typed in and its button pressed; yields its titles."""
    titles: list[str] = []
    timer = QTimer()
    timer.timeout.connect(lambda: _answer(QApplication.activeModalWidget(), folder, titles))
    timer.start(DIALOG_MS)
    yield titles
    timer.stop()


def _answer(dialog: QWidget | None, folder: Path, titles: list[str]) -> None:
    if isinstance(dialog, QFileDialog) and not titles:
        titles.append(dialog.windowTitle())
        line = dialog.findChild(QLineEdit)
        line.clear()
        QTest.keyClicks(line, str(folder))
        box = dialog.findChild(QDialogButtonBox)
        (choose,) = [each for each in box.buttons() if box.buttonRole(each) == QDialogButtonBox.ButtonRole.AcceptRole]
        press(choose)
        QTimer.singleShot(LIMIT_MS, dialog.reject)
