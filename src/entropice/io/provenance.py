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

from entropice.errors import RunStateError
from entropice.io.checksums import DigestOf, read_fingerprint, read_records, record_path
from entropice.io.previews import DescriptionPreview
from entropice.sha256 import sha256_of, sha256_of_value

_NAME = re.compile(r"[A-Za-z0-9._-]+")


class ProvenanceDataset(DescriptionPreview, AbstractDataset[NoReturn, dict[str, Any]]):
    """A read-only view of the records beside the outputs that a run is made of.

    What was given is told as the records say it was when it was read, whatever stands at its place by now.

    Attributes
    ----------
    outputs
        Dataset → path of every output that the run is made of; the context derives it from the composed pipelines.
    """

    def __init__(self, *, metadata: dict[str, Any] | None = None) -> None:
        self.outputs: Mapping[str, Path] = {}
        self.metadata = metadata

    def load(self) -> dict[str, Any]:
        """Collect what a run is made of.

        ``inputs`` and ``intermediates`` are lists of ``dataset path bytes sha256``, a file each, in order of their
        datasets, ``settings`` the options of the inputs by dataset, ``versions`` those of Python and libraries,
        ``code_sha256`` one for all files of this package: `sha256_of_value` of their SHA-256 by path in it, without
        ``__pycache__``. Outputs without a record are left out; without any, lists and ``settings`` are empty.

        Raises
        ------
        RunStateError
            Two steps have read different content of one input, or a record does not say what was read.
        InputFileError
            A record is damaged.
        """
        return self._collect()

    def content_sha256(self, digest_of: DigestOf) -> str:  # noqa: ARG002 - records say it all
        """One SHA-256 for all that `load` would collect now.

        It is `sha256_of_value` of what `load` gives; where `load` would raise RunStateError, that of the error's text.

        Raises
        ------
        InputFileError
            A record is damaged.
        """
        try:
            return sha256_of_value(self._collect())
        except RunStateError as error:
            return sha256_of_value(str(error))

    def save(self, data: NoReturn) -> None:  # noqa: ARG002 - the signature is Kedro's
        """Refuse: provenance is read from records.

        Raises
        ------
        DatasetError
            Always.
        """
        raise DatasetError("provenance is read-only")

    def _collect(self) -> dict[str, Any]:
        standing = {name: path for name, path in sorted(self.outputs.items()) if record_path(path).is_file()}
        fingerprints = {name: read_fingerprint(path) for name, path in standing.items()}
        given = _given(fingerprints, standing)
        settings = {name: value for one in fingerprints.values() for name, value in one.get("datasets", {}).items()}
        return {
            "inputs": [_entry(name, item) for name, items in sorted(given.items()) for item in items],
            "intermediates": [
                _entry(name, asdict(item)) for name, path in standing.items() for item in read_records(path)
            ],
            "settings": {name: settings[name] for name in sorted(given) if name in settings},
            "versions": library_versions(),
            "code_sha256": _code_sha256(),
        }

    def _exists(self) -> bool:
        return True

    def _describe(self) -> dict[str, Any]:
        return {"outputs": list(self.outputs)}


def _given(fingerprints: Mapping[str, Any], paths: Mapping[str, Path]) -> dict[str, list[dict[str, Any]]]:
    """What all outputs together were given, by dataset or parameter."""
    given: dict[str, list[dict[str, Any]]] = {}
    for output, recorded in fingerprints.items():
        if "given" not in recorded:
            raise _untold(output, paths[output], "nothing on the files it was made of", "the files, with SHA-256")
        for name, files in recorded["given"].items():
            if given.setdefault(name, files) != files:
                raise _untold(name, paths[output], f"{output} was made of another content of {name}", "one content")
    return given


def _untold(field: str, path: Path, got: str, expected: str) -> RunStateError:
    return RunStateError(
        "The records do not agree on what this run is made of.",
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix="kedro run, without names of pipelines or steps: it makes again what differs",
    )


def _entry(dataset: str, record: Mapping[str, Any]) -> dict[str, Any]:
    return {"dataset": dataset, "path": record["path"], "bytes": record["n_bytes"], "sha256": record["sha256"]}


@cache
def library_versions() -> dict[str, str]:
    """Versions of Python and of every library that results may depend on, by name: those that the package requires.

    Libraries of extras are left out.
    """
    required = [_NAME.match(one) for one in requires("entropice") or () if "extra ==" not in one]
    names = sorted(found[0] for found in required if found is not None)
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _code_sha256() -> str:
    package = Path(__file__).parents[1]
    files = (file for file in package.rglob("*") if file.is_file() and file.parent.name != "__pycache__")
    return sha256_of_value({file.relative_to(package).as_posix(): sha256_of(file) for file in files})
