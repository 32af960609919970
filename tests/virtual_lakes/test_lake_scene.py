from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_lakes import SEED, small_lakes

from entropice.errors import ConfigError
from entropice.imagery.bands import band_named
from entropice.virtual_lakes.lake_years import CONDITIONS
from entropice.virtual_lakes.scene import LakeScenes

OPTICAL, RADAR, ELEVATION = slice(0, 12), slice(12, 14), 14


def test_a_scene_has_the_cards_bands_and_values_in_their_ranges(scenes):
    for region in scenes.regions:
        sample = scenes.at(region.place(2017))
        image = sample.image
        assert image.bands[:4] == ("coastal", "blue", "green", "red")
        assert image.bands[8:] == ("nir_narrow", "water_vapour", "swir_1", "swir_2", "vv", "vh", "elevation")
        assert image.values.dtype == np.float32
        assert image.values.shape == image.valid.shape == (15, 300, 300)
        assert sample.target.dtype == np.uint8
        assert sample.scored.all()
        for band, values, valid in zip(image.bands, image.values, image.valid, strict=True):
            declared = band_named(band)
            assert np.isfinite(values).all()
            assert (values[~valid] == 0).all()
            assert declared.low <= values[valid].min() < values[valid].max() <= declared.high


@settings(max_examples=15)
@given(
    number=st.integers(0, 1),
    row=st.integers(-20, 290),
    column=st.integers(-20, 290),
    n_pixels=st.integers(20, 60),
    year=st.sampled_from([2017, 2021, 2023]),
)
def test_places_that_share_pixels_show_the_same_there(scenes, place_in, number, row, column, n_pixels, year):
    region = scenes.regions[number]
    whole, part = scenes.at(region.place(year)), scenes.at(place_in(region, row, column, n_pixels, year))
    rows, columns = (slice(max(first, 0), min(first + n_pixels, 300)) for first in (row, column))
    there = tuple(slice(one.start - first, one.stop - first) for one, first in ((rows, row), (columns, column)))
    for of_whole, of_part in (
        (whole.image.values, part.image.values),
        (whole.image.valid, part.image.valid),
        (whole.target, part.target),
        (whole.scored, part.scored),
    ):
        np.testing.assert_array_equal(of_whole[..., rows, columns], of_part[..., *there])
    outside = np.ones((n_pixels, n_pixels), dtype=bool)
    outside[there] = False
    assert not part.image.valid[:, outside].any()
    assert not part.scored[outside].any()


def test_a_scene_does_not_depend_on_what_was_seen_before_nor_on_whose_copy_it_is(scenes, place_in):
    place = place_in(scenes.regions[1], 100, 50, 48)
    seen = scenes.at(place)
    again = deepcopy(scenes).at(place)
    np.testing.assert_array_equal(seen.image.values, again.image.values)
    np.testing.assert_array_equal(seen.target, again.target)
    other = LakeScenes(scenes.specification, SEED + 1)
    assert not np.array_equal(other.at(place_in(other.regions[1], 100, 50, 48)).image.values, seen.image.values)


def test_elsewhere_nothing_is_known(scenes, place_in):
    place = place_in(scenes.regions[0], -900, 0, 32)
    sample = scenes.at(place)
    assert not sample.image.valid.any()
    assert not sample.scored.any()
    assert not sample.image.values.any()
    assert (scenes.label(place) == 255).all()
    assert not scenes.conditions(place).any()


def test_years_of_the_specification_alone(scenes, place_in):
    with pytest.raises(ConfigError, match="of this year") as caught:
        scenes.at(place_in(scenes.regions[0], 0, 0, 32, year=2018))
    assert (caught.value.got, caught.value.expected) == (2018, "2017, 2021, 2023")


