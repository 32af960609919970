"""Features of years to come are made as those of every other year."""

import numpy as np
import xarray as xr

from entropice.derive.cell_fields import index_values
from entropice.derive.climate.history import History, derived_features
from entropice.derive.climate.indices import INDEX_BY_NAME
from entropice.learning.outlook.feature_years import climate_of_years, features_of_years

NAMES = ("annual_temperature_mean_c", "summer_precipitation_mm")
YEARS = np.arange(2000, 2012)
HISTORY = History(4, 5, 2, normals=NAMES[:1], anomalies=NAMES[:1], lags=NAMES[1:], trends=NAMES[:1])
FEATURES = derived_features([INDEX_BY_NAME[name] for name in NAMES], HISTORY)


def indices() -> xr.Dataset:
    random = np.random.default_rng(0)
    return xr.Dataset(
        {name: (("cell", "year"), random.normal(size=(3, len(YEARS))), {"source": "s"}) for name in NAMES},
        {"cell_ids": ("cell", np.arange(3, dtype=np.uint64)), "year": YEARS},
    )


def known() -> xr.Dataset:
    about = {"units": "1", "source": "s", "statistic": "", "years": "y", "long_name": ""}
    return xr.Dataset(
        {
            "slope": ("cell", np.arange(3.0), {"group": "terrain", **about}),
            "embedding": (("cell", "year"), np.arange(6.0).reshape(3, 2), {"group": "embeddings", **about}),
            NAMES[0]: (("cell", "year"), np.zeros((3, 2)), {"group": "climate", **about}),
        },
        {"cell_ids": ("cell", np.arange(3, dtype=np.uint64)), "year": [2010, 2011]},
    )


def test_normals_lags_and_trends_are_those_of_the_years_up_to_each() -> None:
    cube = indices()
    values = index_values(cube)
    climate = climate_of_years(values, YEARS, cube, FEATURES, [2009, 2011])
    temperature, rain = values[:, 0, 1], values[:, 1, 1]
    of_last = climate.isel(cell=1).sel(year=2011)

    np.testing.assert_allclose(of_last["annual_temperature_mean_normal_c"], temperature[7:11].mean(), rtol=1e-6)
    np.testing.assert_allclose(of_last["summer_precipitation_lag_2_mm"], rain[9], rtol=1e-6)
    slope = np.polyfit(np.arange(5), temperature[7:], 1)[0]
    np.testing.assert_allclose(of_last["annual_temperature_mean_trend_c_per_decade"], 10 * slope, rtol=1e-5)


def test_what_is_no_climate_stays_as_in_the_last_known_year() -> None:
    cube = indices()
    climate = climate_of_years(index_values(cube), YEARS, cube, FEATURES, [2010, 2011])
    ahead = features_of_years(known(), climate.assign_coords(year=[2012, 2013]))

    assert ahead["embedding"].to_numpy().tolist() == [[1.0, 1.0], [3.0, 3.0], [5.0, 5.0]]
    assert ahead["slope"].dims == ("cell",)
    assert ahead["year"].to_numpy().tolist() == [2012, 2013]
    assert {ahead[name].attrs["group"] for name in climate.data_vars} == {"climate"}
    assert ahead["annual_temperature_mean_c"].dims == ("cell", "year")
