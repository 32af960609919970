import logging

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.errors import FeatureError, LabelError
from entropice.learning.training_table import build_training_table, feature_columns, feature_frame

CELLS, YEARS = np.array([3, 5, 9], dtype=np.uint64), [2021, 2022]


@pytest.fixture
def cube():
    return xr.Dataset(
        {
            "elevation_mean_m": ("cell", [10.0, 20.0, np.nan]),
            "thawing_degree_days_c_d": (("year", "cell"), [[1.0, 2.0, np.nan], [4.0, 5.0, 6.0]]),
        },
        coords={"cell_ids": ("cell", CELLS), "year": YEARS},
    )


@pytest.fixture
def labels():
    state = ["observed_with", "unobserved", "observed_without", "observed_with", "observed_without", "unobserved"]
    fraction = [0.1, np.nan, 0.0, 0.2, 0.0, np.nan]
    return pd.DataFrame(
        {
            "cell_id": np.repeat(CELLS, 2),
            "year": YEARS * 3,
            "observed_fraction": 0.9,
            "observed_land_area_m2": 1e6,
            "state": pd.Categorical(state),
            "rts_count": pd.array([2, None, 0, 1, 0, None], dtype="Int64"),
            "rts_area_m2": np.array(fraction) * 1e6,
            "rts_per_km2": 1.0,
            "rts_area_fraction": fraction,
        }
    )


def test_the_frame_repeats_static_values_and_keeps_nan(cube):
    frame = feature_frame(cube, YEARS)
    assert list(frame.columns) == ["cell_id", "year", "elevation_mean_m", "thawing_degree_days_c_d"]
    assert frame["cell_id"].tolist() == [3, 3, 5, 5, 9, 9]
    assert frame["cell_id"].dtype == np.uint64
    assert frame["elevation_mean_m"].tolist()[:4] == [10.0, 10.0, 20.0, 20.0]
    assert frame["elevation_mean_m"].isna().tolist() == [False] * 4 + [True] * 2
    assert frame["thawing_degree_days_c_d"].tolist()[:4] == [1.0, 4.0, 2.0, 5.0]


def test_only_observed_rows_with_features_are_trained_on(cube, labels, caplog):
    with caplog.at_level(logging.WARNING):
        table = build_training_table(labels, cube)
    assert table[["cell_id", "year"]].to_numpy().tolist() == [[3, 2021], [5, 2021], [5, 2022]]
    assert table["thawing_degree_days_c_d"].tolist() == [1.0, 2.0, 5.0]
    assert feature_columns(table) == ["elevation_mean_m", "thawing_degree_days_c_d"]
    assert "1 of 4 observed rows" in caplog.text


def test_a_year_without_features_is_refused(cube, labels):
    with pytest.raises(FeatureError, match=r"every year(.|\n)*for example: 2022"):
        build_training_table(labels, cube.sel(year=[2021]))


def test_a_cell_without_features_is_refused(cube, labels):
    with pytest.raises(FeatureError, match=r"not in the feature cube(.|\n)*for example: 3"):
        build_training_table(labels, cube.isel(cell=slice(1, None)))


def test_infinite_features_are_refused(cube):
    cube["elevation_mean_m"][1] = np.inf
    with pytest.raises(FeatureError, match="elevation_mean_m"):
        feature_frame(cube, YEARS)


def test_nothing_observed_and_nothing_known_are_refused(cube, labels):
    with pytest.raises(LabelError, match="No cell was observed"):
        build_training_table(labels.assign(state="unobserved"), cube)
    with pytest.raises(FeatureError, match="known feature"):
        build_training_table(labels, cube * np.nan)
