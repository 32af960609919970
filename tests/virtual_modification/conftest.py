import pytest
from small_land import SMALL_LAND

from entropice.virtual_modification.specification import ModificationSpecification
from entropice.virtual_modification.world import make_modified_world


@pytest.fixture(scope="session")
def specification() -> ModificationSpecification:
    return SMALL_LAND


@pytest.fixture(scope="session")
def modified(specification):
    return make_modified_world(3, specification)
