"""Statistics of bands are those of all pixels at once, in whatever order and parts tiles come."""

from functools import reduce

import numpy as np
import pytest
from band_images import BANDS, Held, image_of, random_image, random_sample
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.imagery.statistics import BandStatistics, band_statistics, by_band, image_statistics, merged

SAMPLES = Held([random_sample(seed, n_pixels=8) for seed in range(40)])


def _assert_same(first: BandStatistics, second: BandStatistics, rtol: float = 1e-12) -> None:
    assert (first.bands, first.n_tiles) == (second.bands, second.n_tiles)
    assert first.n_pixels.tolist() == second.n_pixels.tolist()
    np.testing.assert_allclose(first.mean, second.mean, rtol=rtol)
    np.testing.assert_allclose(first.std, second.std, rtol=rtol)


def test_hand_worked_pixels_that_are_not_valid_are_left_out() -> None:
    image = image_of([[[1, 2], [3, 99]]], ("red",), [[[True, True], [True, False]]])

    statistics = image_statistics(image)

    assert (statistics.n_tiles, statistics.n_pixels.tolist()) == (1, [3])
    assert statistics.mean.tolist() == [2.0]
    assert statistics.std.tolist() == [pytest.approx(np.sqrt(2 / 3))]


def test_one_pass_over_tiles_gives_what_all_pixels_at_once_give() -> None:
    statistics = band_statistics(SAMPLES, SAMPLES.keys, share=1.0, seed=0)

    parts = [by_band(sample.image) for sample in SAMPLES.samples]
    values, valid = (np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
    pixels = [band[known] for band, known in zip(values, valid, strict=True)]
    assert statistics.n_tiles == 40
    np.testing.assert_allclose(statistics.mean, [np.mean(band) for band in pixels], rtol=1e-12)
    np.testing.assert_allclose(statistics.std, [np.std(band) for band in pixels], rtol=1e-12)


@given(order=st.permutations(range(40)), cut=st.integers(0, 40))
@settings(max_examples=20, deadline=None)
def test_neither_order_nor_parts_change_more_than_rounding(order: list[int], cut: int) -> None:
    keys = [SAMPLES.keys[number] for number in order]
    whole = band_statistics(SAMPLES, SAMPLES.keys, share=1.0, seed=0)

    _assert_same(band_statistics(SAMPLES, keys, share=1.0, seed=0), whole)
    parts = [[image_statistics(SAMPLES.read(key).image) for key in part] for part in (keys[:cut], keys[cut:]) if part]
    _assert_same(reduce(merged, [reduce(merged, part) for part in parts]), whole)


def test_order_does_not_matter_where_values_are_large_against_their_spread() -> None:
    random = np.random.default_rng(0)
    tiles = [image_statistics(image_of(8000 + random.normal(size=(1, 32, 32)), ("elevation",))) for _ in range(200)]

    _assert_same(reduce(merged, tiles), reduce(merged, tiles[::-1]))


def test_a_share_of_the_tiles_is_the_same_tiles_whatever_else_there_is() -> None:
    some = band_statistics(SAMPLES, SAMPLES.keys, share=0.5, seed=3)
    halves = [band_statistics(SAMPLES, keys, share=0.5, seed=3) for keys in (SAMPLES.keys[:20], SAMPLES.keys[20:])]

    assert 5 < some.n_tiles < 35
    _assert_same(merged(*halves), some)


def test_a_band_that_one_tile_lacks_is_known_from_the_others() -> None:
    lacking = image_of(np.ones((1, 2, 2)), ("red",), np.zeros((1, 2, 2)))
    known = image_statistics(image_of([[[1, 2], [3, 4]]], ("red",)))

    for pair in ((image_statistics(lacking), known), (known, image_statistics(lacking))):
        both = merged(*pair)
        assert (both.n_tiles, both.mean.tolist(), both.std.tolist()) == (2, [2.5], known.std.tolist())


def test_leading_dimensions_are_of_no_account() -> None:
    image = random_image(0, leading=(2,))
    single = [image_statistics(image_of(image.values[n], BANDS, image.valid[n])) for n in range(2)]

    pair, both = image_statistics(image), merged(*single)

    assert pair.n_pixels.tolist() == both.n_pixels.tolist()
    np.testing.assert_allclose(pair.std, both.std, rtol=1e-12)


def test_what_cannot_be_standardised_is_refused() -> None:
    flat = random_sample(0, bands=("red",))
    constant = Held([type(flat)("a", image_of(np.ones((1, 4, 4)), ("red",)), flat.target, flat.scored, flat.place)])
    unknown = Held([random_sample(0, bands=("red",), share_valid=0.0)])

    for samples in (constant, unknown):
        with pytest.raises(SchemaError, match="cannot be standardised"):
            band_statistics(samples, samples.keys, share=1.0, seed=0)
    with pytest.raises(SchemaError, match="cannot be standardised"):
        band_statistics(SAMPLES, (), share=1.0, seed=0)
    with pytest.raises(SchemaError, match="different bands"):
        merged(image_statistics(random_image(0)), image_statistics(random_image(0, bands=("red",))))
