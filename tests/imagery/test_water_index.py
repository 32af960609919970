"""NDWI of physical reflectances, worked by hand, and its line."""

import numpy as np
import pytest

from entropice.errors import ConfigError, LabelError
from entropice.imagery.pixel_models import fit_pixel_model
from entropice.imagery.rivals import RIVALS
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.water_index import KnownLine, ndwi, ndwi_columns

MEAN, STD = np.array([0.2, 0.1, 0.3]), np.array([0.1, 0.05, 0.2])
STATISTICS = BandStatistics(("red", "green", "nir"), 1, np.ones(3, dtype=np.int64), MEAN, STD)
(NDWI,) = [rival for rival in RIVALS if rival.name == "ndwi"]


def test_water_is_above_0_and_what_is_not_known_stays_so():
    green = np.array([0.3, 0.1, np.nan, 0.0, -0.2])
    nir = np.array([0.1, 0.3, 0.1, 0.0, 0.1])
    assert ndwi(green, nir) == pytest.approx([0.5, -0.5, np.nan, np.nan, np.nan], nan_ok=True)


def test_the_index_is_of_reflectances_not_of_standardised_values():
    reflectances = np.array([0.9, 0.3, 0.1]).reshape(3, 1, 1)
    values = ((reflectances - MEAN[:, None, None]) / STD[:, None, None]).astype(np.float32)
    assert ndwi_columns(NDWI.bands, STATISTICS)(values).ravel() == pytest.approx([0.5], abs=1e-6)


def test_bands_that_are_missing_are_named():
    with pytest.raises(ConfigError, match="nir"):
        NDWI.model(BandStatistics(("red", "green"), 1, np.ones(2, dtype=np.int64), MEAN[:2], STD[:2]))


def _tile(seed):
    random = np.random.default_rng(seed)
    water = random.random((32, 32)) < 0.2
    reflectances = np.stack([random.random((32, 32)), np.where(water, 0.08, 0.1), np.where(water, 0.03, 0.3)])
    reflectances[1:] += random.normal(0, 0.01, size=(2, 32, 32))
    values = ((reflectances - MEAN[:, None, None]) / STD[:, None, None]).astype(np.float32)
    values[:, :, :4] = np.nan
    return values, water, np.ones((32, 32), dtype=bool)


def test_unknown_pixels_have_the_log_odds_of_the_prior():
    tiles = [_tile(seed) for seed in range(6)]
    fitted = fit_pixel_model(NDWI.model(STATISTICS), tiles, n_pixels_per_tile=60, seed=1)

    values, water, _ = _tile(99)
    logits = fitted.logits(values)
    share = np.mean([positive for _, positive, _ in tiles])
    assert logits[:, :4] == pytest.approx(np.log(share / (1 - share)), abs=1e-5)
    assert logits[:, 4:][water[:, 4:]].min() > logits[:, 4:][~water[:, 4:]].max()


def test_known_pixels_of_one_class_are_refused():
    with pytest.raises(LabelError, match="both classes"):
        KnownLine().fit(np.array([[0.1], [0.2], [np.nan]]), np.array([True, True, False]))
