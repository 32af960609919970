"""Sums of a strip, by hand: what is in the totals already, in which rows, and what has no weight."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rasterio.transform import from_origin

from entropice.zonal.coverage import cell_coverage
from entropice.zonal.summing import Totals, add_cells

INTEGERS = {np.float32: np.int32, np.float64: np.int64}


def empty(n_cells: int) -> Totals:
    return tuple(np.full(n_cells, start) for start in (0.0, 0.0, 0.0, np.inf, -np.inf))


def add(totals: Totals, polygons: list, strip: np.ndarray, n_rows: int, first_row: int = 0, unknown=np.nan) -> None:
    """Add rows of a tile of unit pixels whose lower left corner is the origin."""
    coverage = cell_coverage(np.array(polygons, dtype=object), from_origin(0, n_rows, 1, 1), (n_rows, strip.shape[1]))
    integer = INTEGERS[strip.dtype.type]
    limits = np.array([np.iinfo(integer).min, np.iinfo(integer).max], dtype=integer)
    add_cells(totals, coverage, strip, strip.view(integer), first_row, strip.dtype.type(unknown), limits)


def told(totals: Totals, cell: int = 0) -> list[float]:
    return [float(total[cell]) for total in totals]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_what_has_been_seen_is_merged_with_the_strip(dtype) -> None:
    """Seen: 2 and 4. Added: 6 and 8. Mean 5, deviations 9 + 1 + 1 + 9."""
    totals = tuple(np.array([value]) for value in (2.0, 3.0, 2.0, 2.0, 4.0))

    add(totals, [shapely.box(0, 0, 2, 1)], np.array([[6, 8]], dtype=dtype), 1)

    assert told(totals) == [4.0, 5.0, 20.0, 2.0, 8.0]


def test_rows_outside_the_strip_are_left_for_another_one() -> None:
    totals = empty(1)

    add(totals, [shapely.box(0, 0, 1, 3)], np.array([[7.0]]), 3, first_row=1)

    assert told(totals) == [1.0, 7.0, 0.0, 7.0, 7.0]


def test_a_cell_without_known_pixels_is_as_it_was() -> None:
    polygons = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 1.5, 1), shapely.box(2, 0, 3, 1), shapely.Polygon()]
    totals = empty(4)

    add(totals, polygons, np.array([[np.nan, -9.0, 5.0]]), 1, unknown=-9.0)

    untouched = [0.0, 0.0, 0.0, np.inf, -np.inf]
    assert [told(totals, cell) for cell in (0, 1, 3)] == [untouched] * 3
    assert told(totals, 2) == [1.0, 5.0, 0.0, 5.0, 5.0]


def test_unknown_pixels_before_the_first_known_one_do_not_shift_the_mean() -> None:
    totals = empty(1)

    add(totals, [shapely.box(0, 0, 5, 1)], np.array([[np.nan, -9, 1e9 + 1, np.nan, 1e9 + 3]]), 1, unknown=-9.0)

    assert told(totals) == [2.0, 1e9 + 2, 2.0, 1e9 + 1, 1e9 + 3]


def test_border_pixels_far_from_0_keep_their_spread() -> None:
    """Halves of 1e9 and 1e9 + 2: weight 1, mean 1e9 + 1, deviations 0.5 + 0.5."""
    totals = empty(1)

    add(totals, [shapely.box(0, 0.5, 2, 1)], np.array([[1e9, 1e9 + 2]]), 1)

    assert told(totals) == [1.0, 1e9 + 1, 1.0, 1e9, 1e9 + 2]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_ranges_hold_in_the_order_of_floats_and_keep_the_least_bit(dtype) -> None:
    tiny = np.nextafter(dtype(0), dtype(1))
    values = [-np.inf, np.finfo(dtype).min, -1, -tiny, -0.0, 0, tiny, 1, np.finfo(dtype).max, np.inf]
    for low, high in pairwise(values):
        totals = empty(1)
        with np.errstate(invalid="ignore", over="ignore"):
            add(totals, [shapely.box(0, 0, 2, 1)], np.array([[high, low]], dtype=dtype), 1)
        assert told(totals)[3:] == [low, high]


@pytest.mark.parametrize("band", [[[1, 9], [5, 6]], [[5, 6], [1, 9]], [[5, 1], [6, 9]]])
def test_the_range_is_that_of_all_rows_and_of_border_pixels(band: list) -> None:
    """Two whole columns; then one, and half of the other."""
    for width in (2.0, 1.5):
        totals = empty(1)
        add(totals, [shapely.box(0, 0, width, 2)], np.array(band, dtype=np.float64), 2)
        assert told(totals)[3:] == [1.0, 9.0]


@given(
    band=arrays(np.float64, (4, 5), elements=st.one_of(st.integers(-50, 50).map(float), st.just(np.nan))),
    cut=st.integers(0, 4),
)
def test_the_order_of_strips_does_not_matter(band: np.ndarray, cut: int) -> None:
    polygons = [shapely.box(0.5, 0.5, 4.5, 3.5), shapely.box(1, 1, 3, 4)]
    down, up = empty(2), empty(2)

    for totals, starts in ((down, (0, cut)), (up, (cut, 0))):
        for start in starts:
            add(totals, polygons, np.ascontiguousarray(band[start : cut if start < cut else 4]), 4, start)

    for one, other in zip(down, up, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-9)
