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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: those that need a whole run of the project come last."""
    items.sort(key=lambda item: bool(WHOLE_RUNS & set(getattr(item, "fixturenames", ()))))


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
    from project_copy import copy_project, kedro

    project = copy_project(PROJECT, tmp_path_factory.mktemp("finished") / "project")
    result = kedro(project, "run", "--env", "test")
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return project
