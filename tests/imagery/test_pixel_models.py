import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import uniform_filter
from scipy.special import expit

from entropice.errors import LabelError
from entropice.imagery.pixel_models import (
    WINDOWS_PX,
    fit_pixel_model,
    own_values,
    values_in_context,
)
from entropice.imagery.rivals import RIVALS
from entropice.imagery.statistics import BandStatistics

STATISTICS = BandStatistics(("green", "nir"), 1, np.array([1, 1]), np.array([0.3, 0.5]), np.array([0.05, 0.05]))
BY_NAME = {rival.name: rival.model(STATISTICS) for rival in RIVALS}


def _tiles(n: int, seed: int = 0, slope: float = 2.0, intercept: float = -3.0):
    random = np.random.default_rng(seed)
    for _ in range(n):
        values = random.standard_normal((2, 48, 48)).astype(np.float32)
        positive = random.uniform(size=(48, 48)) < expit(intercept + slope * values[0])
        yield values, positive, np.ones((48, 48), dtype=bool)


def test_a_pixel_is_seen_as_its_bands() -> None:
    values = np.arange(24, dtype=np.float32).reshape(2, 3, 4)

    columns = own_values(values)

    assert columns.shape == (12, 2)
    assert np.array_equal(columns[5], values[:, 1, 1])


def test_surroundings_are_mean_and_spread_in_squares() -> None:
    values = np.random.default_rng(1).standard_normal((3, 31, 31)).astype(np.float32)

    columns = values_in_context(values).reshape(31, 31, -1)

    edge = WINDOWS_PX[0]
    square = values[:, 15 - edge // 2 : 16 + edge // 2, 15 - edge // 2 : 16 + edge // 2]
    assert columns.shape[2] == 3 * (1 + 2 * len(WINDOWS_PX))
    assert columns[15, 15, 3:6] == pytest.approx(square.mean(axis=(1, 2)), abs=1e-5)
    assert columns[15, 15, 9:12] == pytest.approx(square.std(axis=(1, 2)), abs=1e-3)


def test_log_odds_are_those_of_the_tiles_though_classes_were_drawn_unevenly() -> None:
    fitted = fit_pixel_model(BY_NAME["pixel_logistic"], _tiles(60), n_pixels_per_tile=80, seed=0)

    values, positive, _ = next(_tiles(1, seed=99))
    logits = fitted.logits(values)

    assert logits.shape == (48, 48)
    assert np.polyfit(values[0].ravel(), logits.ravel(), 1) == pytest.approx([2.0, -3.0], abs=0.25)
    assert expit(logits).mean() == pytest.approx(positive.mean(), abs=0.02)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_model_learns_and_gives_the_same_twice(name: str) -> None:
    one, other = (fit_pixel_model(BY_NAME[name], _tiles(10), n_pixels_per_tile=200, seed=3) for _ in range(2))

    values, positive, _ = next(_tiles(1, seed=99))
    logits = one.logits(values)

    assert np.array_equal(logits, other.logits(values))
    assert logits[positive].mean() > logits[~positive].mean() + 0.5


def test_pixels_that_do_not_count_are_not_drawn() -> None:
    tiles = [(values, positive, ~positive) for values, positive, _ in _tiles(3)]

    with pytest.raises(LabelError, match="both classes"):
        fit_pixel_model(BY_NAME["pixel_logistic"], tiles, n_pixels_per_tile=10, seed=0)


def test_surroundings_are_of_what_is_known() -> None:
    values = np.random.default_rng(1).standard_normal((1, 31, 31)).astype(np.float32)
    values[0, :, 14:] = np.nan
    columns = values_in_context(values).reshape(31, 31, -1)

    half = WINDOWS_PX[0] // 2
    square = values[0, 15 - half : 16 + half, 13 - half : 14 + half]
    assert columns[15, 13, 1] == pytest.approx(np.nanmean(square), abs=1e-5)
    assert columns[15, 13, 3] == pytest.approx(np.nanstd(square), abs=1e-3)
    assert np.isnan(columns[15, 30]).all()
    assert columns[15, 15, 1] == pytest.approx(np.nanmean(values[0, 13:18, 13:18]), abs=1e-5)
    assert np.isnan(columns[15, 15, 0])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_surroundings_without_gaps_are_plain_means(seed: int) -> None:
    values = np.random.default_rng(seed).standard_normal((2, 20, 20)).astype(np.float32)
    plain = [uniform_filter(values, size=(0, px, px), mode="nearest") for px in WINDOWS_PX]

    assert np.array_equal(values_in_context(values)[:, 2:6], own_values(np.concatenate(plain)))


@pytest.mark.parametrize("name", BY_NAME)
def test_every_model_takes_what_is_not_known(name: str) -> None:
    def gappy():
        for values, positive, counts in _tiles(10):
            values[1, :, :20] = np.nan
            yield values, positive, counts

    fitted = fit_pixel_model(BY_NAME[name], gappy(), n_pixels_per_tile=200, seed=3)
    values = np.full((2, 8, 8), np.nan, dtype=np.float32)
    assert np.isfinite(fitted.logits(values)).all()
