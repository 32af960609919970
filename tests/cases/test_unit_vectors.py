"""AlphaEarth's vectors have length 1, or something was done to their codes."""

import logging

import numpy as np
import pytest
import rasterio
from bad_inputs.embeddings import read
from embedding_tiles import coded, random_codes, write_raw
from hypothesis import given
from hypothesis import strategies as st
from rasterio.enums import Resampling

from entropice.errors import SchemaError
from entropice.pipelines.sources.alphaearth.nodes import plan_embeddings
from entropice.pipelines.sources.alphaearth.parameters import EmbeddingParameters
from entropice.sources.alphaearth.files import read_embedding_files
from entropice.sources.alphaearth.lengths import TOLERANCE, vector_lengths


def place(folder):
    return folder / "2021" / "33N" / "a.tiff"


def unit_vectors(seed, concentration):
    vectors = np.random.default_rng(seed).normal(size=(64, 4, 4)) ** concentration
    return vectors / np.linalg.norm(vectors, axis=0)


@pytest.mark.parametrize(("code", "length"), [(100, 8 * (100 / 127.5) ** 2), (51, 1.28), (0, 0.0), (-127, 7.9373)])
def test_lengths_worked_by_hand(code, length):
    np.testing.assert_allclose(vector_lengths(np.full((64, 2, 3), code, np.int8)), np.full((2, 3), length), rtol=1e-4)


@given(seed=st.integers(0, 10_000), concentration=st.sampled_from([1, 3, 9]), rounding=st.sampled_from("nft"))
def test_no_rounding_of_a_unit_vector_leaves_the_tolerance(seed, concentration, rounding):
    vectors = unit_vectors(seed, concentration)
    exact = np.sign(vectors) * np.sqrt(np.abs(vectors)) * 127.5
    codes = {"n": np.rint, "f": np.floor, "t": np.trunc}[rounding](exact).clip(-127, 127).astype(np.int8)

    assert np.abs(vector_lengths(codes) - 1).max() < TOLERANCE


@given(seed=st.integers(0, 10_000), spread=st.sampled_from([0.1, 1.0, 10.0]), factor=st.sampled_from([2, 4, 8]))
def test_an_overview_of_means_scaled_to_length_1_holds_and_means_as_they_are_do_not(seed, spread, factor):
    """As the publisher's overviews are made; means alone are shorter the more the pixels differ."""
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(64, 1, 1)) + spread * random.normal(size=(64, factor, factor))
    mean = (vectors / np.linalg.norm(vectors, axis=0)).mean(axis=(1, 2), keepdims=True)
    length = np.linalg.norm(mean)

    assert np.abs(vector_lengths(coded(mean / length)) - 1).max() < TOLERANCE
    assert vector_lengths(coded(mean)).item() == pytest.approx(length, abs=TOLERANCE)


def test_a_fetched_overview_is_held_to_the_same_rule_as_finest_pixels(tmp_path):
    """A file of its own, as the download writes it."""
    finest = unit_vectors(5, 1)
    mean = (finest[:, ::2] + finest[:, 1::2])[:, :, ::2] / 2
    write_raw(place(tmp_path / "scaled"), coded(mean / np.linalg.norm(mean, axis=0)))
    write_raw(place(tmp_path / "as they are"), coded(mean))

    read(tmp_path / "scaled")
    with pytest.raises(SchemaError, match="averaged") as caught:
        read(tmp_path / "as they are")
    assert caught.value.field == "length of vectors in the finest pixels"


def test_the_vector_that_loses_most_by_rounding_stays_within_the_tolerance():
    """All values 1/8: their codes, 45.08, may be cut to 45 or, where the quantiser is at odds, to 44."""
    for code in (44, 45, 46):
        assert np.abs(vector_lengths(np.full((64, 1, 1), code, np.int8)) - 1).max() < TOLERANCE


@pytest.mark.parametrize("seed", range(3))
def test_nearest_overviews_hold_and_averaged_ones_do_not(tmp_path, seed):
    for name, resampling in [("nearest", Resampling.nearest), ("average", Resampling.average)]:
        with rasterio.open(write_raw(place(tmp_path / name), random_codes(8, seed)), "r+") as target:
            target.build_overviews([2, 4], resampling)

    for resolution_m in (1000.0, 2000.0, 4000.0):
        read(tmp_path / "nearest", resolution_m)
    read(tmp_path / "average", 1000.0)
    for resolution_m in (2000.0, 4000.0):
        with pytest.raises(SchemaError, match="averaged") as caught:
            read(tmp_path / "average", resolution_m)
        assert caught.value.field == f"length of vectors in the overview of {resolution_m:g} m"


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (np.full((64, 8, 8), 100, np.int8), "no unit vectors"),
        (coded(np.full((64, 8, 8), 0.1)), "no unit vectors"),
        (np.rint(127 * np.full((64, 8, 8), 0.125)).astype(np.int8), "no unit vectors"),
        (np.where(random_codes(8) == -128, 0, random_codes(8)), "not masked"),
        (np.zeros((64, 8, 8), np.int8), "not masked"),
    ],
    ids=["too long", "too short", "linear", "zeros for masked", "zeros only"],
)
def test_other_codes_are_refused_with_the_cause(tmp_path, codes, message):
    write_raw(place(tmp_path), codes)

    with pytest.raises(SchemaError, match=message):
        read(tmp_path)


@pytest.mark.parametrize("pixel", [(0, 0), (7, 7), (3, 5)])
def test_one_pixel_of_zeros_is_found_wherever_it_lies(tmp_path, pixel):
    codes = coded(unit_vectors(0, 1)).repeat(2, axis=1).repeat(2, axis=2)
    codes[:, pixel[0], pixel[1]] = 0
    write_raw(place(tmp_path), codes)

    with pytest.raises(SchemaError, match="0 in all bands") as caught:
        read(tmp_path)

    assert caught.value.got == f"0.00 to 0.00 in 1 of 64 known pixels, first in row {pixel[0]}, column {pixel[1]}"


def test_land_without_a_file_is_told_where_there_is_no_index(tmp_path, caplog):
    from raster_files import cells_around

    write_raw(place(tmp_path), random_codes(8))
    cells, parameters = cells_around(15.0, 72.0, 150_000.0), EmbeddingParameters(resolution_m=1000.0, year_lag=0)

    with caplog.at_level(logging.WARNING):
        plan_embeddings(read_embedding_files(tmp_path), cells, [2021], parameters)

    assert f"AlphaEarth of 2021: of {len(cells)} of {len(cells)} cells land lies on no file" in caplog.text
