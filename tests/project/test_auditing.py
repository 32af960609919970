"""Figures of the form of code, counted by hand on a small module, and functions picked by lot."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"

MODULE = '''\
"""Not counted: a module's docstring."""
# Why this is so.
import os  # noqa: F401


class Shelf:
    """What holds books.

    As many as there are.
    """

    def add(self, book: str, *others, where: int = 0) -> None:
        """Add some.

        Raises
        ------
        ValueError
            For none; see doi:10.1000/1.
        """
        try:
            self.books = [book, *others]  # in order
        except Exception:
            raise

    def _dust(self):
        return 1


def mute(x): return x


async def count(shelf: Shelf) -> int:
    """
    >>> 1 + 1
    2
    """
    def inner():
        return len(shelf.books)

    return inner()
'''


def script(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return script("code_figures", monkeypatch)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name in ("shelf.py", "tests/test_shelf.py", "templates/{{ broken }}.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{{" if "broken" in name else MODULE)
    return tmp_path


def test_a_module_counted_by_hand(figures: ModuleType, package: Path) -> None:
    """Functions have 5, 2, 1, 5 and 2 lines; of 5 arguments 3 have types; `mute` and `inner` say nothing."""
    (module,) = figures.modules_of(package)

    found = dict(zip(figures.COLUMNS, figures.row("shelf", [module]), strict=True))

    assert found == {
        "code": "shelf",
        "lines": "40",
        "module median / p90 / max": "40 / 40 / 40",
        "function median / p90 / max": "2 / 5 / 5",
        "> 60 lines": "0 %",
        "arguments annotated": "60 %",
        "broad excepts": "1",
        "public docstrings": "60 %",
        "Raises": "25 %",
        "examples": "25 %",
        "references": "25 %",
        "comments / 100 lines": "5.00",
        "docstring lines / 100 lines": "37.5",
    }


def test_the_same_lot_picks_the_same_functions_and_shows_their_page_alone(
    monkeypatch: pytest.MonkeyPatch, package: Path
) -> None:
    picking = script("picked_functions", monkeypatch)
    (package / "templates/{{ broken }}.py").unlink()

    functions = [one for one in picking.public_functions(package) if one.name.startswith("shelf.")]

    assert [one.name for one in functions] == ["shelf.Shelf.add", "shelf.count", "shelf.mute"]
    assert functions[2].page == "mute(x)\n\n(no docstring)"
    assert functions[0].page.startswith("add(self, book: str, *others, where: int=0) -> None\n\nAdd some.")
    assert "self.books" not in functions[0].page
    assert picking.picked(functions, 2, 7) == picking.picked(functions, 2, 7)
    assert len(set(picking.picked(functions, 3, 7))) == 3
