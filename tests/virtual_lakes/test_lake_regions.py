import numpy as np
import pytest

from entropice.dggs.polar import unproject
from entropice.errors import ConfigError
from entropice.imagery.samples import Place
from entropice.virtual_lakes.overlap import overlap_of
from entropice.virtual_lakes.regions import region_at, regions_of
from entropice.virtual_lakes.specification import LakesSpecification


def test_half_of_twelve_regions_lies_in_each_belt_on_whole_pixels_of_60_m():
    regions = regions_of(LakesSpecification(), 7)
    assert [region.name for region in regions] == [f"region_{number:02d}" for number in range(1, 13)]
    lon_deg, lat_deg = unproject(np.array([region.place(2021).centre_m for region in regions]))
    assert ((lat_deg > 29.9) & (lat_deg < 50.1)).sum() == 6
    assert ((lat_deg > 59.9) & (lat_deg < 80.1)).sum() == 6
    assert len(set(np.round(lon_deg))) == 12
    for region in regions:
        assert region.left_m % 60 == region.top_m % 60 == 0
        assert region.place(2021).n_pixels == 1200


def test_south_is_away_from_the_pole(scenes):
    for region in scenes.regions:
        x_m, y_m = region.place(2021).centre_m
        _, lat_deg = unproject(np.array([[x_m, y_m], [x_m + 1e4 * region.outwards[0], y_m + 1e4 * region.outwards[1]]]))
        assert lat_deg[1] < lat_deg[0] - 0.05
        assert np.hypot(*region.outwards) == pytest.approx(1)


def test_a_place_finds_the_region_that_it_shares_pixels_with(scenes, place_in):
    region = scenes.regions[1]
    assert region_at(scenes.regions, place_in(region, -31, 299, 32)) == region
    assert region_at(scenes.regions, place_in(region, -32, 0, 32)) is None
    assert region_at(scenes.regions, place_in(region, 0, 300, 32)) is None


def test_an_overlap_lays_fields_where_they_belong(scenes, place_in):
    region, field = scenes.regions[0], np.arange(300 * 300).reshape(300, 300)
    overlap = overlap_of(region, place_in(region, -5, 7, 32))
    laid = overlap.in_place(field)
    assert (laid[:5] == 0).all()
    np.testing.assert_array_equal(laid[5:], field[:27, 7:39])
    np.testing.assert_array_equal(overlap.from_view(field[None][:, *overlap.of_blocks])[0], laid)
    assert {part.start % 6 for part in overlap.of_blocks} == {part.stop % 6 for part in overlap.of_blocks} == {0}


@pytest.mark.parametrize(("pixel_m", "shift_m"), [(20.0, 0.0), (10.0, 5.0)])
def test_other_pixels_are_refused(scenes, pixel_m, shift_m):
    region = scenes.regions[0]
    place = Place(region.left_m + shift_m, region.top_m, pixel_m, 16, 2021)
    with pytest.raises(ConfigError, match="own pixels") as caught:
        scenes.at(place)
    assert "10 m" in str(caught.value.expected)
