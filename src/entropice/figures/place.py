"""Where the figures of a run may be written: never into a run, never over anything."""

from pathlib import Path

from entropice.errors import InputFileError
from entropice.run_folders import read_manifest

FIX = "name a folder that does not exist, or is empty: --to FOLDER"


def beside(run_folder: Path) -> Path:
    """The folder ``<run folder>_figures``, links followed; it need not exist.

    Examples
    --------
    >>> beside(Path("/runs/h3_4/run")).name
    'run_figures'
    """
    whole = run_folder.resolve()
    return whole.with_name(f"{whole.name}_figures")


def require_free(folder: Path) -> None:
    """Accept a folder that does not exist or is empty, and lies in no run.

    A run is a folder whose ``manifest.json`` can be read as one; all folders above are looked at, links followed.

    Raises
    ------
    InputFileError
        It is a run or lies in one, is no folder, or holds something; looked for in this order.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     require_free(Path(folder))
    ...     require_free(Path(folder, "figures"))
    ...     Path(folder, "notes.txt").touch()
    ...     require_free(Path(folder))
    Traceback (most recent call last):
    entropice.errors.InputFileError: ...
    """
    whole = folder.resolve()
    if any(_is_run(place) for place in (whole, *whole.parents)):
        raise _refused(folder, "Figures are never written into a run.", "a run folder, or a place in one")
    if whole.exists() and not whole.is_dir():
        raise _refused(folder, "There is a file where the figures were to be.", "a file")
    if whole.is_dir() and any(whole.iterdir()):
        raise _refused(folder, "The folder of figures holds something, which is not overwritten.", "files in it")


def _is_run(folder: Path) -> bool:
    try:
        read_manifest(folder)
    except InputFileError:
        return False
    return True


def _refused(folder: Path, what: str, got: str) -> InputFileError:
    return InputFileError(what, path=folder, got=got, expected="no folder, or an empty one", fix=FIX)
