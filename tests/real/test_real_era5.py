"""Real ERA5 files, each with a trap of its own."""

import zipfile

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.dggs import parse_grid
from entropice.errors import InputFileError, SchemaError
from entropice.sources.era5.fields import normalise_fields
from entropice.sources.era5.file import open_climate, read_climate
from entropice.sources.era5.hourly import read_days, whole_days
from entropice.sources.era5.monthly import normalise_monthly
from entropice.sources.era5.source import open_source
from entropice.zonal.lonlat_weights import lonlat_weights, weighted_means

# eccodes comes after pyproj (see climate_file).
# isort: off
import eccodes

# isort: on


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
    assert fields["t_850_mean_k"].attrs["statistic"] == "mean over 10 × number and 4 × valid_time"
    assert fields["t_850_mean_k"].attrs["years"] == "2017"
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


def test_two_experiment_versions_yield_all_sixteen_messages(era5):
    both = read_climate(era5 / "mv_zt_multi_expvers.grib")

    assert dict(both.sizes) == {"expver": 2, "valid_time": 4, "latitude": 7, "longitude": 18}
    assert sorted(both["expver"].values) == ["0001", "xxyz"]
    with (era5 / "mv_zt_multi_expvers.grib").open("rb") as file:
        n_messages = 0
        while (message := eccodes.codes_grib_new_from_file(file)) is not None:
            where = {
                "expver": eccodes.codes_get(message, "expver", ktype=str),
                "valid_time": pd.Timestamp(
                    f"{eccodes.codes_get(message, 'validityDate')} {eccodes.codes_get(message, 'validityTime'):04d}"
                ),
            }
            field = both[eccodes.codes_get(message, "shortName")].sel(where)
            np.testing.assert_allclose(field.to_numpy().ravel(), eccodes.codes_get_values(message), rtol=1e-6)
            eccodes.codes_release(message)
            n_messages += 1
    assert n_messages == 16


def test_two_experiment_versions_are_never_averaged(era5):
    with pytest.raises(SchemaError) as caught:
        normalise_fields(read_climate(era5 / "mv_zt_multi_expvers.grib"))

    assert caught.value.got == "0001, xxyz"


def hours_of(source_path, target_path, hours_by_version):
    """The real field of 2 m temperature, written as messages of several hours and experiment versions."""
    with source_path.open("rb") as file, target_path.open("wb") as target:
        message = eccodes.codes_grib_new_from_file(file)
        values = eccodes.codes_get_values(message)
        for version, hours in hours_by_version.items():
            for hour in hours:
                copy = eccodes.codes_clone(message)
                eccodes.codes_set(copy, "expver", version)
                eccodes.codes_set(copy, "dataTime", 100 * hour)
                eccodes.codes_set_values(copy, values + hour + (0.5 if version == "0005" else 0))
                eccodes.codes_write(copy, target)
                eccodes.codes_release(copy)
        eccodes.codes_release(message)


def test_final_and_preliminary_messages_of_a_grib_file_make_one_day(era5, tmp_path):
    one_hour = era5 / "era5-single-level-scalar-time.grib"
    hours_of(one_hour, tmp_path / "day.grib", {"0001": range(16), "0005": range(14, 24)})
    raw = read_climate(one_hour)["t2m"]

    source = open_source(tmp_path / "day.grib", "era5")
    day = read_days(source, *whole_days(source), slice(0, 40)).isel(time=0)

    # hours 0 to 15 are final, though 14 and 15 are there twice; 16 to 23 are preliminary
    added_k = (sum(range(24)) + 8 * 0.5) / 24
    expected = raw.sortby("latitude")[:40] + added_k
    np.testing.assert_allclose(day["t2m"], expected, atol=2e-3)
    np.testing.assert_allclose(day["t2m_max"] - day["t2m_min"], 23.5, atol=4e-3)
    assert day.attrs["preliminary_steps"] == ["2017-01-01"]


def test_a_foreign_experiment_version_is_refused_by_name(era5, tmp_path):
    hours_of(era5 / "era5-single-level-scalar-time.grib", tmp_path / "day.grib", {"0001": [0], "0078": [1]})

    with pytest.raises(SchemaError) as caught:
        open_source(tmp_path / "day.grib", "era5")

    assert (caught.value.field, caught.value.got) == ("expver", "0078")
    assert str(tmp_path / "day.grib") in caught.value.path


def test_a_grib_file_of_era5_is_not_era5_land(era5):
    with pytest.raises(SchemaError) as caught:
        open_source(era5 / "era5-single-level-scalar-time.grib", "era5_land")

    assert (caught.value.got, caught.value.expected) == ("ea", "l5")


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


