"""Say which lines of the rooms of imagery belong to one system alone: ``python docs/specific_lines.py``.

A line is specific where deleting its system leaves it unused. A system's own modules are its source of images and its
worlds (`OWN`). They are taken away; then every top-level function, class and constant of the counted rooms that was
used before, and that nothing which is left uses any more, is specific with all of its lines, and so on with what only
that has used. Used is what a used definition names, what the statements of a module do that is imported by a used one,
and all that other rooms (`io`, `app`, `report` …) name. Of a module that is handed on whole, all is used.

Counted are lines that are not blank, of `imagery/`, `networks/` and the pipelines of tasks; the pipelines of cells,
which serve no task, would make the share smaller. A method is counted with its class.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

PACKAGE: Final = Path(__file__).parents[1] / "src/entropice"
OWN: Final = {
    "slumps": ("pipelines.image_sources.virtual_slumps", "virtual_scenes"),
    "sea ice": (
        "virtual_ice",
        "sources.ice",
        *(f"pipelines.image_sources.{name}" for name in ("virtual_ice", "ice_series", "ice_charts")),
        *(f"exports.{name}" for name in ("ice_pipeline", "ice_pipeline_data", "training_curves")),
    ),
    "human modification": (
        "virtual_modification",
        "sources.series.human_modification",
        "pipelines.image_sources.virtual_modification",
    ),
    "glacial lakes": (
        "virtual_lakes",
        *(f"pipelines.image_sources.{name}" for name in ("virtual_lakes", "lake_chips")),
        *(f"sources.imagery.{name}" for name in ("chip_table", "given_chips", "chip_scenery")),
    ),
}
"""By system, the modules that are deleted with it."""

COUNTED: Final = (
    "imagery",
    "networks",
    *(
        f"pipelines.{name}"
        for name in ("image_sources", "tasks", "kinds", "scenes", "samples", "training", "evaluation")
    ),
    *(
        f"pipelines.{name}"
        for name in ("objects", "label_audit", "inventory", "layers", "two_stage", "mapping", "image_report")
    ),
)

WHOLE: Final = "*"
"""In place of a name: what a module does when it is imported."""

ALL: Final = "**"
"""In place of a name: all of a module that is handed on whole."""


class Definition(NamedTuple):
    """A top-level name of a module."""

    module: str
    name: str


@dataclass
class Module:
    """What a module defines, and what each of its parts names."""

    lines: dict[str, int] = field(default_factory=dict)
    uses: dict[str, set[Definition]] = field(default_factory=lambda: defaultdict(set))


@cache
def modules() -> dict[str, Module]:
    """All modules of the package by their names in it."""
    names = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
    return {name: _read(path, name, frozenset(names)) for name, path in names.items()}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def _read(path: Path, name: str, known: frozenset[str]) -> Module:
    text = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    top = {name: node for node in tree.body for name in _defined(node)}
    everywhere = _imports(tree, known)
    module = Module()
    for node in tree.body:
        own = _defined(node) or [WHOLE]
        n_lines = sum(bool(line.strip()) for line in lines[_first(node) - 1 : node.end_lineno])
        for one in own:
            module.lines[one] = module.lines.get(one, 0) + n_lines // len(own)
            module.uses[one] |= _used(node, name, set(top), everywhere)
    return module


def _defined(node: ast.stmt) -> list[str]:
    """Names that a top-level statement defines; none where it only does something."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def _first(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _imports(tree: ast.AST, known: frozenset[str]) -> dict[str, Definition]:
    """What each imported name of a module stands for, those that functions import included."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("entropice"):
            module = (node.module or "").removeprefix("entropice").removeprefix(".")
            for alias in node.names:
                inner = f"{module}.{alias.name}".removeprefix(".")
                is_module = inner in known
                found[alias.asname or alias.name] = Definition(*((inner, WHOLE) if is_module else (module, alias.name)))
    return found


def _used(node: ast.AST, module: str, top: set[str], imported: dict[str, Definition]) -> set[Definition]:
    used, whole = set(), set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            stands_for = imported.get(inner.value.id)
            if stands_for is not None and stands_for.name == WHOLE:
                used.add(Definition(stands_for.module, inner.attr))
                whole.add(id(inner.value))
        if isinstance(inner, ast.Name) and id(inner) not in whole:
            if inner.id in imported:
                stands_for = imported[inner.id]
                used.add(stands_for._replace(name=ALL) if stands_for.name == WHOLE else stands_for)
            elif inner.id in top:
                used.add(Definition(module, inner.id))
    return used


def _is_in(module: str, rooms: Iterable[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def used(without: Iterable[str] = ()) -> set[Definition]:
    """All definitions that are used where some modules are deleted."""
    left = {name: module for name, module in modules().items() if not _is_in(name, without)}
    waiting = [
        Definition(name, one) for name, module in left.items() if not _is_in(name, COUNTED) for one in module.uses
    ]
    found: set[Definition] = set()
    while waiting:
        one = waiting.pop()
        if one not in found and one.module in left:
            found.add(one)
            waiting += _follows(one, left[one.module])
    return found


def _follows(one: Definition, module: Module) -> Iterator[Definition]:
    """What is used with a definition: what it names, and what its module does when it is imported."""
    yield from module.uses.get(one.name, ())
    yield Definition(one.module, WHOLE)
    if one.name == ALL:
        yield from (Definition(one.module, name) for name in module.uses)


def specific_lines(system: str) -> dict[str, tuple[int, int]]:
    """By counted room: lines of a system alone, and all."""
    gone = used() - used(without=OWN[system])
    shares: dict[str, tuple[int, int]] = {}
    for name, module in modules().items():
        room = next((room for room in COUNTED if _is_in(name, [room])), None)
        if room is not None:
            is_own = _is_in(name, OWN[system])
            specific = sum(n for one, n in module.lines.items() if is_own or Definition(name, one) in gone)
            before = shares.get(room, (0, 0))
            shares[room] = before[0] + specific, before[1] + sum(module.lines.values())
    return shares


def main() -> None:
    """Print a table a system."""
    for system in OWN:
        shares = specific_lines(system)
        total = tuple(map(sum, zip(*shares.values(), strict=True)))
        print(f"| lines of {system} alone | of | share |\n|---|---|---|")  # noqa: T201
        for room, (specific, n_all) in {**shares, "all": total}.items():
            print(f"| {room}: {specific:,} | {n_all:,} | {specific / n_all:.1%} |")  # noqa: T201
        gone = used() - used(without=OWN[system])
        names = sorted(f"{one.module}.{one.name}" for one in gone if not _is_in(one.module, OWN[system]))
        print("\nBeside its own modules:", ", ".join(name for name in names if _is_in(name, COUNTED)))  # noqa: T201


if __name__ == "__main__":
    main()
