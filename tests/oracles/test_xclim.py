"""Daily climate indices against xclim's, where both are defined alike; and how they differ where they are not.

xclim cuts years and seasons by its own calendar (``YS-OCT``, ``QS-DEC``): so does this test hold ours.
"""

import numpy as np
import pytest
import xarray as xr
from xclim import indices as xclim_indices

from entropice.derive.climate.indices import INDEX_BY_NAME
from entropice.derive.climate.years import arctic_year
from entropice.units import ZERO_CELSIUS_K

# xclim 0.62 reads a name of pandas' offsets that pandas 3 has announced to drop
pytestmark = pytest.mark.filterwarnings("ignore:The 'name' property is deprecated")

START_MONTH = 10
LEAD_MONTHS = 3
YEARS = (2019, 2020, 2021)
"""Arctic years, one of them with a 29 February."""
N_PLACES = 12
ARCTIC_YEAR = "YS-OCT"
SEASON = "QS-DEC"


@pytest.fixture(scope="module")
def climate() -> xr.Dataset:
    """Days from the lead of the first year on: courses of the seasons with weather on top, some without any thaw."""
    random = np.random.default_rng(7)
    time = np.arange("2018-07-01", "2021-10-01", dtype="datetime64[D]")
    shape = (len(time), N_PLACES)
    season = -np.cos(2 * np.pi * (np.arange(len(time)) + 165) / 365.25)[:, None]
    celsius = np.linspace(-30, 2, N_PLACES) + 20 * season + random.normal(0, 4, shape)
    tp_mm = random.gamma(0.4, 4.0, shape) * (random.random(shape) < 0.5)
    fields = {
        "t2m": celsius + ZERO_CELSIUS_K,
        "t2m_max": celsius + ZERO_CELSIUS_K + random.gamma(2, 2, shape),
        "tp": tp_mm,
        "sf": np.where(celsius <= 0, tp_mm, 0.0),
        "sd": np.clip(150 - 200 * season + random.normal(0, 10, shape), 0, None),
    }
    units = {"t2m": "K", "t2m_max": "K", "tp": "mm/d", "sf": "mm/d", "sd": "kg m-2"}
    return xr.Dataset(
        {name: (("time", "place"), values, {"units": units[name]}) for name, values in fields.items()},
        {"time": time.astype("datetime64[ns]")},
        {"step": "day"},
    )


def ours(climate: xr.Dataset, name: str, start_month: int = START_MONTH) -> np.ndarray:
    """An index (year, place)."""
    index = INDEX_BY_NAME[name]
    return np.array([index.compute(arctic_year(climate, year, start_month, LEAD_MONTHS)) for year in YEARS])


def of_years(theirs: xr.DataArray, first_month: int = START_MONTH) -> np.ndarray:
    """Of xclim's periods those (year, place) that begin with a month of each Arctic year."""
    year = theirs["time"].dt.year + (theirs["time"].dt.month >= START_MONTH)
    chosen = (theirs["time"].dt.month == first_month) & year.isin(YEARS)
    return theirs.isel(time=np.flatnonzero(chosen)).transpose("time", "place").to_numpy()


def celsius_of(theirs: xr.DataArray) -> xr.DataArray:
    return theirs - ZERO_CELSIUS_K


