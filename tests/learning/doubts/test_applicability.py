"""Where the map speaks of what it knows: the index against its definition, and every reason by its name."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist, pdist

from entropice.errors import FeatureError
from entropice.learning.doubts import dissimilarity
from entropice.learning.doubts.applicability import UNLIKE, Applicability, fit_applicability, unknown_groups
from entropice.learning.doubts.dissimilarity import fit_dissimilarity, nearest_distance, upper_whisker
from entropice.learning.samples import Samples

GROUPS = {"a": "terrain", "b": "terrain", "c": "climate"}
SPLITS = [(np.arange(0, 100), np.arange(100, 200)), (np.arange(100, 200), np.arange(0, 100))]


def samples(n_rows: int = 200, seed: int = 0) -> Samples:
    random = np.random.default_rng(seed)
    features = pd.DataFrame(random.normal(size=(n_rows, 3)), columns=list("abc")).assign(log_land_area=21.0)
    return Samples(features, random.uniform(0, 1e6, (n_rows, 2)), np.zeros(n_rows, np.uint64), GROUPS)


@pytest.fixture(scope="module")
def fitted() -> Applicability:
    return fit_applicability(samples(), np.ones(4), SPLITS)


def at(changes: dict[str, float], coordinates_m: tuple[float, float] = (5e5, 5e5)) -> Samples:
    features = pd.DataFrame([dict.fromkeys("abc", 0.0) | {"log_land_area": 21.0} | changes])
    return Samples(features, np.array([coordinates_m]), np.zeros(1, np.uint64))


def test_the_index_is_the_nearest_distance_over_the_mean_one() -> None:
    known, asked = samples().features[list("abc")], samples(20, seed=1).features[list("abc")]
    weights = np.array([1.0, 2.0, 0.5])
    index = fit_dissimilarity(known, weights, SPLITS).index(asked)
    mean, sd = known.mean(), known.std()
    placed, rows = ((each - mean) / sd * weights for each in (asked, known))
    pairs = cdist(rows, rows)[np.triu_indices(200, 1)]
    np.testing.assert_allclose(index, cdist(placed, rows).min(axis=1) / pairs.mean(), rtol=1e-4)


def test_the_threshold_is_the_whisker_of_rows_held_out() -> None:
    known = samples().features[list("abc")]
    fitted = fit_dissimilarity(known, np.ones(3), SPLITS)
    held_out = np.concatenate([nearest_distance(fitted.rows[test], fitted.rows[train]) for train, test in SPLITS])
    assert fitted.threshold == upper_whisker(held_out / fitted.mean_distance)
    assert upper_whisker(np.array([1.0, 2.0, 3.0, 4.0, 100.0])) == 4.0


def test_a_training_row_is_like_itself(fitted: Applicability) -> None:
    np.testing.assert_allclose(fitted.judge(samples())["dissimilarity"], 0, atol=1e-3)


def test_features_without_two_values_or_weight_do_not_count() -> None:
    known = samples().features
    fitted = fit_dissimilarity(known, np.array([1.0, 0.0, 1.0, 1.0]), SPLITS)
    assert fitted.names == ("a", "c")


def test_an_unknown_value_counts_as_the_median(fitted: Applicability) -> None:
    median = samples().features["a"].median()
    unknown, known = (fitted.judge(at({"a": value}))["dissimilarity"][0] for value in (np.nan, median))
    assert unknown == pytest.approx(known)


def test_inside_there_is_no_reason(fitted: Applicability) -> None:
    verdict = fitted.judge(at({})).iloc[0]
    assert verdict["is_applicable"]
    assert pd.isna(verdict["not_applicable_because"])
    assert verdict["unknown_groups"] == 0


@pytest.mark.parametrize(
    ("changes", "coordinates_m", "reason"),
    [
        ({"c": np.nan}, (5e5, 5e5), "unknown: climate"),
        (dict.fromkeys("abc", np.nan), (5e5, 5e5), "unknown: climate, terrain"),
        ({"a": 30.0}, (5e5, 5e5), UNLIKE),
        ({"c": np.nan, "a": 30.0}, (5e5, 5e5), f"unknown: climate; {UNLIKE}"),
    ],
)
def test_every_reason_has_its_name(
    fitted: Applicability, changes: dict[str, float], coordinates_m: tuple[float, float], reason: str
) -> None:
    verdict = fitted.judge(at(changes, coordinates_m)).iloc[0]
    assert verdict["not_applicable_because"] == reason
    assert not verdict["is_applicable"]


def test_far_cells_are_told_with_their_distance(fitted: Applicability) -> None:
    near, far = (fitted.judge(at({}, (x_m, 5e5))).iloc[0] for x_m in (1.5e6, 2.5e6))
    assert near["is_applicable"]
    distance_km = far["distance_m"] / 1e3
    assert distance_km > 1500
    assert far["not_applicable_because"] == f"far: {distance_km:.0f} km"


def test_one_known_feature_makes_a_group_known() -> None:
    features = at({"a": np.nan}).features
    assert not unknown_groups(features, {"terrain": ("a", "b")})["terrain"][0]


def test_a_group_that_no_training_row_knows_is_not_missed() -> None:
    known = samples()
    blind = replace(known, features=known.features.assign(c=np.nan))
    judged = fit_applicability(blind, np.ones(4), SPLITS).judge(at({"c": np.nan}))
    assert judged["is_applicable"][0]


def test_rows_without_a_column_are_refused(fitted: Applicability) -> None:
    assert fitted.feature_names == ("c", "a", "b")
    with pytest.raises(FeatureError) as error:
        fitted.judge(samples().without({"climate"}))
    assert error.value.field == "c"


def test_it_is_kept_as_arrays_and_a_document(fitted: Applicability) -> None:
    again = Applicability.from_arrays(*fitted.to_arrays())
    asked = samples(50, seed=5)
    pd.testing.assert_frame_equal(again.judge(asked), fitted.judge(asked))


@pytest.mark.parametrize("distances_per_chunk", [1, 100, 2**25])
def test_the_nearest_row_is_found_whatever_is_looked_at_together(
    distances_per_chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, others = np.random.default_rng(0).normal(size=(2, 60, 5)).astype(np.float32)
    expected = np.linalg.norm(rows[:, None] - others[None], axis=2).min(axis=1)
    monkeypatch.setattr(dissimilarity, "_DISTANCES_PER_CHUNK", distances_per_chunk)
    assert nearest_distance(rows, others) == pytest.approx(expected, rel=1e-6)


def test_the_mean_distance_of_many_rows_is_that_of_rows_at_equal_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(900, 3)), columns=list("abc"))
    splits = [(np.arange(450), np.arange(450, 900))]
    whole = fit_dissimilarity(features, np.ones(3), splits)
    monkeypatch.setattr(dissimilarity, "ROWS_OF_MEAN", 400)
    some = fit_dissimilarity(features, np.ones(3), splits)
    assert dissimilarity.at_equal_steps(900, 400)[[0, 1, -1]].tolist() == [0, 2, 897]
    assert dissimilarity.at_equal_steps(3, 400).tolist() == [0, 1, 2]
    assert some.mean_distance == pytest.approx(whole.mean_distance, rel=0.03)
    assert some.mean_distance == pdist(some.rows[dissimilarity.at_equal_steps(900, 400)]).mean()
    is_unlike = [fitted.index(3 * features) > fitted.threshold for fitted in (whole, some)]
    assert (is_unlike[0] == is_unlike[1]).all()


def test_of_many_rows_some_stand_for_all_with_much_the_same_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    features, asked = (pd.DataFrame(random.normal(size=(n, 3)), columns=list("abc")) for n in (3000, 1000))
    splits = [(np.arange(1500), np.arange(1500, 3000)), (np.arange(1500, 3000), np.arange(1500))]
    whole = fit_dissimilarity(features, np.ones(3), splits)
    monkeypatch.setattr(dissimilarity, "ROWS_KEPT", 1000)
    some = fit_dissimilarity(features, np.ones(3), splits)
    assert [len(fitted.rows) for fitted in (whole, some)] == [3000, 1000]
    assert some.mean_distance == whole.mean_distance
    assert some.threshold > whole.threshold
    assert (some.index(asked) >= whole.index(asked)).all()
    is_unlike = [fitted.index(2 * asked) > fitted.threshold for fitted in (whole, some)]
    assert 0.2 < is_unlike[0].mean() < 0.8
    assert (is_unlike[0] == is_unlike[1]).mean() > 0.9
