"""Doubts beside predictions, and the same ones after they were kept without training table."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_problems import classes_by_features, samples_in_stripes, tuning

from entropice.errors import ModelFileError
from entropice.learning.classes import DensityClasses
from entropice.learning.doubts.applicability import fit_applicability
from entropice.learning.doubts.conformal import ConformalSets
from entropice.learning.doubts.doubts import Doubts, add_doubts, from_arrays, to_arrays
from entropice.learning.doubts.spread import fit_members
from entropice.learning.models import MODELS
from entropice.learning.prediction import predict_cells
from entropice.learning.predictor import Predictor, fit_part
from entropice.learning.samples import Samples
from entropice.types import IntArray

NAMES = ("none", "few", "many")
ADDED = [
    "p_any_sd",
    "p_any_low",
    "p_any_high",
    "conformal_set",
    "dissimilarity",
    "distance_m",
    "unknown_groups",
    "is_applicable",
    "not_applicable_because",
]


@pytest.fixture(scope="module")
def samples() -> Samples:
    return replace(samples_in_stripes(120), groups={"a": "terrain", "b": "climate", "c": "climate", "d": "climate"})


@pytest.fixture(scope="module")
def codes(samples: Samples) -> IntArray:
    return classes_by_features(samples)


@pytest.fixture(scope="module")
def predictor(samples: Samples, codes: IntArray) -> Predictor:
    how = tuning(logistic={"C": 1.0}, random_forest={"n_estimators": 5, "max_features": 0.5, "min_samples_leaf": 5})
    folds = how.inner_folds(samples, codes)
    patterns = [frozenset({"terrain"}), frozenset({"climate"})]
    names = {"logistic": 0.75, "random_forest": 0.25}
    return Predictor(tuple(fit_part(MODELS[name], folds, how, patterns, weight) for name, weight in names.items()))


@pytest.fixture(scope="module")
def asked(samples: Samples) -> Samples:
    """The training rows, one of which knows nothing and one no terrain."""
    features = samples.features.copy()
    features.iloc[7] = np.nan
    features.iloc[8, 0] = np.nan
    return replace(samples, features=features)


@pytest.fixture(scope="module")
def doubts(predictor: Predictor, samples: Samples, codes: IntArray) -> Doubts:
    half = np.arange(60)
    ones = np.ones(3, np.int64)
    return Doubts(
        fit_members(predictor, samples, codes, 3, random_seed=0),
        ConformalSets(0.9, NAMES, np.array([0.3, 0.2, 0.4]), ones, ones),
        fit_applicability(samples, np.ones(4), [(half, half + 60)]),
    )


@pytest.fixture(scope="module")
def predictions(predictor: Predictor, asked: Samples) -> pd.DataFrame:
    classes = DensityClasses(NAMES, np.array([0.1]), np.array([0.0, 0.05, 0.2]))
    keys = pd.DataFrame({"cell_id": np.arange(120, dtype=np.uint64), "year": 2020}, index=np.arange(1000, 1120))
    return predict_cells(predictor, classes, keys, asked)


def test_predictions_keep_their_columns_and_gain_doubts(
    predictions: pd.DataFrame, asked: Samples, doubts: Doubts
) -> None:
    added = add_doubts(predictions, asked, doubts)
    assert list(added) == [*predictions, *ADDED]
    pd.testing.assert_frame_equal(added[list(predictions)], predictions)
    p_any = 1 - added["p_none"]
    predicted = added.drop(index=1007)
    assert (predicted["p_any_low"] <= p_any.drop(1007)).all()
    assert (predicted["p_any_high"] >= p_any.drop(1007)).all()
    assert predicted["conformal_set"].str.fullmatch(r"(none|few|many)(\|(few|many))*").all()


def test_without_a_prediction_there_is_a_verdict_and_nothing_else(
    predictions: pd.DataFrame, asked: Samples, doubts: Doubts
) -> None:
    row = add_doubts(predictions, asked, doubts).loc[1007]
    assert row[["p_any_sd", "p_any_low", "p_any_high", "conformal_set"]].isna().all()
    assert not row["is_applicable"]
    assert row["not_applicable_because"].startswith("unknown: climate, terrain")


def test_a_row_without_a_group_is_predicted_and_outside(
    predictions: pd.DataFrame, asked: Samples, doubts: Doubts
) -> None:
    row = add_doubts(predictions, asked, doubts).loc[1008]
    assert row["p_any_sd"] > 0
    assert row["not_applicable_because"].startswith("unknown: terrain")


def test_doubts_come_back_from_arrays_as_they_were(
    predictions: pd.DataFrame, asked: Samples, samples: Samples, codes: IntArray, doubts: Doubts
) -> None:
    arrays, metadata = to_arrays(doubts, samples, codes)
    assert not any(values.dtype.hasobject for values in arrays.values())
    assert arrays["applicability/rows"].dtype == np.float32
    again = from_arrays(arrays, json.loads(json.dumps(metadata, allow_nan=False)))
    pd.testing.assert_frame_equal(
        add_doubts(predictions, asked, again), add_doubts(predictions, asked, doubts), rtol=1e-6
    )
    np.testing.assert_array_equal(again.members[1].rows, doubts.members[1].rows)


@pytest.mark.parametrize(
    ("changes", "got"), [({"format": "other"}, "other"), ({"format_version": 2}, "2"), ({"members": None}, "TypeError")]
)
def test_other_documents_are_refused(
    samples: Samples, codes: IntArray, doubts: Doubts, changes: dict[str, Any], got: str
) -> None:
    arrays, metadata = to_arrays(doubts, samples, codes)
    with pytest.raises(ModelFileError, match=got) as error:
        from_arrays(arrays, {**metadata, **changes})
    assert error.value.fix is not None


@pytest.mark.parametrize("lost", ["applicability/rows", "member_01/rows_drawn"])
def test_missing_arrays_are_refused(samples: Samples, codes: IntArray, doubts: Doubts, lost: str) -> None:
    arrays, metadata = to_arrays(doubts, samples, codes)
    kept = {name: values for name, values in arrays.items() if name != lost}
    with pytest.raises(ModelFileError, match="rows"):
        from_arrays(kept, metadata)
