"""A plugin that opens a run as the real one does, and comes back when it is open or refused."""

from pathlib import Path

from entropice.ui.plugin import EntropicePlugin
from pressing import wait_until


class WaitingPlugin(EntropicePlugin):
    def open_run(self, folder: Path) -> None:
        super().open_run(folder)
        wait_for_opening(self)


def wait_for_opening(plugin: EntropicePlugin) -> None:
    """Let QGIS go on until nothing is being opened."""
    wait_until(lambda: not plugin.opening.tasks)
