import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from era5_files import hourly_file, monthly_file

from entropice.errors import InputFileError, SchemaError
from entropice.sources.era5.hourly import hourly_climate
from entropice.sources.era5.monthly import normalise_monthly
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import open_source, source_from


def written(folder: Path, **files: xr.Dataset) -> Path:
    folder.mkdir(exist_ok=True)
    for name, dataset in files.items():
        dataset.drop_encoding().to_netcdf(folder / f"{name}.nc", engine="netcdf4")
    return folder


def whole() -> xr.Dataset:
    return normalise_monthly(source_from({"all": in_memory(monthly_file())}, "era5"))


def test_a_folder_of_files_by_variable_and_month_is_as_one_file(tmp_path):
    raw = monthly_file()
    files = {
        f"{name}_{month}": raw[[name]].isel(valid_time=[month])
        for name in raw
        for month in range(raw.sizes["valid_time"])
    }
    folder = written(tmp_path / "era5", **files)
    (folder / "files.sha256").write_text("not climate")
    (folder / ".hidden").write_text("not climate")

    xr.testing.assert_identical(normalise_monthly(open_source(folder, "era5")), whole())


def test_a_zip_of_instantaneous_and_accumulated_variables_is_as_one_file(tmp_path):
    raw = monthly_file()
    late = raw["valid_time"] + np.timedelta64(6, "h")  # sums are stamped at the end of their first forecast
    parts = {"instant": raw[["t2m", "sd"]], "accum": raw[["tp", "sf"]].assign_coords(valid_time=late)}
    folder = written(tmp_path / "parts", **parts)
    with zipfile.ZipFile(tmp_path / "climate.nc", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"data_stream-moda_stepType-{file.name}")

    xr.testing.assert_identical(normalise_monthly(open_source(tmp_path / "climate.nc", "era5")), whole())


def test_a_zarr_store_with_long_names_is_as_one_file(tmp_path):
    names = {"t2m": "2m_temperature", "tp": "total_precipitation", "sf": "snowfall", "sd": "snow_depth"}
    arco = monthly_file().drop_vars(["number", "expver"]).rename(names).rename(valid_time="time").drop_encoding()
    arco.to_zarr(tmp_path / "arco.zarr", zarr_format=3, consolidated=False)

    xr.testing.assert_identical(normalise_monthly(open_source(tmp_path / "arco.zarr", "era5")), whole())
    xr.testing.assert_identical(normalise_monthly(open_source(tmp_path, "era5")), whole())


def test_reserved_years_of_an_arco_store_are_left_out_and_its_preliminary_days_are_named():
    attributes = {
        "valid_time_start": "2020-01-02",
        "valid_time_stop": "2020-01-03",
        "valid_time_stop_era5t": "2020-01-05",
    }
    arco = hourly_file(n_hours=24 * 10).rename(valid_time="time").assign_attrs(attributes)

    hours = hourly_climate(source_from({"arco": in_memory(arco)}, "era5"))

    # the sum over the last hour of 5 January is stamped 6 January 00 UTC, which is not valid any more
    assert (str(hours.first_day), str(hours.last_day)) == ("2020-01-02", "2020-01-04")
    days = hours.read_days(hours.first_day, hours.last_day, slice(None))
    # 3 January ends with a sum that is stamped 4 January, after the final data
    assert days.attrs["preliminary_steps"] == ["2020-01-03", "2020-01-04"]


def test_hours_in_a_zarr_store_say_how_many_rows_come_at_once(tmp_path):
    raw = hourly_file(n_hours=49)
    arco = raw.drop_vars("number").rename(t2m="2m_temperature", valid_time="time").drop_encoding()
    arco.to_zarr(
        tmp_path / "arco.zarr",
        zarr_format=2,
        consolidated=False,
        encoding={name: {"chunks": (1, 3, 4)} for name in arco},
    )

    hours = hourly_climate(open_source(tmp_path / "arco.zarr", "era5"))

    assert hours.rows_per_read == 3
    expected = hourly_climate(source_from({"all": in_memory(raw)}, "era5"))
    xr.testing.assert_identical(
        hours.read_days(hours.first_day, hours.last_day, slice(1, 3)),
        expected.read_days(expected.first_day, expected.last_day, slice(1, 3)),
    )


def test_time_series_of_the_store_are_as_its_files():
    raw = hourly_file(n_hours=49)
    west = (raw["longitude"] + 180) % 360 - 180
    series = raw.drop_vars("number").assign_coords(longitude=west).sortby("longitude").rename(valid_time="time")

    days, expected = (
        hours.read_days(hours.first_day, hours.last_day, slice(None))
        for hours in (hourly_climate(source_from({"a": in_memory(part)}, "era5")) for part in (series, raw))
    )

    xr.testing.assert_identical(days, expected)


