"""Forecast indices in years that nothing was learned from."""

import numpy as np
import pytest
import xarray as xr
from small_outlook import (
    GRID,
    ISSUED,
    LATER,
    N_HORIZONS,
    NAMES,
    OFF,
    OUTLOOK,
    RAIN,
    SAMPLES,
    SEED,
    TEMPERATURE,
    YEARS,
    cells,
    forecasts,
    indices,
    laid_out,
    record,
    with_values,
)

from entropice.derive.cell_fields import index_values
from entropice.learning.outlook.forecasts import LAW, NETWORK, SIMPLE_FORECASTS
from entropice.learning.outlook.index_scores import ALL_INDICES
from entropice.pipelines.outlook import nodes
from entropice.pipelines.outlook.forecasting import values_of, way_of
from entropice.types import DataFrame, Dataset

N_CELLS, N_LATER = len(cells()), int(LATER.sum())


def scores(cube: Dataset, said: Dataset, law: Dataset | None = None) -> DataFrame:
    return nodes.score_indices(said, cube, laid_out(cube)[1], SAMPLES, cells(), GRID, OUTLOOK, SEED, law)


def of(table: DataFrame, model: str, score: str = "crps", part: str = ALL_INDICES, against: str | None = None):
    """By horizon."""
    is_against = table["compared_with"].isna() if against is None else table["compared_with"] == against
    asked = (table["model"] == model) & (table["score"] == score) & (table["part"] == part) & is_against
    return table[asked].set_index("horizon")


def persistence(cube: Dataset) -> Dataset:
    known = record(cube)
    said = np.stack([np.repeat(known.departures([year]), N_HORIZONS, axis=0) for year in ISSUED])
    return forecasts(known).assign(departures=(("issued", "horizon", "index", "cell"), said))


def law_of(values: np.ndarray) -> Dataset:
    """Draws (draw, year, index, cell) of the whole record, told by the year and horizon that they are of."""
    issued = np.arange(YEARS[LATER][0] - N_HORIZONS, YEARS[-1])
    places = (issued[:, None] + 1 + np.arange(N_HORIZONS) - YEARS[0]).clip(max=len(YEARS) - 1)
    dims = ("issued", "draw", "horizon", "index", "cell")
    return xr.Dataset({"values": (dims, np.moveaxis(values[:, places], 0, 1).astype(np.float32))}, {"issued": issued})


def test_every_horizon_is_held_against_its_own_year() -> None:
    """Five draws are the truth and five lie 2 OFF beside it: |x − y| is OFF, and 50 of 90 pairs are 2 OFF apart."""
    cube = indices()
    table, a_year_off = (scores(cube, forecasts(record(cube), later_by)) for later_by in (0, -1))

    for horizon in (1, 2):
        found = of(table, NETWORK, part=TEMPERATURE).loc[horizon]
        np.testing.assert_allclose(found["value"], OFF - 0.5 * 50 / 90 * 2 * OFF, rtol=1e-2)
        assert found["n"] == N_CELLS * N_LATER
        assert of(table, NETWORK).loc[horizon, "n"] == N_CELLS * N_LATER * len(NAMES)
        assert of(table, NETWORK, "index_rmse", TEMPERATURE).loc[horizon, "value"] == pytest.approx(OFF, rel=1e-2)
        assert of(a_year_off, NETWORK).loc[horizon, "value"] > 0.1


def test_rivals_are_scored_as_by_hand() -> None:
    """Root mean squared errors of the mean of draws, no rain among them below 0, over cells and three later years."""
    cube = indices()
    known, table = record(cube), scores(cube, persistence(cube))
    for each in SIMPLE_FORECASTS:
        way = way_of(each.name, forecasts(known), known, SAMPLES)
        for horizon in (1, 2):
            off = [
                known.usual.departures(values_of(way.draws(year - horizon), known, year - horizon))[
                    :, horizon - 1
                ].mean(axis=0)
                - known.departures([year])[0]
                for year in YEARS[LATER].tolist()
            ]
            for place, part in enumerate(NAMES):
                expected = np.sqrt(np.mean(np.square(np.stack(off)[:, place], dtype=np.float64)))
                assert of(table, each.name, "index_rmse", part).loc[horizon, "value"] == pytest.approx(expected)


def test_a_network_that_says_what_persistence_says_leads_by_nothing() -> None:
    cube = indices()
    lead = scores(cube, persistence(cube)).query("compared_with == 'persistence'")

    assert len(lead) == 3 * N_HORIZONS * 4
    assert (lead[["value", "low_95", "high_95"]].to_numpy() == 0).all()


def test_the_law_is_scored_in_the_years_it_speaks_of() -> None:
    cube = indices()
    told = index_values(cube)[None] + np.array([0.0, 0.0])[:, None, None, None]
    table = scores(cube, persistence(cube), law_of(told))

    np.testing.assert_allclose(of(table, LAW)["value"], 0, atol=1e-5)
    later = scores(cube, persistence(cube), law_of(np.roll(told, 1, axis=1)))
    assert (of(later, LAW)["value"] > 0.1).all()
    assert set(scores(cube, persistence(cube))["model"]) == set(table["model"]) - {LAW}


def test_blocks_that_one_model_does_not_know_count_for_none() -> None:
    """A cell that the law does not know takes its block out for every model, in that index alone."""
    cube = indices()
    told = np.repeat(index_values(cube)[None], 2, axis=0)
    told[:, :, NAMES.index(RAIN), 4] = np.nan
    table = scores(cube, persistence(cube), law_of(told))
    n_rain, n_temperature = (table[table["part"] == part]["n"] for part in (RAIN, TEMPERATURE))

    assert n_rain.nunique() == 1
    assert 0 < n_rain.iloc[0] < N_CELLS * N_LATER
    assert (n_temperature == N_CELLS * N_LATER).all()


def test_cells_that_no_year_knows_count_nowhere() -> None:
    cube = indices()
    cube[TEMPERATURE][:7] = np.nan
    table = scores(cube, persistence(cube))

    assert (of(table, NETWORK, part=TEMPERATURE)["n"] == (N_CELLS - 7) * N_LATER).all()
    assert np.isfinite(table["value"]).all()


def test_truth_of_later_years_changes_scores_and_no_forecast() -> None:
    """Another truth of the last year changes what is said from it alone, of which nothing is scored."""
    cube = indices()
    changed = with_values(cube, YEARS[-1] == YEARS, 50.0)
    said = persistence(cube)
    ways = [way_of("persistence", said, record(each), SAMPLES) for each in (cube, changed)]
    values = [of(scores(each, said), "persistence")["value"] for each in (cube, changed)]

    np.testing.assert_array_equal(*(way.draws(2018) for way in ways))
    assert (values[1] > values[0]).all()
