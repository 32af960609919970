import pickle

import numpy as np
import pytest
import xarray as xr
from era5_files import hourly_file
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.sources.era5.hourly import HourlyClimate, hourly_climate, read_days, whole_days
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import ClimateSource, source_from

ALL_ROWS = slice(None)
JANUARY_1, JANUARY_2, JANUARY_4 = (np.datetime64(f"2020-01-0{day}", "D") for day in (1, 2, 4))


def source_of(*raw: xr.Dataset, product: str = "era5") -> ClimateSource:
    return source_from({f"{number}.nc": in_memory(part) for number, part in enumerate(raw)}, product)


def days_of(*raw: xr.Dataset, product: str = "era5") -> xr.Dataset:
    hours = hourly_climate(source_of(*raw, product=product))
    return hours.read_days(hours.first_day, hours.last_day, ALL_ROWS)


def with_rain(raw: xr.Dataset, seed: int) -> xr.Dataset:
    """Random rain and snow, dry in every second hour or so; a share of what falls is snow."""
    random = np.random.default_rng(seed)
    falls = random.random(raw["tp"].shape) * (random.random(raw["tp"].shape) < 0.5) / 100
    raw["tp"] = raw["tp"].copy(data=falls.astype(np.float32))
    raw["sf"] = raw["sf"].copy(data=(falls * random.random(falls.shape)).astype(np.float32))
    return raw


def since_midnight(raw: xr.Dataset) -> xr.Dataset:
    """Sums of hours as ERA5-Land gives them: since 00 UTC, up to 24 UTC, which is 00 UTC of the next day."""
    day = (raw["valid_time"] - np.timedelta64(1, "h")).dt.floor("D")
    for name in ("tp", "sf"):
        raw[name] = raw[name].groupby(day).cumsum().transpose(*raw[name].dims).assign_attrs(raw[name].attrs)
    return raw


def test_a_days_mean_and_extremes_are_of_its_24_hours_and_its_sum_ends_at_midnight():
    days = days_of(hourly_file(n_hours=49)).sel(lat=60, lon=0)

    # hour h of January has 200 K + h / 4, and h mm of rain in the hour before it
    assert days["time"].dt.strftime("%d").values.tolist() == ["01", "02"]
    assert days["t2m"].values.tolist() == [200 + 11.5 / 4, 200 + 35.5 / 4]
    assert days["t2m_min"].values.tolist() == [200, 206]
    assert days["t2m_max"].values.tolist() == [205.75, 211.75]
    np.testing.assert_allclose(days["tp"], [sum(range(1, 25)), sum(range(25, 49))], rtol=1e-6)
    np.testing.assert_allclose(days["sd"], [104.0, 104.0], rtol=1e-6)
    assert days.attrs == {"source": "ERA5 hourly", "step": "day", "preliminary_steps": []}
    assert days["tp"].attrs["cell_methods"] == "time: sum"
    assert days["t2m_max"].attrs == {
        "units": "K",
        "long_name": "air temperature at 2 m, daily maximum",
        "cell_methods": "time: maximum",
    }


def test_without_the_next_midnight_the_last_day_is_not_whole():
    first, last = whole_days(source_of(hourly_file(n_hours=48)))

    assert (first, last) == (JANUARY_1, JANUARY_1)


def test_a_file_of_the_next_year_gives_the_last_day_its_midnight():
    raw = hourly_file(n_hours=96)
    split = days_of(raw.isel(valid_time=slice(0, 48)), raw.isel(valid_time=slice(48, None)))

    xr.testing.assert_identical(split, days_of(raw))
    assert split.sizes["time"] == 3


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_sums_since_midnight_and_sums_of_hours_make_the_same_days(seed):
    hours = with_rain(hourly_file(n_hours=24 * 4 + 1), seed)
    expected = days_of(hours)

    land = days_of(since_midnight(hours.copy(deep=True)), product="era5_land")

    assert land.attrs["source"] == "ERA5-Land hourly"
    np.testing.assert_array_equal(land["time"], expected["time"])
    for name in ("tp", "sf"):
        np.testing.assert_allclose(land[name], expected[name], rtol=1e-5, atol=1e-4)


