import numpy as np
import pytest
import shapely

from entropice.virtual_arctic.imaging import draw_footprints, observed_units
from entropice.virtual_arctic.lattice import lattice_of


def test_footprints_are_lon_lat_rectangles_as_satellites_take_them(footprints, world):
    assert footprints.crs.to_epsg() == 4326
    assert footprints.is_valid.all()
    left, _, right, top = footprints.total_bounds
    assert left >= -180
    assert right <= 180
    assert top <= world.imaging.max_lat_deg
    assert np.allclose(shapely.area(shapely.envelope(footprints.geometry)), shapely.area(footprints.geometry))
    widths = footprints.bounds["maxx"] - footprints.bounds["minx"]
    assert widths.max() < 60
    assert footprints["image_id"].is_unique


def test_area_is_the_equal_area_one(footprints):
    assert np.allclose(footprints["area_km2"], footprints.to_crs(6931).area / 1e6)
    assert footprints["area_km2"].max() < 1.4 * 180**2


def test_a_little_more_than_half_of_the_land_is_seen_differently_by_year(truth):
    land = truth["land"].to_numpy()
    first, second = truth["observed"].to_numpy()[:, land]
    assert 0.5 < first.mean() < 0.68
    assert 0.5 < second.mean() < 0.68
    assert (first != second).mean() > 0.1
    assert not truth["observed"].to_numpy()[:, ~land].any()


def test_observed_means_that_the_centre_lies_in_a_footprint_of_the_year(truth, footprints):
    lattice, random = lattice_of(truth), np.random.default_rng(0)
    row, column = random.integers(0, lattice.n_rows, (2, 500))
    points = shapely.points(lattice.x_m[column], lattice.y_m[row])
    for year in truth["year"].to_numpy():
        polar = footprints[footprints["year"] == year].to_crs(3413).union_all()
        expected = shapely.contains(polar, points) & truth["land"].to_numpy()[row, column]
        assert (truth["observed"].sel(year=year).to_numpy()[row, column] == expected).all()


def test_imaging_does_not_know_the_slumps(terrain, make_world):
    """Missing at random: neither the slumps' rates nor the unseen effect move a footprint."""
    quiet = make_world(slumps={"expected_slump_years": 10.0, "unseen_variance": 0.0, "block_m": 8000})
    assert draw_footprints(terrain, quiet).equals(draw_footprints(terrain, make_world()))


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_any_share_can_be_asked_for(terrain, make_world, share):
    footprints = draw_footprints(terrain, make_world(imaging={"observed_share": share}))
    land = terrain["land"].to_numpy()
    seen = observed_units(footprints, lattice_of(terrain), (2022, 2023))[:, land].mean()
    assert share - 0.05 <= seen <= share + 0.15


def test_whole_regions_may_be_left_unvisited_in_every_year(terrain, make_world):
    """Beside the regions themselves, what scenes lose that touch them; nothing but scenes changes what is seen."""
    lattice, land = lattice_of(terrain), terrain["land"].to_numpy()
    shares = (0.0, 0.2, 0.5)
    worlds = [make_world(imaging={"observed_share": 1.0, "unvisited_share": share}) for share in shares]
    seen = [observed_units(draw_footprints(terrain, each), lattice, (2022, 2023))[:, land] for each in worlds]
    unseen_shares = [1 - each.any(axis=0).mean() for each in seen]
    assert unseen_shares[0] == 0
    assert unseen_shares[1] >= 0.2
    assert unseen_shares[2] >= 0.5
    assert (seen[1].any(axis=0) >= seen[2].any(axis=0)).all()
