"""Rivals by name: what each sees of pixels, known or not."""

import numpy as np
import pytest
from scipy.special import expit

from entropice.errors import ConfigError
from entropice.imagery.pixel_models import WINDOWS_PX, fit_pixel_model, values_in_context
from entropice.imagery.rivals import RIVALS, rival_named
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.water_index import ndwi

BANDS = ("green", "nir", "vv")
STATISTICS = BandStatistics(BANDS, 1, np.array([9, 9, 9]), np.array([0.1, 0.2, -10.0]), np.array([0.05, 0.1, 4.0]))


def standardised(values):
    values = np.asarray(values, dtype=np.float32)
    return ((values - STATISTICS.mean[:, None, None]) / STATISTICS.std[:, None, None]).astype(np.float32)


def test_the_index_is_that_of_reflectances():
    inputs = standardised([[[0.09, 0.03, 0.0, np.nan]], [[0.01, 0.09, 0.0, 0.2]], [[-9.0, -9, -9, -9]]])
    np.testing.assert_allclose(ndwi(inputs, STATISTICS), [[0.8, -0.5, np.nan, np.nan]], atol=1e-5)


def test_reflectances_below_nothing_count_as_nothing():
    inputs = standardised([[[0.01, -0.01]], [[-0.02, 0.03]], [[-9.0, -9]]])
    np.testing.assert_allclose(ndwi(inputs, STATISTICS), [[1.0, -1.0]], atol=1e-4)


def test_a_threshold_on_the_index_is_learned():
    random = np.random.default_rng(0)
    is_water = random.uniform(size=(24, 24)) < 0.4
    green = np.where(is_water, 0.08, 0.06) + random.normal(0, 0.003, is_water.shape)
    nir = np.where(is_water, 0.02, 0.2) + random.normal(0, 0.003, is_water.shape)
    inputs = standardised(np.stack([green, nir, np.full_like(green, -9)]))
    model = rival_named("ndwi").model(STATISTICS)
    fitted = fit_pixel_model(model, [(inputs, is_water, np.ones_like(is_water))], 200, 0)
    assert ((expit(fitted.logits(inputs)) > 0.5) == is_water).mean() > 0.99


@pytest.mark.parametrize("name", [rival.name for rival in RIVALS])
def test_gaps_give_numbers(name):
    random = np.random.default_rng(1)
    inputs = random.normal(size=(3, 16, 16)).astype(np.float32)
    inputs[0, :4], inputs[2, 8:] = np.nan, np.nan
    is_positive = random.uniform(size=(16, 16)) < 0.5
    fitted = fit_pixel_model(
        rival_named(name).model(STATISTICS), [(inputs, is_positive, np.ones_like(is_positive))], 50, 0
    )
    assert np.isfinite(fitted.logits(inputs)).all()


def test_surroundings_are_those_of_what_is_known():
    values = np.arange(49, dtype=np.float32).reshape(1, 7, 7)
    values[0, 3, 3] = np.nan
    columns = values_in_context(values).reshape(7, 7, -1)
    assert np.isnan(columns[3, 3, 0])
    window = values[0, 1:6, 1:6]
    assert WINDOWS_PX[0] == 5
    assert columns[3, 3, 1] == pytest.approx(np.nanmean(window), rel=1e-5)
    assert columns[3, 3, 3] == pytest.approx(np.nanstd(window), rel=1e-3)


def test_names_that_are_not_known_are_told():
    with pytest.raises(ConfigError, match="did you mean ndwi"):
        rival_named("ndvi")
