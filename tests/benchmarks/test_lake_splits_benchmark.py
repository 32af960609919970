"""No pair of chips of different splits overlaps or lies within twice the buffer on the ground; degrees leak."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from benchmarks.lake_splits import (
    BLOCK_DEG,
    BLOCK_LEVELS,
    BUFFER_DEG,
    RULES,
    YEARS,
    chips_around,
    crowded_chips,
    differs_between_years,
    leaking,
    near_chips_m,
    places_at,
    split_by_degrees,
    too_near_m,
)
from entropice.dggs import parse_grid
from entropice.dggs.polar import project, unproject
from entropice.imagery.splits import BUFFER, SPLITS, split_tiles, tile_boxes


def _holds(key, tiles):
    """The law, and that there was something to hold apart."""
    rules = RULES.model_copy(update={"block_level": BLOCK_LEVELS[key]})
    dealt = split_tiles(tiles, parse_grid(key), rules, seed=3)["split"]
    near_m = too_near_m(tiles, dealt, 4 * rules.buffer_m)
    assert set(dealt) == {*SPLITS, BUFFER}
    assert (dealt != BUFFER).mean() > 0.8
    assert not differs_between_years(tiles, dealt)
    assert 2 * rules.buffer_m < near_m.min(initial=np.inf) < np.inf


@pytest.mark.parametrize("key", BLOCK_LEVELS)
def test_twenty_thousand_chips_of_different_splits_lie_apart(key):
    _holds(key, crowded_chips(20_000, n_squares=24, seed=1))


@pytest.mark.slow
@pytest.mark.parametrize("key", BLOCK_LEVELS)
def test_a_million_chips_of_different_splits_lie_apart(key):
    """Ten to twenty CPU seconds a grid, 600 MB."""
    _holds(key, crowded_chips(1_000_000, n_squares=400, seed=2))


@pytest.mark.parametrize("lat_deg", [30.0, 48.0, 62.0, 80.0])
def test_pairs_found_by_the_tree_are_those_of_all_pairs(lat_deg):
    middle_m = project(np.array([100.0]), np.array([lat_deg]))
    shifts_m = np.random.default_rng(0).uniform(-30_000, 30_000, size=(300, 2))
    boxes = tile_boxes(chips_around(middle_m + shifts_m, YEARS[:1]))
    first, second = np.repeat(boxes[:150], 150), np.tile(boxes[150:], 150)
    ends = shapely.get_coordinates(shapely.shortest_line(first, second))
    every_m = _ground_m(ends[::2], ends[1::2])

    _, found_m = near_chips_m(boxes[:150], boxes[150:], 4400.0)

    assert np.sort(found_m).tolist() == np.sort(every_m[every_m <= 4400.0]).tolist()
    assert (found_m == 0).sum() == shapely.intersects(first, second).sum() > 0


@pytest.mark.parametrize("lat_deg", [30.0, 48.0, 62.0, 80.0])
def test_the_line_that_is_shortest_in_the_plane_is_so_on_the_ground(lat_deg):
    """To the step of 56 m at which outlines are looked at."""
    middle_m = project(np.array([100.0]), np.array([lat_deg]))
    boxes = tile_boxes(chips_around(middle_m + np.array([[0.0, 0.0], [5000.0, 4000.0], [-900.0, 6000.0]]), YEARS[:1]))
    [here, *others] = [shapely.get_coordinates(shapely.segmentize(box, 56.0)) for box in boxes]

    for number, other in enumerate(others, start=1):
        every_m = _ground_m(np.repeat(here, len(other), axis=0), np.tile(other, (len(here), 1)))
        _, [found_m] = near_chips_m(boxes[:1], boxes[number : number + 1], 10_000.0)
        assert found_m <= every_m.min() + 1e-6
        assert found_m == pytest.approx(every_m.min(), abs=1.0)


def _ground_m(first, second):
    return Geod(ellps="WGS84").inv(*unproject(first), *unproject(second))[2]


def test_years_that_differ_are_told():
    tiles = chips_around(np.zeros((2, 2)))
    alike = tiles["place"].map({0: "train", 1: "test"})
    assert not differs_between_years(tiles, alike)
    assert differs_between_years(tiles, alike.mask(tiles["key"] == 7, "train"))


@pytest.mark.parametrize(("lat_deg", "lowest", "highest"), [(35.0, 0.0, 0.001), (80.0, 0.2, 0.5)])
def test_degrees_leak_towards_the_pole_and_cells_nowhere(lat_deg, lowest, highest):
    by_degrees, by_cells = [], []
    for tiles, _ in zip(places_at(lat_deg, seed=0), range(8), strict=False):
        degrees = split_by_degrees(tiles, BLOCK_DEG, BUFFER_DEG, RULES.shares, seed=0)
        cells = split_tiles(tiles, parse_grid("h3_4"), RULES, seed=0)["split"]
        by_degrees.append(leaking(tiles, degrees, RULES.buffer_m))
        by_cells.append(leaking(tiles, cells, RULES.buffer_m))
    overlaps = np.concatenate(by_degrees) <= 0
    assert len(overlaps) > 100
    assert lowest <= overlaps.mean() <= highest
    assert len(np.concatenate(by_cells)) > 100
    assert np.isinf(np.concatenate(by_cells)).all()
