"""Where the virtual Arctic may write: into folders of its own, never among files of a user's."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from entropice.errors import ConfigError
from entropice.io.checksums import record_path

if TYPE_CHECKING:
    from kedro.io import DataCatalog

FIX = "write `world: null` in composition.yml where the files are given, or let this environment have a work_root alone"


def check_given_root(world: str | None, data_root: str | None, path: str) -> None:
    """Refuse a folder of given files in an environment that makes its own.

    None for either passes.

    Raises
    ------
    ConfigError
        There is a world and a `data_root`; `path` is the file that names it.
    """
    if world is not None and data_root is not None:
        raise ConfigError(
            "data_root names source files that are given, but this environment makes its own.",
            path=path,
            field="data_root",
            got=data_root,
            expected=f"no data_root where composition.yml says `world: {world}`",
            fix="leave data_root out, or choose an environment with `world: null`, such as --env sample",
        )


def check_targets(names: Iterable[str], catalog: "DataCatalog", work_root: Path) -> None:
    """Refuse datasets that the virtual Arctic would write outside `work_root`, or among files it has not made.

    `names` are those of datasets that a step makes. A file with a record of ours beside it passes, whatever the folder
    holds. Else it has to lie below `work_root`, not to be there, and its folder may hold files only if one of them is a
    record; hidden files do not count. A record is a file ``<name>.sha256`` beside the file or folder ``<name>``.

    Raises
    ------
    ConfigError
        Names the first such dataset; nothing has been written.
    """
    for name in sorted(names):
        path = getattr(catalog.get(name), "path", None)
        if isinstance(path, Path) and not record_path(path).is_file():
            _check_target(name, path, work_root)


def _check_target(name: str, path: Path, work_root: Path) -> None:
    if not path.resolve().is_relative_to(work_root.resolve()):
        raise _refusal(name, path, "a place outside work_root", f"a path below {work_root}")
    if path.exists():
        raise _refusal(name, path, "a file or folder that Entropice has not made", "no file, or one with a record")
    strangers = _strangers(path.parent)
    if strangers:
        raise _refusal(name, path, f"a folder that holds {strangers[0].name}", "a folder without files of others")


def _refusal(name: str, path: Path, got: str, expected: str) -> ConfigError:
    return ConfigError(
        "The virtual Arctic would write a source file of its own where files of a user may lie.",
        path=path,
        field=name,
        got=got,
        expected=expected,
        fix=FIX,
    )


def _strangers(folder: Path) -> list[Path]:
    """The files of a folder in which nothing is ours; none where a record of ours stands."""
    files = sorted(item for item in folder.iterdir() if item.is_file()) if folder.is_dir() else []
    is_ours = any(item.suffix == ".sha256" for item in files)
    return [] if is_ours else [item for item in files if not item.name.startswith(".")]
