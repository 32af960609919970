"""Run folders before they are opened: where they lie, what their manifest says, whether a file is as it was written.

The QGIS plugin knows nothing of this package and refuses the same folders in the same words; a test holds that.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from entropice.errors import InputFileError

SCHEMA: Final = "entropice-run/2"
IMAGES: Final = "entropice-images/1"
MANIFEST: Final = "manifest.json"
MAX_MANIFEST_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 8
MAX_FOLDERS: Final = 20_000

REBUILD: Final = "Run `kedro run --pipelines reporting` again, or get the run folder afresh from who made it."
NOT_A_RUN: Final = "Choose the folder that holds manifest.json, for example data/virtual_arctic/h3_4/08_reporting/run."
_FIXES: Final = {
    "entropice-run/1": "Make the run again: `kedro run`.",
    "entropice-applied/1": "Open the run whose model was applied; an applied model has no map of its own.",
    IMAGES: "This run is of images and has no cells: open its report.html, or the folder in QGIS.",
}
_UPDATE: Final = "Update Entropice, or make the run again with this one: `kedro run`."
_UNFINISHED: Final = ("-wal", "-journal", "-shm")
_MAX_GOT: Final = 160


def require_folder_of_runs(folder: Path, command: str) -> None:
    """Pass only a folder that is there; the fix tells how a command is given another one.

    Whether there are runs below it is not asked.

    Raises
    ------
    InputFileError
        There is no such folder.

    Examples
    --------
    >>> require_folder_of_runs(Path("no such folder"), "kedro figures")
    Traceback (most recent call last):
    entropice.errors.InputFileError: There is no such folder of runs.
    ...
    """
    if not folder.is_dir():
        raise InputFileError(
            "There is no such folder of runs.",
            path=folder,
            got="no folder",
            expected="a folder with finished runs below it",
            fix=f"kedro run; or name the folder of your runs: {command} FOLDER",
        )


def run_folders_below(folder: Path) -> Iterator[Path]:
    """Folders with a manifest, by path: the folder itself or those below it; links and hidden folders are not followed.

    Nothing below a run is looked at, nor what may not be read; what a manifest says is not looked at either. Folders
    are found as they are asked for.

    Parameters
    ----------
    folder
        Searched to a depth of 8 folders, and no more than 20,000 folders in all.
    """
    return filter(_has_manifest, islice(_folders(folder, MAX_DEPTH), MAX_FOLDERS))


def _folders(folder: Path, n_levels: int) -> Iterator[Path]:
    """A folder, then those below it; nothing below a run, and nothing that may not be read."""
    yield folder
    if n_levels and not _has_manifest(folder):
        for below in _below(folder):
            yield from _folders(below, n_levels - 1)


def _below(folder: Path) -> list[Path]:
    try:
        # Sorted at each level: the order must not be the file system's.
        return sorted(path for path in folder.iterdir() if path.name[0] != "." and _is_folder(path))
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _has_manifest(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What ``manifest.json`` of a run folder says.

    It follows `SCHEMA` where it is given back; the keys are those of docs/run-folder.md.

    Raises
    ------
    InputFileError
        There is none, it is larger than 5 MB or no JSON object, or it follows another schema.
    """
    manifest = read_any_manifest(folder)
    _require_schema(manifest, folder / MANIFEST)
    return manifest


