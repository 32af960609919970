"""A plugin of pytest: the one application that widgets need."""

import pytest
from qgis.core import QgsApplication


@pytest.fixture(scope="session", autouse=True)
def application() -> QgsApplication:
    return QgsApplication([])
