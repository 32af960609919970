import numpy as np
import pytest

from entropice.virtual_ice.cellular import depth_ratio, share_of_plane

KEY = np.uint64(11)


def test_as_much_of_the_plane_lies_deeper_as_is_said() -> None:
    random = np.random.default_rng(1)
    row, column = random.uniform(-300, 300, (2, 40_000)).astype(np.float32)
    share = share_of_plane(row, column, KEY)
    assert share.min() >= 0
    assert share.max() <= 1
    for cover in (0.1, 0.3, 0.5, 0.7, 0.9):
        assert np.mean(share < cover) == pytest.approx(cover, abs=0.02)


def test_places_have_one_value_whoever_asks() -> None:
    row, column = np.random.default_rng(2).uniform(-9, 9, (2, 50)).astype(np.float32)
    whole = depth_ratio(row, column, KEY)
    assert np.array_equal(whole[10:20], depth_ratio(row[10:20], column[10:20], KEY))
    assert not np.array_equal(whole, depth_ratio(row, column, np.uint64(12)))


def test_values_do_not_jump_where_unit_squares_meet() -> None:
    row = np.linspace(0, 4, 4001, dtype=np.float32)
    ratio = depth_ratio(row, np.full_like(row, 0.37), KEY)
    assert np.abs(np.diff(ratio)).max() < 0.05
