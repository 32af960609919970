"""The bytes of a manifest become JSON values, within limits of size and depth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .errors import RunFolderError
from .fields import Fields
from .language import phrase, tr
from .safe_names import REBUILD, file_inside

MANIFEST_NAME = "manifest.json"
MAX_MANIFEST_BYTES = 5_000_000
MAX_DEPTH = 12
MAX_DIGITS = 1_000
NOT_A_RUN = phrase("Choose the folder that holds manifest.json, for example data/virtual_arctic/h3_4/08_reporting/run.")


def read_manifest_file(folder: Path) -> Fields:
    """The top-level object of ``manifest.json`` in `folder`.

    It is read anew each time and its keys are not looked at; the top level counts as the first of the 12.

    Raises
    ------
    RunFolderError
        No such file, larger than 5 MB, not UTF-8 JSON, duplicate keys, NaN, whole numbers of more than 1,000 digits, or
        nested deeper than 12 levels.
    """
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise _no_manifest(folder)
    path = file_inside(folder, MANIFEST_NAME, MANIFEST_NAME)
    if path.stat().st_size > MAX_MANIFEST_BYTES:
        raise _unreadable(path, "size", f"{path.stat().st_size} bytes", f"at most {MAX_MANIFEST_BYTES} bytes")
    return Fields(path, _parsed(path))


def _no_manifest(folder: Path) -> RunFolderError:
    is_partial = any(folder.glob("*.gpkg"))
    return RunFolderError(
        tr("This run is not complete: its manifest, which is written last, is missing.")
        if is_partial
        else tr("This folder is not an Entropice run."),
        path=folder,
        field=MANIFEST_NAME,
        got=tr("no such file"),
        expected=tr("a run folder"),
        fix=tr("Wait until the run is made. If none is being made: %1", tr(REBUILD)) if is_partial else tr(NOT_A_RUN),
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(
            path.read_text(encoding="utf-8"),
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
            parse_int=_whole_number,
        )
    except (ValueError, RecursionError) as problem:
        raise _unreadable(path, "JSON", str(problem), "UTF-8 JSON with unique keys and no NaN") from problem
    if not isinstance(values, dict):
        raise _unreadable(path, "JSON", type(values).__name__, "a JSON object")
    if _depth(values) > MAX_DEPTH:
        raise _unreadable(path, "JSON", f"{_depth(values)} levels", f"at most {MAX_DEPTH} levels of nesting")
    return values


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("an object has the same key twice")
    return values


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has {len(digits)} digits")
    return int(digits)


def _depth(values: Any) -> int:
    level, depth = [values], 0
    while level:
        depth += 1
        children = [child for value in level if isinstance(value, dict) for child in value.values()]
        children += [child for value in level if isinstance(value, list) for child in value]
        level = [child for child in children if isinstance(child, (dict, list))]
    return depth


def _unreadable(path: Path, field: str, got: str, expected: str) -> RunFolderError:
    return RunFolderError(
        tr("The manifest of this run cannot be read."),
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix=tr(REBUILD),
    )
