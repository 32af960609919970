"""The plugin's texts in the language of QGIS."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from ..core.language import english, phrase, speak, tr

__all__ = ["Translation", "phrase", "tr"]

CONTEXT = "Entropice"
FOLDER = Path(__file__).parents[1] / "i18n"


class Translation:
    """Makes the plugin speak the language of QGIS where it has it, else English; `remove` undoes it."""

    def __init__(self) -> None:
        self._translator = QTranslator()
        if self._translator.load(QLocale(QgsApplication.locale()), "entropice", "_", str(FOLDER)):
            QCoreApplication.installTranslator(self._translator)
            speak(_in_language_of_qgis)

    def remove(self) -> None:
        """Speak English again, as when the plugin is unloaded."""
        QCoreApplication.removeTranslator(self._translator)
        speak(english)


def _in_language_of_qgis(text: str, n: int) -> str:
    return QCoreApplication.translate(CONTEXT, text, None, n)
