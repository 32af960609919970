import numpy as np
import pytest
from small_lakes import SEED

from entropice.imagery.places import place_of
from entropice.imagery.tile_layout import TileLayout
from entropice.virtual_lakes.chips import is_audited, place_chips, true_mask

LAYOUT = TileLayout(pixel_m=10.0, n_pixels=64, n_around=4, n_anywhere=3, max_shift=0.3)


@pytest.fixture(scope="module")
def chips(lakes, specification):
    return place_chips(lakes, specification, LAYOUT, SEED)


def test_chips_lie_inside_their_region_at_the_same_places_in_all_years(chips, scenes):
    assert list(chips.columns) == ["key", "left_m", "top_m", "pixel_m", "n_pixels", "year", "region"]
    assert chips["key"].is_monotonic_increasing
    assert chips["key"].is_unique
    assert (chips.groupby(["region", "year"]).size() == 7).all()
    assert (chips.groupby(["left_m", "top_m"])["year"].nunique() == 3).all()
    regions = {region.name: region for region in scenes.regions}
    for _, chip in chips.iterrows():
        region = regions[chip["region"]]
        assert 0 <= chip["left_m"] - region.left_m <= 3000 - 640
        assert 0 <= region.top_m - chip["top_m"] <= 3000 - 640
        assert str(chip["year"]) in chip["key"]


def test_some_chips_have_lakes_and_their_masks_are_the_truth(chips, lakes, scenes):
    shares = []
    for _, chip in chips[chips["year"] == 2021].iterrows():
        place = place_of(chip)
        mask = true_mask(lakes, place)
        assert mask.dtype == np.uint8
        np.testing.assert_array_equal(mask, scenes.at(place).target)
        shares.append(mask.mean())
    assert (np.array(shares) > 0).sum() >= 8


def test_a_share_of_chips_is_audited_whatever_else_is_drawn():
    keys = [f"region_{number % 12:02d}_{number}" for number in range(4000)]
    audited = [is_audited(key, 0.25, SEED) for key in keys]
    assert np.mean(audited) == pytest.approx(0.25, abs=0.025)
    for number in range(12):
        assert np.mean(audited[number::12]) == pytest.approx(0.25, abs=0.08)
    assert [is_audited(key, 0.25, SEED) for key in reversed(keys)] == audited[::-1]
    assert [is_audited(key, 0.25, SEED + 1) for key in keys] != audited
    assert all(is_audited(key, 0.5, SEED) for key, was in zip(keys, audited, strict=True) if was)
    assert not any(is_audited(key, 0.0, SEED) for key in keys)
