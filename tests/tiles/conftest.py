import copy
from pathlib import Path
from typing import Any

import pytest

from entropice.app.configuration.loader import RootedConfigLoader
from entropice.settings import CONFIG_LOADER_ARGS


@pytest.fixture
def project_parameters(project_path: Path) -> dict[str, Any]:
    """The parameters of the default environment, as they are read."""
    loader = RootedConfigLoader(str(project_path / "conf"), **CONFIG_LOADER_ARGS)
    return dict(copy.deepcopy(loader["parameters"]))
