"""Small projects in which a trial takes no longer than its tests."""

import pytest


@pytest.fixture(autouse=True)
def quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small projects need none of the libraries that the rooms need."""
    monkeypatch.setattr("mutation.trial.PRELOADED", ("pytest",))


@pytest.fixture(scope="session")
def pyproject() -> str:
    """Settings of a small project, without plugins that only take time to load."""
    return '[tool.pytest.ini_options]\naddopts = "-p no:schemathesis -p no:hypothesispytest -p no:zarr"\n'
