"""Licences and addresses of the sources, and the parameters of their download."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from entropice.pipelines.composition import Composition
from entropice.pipelines.download.sections import DownloadParameters
from entropice.pipelines.reporting.about import attributions
from entropice.pipelines.sources.declaration import SYNTHETIC
from entropice.pipelines.sources.registry import SOURCES

PROJECT = Path(__file__).parents[3]
CONF = PROJECT / "conf/arctic"


def _composition(environment: str) -> Composition:
    return Composition.model_validate(yaml.safe_load((PROJECT / f"conf/{environment}/composition.yml").read_text()))


def test_whatever_is_downloaded_has_a_licence() -> None:
    assert [source.name for source in SOURCES if source.download is not None and source.licence is None] == []


def test_the_page_is_that_of_the_declarations() -> None:
    spec = importlib.util.spec_from_file_location("licences_of_data", PROJECT / "docs/licences_of_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert (PROJECT / "docs/licences-of-data.md").read_text() == module.licences_of_data()


def test_the_arctic_gives_the_credit_of_each_of_its_sources() -> None:
    credits = attributions(_composition("arctic"))

    assert [text.split(":")[0].split(" ")[0] for text in credits] == ["Land", "DARTS", "ERA5", "ArcticDEM", "The"]
    assert len(set(credits)) == 5


def test_sources_of_one_licence_are_credited_once() -> None:
    assert attributions(_composition("sample"))[0].startswith("ARTS")
    assert attributions(_composition("base")) == (SYNTHETIC.attribution,)


def test_no_address_stands_in_code() -> None:
    rooms = ("acquisition", "pipelines/download", "pipelines/sources")
    code = [path for room in rooms for path in (PROJECT / "src/entropice" / room).rglob("*.py")]

    reserved = r"example\.org|localhost"  # for examples, by RFC 2606: nobody is there
    assert [path.name for path in code if re.search(rf"https?://(?!{reserved})\w", path.read_text())] == []


@pytest.fixture
def shipped() -> dict:
    return yaml.safe_load((CONF / "download/parameters.yml").read_text())["download"]


def test_the_shipped_parameters_are_valid_and_need_no_key(shipped: dict) -> None:
    parameters = DownloadParameters.model_validate(shipped)

    assert parameters.climate.root.kind == "zarr"
    assert "era5_hourly" in _composition("arctic").features, "what such a store holds"


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ("land", {"files": []}),
        ("land", {"files": [{"url": "ftp://there/file", "name": "a"}]}),
        ("land", {"files": [{"url": "https://there/file", "name": "../a"}]}),
        ("labels", {"files": [{"url": "https://there/file", "name": "a", "sha256": "abc"}]}),
        ("climate", {"kind": "ftp"}),
        ("elevation", {"collection": "https://there", "assets": "dem"}),
        ("transfer", {"n_parallel": 0}),
    ],
)
def test_wrong_parameters_are_refused(section: str, wrong: dict, shipped: dict) -> None:
    with pytest.raises(ValueError, match=section):
        DownloadParameters.model_validate(shipped | {section: wrong})


def test_a_period_must_not_end_before_it_begins(shipped: dict) -> None:
    with pytest.raises(ValueError, match="lies before"):
        DownloadParameters.model_validate(shipped | {"climate": shipped["climate"] | {"last_year": 1950}})
