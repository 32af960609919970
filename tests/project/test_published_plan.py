"""The sizes `published` are the checklists', item by item; where one is not, its page says why."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2]
MAY_DIFFER = {
    "slump_imagery": {
        "weights",
        "bands",
        "share of tiles that bands are measured on",
        "precision",
        "ratio between two phases",
        "rule for thresholds",
    },
    "sea_ice": {
        "share of samples that are flipped and turned by 90°",
        "brightness",
        "types: its weights",
        "types: classes",
        "change: network",
        "CPU ms an image",
        "POST /api/v1/classify",
        "GET /api/v1/predictions/7day",
        "reload without restart",
    },
    "human_modification": {"network"},
    "glacial_lakes": {"encoder", "parameters of the encoder"},
}
LEAST_ITEMS = {"slump_imagery": 46, "sea_ice": 60, "human_modification": 20, "glacial_lakes": 70}


@pytest.fixture(scope="module")
def plans() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PROJECT / "docs")
        yield importlib.import_module("published_plan")


@pytest.mark.parametrize("environment", MAY_DIFFER)
def test_a_page_is_that_of_the_parameters_and_of_the_checklist(plans: ModuleType, environment: str) -> None:
    page = next(page for page in plans.PAGES if page.environment == environment)
    items = list(page.items())
    different = [item for item in items if not item.is_equal]

    assert {item.name for item in different} <= MAY_DIFFER[environment], different
    assert all(item.because for item in different)
    assert [item.plan for item in items if not getattr(item.plan, "is_there", True)] == []
    assert len(items) >= LEAST_ITEMS[environment]
    assert (PROJECT / "docs" / page.name).read_text(encoding="utf-8") == page.text(items)
