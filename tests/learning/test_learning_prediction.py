import logging
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from model_problems import ESPA_FIXED, alone, fit, tuning

from entropice.learning.classes import DensityClasses
from entropice.learning.exposure import EXPOSURE, log_land_area
from entropice.learning.prediction import normalised_entropy, predict_cells
from entropice.learning.samples import Samples

CLASSES = DensityClasses(("none", "few", "many"), np.array([0.1]), np.array([0.0, 0.05, 0.4]))


@pytest.fixture(scope="module")
def frame():
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 2)), columns=["a", "b"])
    features.iloc[7] = np.nan
    return pd.DataFrame({"cell_id": np.arange(60, dtype=np.uint64), "year": 2021}).join(features)


@pytest.fixture(scope="module")
def model(frame):
    known = frame[["a", "b"]].drop(index=7)
    one = tuning(espa={"n_boxes": 4, "n_effective_features": 1.5, **ESPA_FIXED})
    return fit("espa", samples_of(known), (known["a"] > 0).astype(int).to_numpy(), one)


def samples_of(features):
    coordinates_m = np.arange(2.0 * len(features)).reshape(-1, 2)
    return Samples(features, coordinates_m, np.zeros(len(features), dtype=np.uint64))


def predict(name, fitted, frame):
    return predict_cells(
        alone(name, fitted), CLASSES, frame[["cell_id", "year"]], samples_of(frame.drop(columns=["cell_id", "year"]))
    )


def test_predictions_follow_the_contract(model, frame, caplog):
    with caplog.at_level(logging.WARNING):
        table = predict("espa", model, frame)
    columns = ["p_none", "p_few", "p_many"]
    assert list(table.columns) == (
        ["cell_id", "year", *columns, "p_any", "class_", "p_max", "entropy", "expected_rts_area_fraction", "box"]
    )
    known = table.drop(index=7)
    assert known[columns].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert (known["p_many"] == 0).all()
    assert known["p_any"].to_numpy() == pytest.approx(1 - known["p_none"].to_numpy())
    assert (known["p_max"] == known[columns].max(axis=1)).all()
    assert (known["class_"] == known[columns].idxmax(axis=1).str.removeprefix("p_")).all()
    assert known["expected_rts_area_fraction"].to_numpy() == pytest.approx(0.05 * known["p_few"].to_numpy())
    assert known["box"].between(0, 3).all()
    assert "1 of 60" in caplog.text


def test_where_nothing_is_known_nothing_is_predicted(model, frame):
    unknown = predict("espa", model, frame).loc[7]
    assert unknown[["cell_id", "year"]].tolist() == [7, 2021]
    assert unknown.drop(["cell_id", "year"]).isna().all()


def test_a_model_without_boxes_has_no_such_column_and_one_of_places_knows_every_row(frame):
    codes = (frame["a"].fillna(0) > 0).astype(int).to_numpy()
    fitted = fit("knn_coordinates", samples_of(frame[["a", "b"]]), codes, tuning())
    table = predict("knn_coordinates", fitted, frame)
    assert list(table.columns)[-2:] == ["entropy", "expected_rts_area_fraction"]
    assert table.notna().all(axis=None)


def test_entropy_runs_from_certain_to_ignorant():
    entropy = normalised_entropy(np.array([[1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0.0]]))
    assert entropy == pytest.approx([0.0, 1.0, np.log(2) / np.log(3)])


@pytest.fixture(scope="module")
def exposed():
    """Land of 1 to 4 km2, one slump per km2 by chance, and a feature that means nothing."""
    random = np.random.default_rng(3)
    areas_m2 = 1e6 * random.uniform(1, 4, 400)
    features = pd.DataFrame({"a": random.normal(size=400), EXPOSURE: log_land_area(areas_m2, "area")})
    return samples_of(features), (random.poisson(areas_m2 / 4e6) > 0).astype(int)


@pytest.mark.parametrize("name", ["logistic", "random_forest", "histogram_boosting"])
def test_twice_the_land_raises_the_probability_of_any_slump(name, exposed):
    samples, codes = exposed
    fitted = fit(name, samples, codes, tuning(**{name: tuning().candidates[name][0]}))
    half = replace(samples, features=samples.features.assign(**{EXPOSURE: np.log(1.4e6)}))
    whole = replace(samples, features=samples.features.assign(**{EXPOSURE: np.log(2.8e6)}))
    chance = [1 - fitted.predict_proba(each, 2)[:, 0].mean() for each in (half, whole)]
    assert chance[1] > chance[0] + 0.05
