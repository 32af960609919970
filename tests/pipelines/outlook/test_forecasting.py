"""Forecasts of every year, what they are off by, and draws of the years to come."""

from collections.abc import Sequence

import numpy as np
import pytest
from small_outlook import (
    BANDS,
    ISSUED,
    LATER,
    LEARNED,
    N_HORIZONS,
    NAMES,
    OFF,
    RAIN,
    SAMPLES,
    TEMPERATURE,
    YEARS,
    cells,
    forecasts,
    indices,
    laid_out,
    record,
    with_values,
)

from entropice.errors import ConfigError, LabelError
from entropice.imagery.samples import Image
from entropice.learning.outlook.forecasts import NETWORK, SIMPLE_FORECASTS
from entropice.pipelines.outlook import nodes
from entropice.pipelines.outlook.forecasting import forecasts_of_years, values_of, way_of
from entropice.types import Dataset, Float32Array

WAYS = (NETWORK, *(each.name for each in SIMPLE_FORECASTS))


def last_frame(_keys: Sequence[str], image: Image) -> Float32Array:
    return np.repeat(image.values[:, -1:], N_HORIZONS, axis=1)


def first_frame(_keys: Sequence[str], image: Image) -> Float32Array:
    return np.repeat(image.values[:, :1], N_HORIZONS, axis=1)


def said_by(forecast, cube: Dataset, bands: tuple[str, ...] = BANDS) -> Dataset:
    return forecasts_of_years(forecast, laid_out(cube)[0], cube, bands, bands, SAMPLES, 4)


def unknown_somewhere() -> Dataset:
    """A cell without any rain, one that no year knows, and one that is unknown in 2010."""
    cube = indices()
    cube[RAIN][3], cube[TEMPERATURE][5] = 0.0, np.nan
    cube[TEMPERATURE][8, np.searchsorted(YEARS, 2010)] = np.nan
    return cube


def test_a_network_that_repeats_what_it_saw_last_is_persistence_cell_by_cell() -> None:
    """Cells, indices and years of issue come back where they were, whatever the order of the bands."""
    cube = unknown_somewhere()
    known = record(cube)
    for bands in (BANDS, BANDS[::-1]):
        said = said_by(last_frame, cube, bands)
        network, persistence = (way_of(name, said, known, SAMPLES) for name in (NETWORK, "persistence"))

        assert said["issued"].to_numpy().tolist() == ISSUED.tolist()
        assert list(said["index"].to_numpy()) == list(NAMES)
        np.testing.assert_array_equal(network.said, persistence.said)
        np.testing.assert_array_equal(network.dressing.errors, persistence.dressing.errors)
    assert np.isnan(network.said[:, :, 0, 5]).all()
    np.testing.assert_array_equal(np.isnan(network.said[:, 0, 0, 8]), ISSUED == 2010)


def test_the_first_year_seen_lies_as_many_years_back_as_frames_are_seen() -> None:
    cube = indices()
    said = said_by(first_frame, cube)["departures"].sel(issued=2010)

    np.testing.assert_array_equal(said[0], record(cube).departures([2008])[0])


@pytest.mark.parametrize("bands", [BANDS[:1], (*BANDS, "departure_of_summer_rain_mm")])
def test_other_bands_than_the_indices_are_refused_before_any_forecast(bands: tuple[str, ...]) -> None:
    def never(*_: object) -> Float32Array:
        raise AssertionError

    cube = indices()
    with pytest.raises(ConfigError) as caught:
        forecasts_of_years(never, laid_out(cube)[0], cube, bands, bands, SAMPLES, 4)
    assert (caught.value.field, caught.value.got) == ("target_bands", ", ".join(bands))
    assert caught.value.expected == ", ".join(BANDS)
    assert "name the departures" in str(caught.value.fix)


