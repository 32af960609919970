import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.imagery.mosaics import mosaic
from entropice.imagery.samples import Place


def _tile(left_m: float, top_m: float, value: float, year: int = 2020, n: int = 4) -> tuple[Place, np.ndarray]:
    return Place(left_m, top_m, 10.0, n, year), np.full((n, n), value, np.float32)


def test_tiles_lie_where_they_are_and_between_them_nothing_is_known() -> None:
    found = mosaic([_tile(0, 40, 1), _tile(80, 80, 2)], max_pixels=1000)

    assert (found.left_m, found.top_m, found.pixel_m, found.values.shape) == (0, 80, 10, (8, 12))
    assert (found.values[4:, :4] == 1).all()
    assert (found.values[:4, 8:] == 2).all()
    assert np.isnan(found.values).sum() == 96 - 32


def test_the_last_year_lies_on_top() -> None:
    found = mosaic([_tile(0, 40, 1, 2021), _tile(0, 40, 2, 2020)], max_pixels=1000)

    assert (found.values == 1).all()


def test_pixels_get_coarser_until_it_is_small_enough() -> None:
    place, values = _tile(0, 40, 0)
    values[:] = np.arange(16).reshape(4, 4)
    values[0, 0] = np.nan

    found = mosaic([(place, values)], max_pixels=4)

    assert found.pixel_m == 20
    np.testing.assert_allclose(found.values, [[(1 + 4 + 5) / 3, (2 + 3 + 6 + 7) / 4], [10.5, 12.5]])


@settings(max_examples=30)
@given(
    corners=st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=6),
    max_pixels=st.integers(1, 5000),
)
def test_it_is_never_larger_than_allowed_and_every_tile_is_seen(
    corners: list[tuple[int, int]], max_pixels: int
) -> None:
    tiles = [_tile(10.0 * left, 10.0 * top, 7.0) for left, top in corners]

    found = mosaic(tiles, max_pixels)

    assert found.values.size <= max_pixels
    known = np.isfinite(found.values)
    assert known.any()
    assert (found.values[known] == 7).all()


@pytest.mark.parametrize("tiles", [[], [_tile(0, 0, 1), (Place(0, 0, 20.0, 4, 2020), np.ones((4, 4), np.float32))]])
def test_what_makes_no_raster_is_refused(tiles: list[tuple[Place, np.ndarray]]) -> None:
    with pytest.raises(SchemaError):
        mosaic(tiles, 100)