def test_degree_days_and_frost_number(climate):
    thawing = of_years(xclim_indices.growing_degree_days(climate["t2m"], thresh="0 degC", freq=ARCTIC_YEAR))
    freezing = of_years(xclim_indices.heating_degree_days(climate["t2m"], thresh="0 degC", freq=ARCTIC_YEAR))
    np.testing.assert_allclose(ours(climate, "thawing_degree_days_c_d"), thawing, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(ours(climate, "freezing_degree_days_c_d"), freezing, rtol=1e-12, atol=1e-9)
    share = np.sqrt(freezing) / (np.sqrt(freezing) + np.sqrt(thawing))
    np.testing.assert_allclose(ours(climate, "frost_number"), share, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "index", "variable", "freq", "first_month"),
    [
        ("annual_temperature_mean_c", "tg_mean", "t2m", ARCTIC_YEAR, 10),
        ("winter_temperature_mean_c", "tg_mean", "t2m", SEASON, 12),
        ("winter_temperature_min_c", "tg_min", "t2m", ARCTIC_YEAR, 10),
        ("summer_temperature_mean_c", "tg_mean", "t2m", SEASON, 6),
        ("summer_temperature_max_c", "tg_max", "t2m", SEASON, 6),
        ("summer_heat_max_c", "tx_max", "t2m_max", SEASON, 6),
    ],
)
def test_temperatures(climate, name, index, variable, freq, first_month):
    theirs = getattr(xclim_indices, index)(climate[variable], freq=freq)
    np.testing.assert_allclose(ours(climate, name), of_years(celsius_of(theirs), first_month), rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize(
    ("name", "index", "variable", "freq", "first_month"),
    [
        ("annual_precipitation_mm", "prcptot", "tp", ARCTIC_YEAR, 10),
        ("summer_precipitation_mm", "prcptot", "tp", SEASON, 6),
        ("summer_precipitation_max_mm", "max_1day_precipitation_amount", "tp", SEASON, 6),
        ("snowfall_mm", "prcptot", "sf", ARCTIC_YEAR, 10),
        ("snow_water_equivalent_max_mm", "snw_max", "sd", ARCTIC_YEAR, 10),
    ],
)
def test_sums_and_largest_amounts(climate, name, index, variable, freq, first_month):
    theirs = getattr(xclim_indices, index)(climate[variable], freq=freq)
    np.testing.assert_allclose(ours(climate, name), of_years(theirs, first_month), rtol=1e-12, atol=1e-10)


def test_summer_rain_where_all_snow_falls_in_frost(climate):
    """xclim takes all precipitation above 0 °C for rain; ours subtracts the snowfall that is known."""
    theirs = xclim_indices.precip_accumulation(climate["tp"], climate["t2m"], phase="liquid", freq=SEASON)
    np.testing.assert_allclose(ours(climate, "summer_rain_mm"), of_years(theirs, 6), rtol=1e-12, atol=1e-10)


@pytest.fixture(scope="module")
def smooth() -> xr.Dataset:
    """One thaw and one snow season a year, without weather, that begin and end on days of all kinds."""
    random = np.random.default_rng(8)
    time = np.arange("2018-07-01", "2022-01-01", dtype="datetime64[D]")
    day = np.arange(len(time))[:, None] + random.uniform(-20, 20, 40)
    course = -np.cos(2 * np.pi * (day + 165) / 365.25)
    celsius, snow_mm = random.uniform(-12, 6, 40) + 20 * course, np.clip(-random.uniform(50, 300, 40) * course, 0, None)
    return xr.Dataset(
        {
            "t2m": (("time", "place"), celsius + ZERO_CELSIUS_K, {"units": "K"}),
            "sd": (("time", "place"), snow_mm, {"units": "kg m-2"}),
        },
        {"time": time.astype("datetime64[ns]")},
        {"step": "day"},
    )


def days_since(day_of_year: np.ndarray, start_month: int, is_year_before: bool = False) -> np.ndarray:
    """Days of the year (year, place), from 1, as days since the Arctic years' starts."""
    first_d = np.array(
        [
            np.datetime64(f"{year - is_year_before}-01-01")
            - np.datetime64(f"{year - (start_month > 1)}-{start_month:02d}-01")
            for year in YEARS
        ]
    ).astype(float)
    return day_of_year - 1 + first_d[:, None]


def half_a_day(found: np.ndarray, theirs: np.ndarray) -> None:
    """xclim names the first day (its start) on a side, ours where the line between the days' centres crosses.

    A crossing between the centres of day d − 1 and day d lies in d ± ½.
    """
    assert np.isfinite(found).all()
    assert np.abs(found - theirs).max() <= 0.5 + 1e-9


def test_thaw_season_of_a_smooth_course(smooth):
    """With weather they differ: xclim's begins with a spell of days, ours is the stretch of the highest sum."""
    window = {"window": 1, "freq": "YS"}
    onset = of_years(xclim_indices.frost_free_season_start(smooth["t2m"], **window), 1)
    end = of_years(xclim_indices.frost_free_season_end(smooth["t2m"], **window), 1)
    half_a_day(ours(smooth, "thaw_onset_d", 1), days_since(onset, 1))
    half_a_day(ours(smooth, "thaw_end_d", 1), days_since(end, 1))
    length = of_years(xclim_indices.frost_free_season_length(smooth["t2m"], **window), 1)
    assert np.abs(ours(smooth, "thaw_season_length_d", 1) - length).max() <= 1


def test_snow_season_of_a_smooth_course(smooth):
    """Where snow comes and goes they differ: xclim's is the first of the year, ours that of the largest amount."""
    window = {"thresh": "5 kg m-2", "window": 1, "freq": "YS-JUL"}
    start = of_snow(xclim_indices.snw_season_start(smooth["sd"], **window))
    end = of_snow(xclim_indices.snw_season_end(smooth["sd"], **window))
    half_a_day(ours(smooth, "snow_onset_d"), days_since(start, START_MONTH, is_year_before=True))
    half_a_day(ours(smooth, "snow_melt_out_d"), days_since(end, START_MONTH))
    length = of_snow(xclim_indices.snw_season_length(smooth["sd"], **window))
    assert np.abs(ours(smooth, "snow_season_length_d") - length).max() <= 1


def of_snow(theirs: xr.DataArray) -> np.ndarray:
    """Years of xclim that begin in July, (year, place)."""
    return theirs.isel(time=theirs["time"].dt.year.isin([year - 1 for year in YEARS])).transpose("time", ...).to_numpy()


def test_a_day_that_is_unknown_makes_our_index_unknown_and_is_left_out_of_theirs(climate):
    """A difference of definition: a sum over the days that are known is none over the year."""
    holed = climate["t2m"].copy()
    holed[200, 0] = np.nan
    gapped = climate.assign(t2m=holed)
    theirs = of_years(xclim_indices.growing_degree_days(holed, thresh="0 degC", freq=ARCTIC_YEAR))
    found = ours(gapped, "thawing_degree_days_c_d")
    assert np.isnan(found).sum() == 1
    assert np.isfinite(theirs).all()
    np.testing.assert_allclose(found[np.isfinite(found)], theirs[np.isfinite(found)], rtol=1e-12, atol=1e-9)