@pytest.mark.parametrize("name", WAYS)
def test_years_held_out_touch_nothing_that_is_fitted(name: str) -> None:
    """What is usual, errors and their widening stay, and all that is said before the first held-out year."""
    cube = indices()
    changed = with_values(cube, LATER, 500.0)
    ways = [way_of(name, said_by(last_frame, each), record(each), SAMPLES) for each in (cube, changed)]
    first_later = YEARS[LATER][0]

    assert laid_out(cube)[1].identical(laid_out(changed)[1])
    np.testing.assert_array_equal(*(way.dressing.errors for way in ways))
    np.testing.assert_array_equal(*(way.dressing.widening for way in ways))
    np.testing.assert_array_equal(*(way.said[first_later > ISSUED] for way in ways))


def test_an_index_never_below_zero_before_a_year_is_drawn_above_it_whatever_comes_later() -> None:
    cube = indices()
    changed = cube.copy()
    changed[RAIN] = cube[RAIN].where(~LATER, -1.0).assign_attrs(cube[RAIN].attrs)
    draws = np.full((1, N_HORIZONS, 2, len(cells())), -50.0, dtype=np.float32)
    drawn = [values_of(draws, record(each), 2016) for each in (cube, changed)]

    np.testing.assert_array_equal(*drawn)
    assert (drawn[1][:, :, 1] == 0).all()
    assert (drawn[1][:, :, 0] < -10).all()


@pytest.mark.parametrize("name", WAYS)
def test_years_of_validation_that_are_harder_widen_all_draws(name: str) -> None:
    cube = indices()
    validated = ~LEARNED & ~LATER
    is_harder = np.where(validated, 5.0, 1.0)
    middle = cube.mean("year")
    harder = (middle + (cube - middle) * is_harder[None, :]).transpose("cell", "year").assign_coords(cube.coords)
    for index in NAMES:
        harder[index].attrs = cube[index].attrs
    one, other = (way_of(name, said_by(last_frame, each), record(each), SAMPLES).dressing for each in (cube, harder))

    np.testing.assert_array_equal(one.errors, other.errors)
    assert (other.widening > 2 * one.widening).all()
    spread = [np.nanstd(each.draws(np.zeros_like(each.errors[0])), axis=0).mean() for each in (one, other)]
    assert spread[1] > 2 * spread[0]


def test_draws_of_the_years_after_the_record_are_the_forecast_and_one_course_of_errors_each() -> None:
    cube = indices()
    known, said = record(cube), said_by(last_frame, cube)
    drawn = nodes.draw_years(said, cube, laid_out(cube)[1], SAMPLES)
    dressing = way_of("persistence", said, known, SAMPLES).dressing
    usual = known.usual
    errors_2005 = np.stack([known.departures([year])[0] - known.departures([2004])[0] for year in (2005, 2006)])
    expected = usual.values(known.departures([2019]) + dressing.widening[:, None, None] * errors_2005)

    assert drawn["year"].to_numpy().tolist() == [2020, 2021]
    assert drawn.sizes["draw"] == len(range(2002, 2012))
    np.testing.assert_array_equal(drawn["cell_ids"], cells()["cell_id"])
    np.testing.assert_allclose(drawn["values"][2, :, 0], expected[:, 0], rtol=1e-4)
    np.testing.assert_allclose(drawn["values"][2, :, 1], np.maximum(expected[:, 1], 0), rtol=1e-4, atol=1e-3)
    assert float(drawn["values"].sel(index=RAIN).min()) == 0


def test_errors_of_even_and_odd_years_are_laid_on_the_forecast_by_turns() -> None:
    known = record(indices())
    way = way_of(NETWORK, forecasts(known), known, SAMPLES)
    from_truth = way.draws(2016) - known.departures([2017, 2018])

    np.testing.assert_allclose(way.dressing.widening, 1, rtol=1e-4)
    np.testing.assert_allclose(from_truth[::2], 0, atol=1e-5)
    np.testing.assert_allclose(from_truth[1::2], 2 * OFF, rtol=1e-3)


def test_a_record_that_is_too_short_to_know_errors_is_refused() -> None:
    cube = indices().isel(year=slice(0, 17))
    known, said = record(cube), said_by(last_frame, cube)
    with pytest.raises(LabelError) as caught:
        way_of(NETWORK, said, known, SAMPLES)
    assert caught.value.field == "samples.splits"
    assert "7 whole courses" in str(caught.value.got)
    assert "longer record" in str(caught.value.fix)
