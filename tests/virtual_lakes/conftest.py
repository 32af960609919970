from typing import Any

import pytest

from entropice.imagery.samples import Place
from entropice.virtual_lakes.inventory import lakes_of
from entropice.virtual_lakes.scene import LakeScenes
from entropice.virtual_lakes.specification import LakesSpecification

SEED = 3
VALUES: dict[str, Any] = {
    "regions": {"n_regions": 2, "n_blocks": 50, "years": (2017, 2021, 2023)},
    "lakes": {"per_km2": 5.0, "largest_ha": 8.0},
    "radar": {"missing_share": 0.0},
}


def changed(**changes: dict[str, Any]) -> LakesSpecification:
    """The specification of these tests with other values in its sections."""
    return LakesSpecification.model_validate(
        {name: {**VALUES.get(name, {}), **changes.get(name, {})} for name in {*VALUES, *changes}}
    )


@pytest.fixture(scope="session")
def specification() -> LakesSpecification:
    return changed()


@pytest.fixture(scope="session")
def scenes(specification) -> LakeScenes:
    return LakeScenes(specification, SEED)


@pytest.fixture(scope="session")
def lakes(specification):
    return lakes_of(specification, SEED)


@pytest.fixture(scope="session")
def place_in():
    """A place so many pixels below and right of a region's corner."""

    def place(region, row: int, column: int, n_pixels: int, year: int = 2021) -> Place:
        return Place(region.left_m + 10.0 * column, region.top_m - 10.0 * row, 10.0, n_pixels, year)

    return place
