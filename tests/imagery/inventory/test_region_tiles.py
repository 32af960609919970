"""Regions are covered once by tiles of their own, and a draw of tiles keeps what a smaller one has drawn."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.imagery.inventory.region_tiles import drawn_places, places_near, region_tiles, require_known
from entropice.imagery.splits import tile_boxes

TILES = pd.DataFrame(
    {
        "key": ["a", "b", "c"],
        "region": ["Bhutan", "Bhutan", "High Alps"],
        "left_m": [0.0, 5000.0, 90_000.0],
        "top_m": [0.0, 2000.0, 0.0],
        "pixel_m": 10.0,
        "n_pixels": 224,
        "year": [2017, 2021, 2017],
    }
)


@given(st.integers(20, 900))
def test_tiles_share_out_the_square_around_a_region(n_pixels):
    places = region_tiles(TILES, n_pixels)
    for region, square_m in (("Bhutan", 7240.0), ("High Alps", 2240.0)):
        boxes = tile_boxes(places[places["region"] == region])
        step_m = n_pixels * 10.0
        n_along = -(-square_m // step_m)
        assert len(boxes) == n_along**2
        union = boxes[0].union(boxes[-1]).envelope
        assert sum(box.area for box in boxes) == pytest.approx(union.area)
        of_region = TILES[TILES["region"] == region]
        assert all(union.covers(box) for box in tile_boxes(of_region))


@given(st.integers(20, 900))
def test_squares_that_no_tile_covers_are_left_out(n_pixels):
    places = region_tiles(TILES, n_pixels)
    near = places_near(places, TILES, 0.0)
    shared_m2 = [max(shapely.area(shapely.intersection(box, tile_boxes(TILES)))) for box in tile_boxes(places)]
    assert near["key"].tolist() == places["key"][np.array(shared_m2) > 0].tolist()
    assert places_near(places, TILES, None) is places
    assert len(places_near(places, TILES, 1e6)) == len(places)


def test_keys_are_stems_of_files():
    assert region_tiles(TILES, 300)["key"].tolist()[-1] == "high-alps_0_0"


def test_a_larger_draw_holds_a_smaller_one():
    places = region_tiles(TILES, 100)
    few, more = drawn_places(places, 5, 1)["key"], drawn_places(places, 9, 1)["key"]
    assert len(few) == 5
    assert set(few) < set(more) < set(places["key"])
    assert drawn_places(places, None, 1) is places
    assert len(drawn_places(places, 10**6, 1)) == len(places)


def test_what_is_asked_for_keeps_the_order_of_what_is_known():
    assert require_known("inventory.years", (2021, 2017), [2017, 2021, 2022]) == (2017, 2021)
    assert require_known("inventory.years", None, [2017, 2021]) == (2017, 2021)


@pytest.mark.parametrize(
    ("field", "asked", "known"),
    [("inventory.regions", ("Butan",), ["Bhutan", "High Alps"]), ("inventory.years", (2018,), [2017, 2021])],
)
def test_what_is_not_known_is_refused_with_what_is(field, asked, known):
    with pytest.raises(ConfigError) as caught:
        require_known(field, asked, known)
    assert caught.value.field == field
    assert all(str(name) in str(caught.value.expected) for name in known)
