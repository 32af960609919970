"""Which of the project's code a function depends on, by the graph of its imports (``grimp``); nothing is imported.

A function or class depends on the statements of its own module that it reaches by name, on the modules that those
import, wherever the import stands, and on all modules that these import in turn. A package's files that are no code
(templates, styles) count with its modules. Code that is reached by a name made at run time (``importlib``, ``globals``)
is not found, nor what an ``__init__`` does beyond binding names; the project has neither, and tests hold it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.errors import InputFileError
from entropice.incremental.reached import Statement, reached, read_statements
from entropice.sha256 import sha256_of, sha256_of_bytes

if TYPE_CHECKING:
    from grimp import ImportGraph


class CodeDependencies:
    """The sources of one importable package, as they are at the first look.

    Parameters
    ----------
    root
        The package's folder; its name is the package's, under which Python finds it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sha256_of = cache(sha256_of)
        self._path = cache(self._find_path)
        self._statements = cache(self._read)
        self._reached = cache(self._reach)
        self._data_hashes = cache(self._hash_data)

    def hashes(self, objects: Iterable[Callable[..., Any]]) -> dict[str, str]:
        """The code that functions and classes depend on: module (or file beside it) → SHA-256 of what counts of it.

        What is not defined in the package is left out.

        Keys are sorted: ``entropice.io.cube`` of a module, ``entropice.report/page.css`` of a file that is no code. Of
        the modules that define the objects the statements that count are hashed, of all others the whole file. Those
        statements are the source of each in UTF-8, in order and joined by line ends: what binds the object's top-level
        name, what that names, however far, and all that acts on import. Files that are no code are all in the folder of
        a module, and in its subfolders that are no packages, but ``.py``, ``.pyc`` and ``.typed``.

        Raises
        ------
        InputFileError
            A module cannot be parsed.
        """
        counted: dict[str, set[Statement]] = defaultdict(set)
        whole: set[str] = set()
        for module, name in set(map(_place, objects)):
            if module in self._graph.modules:
                part, imported = self._reached(module, name)
                counted[module] |= part
                whole |= imported
        hashes = {module: _sha256_of_texts(self._statements(module), part) for module, part in counted.items()}
        hashes |= {module: self._sha256_of(self._path(module)) for module in whole}
        for folder in {self._path(module).parent for module in hashes}:
            hashes |= self._data_hashes(folder)
        return dict(sorted(hashes.items()))

    @cached_property
    def _graph(self) -> "ImportGraph":
        from grimp import build_graph
        from grimp.exceptions import SourceSyntaxError

        try:
            return build_graph(self._root.name, exclude_type_checking_imports=True, cache_dir=None)
        except SourceSyntaxError as error:
            raise InputFileError(
                "A module of the project is no Python, so nobody can say what depends on it.",
                path=error.filename,
                field=f"line {error.lineno}",
                got=error.text,
                fix="correct that line",
            ) from error

    def _find_path(self, module: str) -> Path:
        path = self._root.joinpath(*module.split(".")[1:])
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def _read(self, module: str) -> list[Statement]:
        return read_statements(self._path(module).read_text(encoding="utf-8"))

    def _reach(self, module: str, name: str) -> tuple[set[Statement], set[str]]:
        """The part of a module that counts for a name; what that imports, and what this imports, however far."""
        part = reached(self._statements(module), name)
        imported = {
            target
            for target in self._graph.find_modules_directly_imported_by(module)
            for detail in self._graph.get_import_details(importer=module, imported=target)
            if any(detail["line_number"] in statement.lines for statement in part)
        }
        return part, imported.union(*map(self._graph.find_upstream_modules, imported))

    def _hash_data(self, folder: Path) -> dict[str, str]:
        """Of a package's files that are no code, those of subfolders that are no packages included."""
        files = [path for item in folder.iterdir() for path in _data_files(item)]
        package = ".".join(folder.relative_to(self._root.parent).parts)
        return {f"{package}/{path.relative_to(folder).as_posix()}": self._sha256_of(path) for path in files}


def _place(item: Callable[..., Any]) -> tuple[str, str]:
    """Module and top-level name of a function or class; empty for what has none."""
    return getattr(item, "__module__", ""), getattr(item, "__qualname__", "").partition(".")[0]


def _sha256_of_texts(statements: Iterable[Statement], counted: set[Statement]) -> str:
    return sha256_of_bytes("\n".join(item.text for item in statements if item in counted).encode())


def _data_files(item: Path) -> list[Path]:
    if item.is_file():
        return [] if item.suffix in {".py", ".pyc", ".typed"} else [item]
    if item.name == "__pycache__" or (item / "__init__.py").exists():
        return []
    return [path for inner in item.iterdir() for path in _data_files(inner)]
