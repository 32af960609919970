"""The yearly climate of cells as fields, and what the law of the virtual Arctic says of it."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import climates
import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
import yaml
from small_outlook import CLIMATE, GRID, NAMES, SAMPLES, TEMPERATURE, YEARS, cells, indices, laid_out

from entropice.derive.cell_fields import index_values
from entropice.errors import ConfigError, FeatureError, GridError, LabelError
from entropice.imagery.frames.field_checks import require_series
from entropice.pipelines.image_sources.cell_fields import law, nodes
from entropice.pipelines.image_sources.cell_fields.parameters import LawParameters
from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset
from entropice.virtual_arctic.climate_courses import known_climate
from entropice.virtual_arctic.lattice import coarse_lattice

CONF = Path(__file__).parents[3] / "conf"
LON, LAT = np.arange(-180.0, 180.0, 30.0), np.arange(78.0, 91.0, 4.0)
LAW, SEED = LawParameters(n_draws=2), 5
RULES = SAMPLES.splits.model_copy(update={"n_later_steps": 2, "n_validated_steps": 1})


def few_cells() -> gpd.GeoDataFrame:
    return cells().iloc[::24].reset_index(drop=True)


@cache
def climate(n_years: int = 9, start: str = "2012-01") -> Dataset:
    """Months of one place, warmer by a degree in each box to the east."""
    months = climates.monthly(start, n_years, seed=0)
    here = months.expand_dims(lat=LAT, lon=LON).transpose("time", "lat", "lon")
    warmer = xr.DataArray(np.arange(len(LON)), dims="lon", coords={"lon": LON})
    return here.assign(t2m=here["t2m"] + warmer).assign_attrs(months.attrs)


@cache
def record() -> Dataset:
    """Two indices of warmth and rain, and two of snow, to which the months before the year belong."""
    names = (*NAMES, "snow_onset_d", "snow_water_equivalent_max_mm")
    return summed_up(climate(10, "2013-01"))[list(names)]


def summed_up(given: Dataset, grid: str = GRID) -> Dataset:
    return nodes.sum_up_years(given, few_cells(), grid, 0.5, CLIMATE)


@pytest.fixture(scope="module")
def specification() -> VirtualArcticParameters:
    text = (CONF / "base" / "virtual_arctic" / "parameters.yml").read_text(encoding="utf-8")
    values = yaml.safe_load(text)["virtual_arctic"]
    values["climate"] |= {"n_history_years": 6}
    values["extent"] = {"left_m": -96000, "bottom_m": -96000, "right_m": 96000, "top_m": 96000}
    return VirtualArcticParameters.model_validate(values)


@pytest.fixture(scope="module")
def world(specification: VirtualArcticParameters) -> Dataset:
    """A sea: the climate knows no height."""
    factor = specification.coarse_unit_m // specification.base_unit_m
    shape = tuple(factor * n for n in (coarse_lattice(specification).n_rows, coarse_lattice(specification).n_columns))
    return xr.Dataset({name: (("y", "x"), np.zeros(shape, dtype=np.float32)) for name in ("elevation_m", "land")})


def drawn(world: Dataset, specification: VirtualArcticParameters, seed: int = SEED, n_later: int = 2) -> Dataset:
    """Three years ahead of all that lie before the last ones."""
    rules = RULES.model_copy(update={"n_later_steps": n_later})
    given = climate(10, "2013-01")
    return nodes.forecast_by_law(given, world, record(), few_cells(), CLIMATE, specification, rules, 3, LAW, seed)


@pytest.fixture(scope="module")
def said(world: Dataset, specification: VirtualArcticParameters) -> Dataset:
    return drawn(world, specification)


def test_a_year_runs_from_october_to_september() -> None:
    """January 2012 to December 2020 hold the lead (July) and all months of 2013 to 2020."""
    given = climate()
    yearly = summed_up(given)
    months = given["t2m"].sel(time=slice("2015-10", "2016-09"))
    days = months["time"].dt.days_in_month
    of_boxes = (months * days).sum("time") / days.sum() - 273.15

    assert yearly["year"].to_numpy().tolist() == list(range(2013, 2021))
    found = yearly[TEMPERATURE].sel(year=2016).to_numpy()
    assert (found > float(of_boxes.min()) - 1e-3).all()
    assert (found < float(of_boxes.max()) + 1e-3).all()
    lon_deg = few_cells()["lon_deg"].to_numpy()
    inner = np.abs((lon_deg + 15) % 30 - 15) < 5
    east = np.rint((lon_deg + 180) / 30) % len(LON)
    np.testing.assert_allclose(found[inner], (float(of_boxes.min()) + east)[inner], atol=0.6)


def test_fields_hold_departures_of_every_year_from_years_of_training_alone() -> None:
    """The line's mean over the fourteen years learned from is where nothing departs."""
    cube = indices()
    fields, usual = laid_out(cube)
    require_series(fields)
    of_training = fields.isel(time=slice(0, 14))

    assert fields["time"].dt.year.to_numpy().tolist() == YEARS.tolist()
    assert sorted(fields.data_vars) == [f"departure_of_{name}" for name in NAMES]
    for place, name in enumerate(NAMES):
        values = index_values(cube)[:14, place]
        np.testing.assert_allclose(usual["level"][place], values.mean(axis=0))
        np.testing.assert_allclose(of_training[f"departure_of_{name}"].mean("time").fillna(0), 0, atol=1e-5)
        assert np.isfinite(fields[f"departure_of_{name}"][0]).sum() == len(cells())
    assert usual.attrs["middle_year"] == 2006.5


