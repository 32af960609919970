"""The map in label years, with the climate that came and with climates that were forecast."""

import numpy as np
import pytest
from small_outlook import (
    CLIMATE,
    GRID,
    LABEL_YEARS,
    MODELLING,
    OUTLOOK,
    RAIN,
    SAMPLES,
    SEED,
    cells,
    finished_map,
    forecasts,
    laid_out,
    record,
    with_values,
)

from entropice.errors import FeatureError, LabelError
from entropice.learning.outlook.forecasts import NETWORK, SIMPLE_FORECASTS
from entropice.learning.outlook.map_scores import OBSERVED
from entropice.pipelines.outlook import nodes
from entropice.pipelines.outlook.map_judging import chosen_draws
from entropice.types import DataFrame, Dataset


def scores(
    said: Dataset, table: DataFrame | None = None, climate=CLIMATE, features: Dataset | None = None, indices=None
) -> DataFrame:
    known = finished_map()
    indices = known.indices if indices is None else indices
    return nodes.score_map(
        said,
        indices,
        laid_out(indices)[1],
        SAMPLES,
        known.given,
        known.features if features is None else features,
        cells(),
        GRID,
        climate,
        known.table if table is None else table,
        known.folds,
        MODELLING.folds,
        OUTLOOK,
        SEED,
    )


@pytest.fixture(scope="module")
def told() -> DataFrame:
    return scores(forecasts(record(finished_map().indices)))


def test_the_map_of_climates_that_are_all_but_known_is_the_map_of_those_that_came(told: DataFrame) -> None:
    lead = told[(told["model"] == NETWORK) & (told["compared_with"] == OBSERVED)]

    assert sorted(set(lead["horizon"])) == [1, 2]
    np.testing.assert_allclose(lead["value"], 0, atol=0.01)
    log_skill = told[(told["score"] == "log_skill") & told["compared_with"].isna()].set_index(["model", "horizon"])
    assert log_skill.loc[OBSERVED, "value"].iloc[0] > 0.1


def test_a_network_that_forecasts_other_years_makes_another_map(told: DataFrame) -> None:
    a_year_off = scores(forecasts(record(finished_map().indices), -1))
    lead = a_year_off[(a_year_off["model"] == NETWORK) & (a_year_off["compared_with"] == OBSERVED)]
    rival, same = (each[each["model"] == "trend"].reset_index(drop=True) for each in (told, a_year_off))

    assert (lead.loc[lead["score"] == "log_skill", "value"] < -0.03).all()
    assert rival.equals(same)


def test_labels_of_years_that_forecasts_learned_from_or_chose_by_count_nowhere(told: DataFrame) -> None:
    """2016 is a year of validation, and was not held back."""
    known = finished_map().table

    assert set(told["model"]) == {OBSERVED, NETWORK, *(each.name for each in SIMPLE_FORECASTS)}
    assert (told["n"] == known["year"].isin(LABEL_YEARS[1:]).sum()).all()
    assert np.isfinite(told["value"]).all()


def test_climates_are_drawn_from_what_was_known_when_they_were_issued() -> None:
    """What came in 2019 touches no forecast of 2019, nor of 2018."""
    known = finished_map()
    said = forecasts(record(known.indices))
    changed = with_values(known.indices, known.indices["year"].to_numpy() == 2019, -5.0)
    one, other = (
        table[table["model"] != OBSERVED].reset_index(drop=True)
        for table in (scores(said), scores(said, indices=changed))
    )

    assert one.equals(other)


def test_no_label_of_a_later_year_is_refused_before_anything_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entropice.pipelines.outlook.map_judging.fold_fits", None)
    known = finished_map().table
    with pytest.raises(LabelError) as caught:
        scores(forecasts(record(finished_map().indices)), known[known["year"] == LABEL_YEARS[0]])
    assert caught.value.field == "samples.splits.n_later_steps"
    assert (caught.value.got, caught.value.expected) == ("labels of 2016", "some of 2017 to 2019")


def test_a_feature_that_would_keep_the_climate_that_came_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entropice.pipelines.outlook.map_judging.fold_fits", None)
    climate = CLIMATE.model_copy(update={"history": CLIMATE.history.model_copy(update={"normals": ()})})
    with pytest.raises(FeatureError, match=f"{RAIN[:-3]}_normal_mm"):
        scores(forecasts(record(finished_map().indices)), climate=climate)


@pytest.mark.parametrize(
    ("n_draws", "at_most", "expected"),
    [(10, 1, [0]), (10, 2, [0, 9]), (3, 8, [0, 1, 2]), (9, 5, [0, 2, 4, 6, 8]), (1, 4, [0])],
)
def test_draws_are_spread_over_all(n_draws: int, at_most: int, expected: list[int]) -> None:
    assert chosen_draws(n_draws, at_most) == expected
