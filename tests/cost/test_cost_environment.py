"""A virtual world is known from the parameters; where the files are real there is none."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.cost.environment import Environment
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[2] / "conf"


def _world(name: str) -> Any:
    read = read_configuration(RootedConfigLoader(str(CONF), env=name, **CONFIG_LOADER_ARGS))
    context: Any = SimpleNamespace(parameters=read.parameters, composition=read.composition)
    return Environment(context, pipeline=None).world


def test_a_world_is_there_where_files_are_made() -> None:
    assert 0.0 < _world("base").land_share < 1.0


def test_real_files_have_none() -> None:
    assert _world("arctic") is None
