import numpy as np
import pytest
import xarray as xr

from entropice.imagery.bands import band_named
from entropice.virtual_ice.fields import BANDS, fields_of, true_fields_of
from entropice.virtual_ice.seasons import Season
from entropice.virtual_ice.specification import IceSpecification

SEED = 5


@pytest.fixture(scope="module")
def fields(specification: IceSpecification) -> xr.Dataset:
    return fields_of(specification, SEED)


def test_they_have_the_form_of_fields(fields: xr.Dataset) -> None:
    assert tuple(fields) == BANDS
    for band in BANDS:
        assert fields[band].dtype == np.float32
        assert fields[band].dims == ("time", "y", "x")
        assert fields[band].attrs == {"units": band_named(band).unit, "long_name": band_named(band).title}
        assert float(fields[band].min()) >= band_named(band).low
        assert float(fields[band].max()) <= band_named(band).high
    assert fields.attrs["crs"] == "EPSG:3413"
    assert fields.attrs["step"] == "P1D"
    assert fields.attrs["pixel_m"] == 12_500
    assert fields["x"].to_numpy()[[0, -1]].tolist() == [-393_750, 393_750]
    assert fields["y"].to_numpy()[[0, -1]].tolist() == [-606_250, -1_393_750]


def test_days_jump_only_between_seasons(fields: xr.Dataset) -> None:
    assert fields["time"].dtype == np.dtype("datetime64[ns]")
    days = np.diff(fields["time"].to_numpy()) / np.timedelta64(1, "D")
    assert np.flatnonzero(days != 1).tolist() == [39]
    assert str(fields["time"].to_numpy()[40])[:10] == "2012-04-20"


def test_only_land_is_unknown(fields: xr.Dataset, season: Season) -> None:
    for band in BANDS:
        is_known = np.isfinite(fields[band].to_numpy())
        assert np.array_equal(is_known, np.broadcast_to(season.ground.sea, is_known.shape))


def test_noise_is_that_of_the_specification(fields: xr.Dataset, specification: IceSpecification) -> None:
    true = true_fields_of(specification, SEED)
    inside = (true["ice_concentration"] > 0.2) & (true["ice_concentration"] < 0.8)
    noise = specification.observation
    for band, deviation in (
        ("ice_concentration", noise.concentration_sd),
        ("wind_x", noise.wind_sd_m_s),
        ("wind_y", noise.wind_sd_m_s),
    ):
        error = (fields[band] - true[band]).where(inside)
        assert float(error.std()) == pytest.approx(deviation, rel=0.05)
        assert abs(float(error.mean())) < 0.05 * deviation
    assert not fields["ice_thickness"].where(fields["ice_concentration"] == 0).max() > 0


def test_true_fields_are_the_law_s(specification: IceSpecification, season: Season) -> None:
    true = true_fields_of(specification, SEED).isel(time=3)
    sea = season.ground.sea
    concentration = season.states[3].concentration.astype(np.float32)
    assert np.array_equal(true["ice_concentration"].to_numpy()[sea], concentration[sea])
    assert np.array_equal(true["wind_y"].to_numpy()[sea], season.wind_m_s[1, 3].astype(np.float32)[sea])


def test_equal_seeds_make_equal_fields(fields: xr.Dataset, specification: IceSpecification) -> None:
    xr.testing.assert_identical(fields, fields_of(specification, SEED))
