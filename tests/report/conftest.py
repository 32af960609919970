"""A small fabricated run on the cells around the pole, which hold ±180° as well."""

from collections.abc import Callable
from functools import partial

import geopandas as gpd
import pytest
from fabricated_runs import GRID, fabricate, run_of
from lacking_runs import HOSTILE, with_hostile_names
from task_results import task_results

from entropice.report.content import RunContent
from entropice.report.results import RunResults, TaskResults
from entropice.report.run_folder import RunFolder


@pytest.fixture(scope="session")
def fabricated() -> RunResults:
    return fabricate(GRID, 84.0)


@pytest.fixture(scope="session")
def slump_results(fabricated: RunResults) -> TaskResults:
    return task_results(fabricated.cells)


@pytest.fixture(scope="session")
def tasked(make_run_folder: Callable[..., RunFolder], slump_results: TaskResults) -> RunFolder:
    """The fabricated run with what a task has found."""
    return make_run_folder(tasks={"slumps": slump_results})


@pytest.fixture(scope="session")
def make_run_folder(fabricated: RunResults) -> Callable[..., RunFolder]:
    """Assemble the fabricated run, with other datasets or parameters where named."""
    return partial(run_of, fabricated)


@pytest.fixture(scope="session")
def make_report(make_run_folder: Callable[..., RunFolder]) -> Callable[..., str]:
    """Render the fabricated run's report, with other datasets or parameters where named."""
    return lambda **changes: make_run_folder(**changes).report_html


@pytest.fixture(scope="session")
def run_folder(make_run_folder: Callable[..., RunFolder]) -> RunFolder:
    return make_run_folder()


@pytest.fixture(scope="session")
def hostile_run(fabricated: RunResults, make_run_folder: Callable[..., RunFolder]) -> RunFolder:
    """The fabricated run; names of class, feature, model and label file, and a title of 3 MB, are hostile."""
    return make_run_folder(**with_hostile_names(fabricated), title=HOSTILE + 3_000_000 * "x")


@pytest.fixture(scope="session")
def content(run_folder: RunFolder) -> RunContent:
    return run_folder.content


@pytest.fixture(scope="session")
def cells(content: RunContent) -> gpd.GeoDataFrame:
    return content.frame("cells")
