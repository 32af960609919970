import os
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ["DO_NOT_TRACK"] = "1"

settings.register_profile("entropice", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("entropice")

PROJECT = Path(__file__).parents[1]
SHARED_DATA = Path(os.environ.get("ENTROPICE_SHARED_DATA", PROJECT.parent / "shared" / "data"))


WHOLE_RUNS = {"finished_project", "sample_project", "project"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fast tests first, whole runs last; several processes (pytest-xdist) begin with the whole runs instead."""
    is_shared_out = hasattr(config, "workerinput")
    items.sort(key=lambda item: bool(WHOLE_RUNS & set(getattr(item, "fixturenames", ()))), reverse=is_shared_out)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files whole, and all that need the finished project, go to one process, so that no fixture is made twice."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return "finished_project" if _needs_finished_project(config.rootpath / file) else file

    return Scheduling(config, log)


@cache
def _needs_finished_project(file: Path) -> bool:
    return "finished_project" in file.read_text(encoding="utf-8")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches this process and those it starts, also where a shell's background job made it ignored."""
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, inherited)


@pytest.fixture(scope="session")
def project_path() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files; a test that needs it is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real files are not at {SHARED_DATA}; set ENTROPICE_SHARED_DATA to their folder")
    return SHARED_DATA


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which `kedro run --env test` has completed; read it, never write to it."""
    from project_copy import copy_project, finish

    return finish(copy_project(PROJECT, tmp_path_factory.mktemp("finished") / "project"))


@pytest.fixture(scope="session")
def killed_project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another one, in which runs were killed before one has completed; to be read only, too."""
    from killed_runs import damaged, kill_runs, records
    from project_copy import copy_project, finish

    project = copy_project(finished_project, tmp_path_factory.mktemp("killed") / "project")
    kill_runs(project, len(records(finished_project)))
    assert len(damaged(project)) <= 1, "at most the output whose record was about to be written"
    return finish(project)