def test_the_law_speaks_from_every_year_from_which_a_later_one_is_forecast(said: Dataset) -> None:
    """The record ends in 2022, two years are later: three years ahead of 2021 is from 2018, one of 2022 from 2021."""
    yearly = record()

    assert yearly["year"].to_numpy().tolist() == list(range(2014, 2023))
    assert said["issued"].to_numpy().tolist() == [2018, 2019, 2020, 2021]
    assert said["index"].to_numpy().tolist() == sorted(map(str, yearly.data_vars))
    assert said["values"].shape == (4, LAW.n_draws, 3, len(yearly.data_vars), len(few_cells()))
    assert np.isfinite(said["values"].sel(index=TEMPERATURE)).all()
    np.testing.assert_array_equal(said["cell_ids"], few_cells()["cell_id"])


def test_draws_of_the_law_differ_and_are_of_seed_and_year(
    said: Dataset, world: Dataset, specification: VirtualArcticParameters
) -> None:
    """However many years are asked, those from one year on are the same."""
    again, other = (drawn(world, specification, seed, 1) for seed in (SEED, 6))
    temperature = said["values"].sel(index=TEMPERATURE)

    assert again.identical(said.isel(issued=slice(1, None)))
    assert not np.isclose(temperature[1:], other["values"].sel(index=TEMPERATURE)).any()
    assert (temperature.std("draw") > 0).all()


