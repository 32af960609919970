"""Names from a manifest become paths only here."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import RunFolderError
from .language import phrase, tr

ALLOWED_SUFFIXES = (".gpkg", ".tif", ".html", ".json", ".csv", ".nc", ".npz")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_NAME_RULE = "a plain file name inside the run folder, ending in " + ", ".join(ALLOWED_SUFFIXES)
REBUILD = phrase("Run `kedro run --pipelines reporting` again, or get the run folder afresh from who made it.")


def file_inside(folder: Path, name: str, field: str) -> Path:
    """Path of an existing regular file named `name` directly in `folder`; no name can lead outside.

    Separators, drives, URLs and GDAL's ``/vsi`` prefixes all fail the one pattern of plain names; a symbolic
    link is followed first and must end inside the folder.

    The path is resolved; `field` is what the error names. A plain name has 1 to 120 letters, digits, dots, underscores
    or hyphens, see `is_plain_name`.

    Raises
    ------
    RunFolderError
        The name is not plain, has another suffix, the file is missing, or it resolves outside the folder.
    """
    if not is_plain_name(name):
        raise _refused(tr("The manifest names a file that may not be opened."), folder, field, name)
    path = folder / name
    if not path.is_file():
        raise _missing(path, field)
    resolved = path.resolve()
    if resolved.parent != folder.resolve():
        raise _refused(tr("A file of the run is a link that leaves the run folder."), folder, field, resolved)
    return resolved


IMAGE_FOLDERS = {"layers": (".tif", ".qml", ".gpkg"), "model_cards": (".md",), "scores": (".csv",)}
"""The folders of a run of images, and how names in each may end."""
IMAGE_NAME_RULE = "report.html, or a plain file name in layers, model_cards or scores"


def file_of_images(folder: Path, name: str, field: str) -> Path:
    """As `file_inside`, of a run of images, whose files may lie in one of `IMAGE_FOLDERS`.

    The path is resolved; a link may not lead anywhere but to its own place.

    Raises
    ------
    RunFolderError
        The name is none of those, the file is missing, or it resolves outside the folder.
    """
    if not is_name_of_images(name):
        raise _refused(tr("The manifest names a file that may not be opened."), folder, field, name, IMAGE_NAME_RULE)
    path = folder / name
    if not path.is_file():
        raise _missing(path, field)
    resolved = path.resolve()
    # Compared with the whole path, not only its folder: a link to another file of the run would pass that.
    if resolved != folder.resolve() / name:
        what = tr("A file of the run is a link that leaves the run folder.")
        raise _refused(what, folder, field, resolved, IMAGE_NAME_RULE)
    return resolved


def is_name_of_images(name: str) -> bool:
    """Whether `name` is ``report.html``, or a plain name with a fitting end in one of `IMAGE_FOLDERS`.

    Examples
    --------
    >>> is_name_of_images("layers/slumps.tif"), is_name_of_images("layers/a..tif"), is_name_of_images("../report.html")
    (True, False, False)
    """
    below, _, own = name.rpartition("/")
    if not below:
        return name == "report.html"
    return (
        below in IMAGE_FOLDERS
        and _PLAIN_NAME.fullmatch(own) is not None
        and ".." not in own
        and own.endswith(IMAGE_FOLDERS[below])
    )


def is_plain_name(name: str) -> bool:
    """Whether `name` has one component, starts with a letter or digit, and ends in an allowed suffix.

    All are ASCII: 1 to 120 letters, digits, ``.``, ``_`` or ``-``, no two dots in a row, and one of `ALLOWED_SUFFIXES`,
    in small letters.

    Examples
    --------
    >>> [is_plain_name(name) for name in ("run.gpkg", "a/b.tif", "..tif", "run.exe", "/vsizip/a.tif")]
    [True, False, False, False, False]
    """
    return _PLAIN_NAME.fullmatch(name) is not None and ".." not in name and name.endswith(ALLOWED_SUFFIXES)


def _missing(path: Path, field: str) -> RunFolderError:
    return RunFolderError(
        tr("A file of the run is missing."),
        path=path,
        field=field,
        got=tr("no such file"),
        expected=tr("a file"),
        fix=tr(REBUILD),
    )


def _refused(what: str, folder: Path, field: str, got: object, rule: str = _NAME_RULE) -> RunFolderError:
    return RunFolderError(what, path=folder, field=field, got=got, expected=rule, fix=tr(REBUILD))
