from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from entropice.learning.drivers.response import COLUMNS, N_BINS, N_CURVES, donors, leading_clusters, response_curves
from entropice.learning.samples import Samples

N = 200


@dataclass(frozen=True)
class Chances:
    """P(any) is .5 and the weighted sum of features, whose unknown values count 0; rows without any are unknown."""

    weights: dict[str, float] = field(default_factory=dict)

    def knows(self, samples: Samples) -> np.ndarray:
        return samples.describes

    def predict_proba(self, samples: Samples, n_classes: int) -> np.ndarray:
        names = list(self.weights)
        p_any = 0.5 + samples.features[names].fillna(0.0).to_numpy() @ np.array(list(self.weights.values()))
        return np.column_stack([1 - p_any, p_any, *np.zeros((n_classes - 2, len(p_any)))])


@pytest.fixture(scope="module")
def samples() -> Samples:
    random = np.random.default_rng(0)
    a = random.normal(size=N)
    features = pd.DataFrame({"a": a, "a_too": a + 0.3 * random.normal(size=N), "beside": a + random.normal(size=N)})
    return Samples(features, np.zeros((N, 2)), np.zeros(N, dtype=np.uint64), dict.fromkeys(features, "terrain"))


def clusters(*sets: str, is_discovery: bool = True) -> pd.DataFrame:
    return pd.DataFrame(
        {"level": "cluster", "features": sets, "is_discovery": is_discovery, "rank": range(1, len(sets) + 1)}
    )


def curves(weights: dict[str, float], samples: Samples, *sets: str) -> pd.DataFrame:
    model = Chances(weights)
    return response_curves(model, [model, model], samples, 3, clusters(*sets))


def means_in_bins(samples: Samples, name: str) -> np.ndarray:
    in_order = samples.features.sort_values("a")[name].to_numpy()
    return in_order.reshape(N_BINS, -1).mean(axis=1)


def test_a_sum_of_the_features_of_a_set_is_found_again(samples):
    told = curves({"a": 0.01, "a_too": 0.02, "beside": 0.1}, samples, "a a_too")
    expected = 0.01 * means_in_bins(samples, "a") + 0.02 * means_in_bins(samples, "a_too")
    assert told["effect"].to_numpy() == pytest.approx(expected - expected.mean())
    assert told["n"].tolist() == [N / N_BINS] * N_BINS
    assert (told["value"].diff().dropna() > 0).all()
    assert list(told.columns) == list(COLUMNS)


def test_what_a_correlated_feature_outside_the_set_does_is_not_credited_to_it(samples):
    assert curves({"beside": 0.1}, samples, "a a_too")["effect"].to_numpy() == pytest.approx(0.0, abs=1e-12)


def test_values_of_a_set_are_only_taken_where_they_occur_together(samples):
    """A model that would fail on a mixture of low `a` and high `a_too` is never asked for one."""

    @dataclass(frozen=True)
    class Witness(Chances):
        seen: list[float] = field(default_factory=list)

        def predict_proba(self, samples: Samples, n_classes: int) -> np.ndarray:
            self.seen.append((samples.features["a_too"] - samples.features["a"]).abs().max())
            return super().predict_proba(samples, n_classes)

    witness = Witness({"a": 0.1})
    response_curves(witness, [Chances(), Chances()], samples, 3, clusters("a a_too"))
    apart = (samples.features["a_too"] - samples.features["a"]).abs().max()
    assert witness.seen == [pytest.approx(apart)]


def test_rows_that_do_not_know_the_typical_feature_are_in_no_curve(samples):
    is_unknown = np.arange(N) % 4 == 0
    fewer = Samples(
        samples.features.assign(a=samples.features["a"].mask(is_unknown)),
        samples.coordinates_m,
        samples.blocks,
        samples.groups,
    )
    expected = curves({"a": 0.1}, samples.where(~is_unknown), "a")
    pd.testing.assert_frame_equal(curves({"a": 0.1}, fewer, "a"), expected)
    assert expected["n"].sum() == (~is_unknown).sum()


def test_the_range_is_that_of_the_members(samples):
    drivers = clusters("a")
    members = [Chances({"a": weight}) for weight in (0.08, 0.1, 0.12)]
    told = response_curves(Chances({"a": 0.1}), members, samples, 2, drivers)
    ends = told.iloc[-1]
    assert ends["high_90"] - ends["effect"] == pytest.approx(2.92 * 0.02 * ends["effect"] / 0.1, rel=1e-2)
    assert ends["effect"] - ends["low_90"] == pytest.approx(ends["high_90"] - ends["effect"])
    sure = response_curves(members[0], members[:1] * 2, samples, 2, drivers)
    assert sure["low_90"].equals(sure["effect"])


@pytest.mark.parametrize(
    ("values", "n_points"),
    [
        (np.full(N, np.nan), 0),
        (np.ones(N), 0),
        (np.where(np.arange(N) < 3, -1.0, 2.0), 0),
        (np.where(np.arange(N) < 30, -1.0, 2.0), 2),
        (np.where(np.arange(N) < 30, 9.0, 2.0), 2),
    ],
)
def test_bins_are_as_many_as_deciles_differ_and_one_makes_no_curve(samples, values, n_points):
    alike = Samples(
        samples.features.assign(a=values), samples.coordinates_m, samples.blocks, dict.fromkeys(samples.features, "t")
    )
    told = curves({"a": 0.1}, alike, "a", "beside")
    assert (told["feature"] == "a").sum() == n_points
    assert (told["feature"] == "beside").sum() == N_BINS


def test_donors_are_of_the_same_rank_in_the_next_bin():
    bins = np.array([0, 0, 0, 0, 1, 1, 2])
    assert donors(bins, 1).tolist() == [4, 4, 5, 5, 6, 6, 6]
    assert donors(bins, -1).tolist() == [0, 1, 2, 3, 1, 3, 5]
    assert donors(bins, 0).tolist() == list(range(7))


def test_discoveries_come_first_and_groups_have_no_curve():
    found = clusters(*(f"f{number}" for number in range(10)), is_discovery=False)
    found.loc[8, "is_discovery"] = True
    group = clusters("f0 f1").assign(level="group")
    chosen = leading_clusters(pd.concat([group, found]))
    assert [names[0] for names in chosen] == ["f8", *(f"f{number}" for number in range(N_CURVES - 1))]


def test_a_model_without_drivers_has_no_curves(samples):
    told = response_curves(Chances(), [Chances()] * 2, samples, 2, clusters())
    assert told.empty
    assert told.dtypes.astype(str).to_dict() == COLUMNS
