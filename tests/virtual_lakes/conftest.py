import pytest
from small_lakes import SEED, small_lakes

from entropice.imagery.samples import Place
from entropice.virtual_lakes.inventory import lakes_of
from entropice.virtual_lakes.scene import LakeScenes
from entropice.virtual_lakes.specification import LakesSpecification


@pytest.fixture(scope="session")
def specification() -> LakesSpecification:
    return small_lakes()


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
