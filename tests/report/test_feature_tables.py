import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.report.feature_tables import (
    N_BINS,
    distributions,
    feature_values,
    features_table,
    features_with_values,
    histogram,
    importances_table,
    quantiles,
)

CUBE = xr.Dataset(
    {
        "warmth": (("cell", "year"), [[1.0, 2.0], [3.0, np.nan]]),
        "height": ("cell", [10.0, 20.0]),
        "never": ("cell", [np.nan, np.nan]),
    },
    coords={"cell_ids": ("cell", np.array([7, 9], dtype=np.uint64)), "year": [2021, 2022]},
)


def test_values_are_kept_once_where_they_are_the_same_in_all_years() -> None:
    table, steps = feature_values(CUBE, ["warmth", "height", "never"], [2022, 2021])
    assert table["cell_id"].tolist() == [7, 9]
    assert list(table) == ["cell_id", "warmth_2022", "warmth_2021", "height", "never"]
    assert (table["warmth_2021"] * steps["warmth"]).tolist() == [1.0, 3.0]
    assert (table["warmth_2022"] * steps["warmth"]).tolist() == [2.0, pd.NA]
    assert (table["height"] * steps["height"]).tolist() == [10.0, 20.0]
    assert table["never"].isna().all()


def test_a_year_without_features_is_unknown() -> None:
    assert feature_values(CUBE, ["warmth"], [2030])[0]["warmth_2030"].isna().all()


def test_distributions_are_over_the_given_rows_and_leave_out_what_is_never_known() -> None:
    rows = pd.DataFrame({"cell_id": np.array([7, 9], dtype=np.uint64), "year": [2021, 2021]})
    of_quantiles, of_histograms = distributions(CUBE, rows)
    assert set(of_quantiles["feature"]) == set(of_histograms["feature"]) == {"warmth", "height"}
    warmth = of_quantiles[of_quantiles["feature"] == "warmth"].set_index("quantile")["value"]
    assert (warmth[0.0], warmth[0.5], warmth[1.0]) == (1.0, 2.0, 3.0)
    assert of_histograms.groupby("feature")["n"].sum().to_dict() == {"warmth": 2, "height": 2}


def test_quantiles_by_hand() -> None:
    table = quantiles(np.arange(101.0)).set_index("quantile")["value"]
    assert table.to_dict() == pytest.approx({q: 100 * q for q in table.index})
    assert list(table.index) == [0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0]


def test_the_outer_bins_take_what_lies_beyond() -> None:
    values = np.concatenate([np.linspace(0.0, 100.0, 1001), [-1e6, 1e6]])
    table = histogram(values)
    assert (table["low"].iloc[0], table["high"].iloc[-1]) == pytest.approx((1.0, 99.0), abs=0.1)
    assert table["n"].iloc[0] == (values <= table["high"].iloc[0]).sum()
    assert table["n"].iloc[-1] == (values >= table["low"].iloc[-1]).sum()


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6)))
def test_every_value_lies_in_one_of_20_bins(values: np.ndarray) -> None:
    table = histogram(values)
    assert len(table) == N_BINS
    assert table["n"].sum() == len(values)
    assert (np.diff(table["low"]) >= 0).all()
    np.testing.assert_array_equal(table["high"].to_numpy()[:-1], table["low"].to_numpy()[1:])


def test_importances_carry_names_and_units(fabricated) -> None:
    table = importances_table(fabricated.drivers.sample(frac=1, random_state=0), features_table(fabricated.features))
    assert table["level"].tolist() == ["group"] * 2 + ["cluster"] * 4
    assert table["rank"].tolist() == [1, 2, 1, 2, 3, 4]
    assert table["is_discovery"].tolist() == [1, 0, 1, 1, 0, 0]
    assert table.iloc[5][["feature", "unit", "feature_group"]].tolist() == [
        "thawing_degree_days_c_d",
        "°C d",
        "climate",
    ]


def test_values_are_told_of_the_leading_features_or_else_of_those_that_models_see() -> None:
    many = [f"f{number}" for number in range(30)]
    told = pd.DataFrame({"level": ["group", "cluster", "cluster"], "features": ["z", "a b", " ".join(many)]})
    driven = pd.DataFrame({"feature": ["q", "p", "b", "p"]})
    none = driven.head(0)
    assert features_with_values(driven, told, ["z"]) == ["p", "b", "q", "a", *many[:16]]
    assert features_with_values(none, told, ["z"]) == ["a", "b", *many[:18]]
    assert features_with_values(none, told.head(0), many) == many[:20]
