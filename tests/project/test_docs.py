import importlib.util
import re
from pathlib import Path

import pytest
import xarray as xr

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


@pytest.mark.parametrize("noun", ["cells", "labels", "features", "folds", "classes", "predictions", "drivers", "run"])
def test_the_nouns_are_explained(noun: str) -> None:
    assert f"`{noun}`" in (PROJECT / "docs/ARCHITECTURE.md").read_text()
