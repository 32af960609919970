"""The statements of a module that count for one of the names it binds."""

import ast
from collections import defaultdict
from dataclasses import dataclass

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement at the top of a module.

    Attributes
    ----------
    text
        Its source, decorators included.
    lines
        The numbers of its lines, from 1.
    binds
        The names it only binds; none where it may act on import, and so always counts.
    uses
        Every identifier in it.
    """

    text: str
    lines: range
    binds: tuple[str, ...]
    uses: frozenset[str]


def read_statements(source: str) -> list[Statement]:
    """The statements of a module in their order, without its docstring and the comments between them.

    `source` is the module's text. Functions and classes without a decorator, and imports but those of ``*``, only bind
    names; every other statement, an assignment too, may act on import, and binds none here.

    Raises
    ------
    SyntaxError
        It is no Python.
    """
    lines = source.splitlines()
    return [_statement(node, lines) for node in ast.parse(source).body if not _is_text(node)]


def reached(statements: list[Statement], name: str) -> set[Statement]:
    """What binds a name, what that names, however far, and all that acts on import; everything for an unknown name.

    The statements that are given are returned, in no order. What acts on import are those without `binds`.

    Examples
    --------
    >>> statements = read_statements("def f(): return g()\\ndef g(): return 2\\ndef h(): return f()")
    >>> [one.binds for one in statements if one in reached(statements, "f")]
    [('f',), ('g',)]
    """
    binding: dict[str, set[Statement]] = defaultdict(set)
    for statement in statements:
        for bound in statement.binds:
            binding[bound].add(statement)
    if name not in binding:
        return set(statements)
    pending = [*binding[name], *(statement for statement in statements if not statement.binds)]
    found = set(pending)
    while pending:
        named = set().union(*(binding[used] for used in pending.pop().uses & binding.keys())) - found
        found |= named
        pending += named
    return found


def _statement(node: ast.stmt, lines: list[str]) -> Statement:
    decorators = getattr(node, "decorator_list", [])
    numbers = range(min(item.lineno for item in (node, *decorators)), (node.end_lineno or node.lineno) + 1)
    uses = frozenset(item.id for item in ast.walk(node) if isinstance(item, ast.Name))
    return Statement("\n".join(lines[numbers.start - 1 : numbers.stop - 1]), numbers, _binds(node), uses)


def _binds(node: ast.stmt) -> tuple[str, ...]:
    """A decorator may keep what it decorates, and ``*`` may bind any name."""
    if isinstance(node, _Definition):
        return () if node.decorator_list else (node.name,)
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        return () if "*" in names else tuple(names)
    return ()


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
