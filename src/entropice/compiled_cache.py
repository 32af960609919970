"""Machine code kept on disk for as long as nothing that it is compiled from changes.

numba compares the file of the compiled function alone. Callees and constants of other modules are compiled into it all
the same; so the files of all modules of the package that its module imports, however far, count here.
"""

import ast
import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core import config
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

Function = TypeVar("Function", bound=Callable[..., Any])

_CONFIG: Any = config


def compiled_with(**options: Any) -> Callable[[Function], Function]:
    """Decorator like numba's ``njit`` with these options, whose cache is never stale.

    `options` are keyword arguments of ``njit`` other than ``cache``. A function is compiled at its first call with a
    type of arguments, or read from the folder of ``NUMBA_CACHE_DIR``, from ``__pycache__`` beside its source, or from
    the user's, the first of these that can be written.
    """

    def compile_lazily(function: Function) -> Function:
        # numba asks for its locators when a function is decorated; what others compile keeps theirs.
        others, _CONFIG.CACHE_LOCATOR_CLASSES = _CONFIG.CACHE_LOCATOR_CLASSES, _LOCATORS
        try:
            return cast(Function, njit(cache=True, **options)(function))
        finally:
            _CONFIG.CACHE_LOCATOR_CLASSES = others

    return compile_lazily


@cache
def sources_sha256(module: str, file: Path) -> str:
    """Of the sources of a module, and of all modules of its package that it imports, however far.

    Only imports that are written in the source count, at any depth of it; other packages, Python and numba do not. It
    is the SHA-256 of the lines ``<module> <SHA-256 of its file>``, by name and joined by line feeds. Computed once a
    process: files that change later are not looked at again.

    Parameters
    ----------
    module
        Full name, such as ``entropice.espa.compiled``.
    file
        Its source, from which the folder of the package is found.

    Raises
    ------
    OSError
        The source cannot be read.
    SyntaxError
        It, or that of a module that it imports, is no Python.
    """
    root = file.parents[module.count(".") + (file.name == "__init__.py")]
    pending, files = [module], {module: file}
    while pending:
        importer = pending.pop()
        for name in _imported(importer, files[importer]) - files.keys():
            found = _file_of(name, root)
            if found is not None:
                files[name] = found
                pending.append(name)
    lines = [f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for name, path in sorted(files.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def _imported(module: str, file: Path) -> frozenset[str]:
    """Names of its own package that may be modules."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    names = (name for node in ast.walk(ast.parse(file.read_bytes())) for name in _names(node, package))
    return frozenset(name for name in names if name.partition(".")[0] == module.partition(".")[0])


def _names(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = resolve_name("." * node.level + (node.module or ""), package or None)
        yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


@cache
def _file_of(module: str, root: Path) -> Path | None:
    path = root.joinpath(*module.split("."))
    candidates = (path / "__init__.py", path.with_name(f"{path.name}.py"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


class _Sources:
    """What a locator of numba's takes for the version of a function's source."""

    def __init__(self, py_func: Callable[..., Any], py_file: str) -> None:
        super().__init__(py_func, py_file)  # type: ignore[call-arg]
        self._sources_sha256 = sources_sha256(py_func.__module__, Path(py_file))

    def get_source_stamp(self) -> str:
        return self._sources_sha256


class GivenFolder(_Sources, UserProvidedCacheLocator):
    """The folder that the variable ``NUMBA_CACHE_DIR`` names."""


class BesideSource(_Sources, InTreeCacheLocator):
    """``__pycache__`` beside the source."""


class UserFolder(_Sources, UserWideCacheLocator):
    """The user's folder of caches, where the sources cannot be written beside."""


_LOCATORS = ",".join(f"{__name__}.{locator.__name__}" for locator in (GivenFolder, BesideSource, UserFolder))
