"""The documentation site: links and anchors, figures and their commands, pages in the table of contents."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel, Field

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md"))
ALL_PAGES = [*PAGES, PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md"]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
ANCHORED = re.compile(r"\]\(([^)#:\s]*)#([^)\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
GALLERIES = {"gallery": "gallery", "inventory": "years_are_pictured"}
"""Rows of docs/figures.md that name a command below the table, and the tests which that command chooses."""


def _anchors(page: Path) -> set[str]:
    """As GitHub and MyST make them of headings: lower case, words joined by hyphens, nothing but letters and digits."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", _spoken(heading).lower()).replace(" ", "-") for heading in headings}


def _spoken(heading: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", heading).strip()


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_anchors_are_headings(page: Path) -> None:
    found = ANCHORED.findall(page.read_text())

    assert [
        f"{link}#{anchor}" for link, anchor in found if anchor not in _anchors(page.parent / link if link else page)
    ] == []


def test_every_page_stands_in_the_table_of_contents() -> None:
    index = (DOCS / "index.md").read_text()
    below = {path.parent.name for path in PAGES if path.name == "README.md"}

    expected = {path.relative_to(DOCS).with_suffix("").as_posix() for path in PAGES if path.parent.name not in below}

    assert expected - {"index"} - set(index.split()) == set()


def _figures() -> Iterator[tuple[str, str, str]]:
    """Picture, page and command of every row."""
    for line in (DOCS / "figures.md").read_text().splitlines():
        if line.startswith("| `"):
            picture, shown_on, command, _ = (part.strip() for part in line.strip("|").split("|"))
            yield picture.strip("`"), re.findall(r"\(([^)]+)\)", shown_on)[0], command


def test_every_picture_has_a_command_and_is_shown_where_it_says() -> None:
    figures = list(_figures())

    shown = {page: {Path(path).name for path in PICTURE.findall((DOCS / page).read_text())} for _, page, _ in figures}
    assert [picture for picture, _, _ in figures] == sorted(path.name for path in (DOCS / "images").iterdir())
    assert [(picture, page) for picture, page, _ in figures if picture not in shown[page]] == []


def test_pictures_on_pages_are_among_the_figures() -> None:
    known = {picture for picture, _, _ in _figures()}
    shown = {Path(path).name for page in PAGES for path in PICTURE.findall(page.read_text())}

    assert shown - known == set()


@pytest.mark.parametrize("command", sorted({command for _, _, command in _figures()}))
def test_the_command_of_a_picture_exists(command: str) -> None:
    if command in GALLERIES:
        line = next(
            line for line in (DOCS / "figures.md").read_text().splitlines() if f"-k {GALLERIES[command]}" in line
        )
        assert any(
            GALLERIES[command] in path.name + path.read_text() for path in (PROJECT / "tests/qgis").glob("test_*.py")
        )
        assert "tests/qgis/run.sh" in line
    elif script := re.search(r"python (\S+\.py)", command):
        assert (PROJECT / script[1]).is_file()
    else:
        assert command.startswith("`qgis_process run entropice:figure ")


def test_terms_of_the_glossary_are_sorted_and_each_is_explained_once() -> None:
    sections = (DOCS / "glossary.md").read_text().split("\n## ")[1:]
    terms = [re.findall(r"^(.+)\n: ", section, re.MULTILINE) for section in sections]

    everything = [term for section in terms for term in section]
    assert len(everything) == len(set(everything)) > 150
    assert all(section == sorted(section, key=str.casefold) for section in terms)


@pytest.mark.slow
def test_the_site_is_made_without_a_warning_and_asks_for_nothing_foreign(tmp_path: Path) -> None:
    command = [
        "--fail-on-warning",
        "--keep-going",
        "--quiet",
        "-d",
        str(tmp_path / "doctrees"),
        "docs",
        str(tmp_path / "site"),
    ]
    made = subprocess.run(
        [sys.executable, "-m", "sphinx", *command], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert made.returncode == 0, made.stderr[-3000:]
    pages = list((tmp_path / "site").rglob("*.html"))
    foreign = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//")
    assert len(pages) > 150
    assert [page.name for page in pages if foreign.search(page.read_text())] == []


def _extension(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"sphinx_extensions/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("E |r| = c", r"E \|r\| = c"),
        ("a ``x | y`` and |d|", r"a ``x | y`` and \|d\|"),
        (">>> a | b", ">>> a | b"),
        ("shape (n, *shape) and *this*", r"shape (n, \*shape) and *this*"),
    ],
)
def test_bars_and_stars_of_docstrings_are_kept(line: str, expected: str) -> None:
    lines = [line]
    _extension("house_docstrings")._escape(lines)

    assert lines == [expected]


def test_fields_of_parameter_models_are_told_with_limits_and_defaults() -> None:
    class Given(BaseModel):
        share: float = Field(gt=0.0, description="of the land")
        n_folds: int = Field(default=5, description="as in 2021_…")

    lines = ["A model."]
    _extension("house_docstrings")._tell_fields(None, "class", "Given", Given, None, lines)

    assert lines[2::2] == ["- **share** (``Gt(gt=0.0)``): of the land", r"- **n_folds**: as in 2021\_…; default ``5``"]


def test_included_files_are_linked_as_pages_and_readmes_have_their_folder_below() -> None:
    module = _extension("linked_pages")
    source = ["see [the changes](../CHANGELOG.md#x)"]

    module._link_included(None, "extending", source)
    module._add_pages_below(None, "extending", source)
    assert source == ["see [the changes](changelog.md#x)"]
    module._add_pages_below(None, "plugin/README", source)
    assert source[0].endswith("```{toctree}\n:hidden:\n:glob:\n\n*\n```\n")
    assert all((DOCS / f"{page}.md").is_file() for page in [*module.PAGES_BELOW, "changelog", "benchmarks"])
