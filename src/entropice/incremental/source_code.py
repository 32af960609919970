"""Which of the project's code a function depends on, found by reading the sources; nothing is imported.

A function depends on its own statement, on the top-level statements of its module that it names, on those that they
name, on what any of them imports wherever the import stands, and so on. A statement that is no plain definition counts
as soon as anything of its module does, and so do a package's files that are no code (templates, styles). Code that is
reached by a name made at run time (``importlib``, ``globals``, ``getattr`` on a module) is not found; the project has
none, and a test holds it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from entropice.incremental.statements import Import, Statement, read_statements
from entropice.sha256 import sha256_of

_ON_IMPORT = ""
"""Stands for no name of a module: only what acts on import counts."""


class SourceCode:
    """The sources of one package, as they are at the first look.

    Parameters
    ----------
    root
        The package's folder; its name is the package's.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._modules: dict[str, _Module | None] = {}

    def hashes(self, objects: Iterable[Callable[..., Any]]) -> dict[str, str]:
        """The code that functions and classes depend on: module (or package data) → SHA-256 of what counts of it.

        What is not defined in the package is left out.
        """
        hashes = {}
        for module, counted in self._reach(map(place_of, objects)).items():
            texts = [statement.text for statement in module.statements if statement in counted]
            if texts:
                hashes[module.name] = hashlib.sha256("\n".join(texts).encode()).hexdigest()
            hashes |= module.data_hashes
        return dict(sorted(hashes.items()))

    def _reach(self, beginnings: Iterable[Import]) -> "dict[_Module, set[Statement]]":
        reached: dict[_Module, set[Statement]] = defaultdict(set)
        pending, seen = list(beginnings), set()
        while pending:
            target = pending.pop()
            if target in seen:
                continue
            seen.add(target)
            module, name = self._resolve(*target)
            if module is None:
                continue
            pending += [(package, _ON_IMPORT) for package in _packages_above(module.name)]
            for statement in set(self._counted(module, name)) - reached[module]:
                reached[module].add(statement)
                pending += statement.imports
                pending += [(module.name, used) for used in statement.uses | statement.binds if used in module.binding]
        return reached

    def _resolve(self, name: str, taken: str | None) -> "tuple[_Module | None, str | None]":
        """``from package import module`` names a module; a name that a module does not bind stands for all of it."""
        module = self._module(name)
        if module is None or not taken or taken in module.binding:
            return module, taken
        return self._module(f"{name}.{taken}") or module, None

    def _counted(self, module: "_Module", name: str | None) -> list[Statement]:
        if name is None:
            return module.statements
        acting = [item for item in module.unusual if not item.is_definition or self._registers(item, module)]
        return [*module.binding.get(name, ()), *acting]

    def _registers(self, statement: Statement, module: "_Module") -> bool:
        """A decorator of our own may keep what it decorates, as a registry does."""
        binding = [item for name in statement.decorators for item in module.binding.get(name, ())]
        return any(not item.imports or any(self._module(name) for name, _ in item.imports) for item in binding)

    def _module(self, name: str) -> "_Module | None":
        """None for a module that is not the package's."""
        if name not in self._modules:
            package, *rest = name.split(".")
            place = self._root.joinpath(*rest)
            candidates = (place / "__init__.py", place.with_suffix(".py")) if package == self._root.name else ()
            path = next((candidate for candidate in candidates if candidate.is_file()), None)
            self._modules[name] = None if path is None else _Module(name, path)
        return self._modules[name]


class _Module:
    """A module's statements, and those that bind each name."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._path = path
        self._is_package = path.name == "__init__.py"
        self.statements = read_statements(path.read_text(encoding="utf-8"), name, self._is_package)
        self.unusual = [item for item in self.statements if not item.is_definition or item.decorators]
        self.binding: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            for bound in statement.binds:
                self.binding[bound].append(statement)

    @cached_property
    def data_hashes(self) -> dict[str, str]:
        """Of the files beside the module that are no code; empty where there are none."""
        digest = _data_sha256(self._path.parent)
        package = self.name if self._is_package else self.name.rpartition(".")[0]
        return {} if digest is None else {f"{package} (data)": digest}


def place_of(item: Callable[..., Any]) -> Import:
    """Module and top-level name of a function or class."""
    return getattr(item, "__module__", ""), getattr(item, "__qualname__", "").partition(".")[0]


def _packages_above(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def _data_sha256(folder: Path) -> str | None:
    """Of a package's files that are no code, those of its subfolders included; None where it has none."""
    files = [path for item in sorted(folder.iterdir()) for path in _data_files(item)]
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else None


def _data_files(item: Path) -> list[Path]:
    if item.is_file():
        return [] if item.suffix in {".py", ".pyc", ".typed"} else [item]
    if item.name == "__pycache__" or (item / "__init__.py").exists():
        return []
    return [path for inner in sorted(item.iterdir()) for path in _data_files(inner)]
