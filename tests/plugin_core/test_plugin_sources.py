import ast
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[2] / "qgis_plugin" / "entropice"
SOURCES = sorted(PLUGIN.rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return modules | {
        "." * node.level + (node.module or "") for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PLUGIN)))
def test_sources_parse_in_the_oldest_python_and_import_nothing_to_install(path: Path):
    modules = imported(ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9)))
    outside = {module.partition(".")[0] for module in modules if not module.startswith(".")}
    assert outside <= {
        "__future__",
        "bisect",
        "collections",
        "contextlib",
        "csv",
        "dataclasses",
        "datetime",
        "functools",
        "hashlib",
        "heapq",
        "html",
        "io",
        "itertools",
        "json",
        "math",
        "osgeo",
        "pathlib",
        "qgis",
        "random",
        "re",
        "sqlite3",
        "textwrap",
        "typing",
    }
    assert not any(module.startswith(("qgis.PyQt.Qt5", "PyQt")) for module in modules)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PLUGIN)))
def test_rings_import_inwards_only(path: Path):
    ring = path.relative_to(PLUGIN).parts[0]
    modules = imported(ast.parse(path.read_text(encoding="utf-8")))
    forbidden = {"core": ("qgis", "osgeo", "..adapter", "..ui"), "adapter": ("..ui", "qgis.PyQt.QtWidgets", "qgis.gui")}
    assert not [module for module in modules if module.startswith(forbidden.get(ring, ("no such module",)))]
