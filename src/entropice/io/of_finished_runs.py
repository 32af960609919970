"""What finished runs hold: read by others, written by each run itself."""

from pathlib import Path
from typing import NoReturn, TypeVar

from kedro.io import DatasetError

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

Held = TypeVar("Held")


class OfFinishedRuns(DescriptionPreview, RecordedDataset[NoReturn, Held]):
    """A dataset that is read, never written; run folders have records of their own."""

    def write(self, data: NoReturn, path: Path) -> None:  # noqa: ARG002 - the signature is the base's
        """Refuse: each run is written by itself.

        Raises
        ------
        DatasetError
            Always.
        """
        raise DatasetError("finished runs are read-only")

    @property
    def is_recorded(self) -> bool:
        """Never: False, as no record of ours stands beside a run."""
        return False

    def _exists(self) -> bool:
        """Whether there is anything is `load`'s to say."""
        return True
