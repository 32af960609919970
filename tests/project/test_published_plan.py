"""The size `published` is the training guide's, item by item; where it is not, the page says why."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2]
MAY_DIFFER = {
    "weights",
    "bands",
    "share of tiles that bands are measured on",
    "precision",
    "ratio between two phases",
    "rule for thresholds",
}


@pytest.fixture(scope="module")
def plan() -> ModuleType:
    spec = importlib.util.spec_from_file_location("published_plan", PROJECT / "docs/published_plan.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_that_of_the_parameters_and_of_the_guide(plan: ModuleType) -> None:
    items = list(plan.items())

    assert {item.name for item in items if not item.is_equal} <= MAY_DIFFER, [
        (item.name, item.guide, item.plan) for item in items if not item.is_equal
    ]
    assert all(item.because for item in items if not item.is_equal)
    assert len(items) > 45
    page = plan.HEADER + "".join(map(plan.row, items))
    assert (PROJECT / "docs/published-plan.md").read_text(encoding="utf-8") == page
