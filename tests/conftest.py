import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["DO_NOT_TRACK"] = "1"

settings.register_profile("entropice", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("entropice")

PROJECT = Path(__file__).parents[1]
SHARED_DATA = Path(os.environ.get("ENTROPICE_SHARED_DATA", PROJECT.parent / "shared" / "data"))


WHOLE_RUNS = {"finished_project", "sample_project", "project"}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fast tests first, whole runs last.

    Several processes (pytest-xdist) begin with the whole runs instead. A file is done by one of them, and everything
    that needs the finished project by one, so that no fixture is made twice.
    """
    items.sort(key=lambda item: bool(WHOLE_RUNS & set(_fixtures(item))), reverse=hasattr(config, "workerinput"))
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            group = "finished_project" if "finished_project" in _fixtures(item) else str(item.path)
            item.add_marker(pytest.mark.xdist_group(group))


def _fixtures(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))


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
