from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from model_problems import ESPA_FIXED, GRIDS, fit, tuning

from entropice.learning.drivers.boxes import N_VALUES, SHARES, VALUES, box_tables
from entropice.learning.exposure import EXPOSURE
from entropice.learning.models import MODELS
from entropice.learning.predictor import NOTHING, Part, with_submodels
from entropice.learning.samples import Samples

CLASSES = ("none", "few", "many")
CENTERS = np.array([[0.0, 100.0, 5.0], [10.0, 100.0, 5.0], [0.0, 300.0, 5.0]])
N = 90


@pytest.fixture(scope="module")
def observed() -> Samples:
    """Three clumps; slumps only where `b` is high."""
    random = np.random.default_rng(0)
    values = CENTERS[np.arange(N) % 3] + random.normal(size=(N, 3)) * [0.5, 5.0, 1.0]
    features = pd.DataFrame(values, columns=["a", "b", "c"]).assign(**{EXPOSURE: np.log(1e6)})
    groups = {"a": "terrain", "b": "climate", "c": "climate"}
    return Samples(features, random.uniform(0, 1e6, (N, 2)), np.repeat(np.arange(6, dtype=np.uint64), 15), groups)


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    return (np.arange(N) % 3 == 2).astype(int)


@pytest.fixture(scope="module")
def part(observed, codes) -> Part:
    one = tuning(espa={"n_boxes": 2, "n_effective_features": 1.5, **ESPA_FIXED, "n_init": 8})
    return Part(MODELS["espa"], 1.0, {NOTHING: fit("espa", observed, codes, one)})


@pytest.fixture(scope="module")
def on_map(observed) -> Samples:
    """Twice the land where slumps are."""
    areas_m2 = np.where(np.arange(N) % 3 == 2, 2e6, 1e6)
    return replace(observed, features=observed.features.assign(**{EXPOSURE: np.log(areas_m2)}))


def test_boxes_have_the_rows_land_and_chances_of_what_falls_into_them(part, observed, on_map):
    boxes, _ = box_tables(part, CLASSES, observed, [on_map])
    assert list(boxes.columns) == [*SHARES, "p_none", "p_few", "p_many"]
    boxes = boxes.sort_values("p_any")
    assert boxes["n_training_rows"].tolist() == [60, 30]
    assert boxes["share_of_training_rows"].sum() == pytest.approx(1)
    assert boxes["share_of_land"].to_numpy() == pytest.approx([0.5, 0.5])
    assert boxes[["p_none", "p_few", "p_many"]].sum(axis=1).to_numpy() == pytest.approx(1)
    assert boxes["p_any"].iloc[0] < 0.1
    assert boxes["p_any"].iloc[1] > 0.9


def test_a_box_has_the_chances_that_its_rows_are_given(part, observed, on_map):
    boxes, _ = box_tables(part, CLASSES, observed, [on_map])
    given = part.predict_proba(observed, 3)
    told = boxes[["p_none", "p_few", "p_many"]].to_numpy()[part.boxes(observed).astype(int)]
    np.testing.assert_allclose(told, given, rtol=1e-12)


def test_typical_values_are_in_the_units_of_the_features_and_begin_with_what_sets_a_box_apart(part, observed, on_map):
    boxes, values = box_tables(part, CLASSES, observed, [on_map])
    assert list(values.columns) == list(VALUES)
    with_slumps = values[values["box"] == boxes["p_any"].idxmax()]
    first = with_slumps.iloc[0]
    inside = observed.features["b"].to_numpy()[2::3]
    assert (first["feature"], first["rank"]) == ("b", 1)
    assert first["value"] == pytest.approx(inside.mean())
    assert (first["low_80"], first["high_80"]) == pytest.approx(np.quantile(inside, [0.1, 0.9]))
    assert first["mean"] == pytest.approx(observed.features["b"].mean())
    assert first["departure_sd"] == pytest.approx((inside.mean() - first["mean"]) / observed.features["b"].std(ddof=0))
    assert EXPOSURE not in set(values["feature"])
    assert values.groupby("box")["share"].sum().between(0.5, 1 + 1e-12).all()
    assert (values.groupby("box")["share"].diff().dropna() <= 0).all()
    assert values.groupby("box").size().max() <= N_VALUES


def test_a_value_that_no_row_of_a_box_knows_has_no_range(part, observed, on_map):
    boxes, _ = box_tables(part, CLASSES, observed, [on_map])
    is_inside = part.boxes(observed) == boxes["p_any"].idxmin()
    unknown = replace(observed, features=observed.features.assign(a=observed.features["a"].mask(is_inside)))
    _, values = box_tables(part, CLASSES, unknown, [on_map])
    of_a = values[(values["box"] == boxes["p_any"].idxmin()) & (values["feature"] == "a")]
    assert of_a[["low_80", "high_80"]].isna().all(axis=None)
    assert of_a["value"].notna().all()


def test_what_a_submodel_predicts_falls_into_no_box(part, observed, codes, on_map):
    one = tuning(espa={"n_boxes": 2, "n_effective_features": 1.5, **ESPA_FIXED})
    both = with_submodels(part, one.inner_folds(observed, codes), one, [frozenset({"terrain"})])
    is_unknown = np.arange(N) % 3 == 0
    lacking = replace(on_map, features=on_map.features.assign(a=on_map.features["a"].mask(is_unknown)))
    assert np.isnan(both.boxes(lacking)).tolist() == is_unknown.tolist()
    assert np.isfinite(both.predict_proba(lacking, 3)).all()
    boxes, _ = box_tables(both, CLASSES, observed, [lacking])
    assert boxes["share_of_land"].sum() == pytest.approx(0.75)


@pytest.mark.parametrize("name", ["espa_ensemble", "ordinal_ridge", "prevalence"])
def test_a_model_without_boxes_tells_none(name, observed, codes, on_map):
    candidates = {name: tuning().candidates[name][:1]} if name in GRIDS else {}
    other = Part(MODELS[name], 1.0, {NOTHING: fit(name, observed, codes, replace(tuning(), candidates=candidates))})
    boxes, values = box_tables(other, CLASSES, observed, [on_map])
    assert boxes.empty
    assert values.empty
    assert list(boxes.columns) == [*SHARES, "p_none", "p_few", "p_many"]
    assert values.dtypes.astype(str).to_dict() == VALUES
    with pytest.raises(ValueError, match="no boxes"):
        other.boxes(on_map)
