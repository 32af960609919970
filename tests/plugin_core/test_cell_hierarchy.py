import h3.api.numpy_int as h3
import healpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgis_plugin.entropice.core.cell_hierarchy import Grid

H3_LEVELS = st.integers(0, 15)
HEALPIX_LEVELS = st.integers(0, 25)
LATITUDES = st.floats(-89.9, 89.9)
LONGITUDES = st.floats(-180, 180)


@given(level=H3_LEVELS, coarser=H3_LEVELS, lat_deg=LATITUDES, lon_deg=LONGITUDES)
def test_h3_parents_are_those_of_h3(level: int, coarser: int, lat_deg: float, lon_deg: float):
    level, coarser = max(level, coarser), min(level, coarser)
    cell = int(h3.latlng_to_cell(lat_deg, lon_deg, level))
    assert Grid("h3", level).parent(cell, coarser) == int(h3.cell_to_parent(cell, coarser))


@pytest.mark.parametrize("level", range(6))
def test_h3_parents_of_pentagons_and_their_children(level: int):
    for pentagon in h3.get_pentagons(level):
        for child in h3.cell_to_children(pentagon, level + 1):
            assert Grid("h3", level + 1).parent(int(child), level) == int(pentagon)


@given(level=HEALPIX_LEVELS, coarser=HEALPIX_LEVELS, lat_deg=LATITUDES, lon_deg=LONGITUDES)
def test_healpix_parents_hold_the_centre_of_their_children(level: int, coarser: int, lat_deg: float, lon_deg: float):
    level, coarser = max(level, coarser), min(level, coarser)
    cell = int(healpy.ang2pix(1 << level, lon_deg, lat_deg, nest=True, lonlat=True))
    centre = healpy.pix2ang(1 << level, cell, nest=True, lonlat=True)
    parent = int(healpy.ang2pix(1 << coarser, *centre, nest=True, lonlat=True))
    assert Grid("healpix", level).parent(cell, coarser) == parent


@pytest.mark.parametrize("name", ["h3", "healpix"])
@given(levels=st.lists(st.integers(0, 12), min_size=3, max_size=3), lat_deg=LATITUDES, lon_deg=LONGITUDES)
def test_a_parent_s_parent_is_the_grandparent(name: str, levels: list[int], lat_deg: float, lon_deg: float):
    low, middle, high = sorted(levels)
    cell = (
        int(h3.latlng_to_cell(lat_deg, lon_deg, high))
        if name == "h3"
        else int(healpy.ang2pix(1 << high, lon_deg, lat_deg, nest=True, lonlat=True))
    )
    grid, between = Grid(name, high), Grid(name, middle)
    assert between.parent(grid.parent(cell, middle), low) == grid.parent(cell, low)
    assert grid.parent(cell, high) == cell


def test_only_known_grids_nest_and_only_upwards():
    assert Grid("h3", 5).nests_in(Grid("h3", 4))
    assert Grid("h3", 4).nests_in(Grid("h3", 4))
    assert not Grid("h3", 4).nests_in(Grid("h3", 5))
    assert not Grid("h3", 5).nests_in(Grid("healpix", 4))
    assert not Grid("squares", 5).nests_in(Grid("squares", 4))
