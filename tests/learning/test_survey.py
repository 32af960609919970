import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.learning.survey import SurveyPlan, information_bits, plan_survey

N = 30
PLAN = SurveyPlan(budget_km2=1000.0, min_image_km2=10.0, find_value_bits=1.0, range_km=0.0, outside_spread=2.0)


def binary_entropy_bits(p: np.ndarray) -> np.ndarray:
    return -(p * np.log2(p) + (1 - p) * np.log2(1 - p))


@pytest.fixture
def cells() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"cell_id": np.arange(N, dtype=np.uint64), "lon_deg": np.linspace(0, 29, N), "lat_deg": 70.0, "area_m2": 2e8,
         "land_fraction": 0.5},
        geometry=shapely.points(np.arange(N), 0.0), crs="EPSG:3413",
    )  # fmt: skip


@pytest.fixture
def labels(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Cells 0 to 4 were observed in one of two years, 5 to 9 seen in part, the others never."""
    table = pd.MultiIndex.from_product([cells["cell_id"], [2022, 2023]], names=["cell_id", "year"]).to_frame(
        index=False
    )
    is_observed = (table["cell_id"] < 5) & (table["year"] == 2022)
    seen = np.where(is_observed, 1.0, np.where((table["cell_id"] < 10) & (table["year"] == 2022), 0.25, 0.0))
    return table.assign(state=np.where(is_observed, "observed_without", "unobserved"), observed_fraction=seen)


@pytest.fixture
def predictions(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    p = np.linspace(0.01, 0.9, N)
    of_year = [pd.DataFrame({"cell_id": cells["cell_id"], "year": year, "p_any": p}) for year in (2022, 2023)]
    return pd.concat(of_year, ignore_index=True).assign(is_applicable=True)


def test_only_cells_that_nobody_has_observed_and_that_have_a_prediction_are_ranked(cells, labels, predictions) -> None:
    predictions.loc[(predictions["cell_id"] == 20) & (predictions["year"] == 2023), "p_any"] = np.nan
    survey = plan_survey(cells, labels, predictions, PLAN)
    assert survey["cell_id"].tolist() == [*range(5, 20), *range(21, 30)]
    assert survey["year"].unique().tolist() == [2023]


def test_the_cost_is_the_land_that_no_year_has_seen_and_no_less_than_an_image(cells, labels, predictions) -> None:
    cost = plan_survey(cells, labels, predictions, PLAN).set_index("cell_id")["cost_km2"]
    assert cost[7] == pytest.approx(75.0)
    assert cost[12] == pytest.approx(100.0)
    cells["land_fraction"] = 0.01
    assert (plan_survey(cells, labels, predictions, PLAN)["cost_km2"] == PLAN.min_image_km2).all()


def test_the_budget_holds_and_ranks_follow_value_over_cost(cells, labels, predictions) -> None:
    survey = plan_survey(cells, labels, predictions, PLAN)
    chosen = survey.dropna(subset="rank").sort_values("rank")
    assert chosen["rank"].tolist() == list(range(1, len(chosen) + 1))
    assert chosen["cumulative_km2"].iloc[-1] == pytest.approx(chosen["cost_km2"].sum())
    assert 900 < chosen["cost_km2"].sum() <= PLAN.budget_km2
    assert chosen["value_per_1000_km2"].is_monotonic_decreasing
    assert chosen["value_per_1000_km2"].min() >= survey[survey["rank"].isna()]["value_per_1000_km2"].max()


def test_a_find_that_is_worth_nothing_leaves_the_doubtful_and_one_worth_much_the_likely(
    cells, labels, predictions
) -> None:
    def first(find_value_bits: float) -> float:
        plan = SurveyPlan(100.0, 10.0, find_value_bits, 0.0, 1.0)
        cells["land_fraction"] = 0.5
        survey = plan_survey(cells, labels[labels["cell_id"] < 5], predictions, plan)
        return float(survey.loc[survey["rank"] == 1, "p_any"].iloc[0])

    assert first(0.0) == pytest.approx(0.5, abs=0.03)
    assert first(50.0) == pytest.approx(0.9)


def test_neighbours_of_a_chosen_cell_tell_less(cells, labels, predictions) -> None:
    predictions["p_any"] = np.where(np.arange(2 * N) % N < 15, 0.5, 0.45)
    spread = SurveyPlan(300.0, 10.0, 0.0, 2000.0, 1.0)
    near, far = (
        plan_survey(cells, labels[labels["cell_id"] < 5], predictions, plan).dropna(subset="rank")["lon_deg"]
        for plan in (SurveyPlan(300.0, 10.0, 0.0, 0.0, 1.0), spread)
    )
    assert np.ptp(near) <= 3
    assert np.ptp(far) > 20


@given(st.floats(0.02, 0.98), st.floats(0.01, 0.9))
def test_with_a_spread_the_information_is_that_of_a_beta_distribution(p: float, share: float) -> None:
    sd = share * np.sqrt(p * (1 - p))
    total = 1 / share**2 - 1
    draws = np.clip(np.random.default_rng(0).beta(p * total, (1 - p) * total, 200_000), 1e-300, 1 - 1e-16)
    sampled = binary_entropy_bits(np.array([p]))[0] - binary_entropy_bits(draws).mean()
    assert information_bits(np.array([p]), np.array([sd]))[0] == pytest.approx(sampled, abs=0.01)


def test_without_a_spread_the_information_is_the_entropy_and_a_sure_chance_tells_nothing_of_the_model() -> None:
    p = np.array([0.0, 0.1, 0.5, 1.0])
    assert information_bits(p, None) == pytest.approx([0.0, binary_entropy_bits(np.array([0.1]))[0], 1.0, 0.0])
    assert information_bits(p, np.zeros(4)) == pytest.approx(0.0)


def test_a_cell_where_the_map_does_not_apply_is_worth_more_and_its_finds_the_same(cells, labels, predictions) -> None:
    doubtful = predictions.assign(p_any_sd=0.05, is_applicable=predictions["cell_id"] % 2 == 0)
    survey = plan_survey(cells, labels, doubtful, PLAN)
    trusted = plan_survey(cells, labels, doubtful.assign(is_applicable=True), PLAN)

    is_outside = ~survey["is_applicable"]
    widened = information_bits(survey["p_any"].to_numpy(), np.full(len(survey), 0.05 * PLAN.outside_spread))
    assert survey["information_bits"][is_outside].to_numpy() == pytest.approx(widened[is_outside])
    assert (survey["information_bits"] > trusted["information_bits"])[is_outside].all()
    assert survey["information_bits"][~is_outside].equals(trusted["information_bits"][~is_outside])
    gain = (survey["value_per_1000_km2"] - trusted["value_per_1000_km2"]) * survey["cost_km2"] / 1000
    assert gain.to_numpy() == pytest.approx((survey["information_bits"] - trusted["information_bits"]).to_numpy())


def test_a_spread_wider_than_any_chance_has_tells_all_that_the_answer_tells() -> None:
    p = np.array([0.1, 0.5])
    assert information_bits(p, np.array([0.9, 0.9])) == pytest.approx(binary_entropy_bits(p))


def test_where_everything_was_observed_nothing_is_left(cells, labels, predictions) -> None:
    labels["state"] = "observed_without"
    survey = plan_survey(cells, labels, predictions, PLAN)
    assert survey.empty
    assert {"rank", "cost_km2", "value_per_1000_km2"} <= set(survey)
