import importlib.util
import re
from pathlib import Path

import pytest
import yaml
from entropice.acquisition.licences import LICENCES

from entropice.pipelines.download.parameters import DownloadParameters

PROJECT = Path(__file__).parents[2]
CONF = PROJECT / "conf/arctic"


def test_every_source_has_a_licence() -> None:
    assert set(LICENCES) == set(DownloadParameters.model_fields) - {"transfer"}


def test_the_page_is_that_of_the_table() -> None:
    spec = importlib.util.spec_from_file_location("licences_of_data", PROJECT / "docs/licences_of_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert (PROJECT / "docs/licences-of-data.md").read_text() == module.licences_of_data()


def test_the_arctic_report_gives_every_credit() -> None:
    reporting = yaml.safe_load((CONF / "reporting/parameters.yml").read_text())["reporting"]

    assert reporting["attributions"] == [licence.credit for licence in LICENCES.values()]


def test_no_address_stands_in_code() -> None:
    rooms = ("acquisition", "pipelines/download")
    code = [path for room in rooms for path in (PROJECT / "src/entropice" / room).glob("*.py")]

    assert [path.name for path in code if re.search(r"https?://\w", path.read_text())] == []


@pytest.fixture
def shipped() -> dict:
    return yaml.safe_load((CONF / "download/parameters.yml").read_text())["download"]


def test_the_shipped_parameters_are_valid_and_need_no_key(shipped: dict) -> None:
    parameters = DownloadParameters.model_validate(shipped)
    composition = yaml.safe_load((CONF / "composition.yml").read_text())

    assert parameters.climate.root.kind == "zarr"
    assert composition["climate"] == "era5_hourly", "what such a store holds"


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
