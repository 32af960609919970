import logging

import numpy as np
import pandas as pd
import pytest

from entropice.espa import ESPAClassifier
from entropice.learning.classes import DensityClasses
from entropice.learning.prediction import normalised_entropy, predict_cells

CLASSES = DensityClasses(("none", "few", "many"), np.array([0.1]), np.array([0.0, 0.05, 0.4]))


@pytest.fixture(scope="module")
def frame():
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 2)), columns=["a", "b"])
    features.iloc[7] = np.nan
    return pd.DataFrame({"cell_id": np.arange(60, dtype=np.uint64), "year": 2021}).join(features)


@pytest.fixture(scope="module")
def model(frame):
    known = frame[["a", "b"]].drop(index=7)
    return ESPAClassifier(4, n_init=2, random_state=0).fit(known, (known["a"] > 0).astype(int))


def test_predictions_follow_the_contract(model, frame, caplog):
    with caplog.at_level(logging.WARNING):
        table = predict_cells(model, CLASSES, frame)
    columns = ["p_none", "p_few", "p_many"]
    assert list(table.columns) == (
        ["cell_id", "year", *columns, "class_", "p_max", "entropy", "expected_rts_area_fraction", "box"]
    )
    known = table.drop(index=7)
    assert known[columns].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert (known["p_many"] == 0).all()
    assert (known["p_max"] == known[columns].max(axis=1)).all()
    assert (known["class_"] == known[columns].idxmax(axis=1).str.removeprefix("p_")).all()
    assert known["expected_rts_area_fraction"].to_numpy() == pytest.approx(0.05 * known["p_few"].to_numpy())
    assert known["box"].between(0, 3).all()
    assert "1 of 60" in caplog.text


def test_where_nothing_is_known_nothing_is_predicted(model, frame):
    unknown = predict_cells(model, CLASSES, frame).loc[7]
    assert unknown[["cell_id", "year"]].tolist() == [7, 2021]
    assert unknown.drop(["cell_id", "year"]).isna().all()


def test_rows_that_know_only_what_the_model_does_not_are_not_predicted(model, frame):
    wider = frame.assign(unknown=1.0)
    assert predict_cells(model, CLASSES, wider).equals(predict_cells(model, CLASSES, frame))


def test_entropy_runs_from_certain_to_ignorant():
    entropy = normalised_entropy(np.array([[1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0.0]]))
    assert entropy == pytest.approx([0.0, 1.0, np.log(2) / np.log(3)])
