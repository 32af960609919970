"""Scores of a map against the labels of all its cells."""

import numpy as np
import pandas as pd
import pytest

from entropice.learning.map_skill import ALL_LAND, NEVER_OBSERVED, map_skill

CLASSES = {"names": ["none", "few", "many"], "edges": [1e-5], "mean_rts_area_fraction": [0.0, 5e-6, 1e-4]}
IDS = np.arange(8, dtype=np.uint64)
FRACTIONS = np.array([0.0, 0.0, 1e-6, 1e-4, 0.0, 0.0, 1e-6, 1e-4])
LABELS = pd.DataFrame({"cell_id": IDS, "year": 2021, "rts_area_fraction": FRACTIONS})
PLACES = pd.DataFrame({"block": IDS // 2, "land_area_m2": 1e6}, index=IDS)
OBSERVED = LABELS.iloc[:4]
TRUE_CODES = [0, 0, 1, 2] * 2


def predictions(probabilities: np.ndarray) -> pd.DataFrame:
    columns = {f"p_{name}": probabilities[:, code] for code, name in enumerate(CLASSES["names"])}
    return pd.DataFrame({"cell_id": IDS, "year": 2021, "p_max": probabilities.max(axis=1), **columns})


def skill(said: pd.DataFrame, observed: pd.DataFrame = OBSERVED) -> pd.DataFrame:
    return map_skill(said, LABELS, observed, CLASSES, PLACES).set_index(["extent", "score"])


def test_a_map_that_knows_the_classes_has_all_skill_on_all_land_and_where_nobody_looked() -> None:
    told = skill(predictions(np.eye(3)[TRUE_CODES]))
    for extent, n_cell_years, n_positive in ((ALL_LAND, 8, 4), (NEVER_OBSERVED, 4, 2)):
        assert told.loc[(extent, "log_skill"), "value"] == pytest.approx(1.0)
        assert told.loc[(extent, "auc"), "value"] == 1.0
        assert set(told.loc[extent, "n_cell_years"]) == {n_cell_years}
        assert set(told.loc[extent, "n_positive"]) == {n_positive}


def test_a_map_that_says_the_frequencies_of_the_training_rows_has_none() -> None:
    told = skill(predictions(np.tile([0.5, 0.25, 0.25], (8, 1))))
    assert told.loc[(ALL_LAND, "log_skill"), "value"] == pytest.approx(0.0)
    assert told.loc[(ALL_LAND, "auc"), "value"] == 0.5


def test_a_map_that_knows_only_what_was_observed_is_worse_elsewhere() -> None:
    sure = np.eye(3)[TRUE_CODES]
    sure[4:] = [0.5, 0.25, 0.25]
    told = skill(predictions(sure))
    assert told.loc[(NEVER_OBSERVED, "log_skill"), "value"] == pytest.approx(0.0)
    assert told.loc[(ALL_LAND, "log_skill"), "value"] == pytest.approx(0.5)


def test_a_map_of_other_years_has_no_scores() -> None:
    told = map_skill(predictions(np.eye(3)[TRUE_CODES]), LABELS.assign(year=1999), OBSERVED, CLASSES, PLACES)
    assert told.empty
    assert told.dtypes[["value", "n_positive"]].tolist() == [float, int]


def test_unknown_probabilities_and_labels_are_left_out_and_all_land_may_have_been_observed() -> None:
    said = predictions(np.eye(3)[TRUE_CODES])
    said.loc[0, ["p_none", "p_few", "p_many"]] = np.nan
    told = map_skill(said, LABELS.assign(rts_area_fraction=FRACTIONS).mask(LABELS["cell_id"] == 1), LABELS, CLASSES,
                     PLACES)  # fmt: skip
    assert set(told["extent"]) == {ALL_LAND}
    assert set(told["n_cell_years"]) == {6}
