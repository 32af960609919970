from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import yaml

from entropice.imagery.samples import Place
from entropice.virtual_arctic.slumps import active_slumps
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.virtual_arctic.terrain import build_terrain
from entropice.virtual_arctic.truth import build_truth
from entropice.virtual_scenes.scene import Scenes
from entropice.virtual_scenes.specification import SceneSpecification

SPECIFICATION: dict[str, Any] = {
    "growth": {"reference_year": 2022, "retreat_shape": 1.6, "retreat_scale_m": 5.0, "largest_share": 0.2},
    "relief": {"roughness_m": 2.5, "ice_exponent": 0.35, "gully_depth_m": 4.0, "error_m": 0.7},
    "slumps": {
        "least_contrast": 0.6,
        "fading_years": 20.0,
        "depth_m": 0.5,
        "depth_exponent": 0.28,
        "tongue_share": 0.35,
        "scar_contrast": 0.15,
    },
    "lookalikes_per_km2": {
        "bare patch": 2.0,
        "mud patch": 1.2,
        "bank slide": 0.8,
        "gravel bar": 3.0,
        "overgrown scar": 3.0,
        "pond": 7.0,
        "snow patch": 6.0,
    },
    "clouds": {"cloudy_share": 0.35, "largest_share": 0.3, "shadow_m": 700.0},
    "sensors": {"strip_m": 24000.0, "gain_spread": 0.05, "offset_spread": 0.012, "noise": 0.002},
}


@pytest.fixture(scope="session")
def specification() -> SceneSpecification:
    return SceneSpecification.model_validate(SPECIFICATION)


@pytest.fixture(scope="session")
def clear(specification) -> SceneSpecification:
    """Neither clouds nor lookalikes, nor errors of elevation."""
    return changed(
        specification,
        lookalikes_per_km2=dict.fromkeys(specification.lookalikes_per_km2, 0.0),
        relief={**specification.relief.model_dump(), "error_m": 0.0},
        clouds={"cloudy_share": 0.0, "largest_share": 0.0, "shadow_m": 700.0},
    )


def changed(specification: SceneSpecification, **changes: Any) -> SceneSpecification:
    return SceneSpecification.model_validate({**specification.model_dump(), **changes})


@pytest.fixture(scope="session")
def world() -> WorldSpecification:
    """384 km around the antimeridian with three label years."""
    path = Path(__file__).parents[2] / "conf" / "base" / "virtual_arctic" / "parameters.yml"
    values = yaml.safe_load(path.read_text())["virtual_arctic"]
    extent = {"left_m": -1600000, "bottom_m": 960000, "right_m": -1216000, "top_m": 1344000}
    slumps = {**values["slumps"], "expected_slump_years": 6000.0, "block_m": 16000, "unseen_variance": 1.0}
    climate = {**values["climate"], "n_history_years": 2}
    return WorldSpecification.model_validate(
        {**values, "seed": 5, "extent": extent, "slumps": slumps, "climate": climate}
    )


@pytest.fixture(scope="session")
def terrain(world):
    return build_terrain(world)


@pytest.fixture(scope="session")
def truth(terrain, world):
    nothing_seen = gpd.GeoDataFrame({"year": np.array([], dtype=int)}, geometry=[], crs="EPSG:4326")
    return build_truth(terrain, nothing_seen, world)


@pytest.fixture(scope="session")
def active(truth, world):
    return active_slumps(truth, world)


@pytest.fixture(scope="session")
def scenes(terrain, truth, world, specification) -> Scenes:
    return Scenes(terrain, truth, world, specification)


@pytest.fixture(scope="session")
def clear_scenes(terrain, truth, world, clear) -> Scenes:
    return Scenes(terrain, truth, world, clear)


@pytest.fixture(scope="session")
def place_at() -> Callable[..., Place]:
    """A place around a point, on whole pixels."""

    def around(x_m: float, y_m: float, year: int = 2022, pixel_m: float = 6.0, n_pixels: int = 96) -> Place:
        half = n_pixels // 2
        left, top = round(x_m / pixel_m) - half, round(y_m / pixel_m) + half
        return Place(left * pixel_m, top * pixel_m, pixel_m, n_pixels, year)

    return around
