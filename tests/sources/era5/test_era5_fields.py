import numpy as np
import pytest
import xarray as xr

from entropice.sources.era5.fields import normalise_fields


def ensemble() -> xr.Dataset:
    values = np.arange(2 * 3 * 2 * 2 * 2, dtype=np.float32).reshape(2, 3, 2, 2, 2)
    dims = ("number", "time", "isobaricInhPa", "latitude", "longitude")
    return xr.Dataset(
        {
            "t": (dims, values, {"units": "K", "long_name": "Temperature"}),
            "z": (dims, values, {"units": "m**2 s**-2", "long_name": "Geopotential"}),
        },
        coords={
            "isobaricInhPa": [850.0, 500.0],
            "latitude": [90.0, 60.0],
            "longitude": [0.0, 180.0],
            "step": np.timedelta64(0, "ns"),
        },
    )


def test_fields_are_named_for_what_they_are_and_averaged_over_members_and_times():
    raw = ensemble()

    fields = normalise_fields(raw)

    assert set(fields) == {
        f"{name}_{level}_{statistic}_{unit}"
        for name, unit in [("t", "k"), ("z", "m2_s2")]
        for level in (500, 850)
        for statistic in ("mean", "sd")
    }
    members = raw["t"].sel(isobaricInhPa=850.0, latitude=60.0, longitude=180.0).to_numpy()
    assert fields["t_850_mean_k"].sel(lat=60, lon=-180).item() == pytest.approx(members.mean())
    assert fields["t_850_sd_k"].sel(lat=60, lon=-180).item() == pytest.approx(members.std(), rel=1e-6)
    assert fields["t_850_mean_k"].attrs["long_name"] == "Temperature at 850 hPa"


def test_a_single_field_has_no_spread():
    fields = normalise_fields(ensemble().isel(number=0, time=0, isobaricInhPa=0))

    assert set(fields) == {"t_mean_k", "z_mean_m2_s2"}
