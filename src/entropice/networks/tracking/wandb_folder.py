"""Runs of Weights & Biases in a folder, without the net; ``wandb sync`` sends them from there."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from entropice.networks.log import Row
from entropice.networks.tracking.tracker import TrackedRun, measured

_N_DIGITS: Final = 32


class WandbRun:
    """One run of Weights & Biases.

    Such a folder cannot be added to by another process, so it is written when training ends, whole or not at all, and
    takes the place of one that an earlier process has written of the same training.

    Parameters
    ----------
    where
        The folder.
    """

    def __init__(self, run: TrackedRun, where: str) -> None:
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
        self._wandb: Any = import_module("wandb")
        self._run, self._folder = run, Path(where)

    def log(self, rows: Sequence[Row]) -> None:
        """Nothing before the end: rows are not kept."""

    def finish(self, rows: Sequence[Row], files: Sequence[Path]) -> None:
        """Write the run with all of its epochs and files.

        It is the folder ``offline-run-<identity>`` below the given one, by the first 32 digits of the identity.
        Measures that are not defined are left out, and files are copied.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=self._folder) as temporary:
            self._write(rows, files, temporary)
            (written,) = Path(temporary, "wandb").glob("offline-run-*")
            target = self._folder / f"offline-run-{self._identity}"
            shutil.rmtree(target, ignore_errors=True)
            written.rename(target)

    @property
    def _identity(self) -> str:
        return self._run.identity[:_N_DIGITS]

    def _write(self, rows: Sequence[Row], files: Sequence[Path], folder: str) -> None:
        settings = self._wandb.Settings(silent=True, console="off", disable_git=True, disable_code=True)
        run = self._wandb.init(
            project=self._run.experiment,
            id=self._identity,
            config=dict(self._run.parameters),
            dir=folder,
            mode="offline",
            settings=settings,
        )
        for row in rows:
            run.log(measured(row), step=int(row["epoch"]))
        for file in files:
            # saved from elsewhere, it would be a link to what may move
            run.save(shutil.copy(file, run.dir), base_path=run.dir, policy="end")
        run.finish()
