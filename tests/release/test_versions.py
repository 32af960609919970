import shutil
import tomllib
from pathlib import Path

import pytest
import yaml

from release.versions import (
    CHANGELOG,
    CITATION,
    PACKAGE,
    PLUGIN,
    PROJECT,
    against_publication,
    disagreements,
    stated_versions,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (PROJECT, PACKAGE, CITATION, CHANGELOG, PLUGIN):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_all_files_of_this_project_state_one_version() -> None:
    versions = stated_versions(ROOT)

    assert disagreements(versions) == []
    assert len(versions) == 5
    assert versions[PROJECT].count(".") == 2


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (PACKAGE, '__version__ = "', '__version__ = "9'),
        (CITATION, "\nversion: ", "\nversion: 9"),
        (CHANGELOG, "\n## ", "\n## 9"),
        (PLUGIN, "changelog=", "changelog=9"),
    ],
)
def test_a_file_that_states_another_version_is_named_with_both(project: Path, name: str, old: str, new: str) -> None:
    wanted = stated_versions(project)[PROJECT]
    _edit(project / name, old, new)

    (line,) = disagreements(stated_versions(project))

    assert line == f"{name}: states version 9{wanted}, {PROJECT} states {wanted}. Write {wanted} there."


def test_a_file_without_a_version_is_named(project: Path) -> None:
    _edit(project / PACKAGE, "__version__", "VERSION")

    assert disagreements(stated_versions(project))[0].startswith(f"{PACKAGE}: states version none")


def test_an_undated_changelog_and_example_addresses_make_a_rehearsal(project: Path) -> None:
    _edit(project / CHANGELOG, "(unreleased)", "(unreleased)")

    undated, addresses = against_publication(project)

    assert undated.startswith(f"{CHANGELOG}: its newest version is 'unreleased'.")
    assert addresses == f"{PROJECT}: email, homepage, repository, tracker: an example. Write true ones."


def test_changelog_and_citation_have_one_day(project: Path) -> None:
    _edit(project / CHANGELOG, "(unreleased)", "(2026-12-31)")
    assert next(against_publication(project)).startswith(
        f"{CITATION}: date-released is none, {CHANGELOG} says 2026-12-31"
    )

    _edit(project / CITATION, "\nlicense:", "\ndate-released: 2026-12-31\nlicense:")
    text = (project / PROJECT).read_text().replace("example.org", "permafrost.test")
    (project / PROJECT).write_text(text)
    assert list(against_publication(project)) == []


def test_the_citation_is_complete_and_has_the_addresses_of_the_project() -> None:
    citation = yaml.safe_load((ROOT / CITATION).read_text())
    urls = tomllib.loads((ROOT / PROJECT).read_text())["project"]["urls"]

    assert {
        "cff-version",
        "message",
        "title",
        "abstract",
        "type",
        "license",
        "authors",
        "keywords",
        "references",
    } <= set(citation)
    assert (citation["url"], citation["repository-code"]) == (urls["Homepage"], urls["Repository"])
    assert all({"type", "title", "authors", "year", "doi"} <= set(one) for one in citation["references"])
