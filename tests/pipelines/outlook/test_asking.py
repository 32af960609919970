"""What the map says of years whose climate was drawn."""

from datetime import date

import numpy as np
import pytest
import xarray as xr
from small_outlook import (
    CLIMATE,
    GRID,
    LABEL_YEARS,
    NAMES,
    RAIN,
    SAMPLES,
    TEMPERATURE,
    YEARS,
    cells,
    feature_cube,
    finished_map,
    forecasts,
    laid_out,
    record,
)

from entropice.derive.cell_fields import index_values
from entropice.errors import FeatureError, GridError
from entropice.pipelines.outlook import nodes
from entropice.pipelines.outlook.asking import with_years
from entropice.types import Dataset


def drawn(values: np.ndarray, years: list[int]) -> Dataset:
    """Draws (draw, year, index, cell)."""
    dims = ("draw", "year", "index", "cell")
    return xr.Dataset({"values": (dims, values.astype(np.float32))}, {"year": years, "index": list(NAMES)})


def observed_again(years: list[int], n_draws: int = 4) -> Dataset:
    values = index_values(finished_map().indices)[np.searchsorted(YEARS, years)]
    return drawn(np.repeat(values[None], n_draws, axis=0), years)


def ask(draws: Dataset, climate=CLIMATE, grid: str = GRID, features: Dataset | None = None):
    known = finished_map()
    features = known.features if features is None else features
    return nodes.ask_map(draws, known.indices, known.given, features, cells(), grid, climate)


def test_the_map_asked_of_the_climate_that_came_is_the_map() -> None:
    """In draws that are all alike, and in years that begin before the record ends."""
    years = LABEL_YEARS[1:]
    table, _ = ask(observed_again(years))
    expected = finished_map().predictions.set_index(["cell_id", "year"])["p_any"]
    found = table.set_index(["cell_id", "year"])

    np.testing.assert_allclose(found["p_any"], expected.loc[found.index], atol=1e-6)
    np.testing.assert_allclose(found["p_any_climate_sd"], 0, atol=1e-12)
    assert expected.std() > 0.05


def test_what_came_after_the_first_year_asked_of_is_not_looked_at() -> None:
    values = index_values(finished_map().indices)
    joined, years = with_years(finished_map().indices, np.full((3, *values.shape[1:]), 7.0), 2018)

    assert years.tolist() == list(range(2000, 2021))
    np.testing.assert_array_equal(joined[:18], values[:18])
    assert (joined[18:] == 7.0).all()


def test_every_cell_and_year_has_a_chance_within_its_interval() -> None:
    known = finished_map()
    said = forecasts(record(known.indices))
    table, layers = ask(nodes.draw_years(said, known.indices, laid_out(known.indices)[1], SAMPLES))

    assert table.groupby("cell_id")["year"].apply(list).tolist() == [[2020, 2021]] * len(cells())
    assert (table["year"] - table["horizon"] == 2019).all()
    assert ((table["p_any_low"] <= table["p_any"]) & (table["p_any"] <= table["p_any_high"])).all()
    assert (table["p_any_climate_sd"] > 0).all()
    assert [layer.name for layer in layers] == [
        f"{name}_{year}" for year in (2020, 2021) for name in ("p_any", "p_any_width")
    ]
    assert [(layer.begins, layer.ends) for layer in layers[::2]] == [
        (date(2020, 1, 1), date(2021, 1, 1)),
        (date(2021, 1, 1), date(2022, 1, 1)),
    ]
    shown = np.unique(layers[2].values[np.isfinite(layers[2].values)])
    assert set(shown) <= set(table.loc[table["year"] == 2021, "p_any"].astype(shown.dtype))


def test_warmer_years_to_come_are_likelier_and_their_normals_follow() -> None:
    """Slumps of the small world follow warmth; the second year's lag is the rain of the first."""
    last = np.repeat(index_values(finished_map().indices)[-1:], 2, axis=0)
    warmer = last + np.array([3.0, 0.0])[None, :, None]
    of_last, of_warmer = (ask(drawn(np.stack([each] * 4), [2020, 2021]))[0]["p_any"] for each in (last, warmer))

    assert (of_warmer > of_last).all()


def test_cells_whose_climate_is_unknown_have_a_chance_or_none_and_change_no_other() -> None:
    draws = observed_again(LABEL_YEARS[1:])
    lacking = draws.copy(deep=True)
    lacking["values"][:, :, :, 6] = np.nan
    whole, found = (ask(each)[0].set_index("cell_id") for each in (draws, lacking))
    cell = cells()["cell_id"].iloc[6]

    assert found.drop(cell).equals(whole.drop(cell))
    assert not found.loc[cell].equals(whole.loc[cell])
    assert (found["p_any_low"] <= found["p_any"]).all()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"normal_years": 3}, "summer_precipitation_normal_mm"),
        ({"trend_years": 6}, "annual_temperature_mean_trend_c_per_decade"),
        ({"normals": ()}, "summer_precipitation_normal_mm"),
        ({"lags": (TEMPERATURE,)}, "summer_precipitation_lag_1_mm"),
    ],
)
def test_a_history_other_than_the_runs_is_refused(change: dict, name: str) -> None:
    """Normals of three years are no normals of four, and what is not drawn would be what came."""
    climate = CLIMATE.model_copy(update={"history": CLIMATE.history.model_copy(update=change)})
    with pytest.raises(FeatureError) as caught:
        ask(observed_again(LABEL_YEARS[1:]), climate)
    assert caught.value.field == "features.climate.history"
    assert name in str(caught.value.got)
    assert f"{name} of y" in str(caught.value.expected)
    assert "values that the run had" in str(caught.value.fix)


def test_the_model_of_other_cells_or_features_is_refused() -> None:
    draws = observed_again(LABEL_YEARS[1:])
    with pytest.raises(GridError, match="another grid"):
        ask(draws, grid="healpix_7")
    with pytest.raises(FeatureError, match="no such features"):
        ask(draws, features=feature_cube(finished_map().indices).drop_vars(RAIN))


def test_indices_of_years_that_begin_in_another_month_are_refused() -> None:
    known = finished_map()
    other = known.features.copy()
    other[RAIN] = known.features[RAIN] * 1.01
    with pytest.raises(FeatureError) as caught:
        ask(observed_again(LABEL_YEARS[1:]), features=other)
    assert caught.value.field == "features.climate.arctic_year_start_month"
    assert "1 of 2 indices in 2016 to 2019" in str(caught.value.got)
