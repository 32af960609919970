"""A folder of files as their publishers have them; saving a plan fetches what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING

from entropice.errors import RunStateError
from entropice.io.checksums import record_path, write_record
from entropice.io.locks import exclusive
from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.acquisition.downloads import DownloadPlan


class DownloadDataset(DescriptionPreview, RecordedDataset["DownloadPlan", DataFrame]):
    """A downloaded folder; read as the table of where its files came from.

    While files are missing, the folder is called ``.unfinished-<name>``, so that nobody reads half of it; finished
    files are kept there, and a later save goes on with them. ``<name>.records.jsonl`` beside it says for each file
    where it came from, which version, when, and its SHA-256.
    """

    is_folder = True

    @property
    def records_path(self) -> Path:
        """Where the records stand: ``<name>.records.jsonl`` beside the folder."""
        return self.path.with_name(f"{self.path.name}.records.jsonl")

    def save(self, data: "DownloadPlan") -> None:
        """Fetch what the folder lacks; a plan that cannot be carried out leaves it as it was.

        That is one refused before anything is fetched. Where a transfer fails, the folder stays ``.unfinished-<name>``
        with all finished files, until a later save completes it. Files that the plan does not ask for are deleted.

        Raises
        ------
        DownloadError
            The plan is too large for limit or disk, a file has changed at its source, or cannot be had.
        RunStateError
            A folder stands there that was not downloaded (no ``<name>.records.jsonl`` is beside it), or another process
            is downloading into it.
        """
        with exclusive(self.path.with_name(f".{self.path.name}.lock"), "downloading these files"):
            self._fetch(data)

    def _fetch(self, data: "DownloadPlan") -> None:
        from entropice.acquisition.execution import fetch_missing, missing_files

        if self.path.exists() and not self.records_path.is_file():
            raise RunStateError(
                "A folder that Entropice has not downloaded stands where the files would go.",
                path=self.path,
                fix="move it away, or describe your files in an environment without `is_downloaded`",
            )
        unfinished = self.path.with_name(f".unfinished-{self.path.name}")
        standing = self.path if self.path.exists() else unfinished
        missing = missing_files(data, standing, self.records_path)
        if standing is self.path:
            record_path(self.path).unlink(missing_ok=True)
            self.path.rename(unfinished)
        records = fetch_missing(data, missing, unfinished, self.records_path)
        digests = {unfinished / place: record.sha256 for place, record in records.items()}
        write_record(self.path, unfinished, self.fingerprint, lambda path: digests[path])
        unfinished.rename(self.path)

    def read(self, path: Path) -> DataFrame:  # noqa: ARG002 - the records stand beside the folder
        """The records, a row for each file: ``relative_path url etag last_modified n_bytes sha256 retrieved``.

        No file of the folder is opened. Versions that a server did not tell are None.
        """
        from dataclasses import asdict

        import pandas as pd

        from entropice.acquisition.download_records import read_records

        return pd.DataFrame([asdict(record) for record in read_records(self.records_path).values()])

    def write(self, data: "DownloadPlan", path: Path) -> None:
        """Not used: `save` fetches into the folder itself.

        Raises
        ------
        NotImplementedError
            Always.
        """
        raise NotImplementedError
