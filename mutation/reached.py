"""Which files of tests reach a module, by imports: those that may notice a fault in it."""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import grimp

# Files outside a room's own folder that may say more of it: comparisons with others' packages, laws, cases.
BESIDE = ("oracles", "properties", "cases")
# Folder of what tests share: a server that it starts is reached by each of them.
HELPERS = "support"
# These files need a whole run, which takes minutes a fault.
WHOLE_RUN = "finished_project"
_FAR = 1_000_000


@dataclass(frozen=True)
class Suite:
    """The tests below `folder`, and the imports between the modules of the package that they test.

    `elsewhere` names files and folders of a room's tests that lie in another room's folder.
    """

    folder: Path
    graph: grimp.ImportGraph
    elsewhere: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def reaching(self, module: str, room: str) -> list[Path]:
        """Files of a room that reach `module`, the nearest first, of equally near ones those of its name.

        Files BESIDE the room count where they import the module themselves.
        """
        distances = self._distances(module)
        near = {file: min(distances.get(name, _FAR) for name in names) for file, names in self.imports.items()}
        counted = [file for file, distance in near.items() if distance < self._limit(file, room)]
        stem = module.rpartition(".")[2]
        return sorted(counted, key=lambda file: (near[file], stem not in file.stem, file))

    @cached_property
    def imports(self) -> Mapping[Path, frozenset[str]]:
        """Modules that each file of tests imports, itself or by helpers and by the fixtures beside or above it."""
        found = {}
        for file in sorted(self.folder.rglob("test_*.py")):
            if WHOLE_RUN not in file.read_text(encoding="utf-8"):
                fixtures = (folder / "conftest.py" for folder in file.parents if folder.is_relative_to(self.folder))
                names = self._names(file, *filter(Path.is_file, fixtures))
                found[file] = frozenset(names & self.graph.modules) or frozenset({""})
        return found

    def _names(self, *files: Path) -> set[str]:
        """Names that files import, themselves or by what they import of HELPERS."""
        names: set[str] = set()
        pending = list(files)
        for file in pending:
            more = set(imported_names(file)) - names
            names |= more
            pending += filter(Path.is_file, (self.folder / HELPERS / f"{name}.py" for name in more))
        return names

    def _distances(self, module: str) -> dict[str, int]:
        distances, pending = {module: 0}, [module]
        for name in pending:
            for importer in self.graph.find_modules_that_directly_import(name) - distances.keys():
                distances[importer] = distances[name] + 1
                pending.append(importer)
        return distances

    def _limit(self, file: Path, room: str) -> int:
        """From how many imports on a file is too far from a module of a room."""
        place = file.relative_to(self.folder)
        if any(place.is_relative_to(other) for other in self.elsewhere.get(room, ())):
            return _FAR
        of = place.parts[0].removesuffix(".py").removeprefix("test_")
        return {room: _FAR}.get(of, int(of in BESIDE))


def imported_names(file: Path) -> Iterator[str]:
    """Names that may be modules, of all import statements of a file, wherever they stand."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_name(path: Path, root: Path) -> str:
    """Dotted name of a module's file below `root`."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph_of(package: str, root: Path) -> grimp.ImportGraph:
    """Imports between the modules of a package that lies below `root`."""
    before = sys.path[:]
    sys.path.insert(0, str(root))
    try:
        return grimp.build_graph(package)
    finally:
        sys.path[:] = before
