"""Cells that labels were learned from are expected to hold what a fold that has not seen them says."""

import numpy as np
import pandas as pd
import pytest

from entropice.errors import SchemaError
from entropice.learning.classes import DensityClasses, fit_classes
from entropice.learning.two_stage.expected_density import (
    class_means,
    expected_density,
    expected_in_folds,
    means_by_fold,
)

CLASSES = DensityClasses(("none", "few", "many"), np.array([0.01]), np.array([0.0, 0.005, 0.02]))
TABLE = pd.DataFrame(
    {
        "cell_id": np.array([1, 2, 3, 4], dtype=np.uint64),
        "year": 2021,
        "rts_area_fraction": [0.0, 0.002, 0.02, 0.03],
        "rts_per_km2": [0.0, 0.1, 0.4, 0.6],
    }
)
FOLDS = pd.DataFrame(
    {
        "scheme": "spatial",
        "fold": [0, 0, 0, 0, 1, 1, 1, 1],
        "cell_id": np.array([1, 2, 3, 4] * 2, dtype=np.uint64),
        "year": None,
        "role": ["test", "test", "train", "train", "train", "train", "test", "test"],
    }
)
FOLD_CLASSES = {f"spatial/{fold}": CLASSES.to_json() for fold in (0, 1)}
PREDICTIONS = pd.DataFrame(
    {
        "cell_id": np.array([1, 2, 3, 4, 5], dtype=np.uint64),
        "year": 2021,
        "p_none": [0.5, 0.5, 0.5, 0.5, np.nan],
        "p_few": [0.5, 0.5, 0.5, 0.0, np.nan],
        "p_many": [0.0, 0.0, 0.0, 0.5, np.nan],
    }
)


def test_means_of_classes_by_hand():
    means = class_means(TABLE, CLASSES)
    assert means.to_dict() == pytest.approx({"p_none": 0.0, "p_few": 0.1, "p_many": 0.5})


def test_a_fold_without_rows_of_a_class_expects_nothing_of_it():
    means = means_by_fold(TABLE, FOLDS, FOLD_CLASSES)
    assert means.loc[0].to_dict() == pytest.approx({"p_none": 0.0, "p_few": 0.0, "p_many": 0.5})
    assert means.loc[1].to_dict() == pytest.approx({"p_none": 0.0, "p_few": 0.1, "p_many": 0.0})


def test_held_out_forecasts_stand_before_the_map():
    held_out = PREDICTIONS.iloc[:2].assign(fold=0, p_none=0.0, p_few=0.0, p_many=1.0)
    table = expected_density(
        held_out, means_by_fold(TABLE, FOLDS, FOLD_CLASSES), PREDICTIONS, class_means(TABLE, CLASSES), [2021]
    )
    assert table["is_out_of_fold"].tolist() == [True, True, False, False, False]
    assert table["expected_per_km2"].to_numpy() == pytest.approx([0.5, 0.5, 0.05, 0.25, np.nan], nan_ok=True)


def test_two_forecasts_of_a_cell_and_a_year_that_the_map_lacks_are_refused():
    means, of_map = means_by_fold(TABLE, FOLDS, FOLD_CLASSES), class_means(TABLE, CLASSES)
    held_out = PREDICTIONS.iloc[[0, 0]].assign(fold=0)
    with pytest.raises(SchemaError, match="several forecasts"):
        expected_density(held_out, means, PREDICTIONS, of_map, [2021])
    with pytest.raises(SchemaError, match="no forecast of a year"):
        expected_density(held_out.iloc[:1], means, PREDICTIONS, of_map, [2021, 2030])


def test_an_expected_density_is_made_of_the_means_of_the_folds_own_training_rows():
    fraction = np.repeat([0.0, 0.1, 0.2, 0.4], 25)
    cell_id = np.arange(100, dtype=np.uint64)
    table = pd.DataFrame({"cell_id": cell_id, "year": 2021, "rts_area_fraction": fraction, "rts_per_km2": fraction * 7})
    folds = pd.DataFrame({"scheme": "spatial", "fold": 3, "cell_id": cell_id, "year": pd.NA, "role": "train"})
    folds.loc[cell_id % 5 == 0, "role"] = "test"
    classes = fit_classes(fraction[cell_id % 5 > 0], 4)
    fold_classes = {"spatial/3": classes.to_json()}

    by_area, by_count = (
        means_by_fold(table, folds, fold_classes, column) for column in ("rts_area_fraction", "rts_per_km2")
    )

    columns = [f"p_{name}" for name in classes.names]
    np.testing.assert_allclose(by_area.loc[3, columns].to_numpy(np.float64), classes.mean_rts_area_fraction)
    np.testing.assert_allclose(by_count, 7 * by_area)
    chance = np.random.default_rng(0).dirichlet(np.ones(len(columns)), 4)
    forecasts = pd.DataFrame(chance, columns=columns).assign(fold=3)
    np.testing.assert_allclose(expected_in_folds(forecasts, by_area), chance @ classes.mean_rts_area_fraction)