def test_of_a_course_that_is_what_came_the_law_tells_the_indices_that_the_record_has(
    world: Dataset, specification: VirtualArcticParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cell by cell, index by index, and in the years after the one that is known."""
    given = climate(10, "2013-01")

    def what_came(_past, year, n_years, lon_deg, lat_deg, _height_m, _random) -> Dataset:
        points = {"lon": xr.DataArray(lon_deg, dims="point"), "lat": xr.DataArray(lat_deg, dims="point")}
        return given.sel(points).sel(time=slice(f"{year}-10", f"{year + n_years}-09")).drop_vars(["lon", "lat"])

    monkeypatch.setattr(law, "climate_course", what_came)
    told = law.law_draws(world, specification, given, record(), few_cells(), [2016, 2019], 3, 1, 10, SEED)["values"]
    for issued in (2016, 2019):
        came = index_values(record().sel(year=slice(issued + 1, issued + 3)))
        np.testing.assert_allclose(told.sel(issued=issued)[0], came, rtol=1e-4, atol=1e-3)


def shifted(specification: VirtualArcticParameters, year: int, by_k: float):
    """The same past, one of whose years showed a pattern more strongly."""
    known = known_climate(specification)
    yearly = known.temperature_loadings_k.yearly.copy()
    yearly[0, year - int(known.years[0])] += by_k
    return replace(known, temperature_loadings_k=replace(known.temperature_loadings_k, yearly=yearly))


def test_four_tenths_of_a_year_last_until_the_next(
    said: Dataset, world: Dataset, specification: VirtualArcticParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a calendar year of known loading, October to December and .4 of the months after enter the first year."""
    monkeypatch.setattr(law, "known_climate", lambda given: shifted(given, 2021, 10.0))
    more = drawn(world, specification, n_later=1)
    of_past, of_other = (each["values"].sel(index=TEMPERATURE, issued=2021) for each in (said, more))
    by_horizon = (of_other - of_past).transpose("horizon", "draw", "cell").to_numpy()

    assert np.abs(by_horizon[0]).max() > 1
    is_large = np.abs(by_horizon[0, 0]) > 0.5
    for earlier, later in pairwise(by_horizon):
        np.testing.assert_allclose((later / earlier)[:, is_large], 0.4, rtol=0.01)


def test_what_the_law_does_not_know_grows_as_its_memory_says(
    world: Dataset, specification: VirtualArcticParameters
) -> None:
    """Var of an Arctic year's mean, in squares of a calendar year's loading sd, whose novelty is 1 − .16.

    First year: .75² · .84 of the nine months, and 1/12 of the months' own (as large); third: .77 and as much.
    """
    given = climate(10, "2013-01")
    yearly = record()[[TEMPERATURE]]
    said = law.law_draws(world, specification, given, yearly, few_cells(), [2020], 3, 40, 10, SEED)["values"]
    variance = said.isel(issued=0, index=0).var("draw", ddof=1).mean("cell")

    np.testing.assert_allclose(variance[0] / variance[2], (0.4725 + 1 / 12) / (0.767 + 1 / 12), rtol=0.35)


def test_a_grid_without_faces_is_refused_before_any_index_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entropice.derive.climate.monthly.whole_years", None)
    with pytest.raises(GridError) as caught:
        summed_up(climate(), "h3_4")
    assert (caught.value.field, caught.value.got) == ("grid", "h3_4")
    assert "HEALPix" in str(caught.value.expected)
    assert "healpix_7" in str(caught.value.fix)


@pytest.mark.parametrize(
    ("given", "got"),
    [
        (climate(1), "12 steps without a whole year"),
        (climate().drop_sel(time=np.datetime64("2016-02-01")), "whole years 2013 to 2020 without 2016"),
    ],
    ids=["one year", "a gap"],
)
def test_years_that_do_not_follow_one_another_are_refused(given: Dataset, got: str) -> None:
    """Years are found by how long they come after the first."""
    with pytest.raises(FeatureError) as caught:
        summed_up(given)
    assert (caught.value.field, caught.value.got) == ("time", got)
    assert "missing months" in str(caught.value.fix)


def test_too_few_years_to_learn_from_are_refused() -> None:
    with pytest.raises(LabelError) as caught:
        laid_out(indices().isel(year=slice(0, 10)))
    assert (caught.value.field, caught.value.got) == ("samples.splits", "4 of 10 years")
    assert caught.value.expected == "5 or more"
    laid_out(indices().isel(year=slice(0, 11)))


def test_the_law_is_not_asked_of_years_that_begin_in_another_month(specification: VirtualArcticParameters) -> None:
    """Before the world is looked at."""
    november = CLIMATE.model_copy(update={"arctic_year_start_month": 11})
    nothing = xr.Dataset()
    with pytest.raises(ConfigError) as caught:
        nodes.forecast_by_law(nothing, nothing, record(), few_cells(), november, specification, RULES, 2, LAW, SEED)
    assert caught.value.field == "features.climate.arctic_year_start_month"
    assert (caught.value.got, caught.value.expected) == (11, 10)
