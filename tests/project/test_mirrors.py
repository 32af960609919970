"""A module of more than 120 lines of code has tests of its own, or stands on the list of those tested from afar."""

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from mutation.reached import imported_names, module_name

PROJECT: Final = Path(__file__).parents[2]
SRC: Final = PROJECT / "src"
TESTS: Final = PROJECT / "tests"
LONGEST_WITHOUT: Final = 120
"""Lines without docstrings: pages grow, and nobody need test them. With them it was 150 when a fifth was docstrings."""

FROM_AFAR: Final = frozenset(
    {
        "entropice.app.context",
        "entropice.pipelines.kinds.mask.steps",
        "entropice.pipelines.mapping.nodes",
        "entropice.report.charts.drivers",
        "entropice.report.charts.imagery_curves",
        "entropice.report.charts.map",
        "entropice.report.charts.training",
        "entropice.report.frames.map",
        "entropice.report.task_tables",
        "entropice.serve.answers",
        "entropice.serve.routes",
        "entropice.serve.served_cells",
    }
)
"""Modules that only tests of what is built of them reach. None is to be added."""


@cache
def imports_of_tests() -> dict[Path, frozenset[str]]:
    """Files of tests, and of the fixtures that they ask for, with the names that each imports."""
    files = [file for pattern in ("test_*.py", "conftest.py") for file in TESTS.rglob(pattern)]
    return {file: frozenset(imported_names(file)) for file in files}


def long_modules() -> dict[str, Path]:
    """Modules, by name, that are longer than need no tests of their own."""
    files = [file for file in SRC.rglob("*.py") if file.name != "__init__.py"]
    long = [file for file in files if n_lines_of_code(file.read_text(encoding="utf-8")) > LONGEST_WITHOUT]
    return {module_name(file, SRC): file for file in long}


def n_lines_of_code(text: str) -> int:
    """Lines of a module that are in no docstring."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr) and _is_text(node.value)]
    return len(text.splitlines()) - sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in nodes)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def has_own_tests(name: str, file: Path) -> bool:
    """Whether tests in the folder that mirrors the module's are called after it, or any import it or what it offers.

    What it offers may be imported from the packages above it, which pass it on.
    """
    folder = TESTS / file.relative_to(SRC / "entropice").parent
    if any(f"_{file.stem}_" in f"{test.stem}_" for test in imports_of_tests() if test.parent == folder):
        return True
    defined = ast.parse(file.read_text(encoding="utf-8")).body
    offered = {one.name for one in defined if isinstance(one, ast.ClassDef | ast.FunctionDef) and one.name[0] != "_"}
    parts = name.split(".")
    passed_on = {f"{'.'.join(parts[:n])}.{one}" for n in range(2, len(parts)) for one in offered}
    return any(imported & ({name} | passed_on) for imported in imports_of_tests().values())


def test_long_modules_have_tests_of_their_own() -> None:
    without = {name for name, file in long_modules().items() if not has_own_tests(name, file)}

    assert sorted(without - FROM_AFAR) == [], "write a test for each, or make it shorter"
    assert sorted(FROM_AFAR - without) == [], "these have tests, or are short or gone: take them off the list"


def test_lines_of_docstrings_are_none_of_code() -> None:
    assert n_lines_of_code('"""A.\n\nB."""\nx = "a"\n"""What x is."""\n\ndef f():\n    """C."""\n    return x\n') == 4


@pytest.mark.parametrize("name", ["espa.classifier", "espa.namespaced", "io.sources"])
def test_tests_called_after_a_module_importing_it_and_importing_what_is_passed_on_are_its_own(name: str) -> None:
    assert has_own_tests(f"entropice.{name}", SRC.joinpath("entropice", *name.split(".")).with_suffix(".py"))
