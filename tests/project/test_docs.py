import importlib.util
import re
from pathlib import Path

import pytest
import xarray as xr

from entropice.app.configuration.loader import RootedConfigLoader
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
