import geopandas as gpd
import numpy as np
import pytest

from entropice.comparison.units import Overlap, common_units, overlap, unit_blocks
from entropice.dggs import Region, build_cells, parse_grid
from entropice.dggs.healpix_grid import HealpixGrid


@pytest.fixture(scope="module")
def land(make_run):
    return make_run("h3_3").run.context("land")


@pytest.mark.parametrize("key", ["h3_3", "healpix_6"])
def test_the_area_of_every_cell_inside_is_shared_out_whole(land, key: str) -> None:
    cells = build_cells(parse_grid(key), Region.north_of(84.0), land, 0.05)
    units = common_units(5, cells["lat_deg"], land)
    found = overlap(cells, units)
    shared = np.bincount(found.cell, weights=found.share, minlength=len(cells))
    assert shared == pytest.approx(1.0, abs=2e-3)


def test_a_nested_cell_lies_in_its_parent_alone(land) -> None:
    cells = build_cells(parse_grid("healpix_6"), Region.north_of(85.0), land, 0.05)
    units = common_units(5, cells["lat_deg"], land)
    found = overlap(cells, units)
    parents = HealpixGrid(6).parents(cells["cell_id"].to_numpy(), 5)
    largest = found.share > 0.5
    assert (units["cell_id"].to_numpy()[found.unit[largest]] == parents[found.cell[largest]]).all()


def test_means_are_weighted_and_leave_out_what_is_unknown() -> None:
    two_in_one = Overlap(np.array([0, 1, 2]), np.array([0, 0, 1]), np.array([1.0, 0.5, 1.0]), 3)
    mean = two_in_one.mean(np.array([1.0, 4.0, np.nan]), np.array([1.0, 4.0, 1.0]))
    assert mean[0] == pytest.approx((1.0 * 1 + 4.0 * 2) / 3)
    assert np.isnan(mean[1:]).all()
    assert two_in_one.total(np.array([1.0, 4.0, np.nan])) == pytest.approx([3.0, 0.0, 0.0])


def test_neighbouring_units_are_one_block(land) -> None:
    cells = build_cells(parse_grid("h3_3"), Region.north_of(84.0), land, 0.05)
    units = common_units(5, cells["lat_deg"], land)
    blocks = unit_blocks(units, 5)
    assert np.bincount(blocks).max() <= 4
    assert len(np.unique(blocks)) < len(units)


def test_of_the_coarsest_level_each_unit_is_a_block() -> None:
    units = gpd.GeoDataFrame({"cell_id": np.array([3, 0, 2], dtype=np.uint64)}, geometry=[None] * 3)
    assert unit_blocks(units, 0).tolist() == [2, 0, 1]
