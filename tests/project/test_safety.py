"""No code runs from data: nothing in the package unpickles, evaluates or shells out."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SOURCES = sorted((PROJECT / "src").rglob("*.py")) + sorted((PROJECT / "qgis_plugin").rglob("*.py"))
BANNED_MODULES = {"pickle", "joblib", "cloudpickle", "dill", "shelve", "marshal", "subprocess"}
BETWEEN_OWN_PROCESSES = {"Parallel", "cpu_count", "delayed"}
"""What joblib may be taken for: it pickles what this package's processes send each other, and reads no file."""

ERRORS_ALONE = {"UnpicklingError"}
"""What pickle may be taken for: torch raises it where a file holds more than weights."""

BANNED_CALLS = {"eval", "exec", "read_pickle", "to_pickle", "extractall", "system", "popen"}


def _imports(tree: ast.AST) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    taken = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names |= {node.module or "" for node in taken if not _is_harmless(node)}
    return {name.split(".")[0] for name in names}


def _is_harmless(node: ast.ImportFrom) -> bool:
    allowed = {"joblib": BETWEEN_OWN_PROCESSES, "pickle": ERRORS_ALONE}.get(node.module or "", set())
    return {alias.name for alias in node.names} <= allowed


def _calls(tree: ast.AST) -> set[str]:
    """Names of what is called; without arguments nothing can be evaluated, as where a network's mode is set."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    functions = [node.func for node in calls if node.args or node.keywords or not _is_named(node.func, "eval")]
    return {f.id if isinstance(f, ast.Name) else getattr(f, "attr", "") for f in functions}


def _is_named(function: ast.expr, name: str) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_nothing_runs_code_from_data(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert _imports(tree) & BANNED_MODULES == set()
    assert _calls(tree) & BANNED_CALLS == set()
