"""A plugin of pytest's that leaves out tests of a whole run."""

import pytest

WHOLE_RUN = "finished_project"
"""The fixture that completes ``kedro run --env test``."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that need a whole run, and tell pytest so."""
    needs = {item: WHOLE_RUN in getattr(item, "fixturenames", ()) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if needs[item]])
    items[:] = [item for item in items if not needs[item]]
