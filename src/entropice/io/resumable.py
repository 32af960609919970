"""Outputs that take long: what is saved is a plan, and what an interrupted one has finished is kept."""

from abc import abstractmethod
from pathlib import Path
from typing import Any

from entropice.errors import RunStateError
from entropice.io.checkpoints import Checkpoints
from entropice.io.recorded import Loaded, RecordedDataset, Saved


class ResumableDataset(RecordedDataset[Saved, Loaded]):
    """A folder; saving a plan carries it out.

    Parts that are finished are written at once, so that an interrupted plan is resumed if what the output is made with
    (`fingerprint`) is the same; the folder appears when all is finished.

    Attributes
    ----------
    starts_over
        Whether the next save does everything again, finished parts included.
    """

    is_folder = True

    def __init__(self, *, filepath: str, metadata: dict[str, Any] | None = None) -> None:
        super().__init__(filepath=filepath, metadata=metadata)
        self.starts_over = False

    def save(self, data: Saved) -> None:
        """Carry out what is left, then move all of it into place.

        Raises
        ------
        RunStateError
            The disk is full, the folder cannot be written, or another process holds it; finished parts are kept. Or an
            input was replaced while parts were made; then they are deleted.
        """
        unfinished = self._unfinished()
        with unfinished.lock():
            unfinished.prune()
            if self.starts_over:
                unfinished.clear()
            self.carry_out(data, unfinished)
            self._confirm(unfinished)
            super().save(data)
            unfinished.remove()

    def tidy(self) -> None:
        """Delete what a killed save has left, finished parts included."""
        super().tidy()
        self._unfinished().tidy()

    def write(self, data: Saved, path: Path) -> None:
        """Gather the finished parts in an empty folder."""
        self.gather(data, self._unfinished(), path)

    @abstractmethod
    def carry_out(self, data: Saved, unfinished: Checkpoints) -> None:
        """Finish the parts that are missing, and keep each in `unfinished` as soon as it is done."""

    @abstractmethod
    def gather(self, data: Saved, finished: Checkpoints, path: Path) -> None:
        """Write the output from finished parts to an empty folder."""

    def _confirm(self, unfinished: Checkpoints) -> None:
        """Parts made of inputs that were replaced meanwhile are not kept for a later run."""
        try:
            self.confirm_inputs()
        except RunStateError:
            unfinished.clear()
            raise

    def _unfinished(self) -> Checkpoints:
        return Checkpoints(self.path, self.fingerprint)
