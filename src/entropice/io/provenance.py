"""Where everything in a run comes from: hashes of inputs and intermediates, versions of the code."""

import platform
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any, NoReturn

from kedro.io import AbstractDataset, DatasetError

from entropice.io.checksums import DigestOf, FileRecord, external_files, read_records, record_of, record_path
from entropice.io.previews import DescriptionPreview
from entropice.sha256 import sha256_of, sha256_of_value

_NAME = re.compile(r"[A-Za-z0-9._-]+")


class ProvenanceDataset(DescriptionPreview, AbstractDataset[NoReturn, dict[str, Any]]):
    """A read-only view of the records that lie beside inputs and intermediates.

    Parameters
    ----------
    intermediates
        The folder below which every recorded output of this grid lies.
    exclude
        Names of outputs that are no intermediates (the run folder itself).

    Attributes
    ----------
    inputs
        Dataset or parameter → path of a file or folder that came from outside, or from the virtual Arctic; the context
        derives it from the composed pipelines.
    """

    def __init__(
        self,
        *,
        intermediates: str,
        exclude: list[str],
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self.inputs: Mapping[str, Path] = {}
        self._intermediates = Path(intermediates)
        self._exclude = set(exclude)
        self.metadata = metadata

    def load(self) -> dict[str, Any]:
        """Collect ``inputs``, ``intermediates`` (lists of dataset, path, bytes, sha256) and ``versions``."""
        return self._collect(sha256_of)

    def content_sha256(self, digest_of: DigestOf) -> str:
        """One SHA-256 for all that `load` would collect now."""
        return sha256_of_value(self._collect(digest_of))

    def save(self, data: NoReturn) -> None:  # noqa: ARG002 - the signature is Kedro's
        """Refuse: provenance is read from the files themselves."""
        raise DatasetError("provenance is read-only")

    def _collect(self, digest_of: DigestOf) -> dict[str, Any]:
        inputs = [(name, item) for name, path in self.inputs.items() for item in _input_records(path, digest_of)]
        return {
            "inputs": [_entry(name, item) for name, item in inputs],
            "intermediates": [_entry(path.stem, item) for path in self._outputs() for item in read_records(path)],
            "versions": library_versions(),
            "code_sha256": _code_sha256(),
        }

    def _outputs(self) -> list[Path]:
        records = sorted(self._intermediates.rglob("*.sha256"))
        outputs = [record.with_suffix("") for record in records]
        return [path for path in outputs if path.exists() and path.name not in self._exclude]

    def _exists(self) -> bool:
        return True

    def _describe(self) -> dict[str, Any]:
        return {"intermediates": str(self._intermediates)}


def _input_records(path: Path, digest_of: DigestOf) -> list[FileRecord]:
    if record_path(path).is_file():
        return read_records(path)
    return [record_of(file, path.parent, digest_of) for file in external_files(path)]


def _entry(dataset: str, record: FileRecord) -> dict[str, Any]:
    values = asdict(record)
    return {
        "dataset": dataset,
        "path": values["path"],
        "bytes": values["n_bytes"],
        "sha256": values["sha256"],
    }


@cache
def library_versions() -> dict[str, str]:
    """Versions of Python and of every library that results may depend on."""
    required = [_NAME.match(one) for one in requires("entropice") or () if "extra ==" not in one]
    names = sorted(found[0] for found in required if found is not None)
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _code_sha256() -> str:
    package = Path(__file__).parents[1]
    files = (file for file in package.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return sha256_of_value({file.relative_to(package).as_posix(): sha256_of(file) for file in files})
