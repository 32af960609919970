"""Tiles side by side: every known pixel is there, and nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.mosaics import frame_of, mosaic
from entropice.imagery.samples import Place


def place(left_m: float, top_m: float, n_pixels: int = 4, pixel_m: float = 10.0) -> Place:
    return Place(left_m, top_m, pixel_m, n_pixels, 2020)


def test_two_tiles_keep_their_pixels():
    first, second = np.arange(16, dtype=np.float32).reshape(4, 4), np.full((4, 4), 7, dtype=np.float32)
    second[0, 0] = np.nan
    places = [place(0, 40), place(60, 40)]
    laid = mosaic(frame_of(places), zip(places, (first, second), strict=True))
    assert laid.shape == (4, 10)
    np.testing.assert_array_equal(laid[:, :4], first)
    np.testing.assert_array_equal(laid[:, 6:], second)
    assert np.isnan(laid[:, 4:6]).all()


def test_where_tiles_overlap_the_mean_stands():
    places = [place(0, 40), place(20, 40)]
    tiles = [np.full((4, 4), value, dtype=np.float32) for value in (0, 1)]
    laid = mosaic(frame_of(places), zip(places, tiles, strict=True))
    np.testing.assert_array_equal(laid[0], [0, 0, 0.5, 0.5, 1, 1])


@given(st.integers(1, 12), st.integers(0, 200), st.integers(4, 60))
def test_a_coarse_mosaic_keeps_mean_and_bound(n_pixels, apart_px, max_pixels):
    places = [place(0, 0, n_pixels), place(10.0 * apart_px, 30, n_pixels)]
    frame = frame_of(places, max_pixels)
    assert frame.n_rows * frame.n_columns <= max_pixels
    laid = mosaic(frame, [(one, np.full((n_pixels, n_pixels), 3, np.float32)) for one in places])
    assert set(laid[np.isfinite(laid)].tolist()) == {3.0}
