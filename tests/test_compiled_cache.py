"""Machine code on disk follows every source that it is compiled from."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import entropice

FILES = {
    "__init__.py": "",
    "loops.py": """
from entropice.compiled_cache import compiled_with
from borders.weights import weight

@compiled_with(nogil=True)
def total(n):
    result = 0.0
    for i in range(n):
        result += weight(i)
    return result
""",
    "weights.py": """
from entropice.compiled_cache import compiled_with
from .constants import FULL

@compiled_with(nogil=True)
def weight(i):
    return FULL * 1.0
""",
    "constants.py": "FULL = 1.0\n",
    "aside.py": "X = 1\n",
}
PROBE = "from borders.loops import total; print(total(4), sum(total.stats.cache_hits.values()))"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "borders"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text)
    return root


def _total(package: Path, **environment: str) -> tuple[float, bool]:
    """What the compiled loop returns in a process of its own, and whether it was on disk."""
    paths = os.pathsep.join([str(package.parent), str(Path(entropice.__file__).parents[1])])
    result = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    value, n_hits = result.stdout.split()
    return float(value), int(n_hits) > 0


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("weights.py", "FULL * 1.0", "FULL * 0.5"), ("constants.py", "1.0", "0.5")],
    ids=["a callee of another module", "a constant of a third"],
)
def test_a_change_of_what_is_compiled_in_is_seen(package: Path, file: str, old: str, new: str) -> None:
    assert _total(package) == (4.0, False)
    _edit(package / file, old, new)

    assert _total(package) == (2.0, False)
    assert _total(package) == (2.0, True)


def test_a_change_elsewhere_compiles_nothing(package: Path) -> None:
    assert _total(package) == (4.0, False)
    _edit(package / "aside.py", "1", "2")

    assert _total(package) == (4.0, True)


def test_a_folder_of_ones_own_is_used(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "machine code"
    assert _total(package, NUMBA_CACHE_DIR=str(folder)) == (4.0, False)

    assert list(folder.rglob("*.nbi"))
    assert not list(package.rglob("*.nbi"))
    assert _total(package, NUMBA_CACHE_DIR=str(folder)) == (4.0, True)


WITHOUT_COMPILERS = {"numba.core", "numba.extending"}
"""Parts of numba by which instructions are written that functions of this cache are compiled with."""


def _compilers(node: ast.AST) -> bool:
    """Whether a statement imports what compiles functions."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "numba":
        return node.module not in WITHOUT_COMPILERS and [alias.name for alias in node.names] != ["types"]
    return isinstance(node, ast.Import) and any(alias.name.partition(".")[0] == "numba" for alias in node.names)


def test_no_module_compiles_without_this_cache() -> None:
    root = Path(entropice.__file__).parent
    importers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _compilers(node)
    }

    assert importers == {"compiled_cache.py"}


@pytest.mark.parametrize(
    ("statement", "compiles"),
    [
        ("import numba", True),
        ("from numba import njit", True),
        ("from numba import njit, types", True),
        ("from numba import types", False),
        ("from numba.extending import intrinsic", False),
        ("import numpy", False),
    ],
)
def test_what_compiles_is_told_by_its_import(statement: str, compiles: bool) -> None:
    assert _compilers(ast.parse(statement).body[0]) is compiles
