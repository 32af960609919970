"""A plugin that opens a run as the real one does, and comes back when it is open or refused."""

import time
from pathlib import Path

from entropice.ui.plugin import EntropicePlugin
from qgis.PyQt.QtTest import QTest

LIMIT_S = 60


class WaitingPlugin(EntropicePlugin):
    def open_run(self, folder: Path) -> None:
        super().open_run(folder)
        wait_for_opening(self)


def wait_for_opening(plugin: EntropicePlugin) -> None:
    """Let QGIS go on until nothing is being opened."""
    end_s = time.monotonic() + LIMIT_S
    while plugin.opening.tasks:
        assert time.monotonic() < end_s, "a run is still being opened"
        QTest.qWait(2)