def test_labels_lie_in_lakes_and_conditions_are_those_of_lakes(scenes):
    for region in scenes.regions:
        place = region.place(2021)
        target, label, condition = scenes.at(place).target, scenes.label(place), scenes.conditions(place)
        assert label.dtype == condition.dtype == np.uint8
        assert 0 < label.sum() < target.sum()
        assert (target[label == 1] == 1).all()
        np.testing.assert_array_equal(condition > 0, target == 1)
        assert condition.max() <= len(CONDITIONS)


def test_coarse_bands_have_pixels_of_20_and_60_m(scenes):
    values = scenes.at(scenes.regions[0].place(2017)).image.values
    for band, px in ((0, 6), (9, 6), (4, 2), (11, 2)):
        valid = np.repeat(np.repeat(values[band][::px, ::px], px, 0), px, 1)
        both = (values[band] != 0) & (valid != 0)
        np.testing.assert_array_equal(values[band][both], valid[both])
    assert (np.diff(values[2][:, ::2], axis=1) != 0).mean() > 0.5


def test_less_than_a_third_of_a_region_is_below_cloud_and_shares_differ():
    cloudy = small_lakes(regions={"n_regions": 6, "n_blocks": 20}, lakes={"per_km2": 0.0})
    scenes = LakeScenes(cloudy, SEED)
    shares = [
        1 - scenes.at(region.place(year)).image.valid[0].mean()
        for region in scenes.regions
        for year in cloudy.regions.years
    ]
    assert max(shares) < 0.3
    assert np.ptp(shares) > 0.15
    clear = LakeScenes(small_lakes(lakes={"per_km2": 0.0}, clouds={"largest_share": 0.0}), SEED)
    assert clear.at(clear.regions[0].place(2017)).image.valid[OPTICAL].all()


def test_a_missing_radar_is_valid_nowhere_in_the_stated_share_of_regions_and_years():
    sparse = small_lakes(regions={"n_regions": 12, "n_blocks": 6}, lakes={"per_km2": 0.0}, radar={"missing_share": 0.4})
    scenes = LakeScenes(sparse, SEED)
    seen = [scenes.at(region.place(year)).image.valid for region in scenes.regions for year in sparse.regions.years]
    missing = [not valid[RADAR].any() for valid in seen]
    assert all(valid[RADAR].all() or not valid[RADAR].any() for valid in seen)
    assert all(valid[ELEVATION].any() for valid in seen)
    assert np.mean(missing) == pytest.approx(0.4, abs=0.2)


def test_the_elevation_model_has_voids_and_is_the_same_in_all_years(scenes):
    region = scenes.regions[0]
    first, later = (scenes.at(region.place(year)).image for year in (2017, 2023))
    np.testing.assert_array_equal(first.values[ELEVATION], later.values[ELEVATION])
    share = scenes.specification.elevation.void_share
    assert 1 - first.valid[ELEVATION].mean() == pytest.approx(share, abs=1e-3)


def test_each_condition_looks_as_it_should(scenes):
    """Means over both regions and all years, where the sensor knows them."""
    pixels = {name: [] for name in ("land", *CONDITIONS)}
    for region in scenes.regions:
        for year in scenes.specification.regions.years:
            place = region.place(year)
            image, condition = scenes.at(place).image, scenes.conditions(place)
            known = image.valid[0]
            for number, name in enumerate(pixels):
                pixels[name].append(image.values[:, known & (condition == number)])
    mean = {name: np.concatenate(parts, axis=1).mean(axis=1) for name, parts in pixels.items()}
    ndwi = {name: (values[2] - values[7]) / (values[2] + values[7]) for name, values in mean.items()}
    assert ndwi["clear"] > 0.35 > ndwi["turbid"] > ndwi["land"]
    assert mean["turbid"][3] > 2 * mean["clear"][3]
    assert mean["frozen"][1] > 0.3 > mean["turbid"][1]
    assert mean["shaded"][7] < mean["land"][7] / 2
    for name in CONDITIONS:
        assert mean[name][12] < mean["land"][12] - 3
