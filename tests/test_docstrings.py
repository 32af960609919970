"""Pages of the package and of the plugin: all are there, what raises says so, examples run, and arrays have shapes."""

import ast
import doctest
import importlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import entropice

PROJECT = Path(__file__).parents[1]
PACKAGE = Path(entropice.__file__).parent
ROOMS = ("derive", "dggs", "espa", "imagery", "learning", "ordinal", "report", "zonal")
"""That compute."""
FEWEST_EXAMPLES = 3
"""Of functions with an example, in each room."""

ARRAYS = re.compile(
    r"\b(?:\w*Array|ArrayLike|ByteBand|CellIds|Codes|\w*DataFrame|\w*Dataset|FloatBand|Floats|Geometries|Indices"
    r"|ndarray|Rows|Series|Weights|csr_matrix)\b"
)
"""Annotations of what has a shape, dimensions or columns: numpy's, pandas', xarray's and our names for them."""

_SIZE = r"(?:\.\.\.|…|\w+(?: ?[+·−] ?\w+)*)"
SHAPE = re.compile(
    rf"\({_SIZE},(?: {_SIZE},?)*\)"  # (n,), (n, n_class), (rows − 2·margin, columns), (..., K, D)
    r"|\((?:…|n|n_\w+|[A-Z])\)"  # rows (n) of a frame
    r"|``\w+(?: [\w<>…]+)+``"  # ``cell_id year p_<class>…``: columns of a frame
    r"|\b(?:[Ss]hapes?|[Cc]olumns?|[Dd]ims?)\b"
)


@dataclass(frozen=True)
class Page:
    """A public function, method or class and what is said of it."""

    module: str
    name: str
    line: int
    text: str
    annotations: tuple[str, ...]
    raises: bool

    @property
    def room(self) -> str:
        """The first folder within the package, or a module beside the rooms."""
        return self.module.removeprefix("qgis_plugin.").split(".")[1]

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


def _pages(root: Path, above: Path) -> Iterator[Page]:
    for path in sorted(root.rglob("*.py")):
        module = ".".join(path.relative_to(above).with_suffix("").parts)
        yield from _pages_within(module, ast.parse(path.read_text(encoding="utf-8")), "")


def _pages_within(module: str, node: ast.AST, prefix: str) -> Iterator[Page]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            name = f"{prefix}{child.name}"
            text = ast.get_docstring(child) or ""
            yield Page(module, name, child.lineno, text, _annotations(child), _raises(child))
            if isinstance(child, ast.ClassDef):
                yield from _pages_within(module, child, f"{name}.")


def _annotations(node: ast.FunctionDef | ast.ClassDef) -> tuple[str, ...]:
    if isinstance(node, ast.ClassDef):
        return ()
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    found = [*(each.annotation for each in arguments), node.returns]
    return tuple(ast.unparse(each) for each in found if each is not None)


def _raises(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether a function's own body raises an error that it names."""
    if isinstance(node, ast.ClassDef):
        return False
    return any(isinstance(each, ast.Raise) and each.exc is not None for each in ast.walk(node))


PAGES = tuple(_pages(PACKAGE, PACKAGE.parent))
OF_PLUGIN = tuple(_pages(PROJECT / "qgis_plugin/entropice", PROJECT))
EXAMPLES = tuple(page for page in (*PAGES, *OF_PLUGIN) if ">>>" in page.text)
OF_ARRAYS = tuple(
    page for page in PAGES if page.room in ROOMS and any(ARRAYS.search(each) for each in page.annotations)
)


@pytest.mark.parametrize(
    "text", ["Height (m) of the ground.", "In [0, 1); see Guo et al. (2017).", "Steps `a` and ``b``, in (0, 1]."]
)
def test_what_is_no_shape_is_not_taken_for_one(text: str) -> None:
    assert not SHAPE.search(text)


def test_everything_public_has_a_page() -> None:
    assert len(PAGES) > 3000
    assert len(OF_PLUGIN) > 500
    assert [str(page) for page in (*PAGES, *OF_PLUGIN) if not page.text] == []


def test_what_raises_says_when() -> None:
    raising = [page for page in (*PAGES, *OF_PLUGIN) if page.raises]

    assert len(raising) > 300
    assert [str(page) for page in raising if "\nRaises\n---" not in page.text] == []


@pytest.mark.parametrize("page", EXAMPLES, ids=str)
def test_an_example_shows_what_it_says(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(page.module)
    example = doctest.DocTestParser().get_doctest(page.text, vars(module).copy(), page.name, module.__file__, page.line)
    said: list[str] = []
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # a log may go to where examples print
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append)

    assert not said, "".join(said)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_examples(room: str) -> None:
    assert sum(page.room == room for page in EXAMPLES) >= FEWEST_EXAMPLES


def test_what_takes_or_gives_arrays_states_their_shape() -> None:
    """Shape, dimensions or columns, on the function's own page: nobody has to look into the class or the code."""
    mute = [str(page) for page in OF_ARRAYS if not SHAPE.search(page.text)]

    assert len(OF_ARRAYS) > 300
    assert mute == []
