"""The base of our datasets: atomic writes, checksum records, verified reads."""

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from kedro.io import AbstractDataset

from entropice.errors import RunStateError
from entropice.io.atomic import atomic_file, atomic_folder, sweep_leftovers
from entropice.io.checksums import DigestOf, content_sha256, has_record, verify_record, write_record
from entropice.sha256 import sha256_of

Saved = TypeVar("Saved")
Loaded = TypeVar("Loaded")


class RecordedDataset(AbstractDataset[Saved, Loaded]):
    """A file or folder that this project writes: it exists once both it and its checksum record stand.

    Parameters
    ----------
    filepath
        Where the file or folder stands.
    metadata
        Free text for people and Kedro-Viz; not used here.

    Attributes
    ----------
    fingerprint
        Goes into the record of the next save; session and hooks set it.
    confirm_inputs
        Called before what was written takes its place; raises where an input was replaced meanwhile. Hooks set it.
    """

    is_folder: ClassVar[bool] = False

    def __init__(self, *, filepath: str, metadata: dict[str, Any] | None = None) -> None:
        self.path = Path(filepath)
        self.metadata = metadata
        self.fingerprint: dict[str, Any] = {}
        self.confirm_inputs: Callable[[], None] = _accept

    def load(self) -> Loaded:
        """Verify the checksums, then read.

        Raises
        ------
        RunStateError
            It has not been made yet: the output or its record does not stand.
        InputFileError
            It is not as recorded.
        """
        if not self._exists():
            raise RunStateError("This output has not been made yet.", path=self.path)
        self.verify()
        return self.read(self.path)

    def save(self, data: Saved) -> None:
        """Write whole or not at all, with a checksum record.

        The record is written first: a kill between the two leaves an output that is not what its record says, which
        every read notices and the next run mends. What stands there is replaced. Errors of `write` other than OSError
        pass, and nothing has changed then either.

        Raises
        ------
        RunStateError
            The disk is full, the folder cannot be written, or an input was replaced; what stood there still stands.
        """
        atomic = atomic_folder if self.is_folder else atomic_file
        try:
            with atomic(self.path) as temporary:
                self.write(data, temporary)
                # Only now, when all is written: what is read lazily is read while it is written.
                self.confirm_inputs()
                write_record(self.path, temporary, self.fingerprint)
        except OSError as error:
            raise RunStateError(
                "Writing failed; nothing was changed.",
                path=self.path,
                got=str(error),
                fix="make room or give write permission, then run again",
            ) from error

    def verify(self, digest_of: DigestOf = sha256_of) -> None:
        """Pass only if it holds what was recorded.

        Raises
        ------
        InputFileError
            No record, or a file was changed, added or removed since.
        """
        verify_record(self.path, digest_of)

    def tidy(self) -> None:
        """Delete what a killed save has left beside the output, which is up to date (`sweep_leftovers`)."""
        if self.path.parent.is_dir():
            sweep_leftovers(self.path.parent)

    @property
    def is_recorded(self) -> bool:
        """Whether both the output and its record stand, in whatever state."""
        return self.path.exists() and has_record(self.path)

    @property
    def options(self) -> dict[str, Any]:
        """The settings that decide how the data are read and written, as plain values; not where they lie.

        They are part of fingerprints: another option makes the output stale. Empty where there are none.
        """
        return {}

    def content_sha256(self, digest_of: DigestOf) -> str | None:  # noqa: ARG002 - some datasets hash files
        """One SHA-256 for all that it holds, as recorded; None where it has not been made.

        It is that of the record's lines, as of the function `content_sha256`; no file is read.

        Raises
        ------
        InputFileError
            The record is damaged; without a record, where files are given: a file cannot be read.
        """
        return content_sha256(self.path) if self.is_recorded else None

    @abstractmethod
    def read(self, path: Path) -> Loaded:
        """Read the data from an existing, verified path; nothing of it is changed."""

    @abstractmethod
    def write(self, data: Saved, path: Path) -> None:
        """Write the data to a temporary path (an empty folder where ``is_folder``)."""

    def _exists(self) -> bool:
        return self.is_recorded

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self.path)}


def _accept() -> None:
    """Nothing is known of inputs."""
