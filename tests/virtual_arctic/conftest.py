from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from entropice.virtual_arctic.digitising import draw_outlines
from entropice.virtual_arctic.imaging import draw_footprints
from entropice.virtual_arctic.slumps import find_slumps
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.virtual_arctic.terrain import build_terrain
from entropice.virtual_arctic.truth import build_truth

SMALL: dict[str, Any] = {
    "seed": 5,
    "extent": {"left_m": -1600000, "bottom_m": 960000, "right_m": -960000, "top_m": 1600000},
    "label_years": [2022, 2023],
    "elevation_tiles": {"pixel_m": 500, "tile_m": 300000},
    "climate": {"n_history_years": 2},
    "slumps": {"expected_slump_years": 12000.0, "block_m": 16000, "unseen_variance": 1.0},
}


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    inner = {key: merged(base[key], value) for key, value in changes.items() if isinstance(value, dict)}
    return {**base, **changes, **inner}


@pytest.fixture(scope="session")
def default_values() -> dict[str, Any]:
    path = Path(__file__).parents[2] / "conf" / "base" / "virtual_arctic" / "parameters.yml"
    return yaml.safe_load(path.read_text())["virtual_arctic"]


@pytest.fixture(scope="session")
def make_world(default_values) -> Callable[..., WorldSpecification]:
    """A world of 640 km that holds a piece of the antimeridian, with changes."""
    return lambda **changes: WorldSpecification.model_validate(merged(merged(default_values, SMALL), changes))


@pytest.fixture(scope="session")
def world(make_world):
    return make_world()


@pytest.fixture(scope="session")
def terrain(world):
    return build_terrain(world)


@pytest.fixture(scope="session")
def footprints(terrain, world):
    return draw_footprints(terrain, world)


@pytest.fixture(scope="session")
def truth(terrain, footprints, world):
    return build_truth(terrain, footprints, world)


@pytest.fixture(scope="session")
def found(truth, footprints, world):
    return find_slumps(truth, footprints, world)


@pytest.fixture(scope="session")
def drawn(found, world):
    return draw_outlines(found, world)
