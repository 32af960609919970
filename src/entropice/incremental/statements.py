"""The top-level statements of a module: the names they bind, the names they use, and the project code they import."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

Import = tuple[str, str | None]
"""A module, and the name taken from it; None for the module as a whole."""

Part = TypeVar("Part", bound=ast.AST)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement (of an import: one alias).

    Attributes
    ----------
    text
        Its source, decorators included.
    binds
        The top-level names it defines.
    uses
        Every identifier in it.
    imports
        What it imports, anywhere within.
    decorators
        The names its decorators begin with, where it is a function or class.
    is_definition
        Whether it only binds names. Any other statement may act on import, and so always counts.
    """

    text: str
    binds: frozenset[str]
    uses: frozenset[str] = frozenset()
    imports: frozenset[Import] = frozenset()
    decorators: frozenset[str] = frozenset()
    is_definition: bool = True


def read_statements(source: str, module: str, is_package: bool) -> list[Statement]:
    """The statements of a module in their order.

    Docstring and comments between statements are left out, and so is what only type checkers read
    (``if TYPE_CHECKING``). A source that is no Python is one statement.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return [Statement(source, frozenset(), is_definition=False)]
    package = module if is_package else module.rpartition(".")[0]
    lines = source.splitlines()
    nested = (_statements(node, lines, package) for node in _executed(body) if not _is_text(node))
    return list(chain.from_iterable(nested))


def _statements(node: ast.stmt, lines: list[str], package: str) -> Iterator[Statement]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (_import_statement(node, alias, package) for alias in node.names)
        return
    inner = list(_walk(node))
    yield Statement(
        text=_text(node, lines),
        binds=frozenset(_bound(node)),
        uses=frozenset(item.id for item in inner if isinstance(item, ast.Name)),
        imports=frozenset(target for item in inner for target in _targets(item, package)),
        decorators=frozenset(_decorators(node)),
        is_definition=_is_definition(node),
    )


def _import_statement(node: ast.Import | ast.ImportFrom, alias: ast.alias, package: str) -> Statement:
    bound = alias.asname or (alias.name if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0])
    target = _target(node, alias, package)
    return Statement(f"{target} as {bound}", frozenset({bound}), imports=frozenset({target}))


def _targets(node: ast.AST, package: str) -> Iterator[Import]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (_target(node, alias, package) for alias in node.names)


def _target(node: ast.Import | ast.ImportFrom, alias: ast.alias, package: str) -> Import:
    if isinstance(node, ast.Import):
        return alias.name, None
    above = package.rsplit(".", node.level - 1)[0] if node.level else ""
    module = ".".join(part for part in (above, node.module) if part)
    return module, None if alias.name == "*" else alias.name


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, except what only type checkers read."""
    yield node
    for child in ast.iter_child_nodes(node):
        for part in _executed([child]):
            yield from _walk(part)


def _executed(nodes: Iterable[Part]) -> "Iterator[Part | ast.stmt]":
    for node in nodes:
        if isinstance(node, ast.If) and _is_type_checking(node.test):
            yield from node.orelse
        else:
            yield node


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_definition(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Name) for target in node.targets)
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name)
    return isinstance(node, _Definition)


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, _Definition):
        yield node.name
        return
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            yield item.id
        elif isinstance(item, _Definition):
            yield item.name
        elif isinstance(item, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in item.names)


def _decorators(node: ast.AST) -> Iterator[str]:
    if isinstance(node, _Definition):
        for decorator in node.decorator_list:
            yield from (item.id for item in ast.walk(decorator) if isinstance(item, ast.Name))


def _text(node: ast.stmt, lines: list[str]) -> str:
    decorators = node.decorator_list if isinstance(node, _Definition) else []
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(lines[first - 1 : node.end_lineno])
