import ast
import configparser
import zipfile
from pathlib import Path

import pytest

from qgis_plugin.build_zip import build_zip

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
        "collections",
        "contextlib",
        "dataclasses",
        "functools",
        "hashlib",
        "heapq",
        "html",
        "itertools",
        "json",
        "math",
        "osgeo",
        "pathlib",
        "qgis",
        "random",
        "re",
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


def test_zip_holds_the_plugin_and_no_tests_and_is_the_same_each_time(tmp_path: Path):
    first, second = build_zip(tmp_path / "a"), build_zip(tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    names = set(zipfile.ZipFile(first).namelist())
    assert {"entropice/__init__.py", "entropice/metadata.txt", "entropice/LICENSE", "entropice/icon.svg"} <= names
    assert {f"entropice/{path.relative_to(PLUGIN).as_posix()}" for path in SOURCES} <= names
    assert not [name for name in names if "test" in name or "__pycache__" in name]


def test_metadata_has_what_qgis_requires():
    metadata = configparser.ConfigParser()
    metadata.read(PLUGIN / "metadata.txt", encoding="utf-8")
    required = "name qgisMinimumVersion description about version author email repository tracker"
    assert not [key for key in required.split() if not metadata["general"].get(key)]
