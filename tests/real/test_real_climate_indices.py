"""Indices from real hours: the October of 2018 at Finse, Norway."""

import numpy as np
import pytest

from entropice.derive.climate.indices import INDICES
from entropice.derive.climate.monthly import indices_of
from entropice.derive.climate.seasons import thaw_season
from entropice.derive.climate.years import ArcticYear
from entropice.sources.era5.file import read_climate
from entropice.sources.era5.hourly import read_days, whole_days
from entropice.sources.era5.source import open_source


@pytest.fixture(scope="module")
def path(shared_data):
    return shared_data / "era5" / "finse_SURF_201810.nc"


@pytest.fixture(scope="module")
def october(path):
    """The thirty days that are whole, as the steps of a year that has no others."""
    source = open_source(path, "era5")
    days = read_days(source, *whole_days(source), slice(None))
    fields = {str(name): field.to_numpy() for name, field in days.data_vars.items()}
    return ArcticYear(fields, np.ones(30), np.full(30, 10), n_lead=0)


def test_degree_days_are_those_of_the_hours(path, october):
    hours = read_climate(path).sortby("latitude")["t2m"].isel(time=slice(0, 720)).to_numpy().astype(np.float64)
    celsius = hours.reshape(30, 24, *hours.shape[1:]).mean(axis=1) - 273.15

    found = indices_of(october, [index for index in INDICES if index.stem.endswith("degree_days")])

    np.testing.assert_allclose(found["thawing_degree_days_c_d"], celsius.clip(min=0).sum(axis=0), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(
        found["freezing_degree_days_c_d"], -celsius.clip(max=0).sum(axis=0), rtol=1e-4, atol=1e-3
    )


def test_it_freezes_up_later_where_october_is_warmer(october):
    celsius = october.celsius_of()

    season = thaw_season(celsius, np.ones(30))

    assert (season.end_d < 30).all()
    assert np.corrcoef(season.end_d.ravel(), celsius.mean(axis=0).ravel())[0, 1] > 0.7
    last_thaw = np.take_along_axis(celsius, np.floor(season.end_d - 0.5).astype(int)[None], axis=0)
    first_frost = np.take_along_axis(celsius, np.floor(season.end_d + 0.5).astype(int)[None], axis=0)
    assert (last_thaw > 0).all()
    assert (first_frost <= 0).all()
