"""The files that a step was given: what they held when it read them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.errors import RunStateError
from entropice.io.checksums import external_files, read_records, record_of, record_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from entropice.io.checksums import DigestOf
    from entropice.io.digests import Digests


def listed(paths: Mapping[str, Path], digest_of: "DigestOf") -> dict[str, list[dict[str, Any]]]:
    """``path n_bytes sha256`` of every file, by dataset or parameter; as recorded, where a record stands.

    Where a record, ``<name>.sha256``, stands beside a path, the SHA-256 are those of the record, and only sizes are
    looked up; else every file is given to `digest_of`, which returns its SHA-256. Paths are relative to the folder that
    holds the dataset. Companions count (`external_files`); what is absent has an empty list.

    Raises
    ------
    InputFileError
        A file or record cannot be read.
    """
    return {name: [asdict(record) for record in _records(path, digest_of)] for name, path in paths.items()}


def confirmation(paths: Iterable[Path], digests: "Digests") -> "Callable[[], None]":
    """What raises RunStateError once a file among `paths` was replaced, added or removed since the first look.

    The first look is this call for which files there are, and `digests` for what they hold: a file that nobody has
    hashed yet is not told apart. Paths with a record are left out, as their records are verified.
    """
    unrecorded = [path for path in paths if not record_path(path).is_file()]
    return partial(_confirm, {path: external_files(path) for path in unrecorded}, digests)


def _records(path: Path, digest_of: "DigestOf") -> list[Any]:
    if record_path(path).is_file():
        return read_records(path)
    return [record_of(file, path.parent, digest_of) for file in external_files(path)]


def _confirm(files: Mapping[Path, list[Path]], digests: "Digests") -> None:
    for path, before in files.items():
        now = external_files(path)
        changed = [file for file in before if digests.has_changed(file)]
        if changed or now != before:
            raise RunStateError(
                "An input was replaced while it was read; nothing was written.",
                path=changed[0] if changed else path,
                field="content",
                got="other content than at the beginning of the run",
                expected="files that stay as they are until the run has ended",
                fix="run again; what depends on the file is made of its content then",
            )
