"""What the run follows from."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final, Protocol

from markupsafe import Markup

from entropice.report.about import About
from entropice.report.manifest import to_json
from entropice.report.markup import render
from entropice.report.origin import Origin, seeds
from entropice.report.sections.section import Section


class Made(Protocol):
    """Whatever was made by a run."""

    @property
    def about(self) -> About:
        """What the run is called, and how it is made again."""

    @property
    def origin(self) -> Origin:
        """What it follows from."""


@dataclass(frozen=True)
class InputRow:
    """A dataset that was read: a file with its hash, or a folder with one hash of all its files.

    Attributes
    ----------
    path
        Of a single file; of several the folder with ``/`` behind, or their stem with ``.*``.
    n_files, n_bytes
        Sums over the dataset's files.
    sha256
        As `hash_of` makes it.
    """

    dataset: str
    path: str
    n_files: int
    n_bytes: int
    sha256: str


def draw(content: Made) -> Markup:
    """The section's HTML: all that the run follows from, and how it is built again.

    Run id, command, seeds, composition, versions of libraries, parameters as JSON, a table of inputs, hash of the code.

    Raises
    ------
    ValueError
        A parameter is NaN or infinite.
    """
    parameters, inputs = content.origin.parameters, content.origin.provenance["inputs"]
    return render(
        "provenance.html",
        content=content,
        rows=input_rows(inputs),
        n_files=len(inputs),
        seeds=seeds(parameters),
        parameters_json=to_json(parameters),
    )


def input_rows(inputs: Iterable[Mapping[str, Any]]) -> list[InputRow]:
    """One row for each dataset, in the order of the inputs.

    Inputs are ``dataset path bytes sha256``; those of a dataset follow each other, else it has several rows.

    Examples
    --------
    >>> file = {"dataset": "rts_file", "path": "rts.shp", "bytes": 2, "sha256": "aa"}
    >>> files = [file, file | {"path": "rts.dbf", "sha256": "bb"}]
    >>> [(row.path, row.n_files, row.n_bytes) for row in input_rows(files)]
    [('rts.*', 2, 4)]
    """
    return [_row(dataset, list(files)) for dataset, files in groupby(inputs, key=lambda item: str(item["dataset"]))]


def _row(dataset: str, files: list[Mapping[str, Any]]) -> InputRow:
    paths = [PurePosixPath(str(item["path"])) for item in files]
    n_bytes = sum(int(item["bytes"]) for item in files)
    return InputRow(dataset, _together(paths), len(files), n_bytes, hash_of([str(item["sha256"]) for item in files]))


def hash_of(hashes: list[str]) -> str:
    """The only one, or SHA-256 of all of them in ascending order, a line each; 64 hexadecimal digits.

    Examples
    --------
    >>> hash_of(["aa"]), hash_of(["aa", "bb"]) == hash_of(["bb", "aa"])
    ('aa', True)
    """
    text = "".join(f"{one}\n" for one in sorted(hashes))
    return hashes[0] if len(hashes) == 1 else hashlib.sha256(text.encode()).hexdigest()


def _together(paths: list[PurePosixPath]) -> str:
    """One file by its path, the files of a folder by the folder, a file and its companions by their stem."""
    if len(paths) == 1:
        return str(paths[0])
    folders = {path.parts[0] for path in paths}
    return f"{folders.pop()}/" if len(folders) == 1 else f"{paths[0].stem}.*"


SECTION: Final = Section("provenance", "Provenance", draw)