def test_only_headers_travel_to_workers(tmp_path):
    raw = monthly_file(n_months=48)
    source = open_source(written(tmp_path / "era5", climate=raw), "era5")

    packed = pickle.dumps(source)

    assert len(packed) < raw.nbytes
    xr.testing.assert_identical(normalise_monthly(pickle.loads(packed)), normalise_monthly(source))  # noqa: S301


def test_the_steps_of_a_file_are_the_same_read_in_blocks(monkeypatch):
    monkeypatch.setattr("entropice.sources.era5.slices.BLOCK_BYTES", 1)
    monkeypatch.setattr("entropice.sources.era5.slices.MAX_BLOCK_BYTES", 1)

    xr.testing.assert_identical(normalise_monthly(source_from({"all": in_memory(monthly_file())}, "era5")), whole())


@pytest.mark.parametrize("rows", [slice(0, 1), slice(1, 3), slice(None)], ids=["south", "north", "all"])
def test_rows_are_a_cut_of_the_whole(rows):
    climate = normalise_monthly(source_from({"all": in_memory(monthly_file())}, "era5"), rows)

    xr.testing.assert_identical(climate, whole().isel(lat=rows))


def test_a_grid_that_closes_at_360_keeps_each_meridian_once():
    raw = monthly_file()
    closed = xr.concat(
        [raw, raw.isel(longitude=[0]).assign_coords(longitude=[360.0])], "longitude", data_vars="minimal"
    )

    xr.testing.assert_identical(normalise_monthly(source_from({"all": in_memory(closed)}, "era5")), whole())


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ([monthly_file(), monthly_file().isel(latitude=slice(0, 2))], "latitude, longitude"),
        ([monthly_file().assign_coords(expver="0099")], "expver"),
        ([monthly_file().isel(valid_time=[0, 1, 1])], "time"),
        ([monthly_file().expand_dims(depthBelowLandLayer=2)], "depthBelowLandLayer"),
        ([monthly_file().assign_coords(valid_time=np.arange(4))], "time"),
        ([monthly_file().isel(valid_time=[0, 1]).assign_coords(expver=("valid_time", ["0001", "xxyz"]))], "expver"),
        ([xr.Dataset({"u10": monthly_file()["t2m"]})], "variables"),
    ],
    ids=[
        "two grids",
        "foreign version",
        "time twice",
        "levels",
        "times without a unit",
        "a foreign month",
        "no known variable",
    ],
)
def test_what_headers_show_to_be_wrong_is_refused_before_a_value_is_read(parts, field):
    with pytest.raises(SchemaError) as caught:
        source_from({f"{number}.nc": in_memory(part) for number, part in enumerate(parts)}, "era5")

    assert caught.value.field == field
    assert caught.value.path.endswith(".nc")


def test_a_real_calendar_is_asked_for():
    times = xr.date_range("2020-01", periods=4, freq="MS", calendar="noleap", use_cftime=True)

    with pytest.raises(SchemaError, match="calendar"):
        source_from({"model.nc": in_memory(monthly_file().assign_coords(valid_time=times))}, "era5")


def test_files_of_another_product_are_refused():
    raw = monthly_file()
    raw["t2m"].attrs["GRIB_class"] = "l5"

    with pytest.raises(SchemaError) as caught:
        source_from({"land.grib": in_memory(raw)}, "era5")

    assert (caught.value.field, caught.value.got) == ("class", "l5")
    assert source_from({"land.grib": in_memory(raw)}, "era5_land").product.name == "ERA5-Land"


def test_snow_depth_is_water_in_era5_and_thickness_in_era5_land():
    raw = monthly_file().rename(sd="snow_depth")

    assert "sd" in source_from({"era5.zarr": in_memory(raw)}, "era5").variables
    assert "sd" not in source_from({"land.zarr": in_memory(raw)}, "era5_land").variables
    water = raw.rename(snow_depth="snow_depth_water_equivalent")
    assert "sd" in source_from({"land.zarr": in_memory(water)}, "era5_land").variables


def test_a_foreign_file_in_the_folder_is_refused_by_name(tmp_path):
    folder = written(tmp_path / "era5", climate=monthly_file())
    (folder / "notes.nc").write_text("not climate")

    with pytest.raises(InputFileError) as caught:
        open_source(folder, "era5")

    assert caught.value.path.endswith("notes.nc")
