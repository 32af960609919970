"""Doubts beside predictions, and the same ones after they were kept without training table."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_problems import classes_by_features, fit, samples_in_stripes, tuning

from entropice.errors import ModelFileError
from entropice.learning import model_file
from entropice.learning.doubts.applicability import fit_applicability
from entropice.learning.doubts.conformal import ConformalSets
from entropice.learning.doubts.doubts import Doubts, add_doubts, from_arrays, to_arrays
from entropice.learning.doubts.spread import Member
from entropice.learning.models import MODELS
from entropice.learning.samples import Samples
from entropice.types import FloatArray

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


@dataclass(frozen=True)
class Line:
    """P(any) by one feature."""

    slope: float

    def predict_proba(self, samples: Samples, n_classes: int) -> FloatArray:
        p_any = 1 / (1 + np.exp(-self.slope * samples.features["a"].fillna(0).to_numpy()))
        return np.column_stack([1 - p_any, *[p_any / (n_classes - 1)] * (n_classes - 1)])


@pytest.fixture(scope="module")
def samples() -> Samples:
    made = samples_in_stripes(120)
    made.features.iloc[7] = np.nan
    return made


@pytest.fixture(scope="module")
def doubts(samples: Samples) -> Doubts:
    half = np.arange(60)
    ones = np.ones(3, np.int64)
    return Doubts(
        (Line(0.8), Line(1.0), Line(1.3)),
        ConformalSets(0.9, NAMES, np.array([0.3, 0.2, 0.4]), ones, ones),
        fit_applicability(samples, dict.fromkeys("abcd", "terrain"), np.ones(4), [(half, half + 60)]),
    )


@pytest.fixture(scope="module")
def predictions(samples: Samples) -> pd.DataFrame:
    table = pd.DataFrame(Line(1.0).predict_proba(samples, 3), columns=[f"p_{name}" for name in NAMES])
    table.insert(0, "cell_id", np.arange(120, dtype=np.uint64))
    table.loc[7, [f"p_{name}" for name in NAMES]] = np.nan
    return table.set_index(np.arange(1000, 1120))


def test_predictions_keep_their_columns_and_gain_doubts(
    predictions: pd.DataFrame, samples: Samples, doubts: Doubts
) -> None:
    added = add_doubts(predictions, samples, doubts)
    assert list(added) == [*predictions, *ADDED]
    pd.testing.assert_frame_equal(added[list(predictions)], predictions)
    p_any = 1 - added["p_none"]
    predicted = added.drop(index=1007)
    assert (predicted["p_any_low"] <= p_any.drop(1007)).all()
    assert (predicted["p_any_high"] >= p_any.drop(1007)).all()
    assert predicted["conformal_set"].str.fullmatch(r"(none|few|many)(\|(few|many))*").all()


def test_without_a_prediction_there_is_a_verdict_and_nothing_else(
    predictions: pd.DataFrame, samples: Samples, doubts: Doubts
) -> None:
    row = add_doubts(predictions, samples, doubts).loc[1007]
    assert row[["p_any_sd", "p_any_low", "p_any_high", "conformal_set"]].isna().all()
    assert not row["is_applicable"]
    assert row["not_applicable_because"].startswith("unknown: terrain")


def test_doubts_come_back_from_arrays_as_they_were(predictions: pd.DataFrame, samples: Samples, doubts: Doubts) -> None:
    arrays, metadata = to_arrays(doubts, _line_to_arrays)
    assert not any(values.dtype.hasobject for values in arrays.values())
    assert arrays["applicability/rows"].dtype == np.float32
    again = from_arrays(arrays, metadata, _line_from_arrays)
    pd.testing.assert_frame_equal(
        add_doubts(predictions, samples, again), add_doubts(predictions, samples, doubts), rtol=1e-6
    )


def test_the_format_of_models_serves_for_members(predictions: pd.DataFrame, samples: Samples, doubts: Doubts) -> None:
    codes = classes_by_features(samples)
    members = tuple(
        fit("logistic", samples.where(samples.blocks != block), codes[samples.blocks != block], tuning())
        for block in (0, 1)
    )
    fitted = replace(doubts, members=members)
    arrays, metadata = to_arrays(
        fitted, lambda member: model_file.to_arrays(MODELS["logistic"], member, samples, codes)
    )
    again = from_arrays(arrays, metadata, lambda own, document: model_file.from_arrays(own, document)[1])
    pd.testing.assert_frame_equal(
        add_doubts(predictions, samples, again), add_doubts(predictions, samples, fitted), rtol=1e-6
    )


@pytest.mark.parametrize(
    ("changes", "got"),
    [
        ({"format": "entropice-model"}, "entropice-model"),
        ({"format_version": 2}, "2"),
        ({"members": None}, "TypeError"),
    ],
)
def test_other_documents_are_refused(doubts: Doubts, changes: dict[str, Any], got: str) -> None:
    arrays, metadata = to_arrays(doubts, _line_to_arrays)
    with pytest.raises(ModelFileError, match=got) as error:
        from_arrays(arrays, {**metadata, **changes}, _line_from_arrays)
    assert error.value.fix is not None


def test_missing_arrays_are_refused(doubts: Doubts) -> None:
    arrays, metadata = to_arrays(doubts, _line_to_arrays)
    kept = {name: values for name, values in arrays.items() if name != "applicability/rows"}
    with pytest.raises(ModelFileError, match="rows"):
        from_arrays(kept, metadata, _line_from_arrays)


def _line_to_arrays(member: Member) -> tuple[dict[str, Any], dict[str, Any]]:
    assert isinstance(member, Line)
    return {"slope": np.array(member.slope)}, {"model": "line"}


def _line_from_arrays(arrays: Any, _: Any) -> Line:
    return Line(float(arrays["slope"]))
