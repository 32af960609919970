"""Natural Earth's coarse countries: Russia is cut at ±180°, Antarctica spans all longitudes."""

import numpy as np
import pytest
import shapely

from entropice.dggs import Region, build_cells, parse_grid
from entropice.dggs.polar import project
from entropice.sources.files.vector import read_vector
from entropice.sources.land import normalise_land

CAP_60_N_M2 = 34_415_850.5e6
LAND_SHARE_60_N = 0.504  # of a land mask at 1/120° (shared notes on grids)


@pytest.fixture(scope="module")
def land(shared_data):
    return normalise_land(read_vector(shared_data / "land" / "naturalearth_lowres.shp"))


def test_land_share_of_the_arctic(land):
    cells = build_cells(parse_grid("h3_4"), Region.north_of(60.0), land, 1e-9)
    share = (cells["land_fraction"] * cells["area_m2"]).sum() / CAP_60_N_M2
    assert share == pytest.approx(LAND_SHARE_60_N, abs=0.008)
    assert (cells["land_fraction"] > 0.5).sum() == pytest.approx(9_766, rel=0.02)


@pytest.mark.parametrize(
    ("lon_deg", "lat_deg", "is_land"),
    [
        (180.0, 67.5, True),  # Chukotka, on the seam
        (179.0, 71.1, True),  # Wrangel Island, west of it
        (-45.0, 72.0, True),  # Greenland
        (-134.9, 68.3, True),  # Mackenzie Delta
        (0.0, 90.0, False),
        (180.0, 75.0, False),
        (0.0, 75.0, False),
    ],
)
def test_known_places(land, lon_deg, lat_deg, is_land):
    point = shapely.points(project(np.array([lon_deg]), np.array([lat_deg])))[0]
    assert land.intersects(point).any() == is_land


def test_pieces_are_valid_and_do_not_overlap(land):
    assert land.is_valid.all()
    assert land.area.sum() == pytest.approx(land.union_all().area, rel=1e-9)
