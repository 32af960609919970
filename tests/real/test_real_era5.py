"""Real ERA5 files, each with a trap of its own."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.dggs import parse_grid
from entropice.errors import InputFileError, SchemaError
from entropice.sources.climate_file import read_climate
from entropice.sources.era5 import normalise_fields, normalise_monthly
from entropice.zonal.lonlat_weights import lonlat_weights, weighted_means


@pytest.fixture(scope="module")
def era5(shared_data):
    return shared_data / "era5"


@pytest.fixture(scope="module")
def members(era5):
    return read_climate(era5 / "era5-levels-members.grib")


def test_no_index_file_is_written_beside_the_data(era5):
    before = sorted(era5.iterdir())

    read_climate(era5 / "era5-single-level-scalar-time.grib")

    assert sorted(era5.iterdir()) == before


def test_ensemble_fields_become_one_mean_each(members):
    fields = normalise_fields(members)

    assert set(fields) == {
        f"{name}_{statistic}_{unit}"
        for name, unit in [("t_500", "k"), ("t_850", "k"), ("z_500", "m2_s2"), ("z_850", "m2_s2")]
        for statistic in ("mean", "sd")
    }
    assert dict(fields.sizes) == {"lat": 61, "lon": 120}
    assert 230 < fields["t_850_mean_k"].sel(lat=90, lon=0) < 265
    assert fields["t_850_mean_k"].attrs["statistic"] == "mean over 10 × number and 4 × time"
    raw = members["t"].sel(isobaricInhPa=500, latitude=69, longitude=270)
    assert fields["t_500_mean_k"].sel(lat=69, lon=-90).item() == pytest.approx(float(raw.mean()), rel=1e-6)


def test_pole_values_repeat_over_longitudes_and_reach_the_pole_cell(members):
    fields = normalise_fields(members)
    pole_k = fields["t_850_mean_k"].sel(lat=90).to_numpy()
    grid = parse_grid("h3_4")
    cell = grid.cell_at(np.array([0.0]), np.array([90.0]))

    weights = lonlat_weights(fields["lon"].to_numpy(), fields["lat"].to_numpy(), grid.polygons(cell))

    assert np.ptp(pole_k) == 0
    assert weights.sum() == pytest.approx(1)
    assert weighted_means(weights, fields["t_850_mean_k"].to_numpy().ravel().astype(float)).item() == pytest.approx(
        pole_k[0], abs=1e-4
    )


def test_every_arctic_cell_gets_a_value(members):
    fields, grid = normalise_fields(members), parse_grid("h3_3")
    weights = lonlat_weights(
        fields["lon"].to_numpy(), fields["lat"].to_numpy(), grid.polygons(grid.cells_north_of(60.0))
    )

    values = weighted_means(weights, fields["t_850_mean_k"].to_numpy().ravel().astype(float))

    north = fields["t_850_mean_k"].sel(lat=slice(55, 90))
    assert np.isfinite(values).all()
    assert float(north.min()) <= values.min()
    assert values.max() <= float(north.max())


def test_two_experiment_versions_are_refused_by_name(era5):
    with pytest.raises(SchemaError) as caught:
        read_climate(era5 / "mv_zt_multi_expvers.grib")

    assert caught.value.got == "8 messages of 0001, 8 messages of xxyz"


def test_a_truncated_grib_is_refused(era5, tmp_path):
    path = tmp_path / "cut.grib"
    path.write_bytes((era5 / "era5-levels-members.grib").read_bytes()[:100_000])

    with pytest.raises(InputFileError, match="cannot be read"):
        read_climate(path)


def test_a_truncated_classic_netcdf_is_refused_though_its_library_reads_it(era5, tmp_path):
    path = tmp_path / "cut.nc"
    path.write_bytes((era5 / "finse_SURF_201810.nc").read_bytes()[:600_000])
    with xr.open_dataset(path, engine="netcdf4") as taken_as_whole:
        assert taken_as_whole["t2m"].load().shape == (744, 7, 10)

    with pytest.raises(InputFileError, match="cannot be read"):
        read_climate(path)


def test_packed_hourly_netcdf_is_unpacked_but_is_not_monthly(era5):
    hourly = read_climate(era5 / "finse_SURF_201810.nc")

    assert 250 < float(hourly["t2m"].min()) < float(hourly["t2m"].max()) < 300
    with pytest.raises(SchemaError) as caught:
        normalise_monthly(hourly.assign(sf=hourly["tp"], sd=hourly["tp"]))
    assert caught.value.field == "time"


def test_scalar_times_and_healpix_order(era5):
    fields = normalise_fields(read_climate(era5 / "ek_test.nc"))
    assert set(fields) == {"t2m_mean_k", "msl_mean_pa"}

    with pytest.raises(SchemaError, match="no regular longitude–latitude grid"):
        normalise_fields(read_climate(era5 / "ek_healpix_H8.grib2"))


def test_real_temperatures_in_the_new_encoding_come_through_unchanged(members, tmp_path):
    # No real monthly file in the store's new encoding was to be had: real values, that encoding.
    temperature = members["t"].sel(isobaricInhPa=850).mean(["number", "time"]).drop_vars(["isobaricInhPa", "step"])
    months = pd.date_range("2020-01", periods=2, freq="MS")
    t2m = temperature.expand_dims(valid_time=months).assign_attrs(units="K")
    depth = (t2m * 0 + 0.001).assign_attrs(units="m")
    raw = xr.Dataset({"t2m": t2m, "tp": depth, "sf": depth, "sd": depth})
    raw = raw.assign_coords(expver=("valid_time", np.array(["0001", "0005"], dtype=object)), number=0)
    raw.drop_encoding().to_netcdf(tmp_path / "new.nc", engine="netcdf4")

    climate = normalise_monthly(read_climate(tmp_path / "new.nc"))

    for lon, foreign in [(-180, 180), (-3, 357), (177, 177)]:
        np.testing.assert_array_equal(
            climate["t2m"].sel(lat=81, lon=lon).to_numpy(),
            t2m.sel(latitude=81, longitude=foreign).astype(np.float32).to_numpy(),
        )
    assert climate.attrs["preliminary_months"] == ["2020-02"]
    assert climate["tp"].sel(lat=81, lon=0).to_numpy() == pytest.approx([31.0, 29.0])