def test_time_series_of_era5_land_have_sums_of_hours():
    hours = with_rain(hourly_file(n_hours=49), 1)

    xr.testing.assert_equal(days_of(hours, product="era5_land_timeseries"), days_of(hours))


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_an_unknown_hour_makes_its_day_unknown_and_no_other(seed):
    raw = with_rain(hourly_file(n_hours=73), seed)
    hour = int(np.random.default_rng(seed).integers(0, 72))
    gappy = raw.copy(deep=True)
    for name in ("t2m", "tp"):
        gappy[name][hour, 1, 1] = np.nan

    whole, days = (days_of(dataset).sel(lat=60, lon=90) for dataset in (raw, gappy))

    is_lost = {name: np.flatnonzero(np.isnan(days[name])) for name in ("t2m", "t2m_min", "t2m_max", "tp", "sd")}
    assert is_lost["t2m"].tolist() == is_lost["t2m_min"].tolist() == is_lost["t2m_max"].tolist() == [hour // 24]
    assert is_lost["tp"].tolist() == ([(hour - 1) // 24] if hour > 0 else [])
    assert is_lost["sd"].size == 0
    assert np.isfinite(whole.to_dataarray()).all()


def test_days_do_not_depend_on_the_blocks_they_are_read_in(monkeypatch):
    raw = with_rain(hourly_file(n_hours=24 * 9 + 1), 3)
    at_once = days_of(raw)

    monkeypatch.setattr("entropice.sources.era5.hourly.BLOCK_BYTES", 1)
    monkeypatch.setattr("entropice.sources.era5.slices.BLOCK_BYTES", 1)

    xr.testing.assert_identical(days_of(raw), at_once)


@pytest.mark.parametrize("rows", [slice(0, 1), slice(1, 3)], ids=["south", "north"])
def test_a_window_is_a_cut_of_the_whole(rows):
    source = source_of(with_rain(hourly_file(n_hours=24 * 6 + 1), 5))

    window = read_days(source, JANUARY_2, JANUARY_4, rows)

    whole = read_days(source, *whole_days(source), ALL_ROWS)
    xr.testing.assert_identical(window, whole.sel(time=slice("2020-01-02", "2020-01-04")).isel(lat=rows))


def test_days_beyond_the_files_are_refused_not_unknown():
    source = source_of(hourly_file(n_hours=49))

    with pytest.raises(SchemaError, match="do not hold") as caught:
        read_days(source, JANUARY_2, JANUARY_4, ALL_ROWS)

    assert "2020-01-03" in str(caught.value.sample[0])


def test_what_is_known_from_headers_travels_to_workers():
    hours = hourly_climate(source_of(hourly_file(n_hours=49)))

    copy: HourlyClimate = pickle.loads(pickle.dumps(hours))  # noqa: S301

    assert copy.variables == ("t2m", "t2m_min", "t2m_max", "tp", "sf", "sd")
    assert copy.rows_per_read == 1
    days = copy.read_days(copy.first_day, copy.last_day, ALL_ROWS)
    assert tuple(days.data_vars) == copy.variables
    np.testing.assert_array_equal(days["lat"], copy.lat_deg)
    np.testing.assert_array_equal(days["lon"], copy.lon_deg)
    assert days.attrs["source"] == copy.source


def test_days_of_the_preliminary_stream_are_named():
    raw = hourly_file(n_hours=73)
    versions = np.where(np.arange(73) < 48, "0001", "0005")

    days = days_of(raw.assign_coords(expver=("valid_time", versions)))

    # the last hour of rain of 2 January is stamped 3 January 00 UTC
    assert days.attrs["preliminary_steps"] == ["2020-01-02", "2020-01-03"]


def test_growing_sums_in_files_said_to_be_of_hours_are_refused():
    land = since_midnight(with_rain(hourly_file(n_hours=24 * 20 + 1), 1))

    with pytest.raises(SchemaError, match="since midnight") as caught:
        days_of(land)

    assert (caught.value.field, caught.value.got) == ("tp", "sums since midnight")
    assert "era5_land" in caught.value.fix


def test_shrinking_sums_in_files_said_to_be_since_midnight_are_refused():
    with pytest.raises(SchemaError, match="over each hour") as caught:
        days_of(with_rain(hourly_file(n_hours=49), 1), product="era5_land")

    assert (caught.value.field, caught.value.expected) == ("tp", "sums since midnight")


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda raw: raw.isel(valid_time=[*range(30), *range(31, 97)]), "2020-01-02"),
        (lambda raw: raw.isel(valid_time=slice(None, None, 3)), "No day of t2m is whole"),
        (lambda raw: raw.drop_vars("sf"), "snowfall"),
        (lambda raw: raw.assign(t2m=raw["t2m"] - 273.15).assign(t2m=lambda d: d["t2m"].assign_attrs(units="K")), "K"),
    ],
    ids=["an hour is missing", "three-hourly", "no snowfall", "°C as K"],
)
def test_what_cannot_make_days_is_refused(broken, message):
    with pytest.raises(SchemaError, match=message):
        days_of(broken(hourly_file(n_hours=97)))


def test_monthly_means_make_no_days():
    raw = hourly_file(n_hours=60)
    months = np.datetime64("2010-01", "M") + np.arange(60)

    with pytest.raises(SchemaError, match="No day"):
        days_of(raw.assign_coords(valid_time=months.astype("datetime64[ns]")))