def read_any_manifest(folder: Path) -> dict[str, Any]:
    """What ``manifest.json`` of a folder says, whatever schema it follows; that it names one is not asked.

    Raises
    ------
    InputFileError
        There is none, it is larger than 5 MB, or it is no JSON object in UTF-8 with unique keys and without NaN.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise _no_manifest(folder)
    if path.stat().st_size > MAX_MANIFEST_BYTES:
        raise _unreadable(path, "size", f"{path.stat().st_size} bytes", f"at most {MAX_MANIFEST_BYTES} bytes")
    try:
        manifest = json.loads(
            path.read_text(encoding="utf-8"), object_pairs_hook=_unique_keys, parse_constant=_no_constant
        )
    except (OSError, ValueError, RecursionError) as problem:
        raise _unreadable(path, "JSON", str(problem), "UTF-8 JSON with unique keys and no NaN") from problem
    if not isinstance(manifest, dict):
        raise _unreadable(path, "JSON", type(manifest).__name__, "a JSON object")
    return manifest


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("an object has the same key twice")
    return values


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _require_schema(manifest: dict[str, Any], path: Path) -> None:
    if "schema" not in manifest:
        raise not_usable(path, "schema", "no such key", SCHEMA, NOT_A_RUN)
    schema = manifest["schema"]
    if schema != SCHEMA:
        raise not_usable(path, "schema", repr(schema), SCHEMA, _FIXES.get(str(schema), _UPDATE))


def intact_file(folder: Path, manifest: dict[str, Any], name: str) -> Path:
    """Path of a file of the run whose bytes are those that its manifest names.

    The file's size and SHA-256 are compared, so all of it is read. Looked at are, in this order, the name, whether the
    file is there, changes beside it (``-wal``, ``-journal`` or ``-shm`` behind its name), size and hash. `name` is one
    of those in ``files`` of the manifest, with slashes.

    Raises
    ------
    InputFileError
        The file is missing, has changes that are not finished beside it, or is not the one that the run has written.
    ValueError
        The manifest names no such file, or several.
    """
    from entropice.sha256 import sha256_of

    path = folder / name
    (entry,) = (file for file in manifest["files"] if file["name"] == name)
    if not path.is_file():
        raise InputFileError(
            "A file of the run is missing.",
            path=path,
            field="files",
            got="no such file",
            expected="a file",
            fix=REBUILD,
        )
    _require_settled(path)
    if path.stat().st_size != entry["bytes"]:
        raise _damaged(path, "bytes", path.stat().st_size, entry["bytes"])
    if (got := sha256_of(path)) != entry["sha256"]:
        raise _damaged(path, "sha256", got, entry["sha256"])
    return path


def _require_settled(path: Path) -> None:
    """Accept a file beside which SQLite keeps no unfinished writes: its own bytes are all that counts."""
    for beside in (path.with_name(path.name + suffix) for suffix in _UNFINISHED):
        if beside.is_symlink() or beside.exists():
            raise InputFileError(
                "Beside the tables of the run lie unfinished changes, which would be shown in place of the run.",
                path=beside,
                field=path.name,
                got=beside.name,
                expected="no such file",
                fix="Close every program that has the run open, remove the file if it is still there, and open again.",
            )


def not_usable(path: Path, field: str, got: str, expected: str, fix: str = REBUILD) -> InputFileError:
    """The error for a value of the manifest that is not as the schema says.

    It is given back, not raised; `got` is cut to 160 characters.
    """
    return InputFileError(
        "The manifest of this run is not usable.", path=path, field=field, got=_cut(got), expected=expected, fix=fix
    )


def _no_manifest(folder: Path) -> InputFileError:
    is_partial = any(folder.glob("*.gpkg"))
    return InputFileError(
        "This run is not complete: its manifest, which is written last, is missing."
        if is_partial
        else "This folder is not an Entropice run.",
        path=folder,
        field=MANIFEST,
        got="no such file",
        expected="a run folder",
        fix=f"Wait until the run is made. If none is being made: {REBUILD}" if is_partial else NOT_A_RUN,
    )


def _unreadable(path: Path, field: str, got: str, expected: str) -> InputFileError:
    return InputFileError(
        "The manifest of this run cannot be read.",
        path=path,
        field=field,
        got=_cut(got),
        expected=expected,
        fix=REBUILD,
    )


def _damaged(path: Path, field: str, got: object, expected: object) -> InputFileError:
    return InputFileError(
        "A file of the run is damaged or was changed after the run.",
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix=REBUILD,
    )


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_GOT else text[: _MAX_GOT - 1] + "…"