def test_packed_hours_become_the_days_that_their_values_make(era5):
    path = era5 / "finse_SURF_201810.nc"
    source = open_source(path, "era5")

    days = read_days(source, *whole_days(source), slice(None))

    # 31 October has no last hour of rain: it is stamped 1 November 00 UTC
    assert days["time"].to_numpy()[[0, -1]].astype("datetime64[D]").astype(str).tolist() == ["2018-10-01", "2018-10-30"]
    hours = read_climate(path).sortby("latitude")
    np.testing.assert_allclose(days["t2m"], hours["t2m"].resample(time="D").mean()[:30], rtol=1e-6)
    np.testing.assert_allclose(days["t2m_min"], hours["t2m"].resample(time="D").min()[:30], rtol=1e-6)
    np.testing.assert_allclose(days["t2m_max"], hours["t2m"].resample(time="D").max()[:30], rtol=1e-6)
    ending = hours["tp"].resample(time="D", closed="right", label="left").sum()
    expected_mm = 1000 * ending.sel(time=slice("2018-10-01", "2018-10-30"))
    np.testing.assert_allclose(days["tp"], expected_mm, rtol=1e-5, atol=1e-5)
    # all rain but that of the first stamp (30 September) and of the last day's 23 hours
    total_mm = 1000 * hours["tp"].isel(time=slice(1, 721)).sum("time")
    np.testing.assert_allclose(days["tp"].sum("time"), total_mm, rtol=1e-5)
    assert set(days) >= {"t2m", "t2m_min", "t2m_max", "tp", "d2m", "ssrd", "strd", "sp"}


def test_hours_are_not_months(era5):
    hourly = open_source(era5 / "finse_SURF_201810.nc", "era5")

    with pytest.raises(SchemaError) as caught:
        normalise_monthly(hourly)
    assert caught.value.field == "sf, sd"


def test_opening_a_file_reads_its_header_only(era5):
    opened = open_climate(era5 / "finse_SURF_201810.nc")[""]

    assert not any(variable.variable._in_memory for variable in opened.data_vars.values())


def test_scalar_times_and_healpix_order(era5):
    fields = normalise_fields(read_climate(era5 / "ek_test.nc"))
    assert set(fields) == {"t2m_mean_k", "msl_mean_pa"}

    with pytest.raises(SchemaError, match="no regular longitude–latitude grid"):
        normalise_fields(read_climate(era5 / "ek_healpix_H8.grib2"))


def test_scalar_times_are_one_step(era5):
    for name, day in [("ek_test.nc", "2020-05-13T12"), ("era5-single-level-scalar-time.grib", "2017-01-01T12")]:
        (held,) = open_source(era5 / name, "era5").slices
        assert held.stamps.astype("datetime64[h]").astype(str).tolist() == [day]


@pytest.fixture(scope="module")
def two_months(members):
    """Real temperatures of 850 hPa as if they were monthly means: the store's encoding since 2024."""
    # No real monthly file in that encoding was to be had: real values, that encoding.
    temperature = members["t"].sel(isobaricInhPa=850).mean(["number", "valid_time"]).drop_vars("isobaricInhPa")
    months = pd.date_range("2020-01", periods=2, freq="MS")
    t2m = temperature.expand_dims(valid_time=months).assign_attrs(units="K")
    depth = (t2m * 0 + 0.001).assign_attrs(units="m")
    raw = xr.Dataset({"t2m": t2m, "tp": depth, "sf": depth, "sd": depth})
    return raw.assign_coords(expver=("valid_time", np.array(["0001", "0005"], dtype=object)), number=0).drop_encoding()


def legacy(raw):
    """As the store wrote until 2024: ``time``, a dimension ``expver`` of numbers, integers of 16 bit."""
    renamed = raw.drop_vars(["number", "expver"]).rename(valid_time="time")
    is_final = xr.DataArray([True, False], dims="time")
    versions = pd.Index([1, 5], name="expver")
    return xr.concat([renamed.where(is_final), renamed.where(~is_final)], versions, combine_attrs="override")


def packed(raw):
    return {
        name: {
            "dtype": "int16",
            "scale_factor": float(np.ptp(raw[name].fillna(raw[name].mean()).values)) / 65_000 or 1e-6,
            "add_offset": float(raw[name].mean()),
            "_FillValue": -32767,
        }
        for name in raw
    }


def test_real_temperatures_come_through_each_encoding(two_months, tmp_path):
    two_months.to_netcdf(tmp_path / "new.nc", engine="netcdf4")
    old = legacy(two_months)
    old.to_netcdf(tmp_path / "old.nc", engine="netcdf4", format="NETCDF3_64BIT_OFFSET", encoding=packed(old))
    with zipfile.ZipFile(tmp_path / "zipped.nc", "w") as archive:
        for name, variables in {"instant": ["t2m", "sd"], "accum": ["tp", "sf"]}.items():
            two_months[variables].to_netcdf(tmp_path / name, engine="netcdf4")
            archive.write(tmp_path / name, f"data_stream-moda_stepType-{name}.nc")

    climates = {path.stem: normalise_monthly(open_source(path, "era5")) for path in tmp_path.glob("*.nc")}

    assert set(climates) == {"new", "old", "zipped"}
    for climate in climates.values():
        for lon, foreign in [(-180, 180), (-3, 357), (177, 177)]:
            np.testing.assert_allclose(
                climate["t2m"].sel(lat=81, lon=lon), two_months["t2m"].sel(latitude=81, longitude=foreign), atol=2e-3
            )
        assert climate.attrs["preliminary_steps"] == ["2020-02"]
        np.testing.assert_allclose(climate["tp"].sel(lat=81, lon=0), [31.0, 29.0], rtol=1e-3)
    xr.testing.assert_identical(climates["new"], climates["zipped"])
