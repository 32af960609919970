import doctest
import importlib.util
import inspect
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
import xarray as xr
from documented import blocks, commands, is_python, listed_files

from entropice.app.configuration.loader import RootedConfigLoader
from entropice.runs import open_run
from entropice.settings import CONFIG_LOADER_ARGS

PROJECT = Path(__file__).parents[2]
PAGES = [*sorted((PROJECT / "docs").rglob("*.md")), PROJECT / "README.md", PROJECT / "CONTRIBUTING.md"]


def test_the_data_dictionary_is_that_of_the_cube(finished_project: Path) -> None:
    spec = importlib.util.spec_from_file_location("data_dictionary", PROJECT / "docs/data_dictionary.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    with xr.open_zarr(finished_project / "data/test/h3_4/04_feature/features.zarr", consolidated=False) as cube:
        assert (PROJECT / "docs/data-dictionary.md").read_text() == module.data_dictionary(cube)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_dataset_is_explained() -> None:
    loader = RootedConfigLoader(str(PROJECT / "conf"), env="base", **CONFIG_LOADER_ARGS)
    page = (PROJECT / "docs/ARCHITECTURE.md").read_text()

    names = [name.replace("{task}", "<task>") for name in loader["catalog"]]

    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_examples_of_the_espa_page_run_in_their_order() -> None:
    lines = (PROJECT / "docs/espa.md").read_text().splitlines()
    code = "\n".join(line[4:] for line in lines if line.startswith("    ") or not line)

    exec(compile(code, "docs/espa.md", "exec"), {})  # noqa: S102  # the page is ours


@pytest.fixture(scope="module")
def reporting(finished_project: Path) -> Path:
    """The folder of the run folder, to be read only."""
    return finished_project / "data/test/h3_4/08_reporting"


@pytest.mark.parametrize("page", ["tutorial.md", "run-folder.md"])
def test_files_that_a_page_lists_are_in_a_run(page: str, reporting: Path) -> None:
    listing = next(each for each in blocks(PROJECT / "docs" / page) if "manifest.json" in each.text)
    names = listed_files(listing)

    assert len(names) >= 4
    assert [name for name in names if not list((reporting / "run").glob(name))] == []


def test_every_file_of_a_run_is_listed(reporting: Path) -> None:
    listing = next(each for each in blocks(PROJECT / "docs/run-folder.md") if "manifest.json" in each.text)

    assert {path.name for path in (reporting / "run").iterdir()} == {
        path.name for name in listed_files(listing) for path in (reporting / "run").glob(name)
    }


def test_the_snippet_for_other_models_reads_a_run(reporting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (snippet,) = (each for each in blocks(PROJECT / "docs/how-to.md") if "starting_conditions.nc" in each.text)
    assert is_python(snippet)
    monkeypatch.chdir(reporting)
    *statements, shown = snippet.text.strip().splitlines()
    names: dict = {}
    exec("\n".join(statements), names)  # noqa: S102  # the page is ours

    with names["start"]:
        shares = eval(shown, names)  # noqa: S307
        assert 0.0 < float(shares.max()) < 1.0


def test_the_example_of_a_run_opens_one(reporting: Path) -> None:
    example = re.sub(r'"data/[^"]*"', repr(str(reporting / "run")), inspect.getdoc(open_run) or "").replace("+SKIP", "")
    test = doctest.DocTestParser().get_doctest(example, {"open_run": open_run}, "open_run", None, 0)
    exec("".join(each.source for each in test.examples), test.globs)  # noqa: S102

    assert len(test.examples) >= 2
    assert len(test.globs["run"].manifest["years"]) == 2


def test_the_query_for_features_gives_their_values(reporting: Path) -> None:
    """Of a feature and a cell that this run keeps, in place of those of the default world."""
    (query,) = (each.text for each in blocks(PROJECT / "docs/run-folder.md") if each.text.startswith("SELECT"))
    run = open_run(reporting / "run")
    values = run.feature_values(run.manifest["years"][-1]).dropna(axis="columns")
    with sqlite3.connect(f"file:{reporting}/run/run.gpkg?mode=ro", uri=True) as database:
        columns = [column for (_, column, *_) in database.execute("PRAGMA table_info(feature_values)")]
        name = next(each for each in columns if each in values)
        (shown,) = re.findall(r"f\.name = '(\w+)'", query)
        own = re.sub(r"\d{15,}", str(values.index[0]), query.replace(shown, name))
        found = [value for (value,) in database.execute(own)]

    assert found == [pytest.approx(values[name].iloc[0])]


def test_a_run_is_checked_as_the_page_says(reporting: Path) -> None:
    shown = commands(PROJECT / "docs/how-to.md")
    (check,) = (each for each in shown if each.program == "sha256sum")
    result = subprocess.run(check.words, cwd=reporting, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert "run/run.gpkg: OK" in result.stdout
