import numpy as np
import pytest

from entropice.virtual_ice.geography import geography
from entropice.virtual_ice.specification import IceSpecification


@pytest.mark.parametrize("seed", range(4))
def test_land_has_its_share_and_lies_outside(specification: IceSpecification, seed: int) -> None:
    sea = geography(specification.region, 60_000, seed).sea
    assert np.mean(~sea) == pytest.approx(specification.region.land_share, abs=0.01)
    assert np.mean(~sea[16:48, 16:48]) < np.mean(~sea)


def test_a_region_can_have_no_land(specification: IceSpecification) -> None:
    region = specification.region.model_copy(update={"land_share": 0.0})
    assert geography(region, 60_000, 1).sea.all()


def test_room_grows_from_coast_and_edge(specification: IceSpecification) -> None:
    region = specification.region.model_copy(update={"land_share": 0.0})
    room = geography(region, 25_000, 1).room
    assert room[0, 30] == pytest.approx(1 - np.exp(-0.25))
    assert room[1, 30] == pytest.approx(1 - np.exp(-1))
    assert room[32, 32] == pytest.approx(1)
    ground = geography(specification.region, 25_000, 1)
    assert not ground.room[~ground.sea].any()
    assert ground.room[ground.sea].min() > 0
