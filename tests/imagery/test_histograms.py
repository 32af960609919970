import numpy as np
import pytest
from band_images import BANDS, image_of, random_image
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.imagery.histograms import (
    N_BINS,
    REACH_SD,
    band_histograms,
    edges_of,
    from_table,
    image_histograms,
    merged_histograms,
    to_table,
)
from entropice.imagery.statistics import BandStatistics, image_statistics

EDGES = edges_of(image_statistics(random_image(0)))


def test_edges_reach_as_far_to_both_sides_of_the_mean() -> None:
    edges = edges_of(BandStatistics(("red",), 1, np.array([9]), np.array([2.0]), np.array([0.5])))

    assert edges.shape == (1, N_BINS + 1)
    assert edges[0, [0, N_BINS // 2, -1]].tolist() == [2.0 - 0.5 * REACH_SD, 2.0, 2.0 + 0.5 * REACH_SD]


def test_hand_worked_counts_hold_what_lies_beyond_in_the_outermost_bins() -> None:
    image = image_of([[[-5.0, 0.5, 1.5, 1.6, 2.5, 99.0, 7.0]]], ("red",), [[[1, 1, 1, 1, 1, 1, 0]]])

    assert image_histograms(image, np.array([[0.0, 1.0, 2.0, 3.0]])).n_pixels.tolist() == [[2, 2, 2]]


@given(seeds=st.lists(st.integers(0, 50), min_size=1, max_size=5), order=st.randoms())
@settings(max_examples=20, deadline=None)
def test_counts_are_those_of_all_valid_pixels_in_whatever_order(seeds: list[int], order: object) -> None:
    images = [random_image(seed) for seed in seeds]

    together = band_histograms(images, BANDS, EDGES)
    apart = band_histograms(images[::-1], BANDS, EDGES)

    assert np.array_equal(together.n_pixels, apart.n_pixels)
    assert (
        together.n_pixels.sum(axis=1).tolist() == np.sum([image.valid.sum(axis=(1, 2)) for image in images], 0).tolist()
    )


def test_reading_a_table_gives_equal_histograms() -> None:
    histograms = image_histograms(random_image(1), EDGES)

    read = from_table(to_table(histograms), BANDS)

    assert np.array_equal(read.edges, histograms.edges)
    assert np.array_equal(read.n_pixels, histograms.n_pixels)


def test_other_bands_bins_and_tables_are_refused() -> None:
    histograms = image_histograms(random_image(1), EDGES)

    with pytest.raises(SchemaError, match="different bands or bins"):
        merged_histograms(histograms, image_histograms(random_image(1), EDGES + 1))
    with pytest.raises(SchemaError, match="different bands or bins"):
        band_histograms([random_image(1)], BANDS[::-1], EDGES)
    with pytest.raises(SchemaError, match="not those of these bands"):
        from_table(to_table(histograms), BANDS[:2])
    with pytest.raises(SchemaError, match="columns band"):
        from_table(to_table(histograms)[["band"]], BANDS)
