"""Leading components of groups of columns."""

import numpy as np
import pytest
from ordinal_problems import GROUPS, NAMES, ordered_table
from sklearn.decomposition import PCA

from entropice.ordinal import GroupComponents


@pytest.fixture
def frame():
    return ordered_table()[0]


def test_components_of_a_group_are_those_of_scikit_learn_up_to_their_signs(frame):
    known = frame.dropna()
    z = ((known - known.mean()) / known.std(ddof=0)).to_numpy()
    found = GroupComponents(["a", "a", "a", "a", "b"], {"a": 2, "b": 1}, clip=100.0).fit_transform(known)
    assert np.abs(found[:, :2]) == pytest.approx(np.abs(PCA(2).fit_transform(z[:, :4])))
    assert np.abs(found[:, 2]) == pytest.approx(np.abs(z[:, 4]))


def test_components_are_uncorrelated_within_a_group_and_see_no_other_group(frame):
    model = GroupComponents(GROUPS, {"climate": 2, "terrain": 1}, exposure="log_area").fit(frame)
    found = model.transform(frame)
    assert np.corrcoef(found[:, :2].T)[0, 1] == pytest.approx(0.0, abs=1e-12)
    assert (model.loadings_ != 0).astype(int).T.tolist() == [
        [1, 1, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 0, 1],
    ]
    assert (model.loadings_.max(axis=0) >= -model.loadings_.min(axis=0)).all()
    assert model.get_feature_names_out().tolist() == ["climate_1", "climate_2", "terrain_1", "log_area"]


def test_unit_variance_and_a_limit_hold_but_for_the_exposure(frame):
    model = GroupComponents(
        GROUPS, 2, exposure="log_area", unit_variance=True, component_clip=1.5, exposure_scale=5.0
    ).fit(frame)
    found = model.transform(frame)
    unlimited = model.set_params(component_clip=None).fit(frame).transform(frame)
    assert unlimited.std(axis=0) == pytest.approx(np.ones(5))
    assert found[:, :4] == pytest.approx(np.clip(unlimited[:, :4], -1.5, 1.5))
    assert np.abs(found[:, :4]).max() == 1.5
    assert found[:, 4] == pytest.approx(unlimited[:, 4])
    assert np.abs(found[:, 4]).max() > 1.5


def test_without_groups_columns_are_only_put_on_one_scale(frame):
    found = GroupComponents().fit(frame)
    assert found.loadings_.tolist() == np.eye(5).tolist()
    assert found.get_feature_names_out().tolist() == NAMES
    assert found.transform(frame).mean(axis=0) == pytest.approx(np.zeros(5), abs=1e-12)


def test_integer_weights_are_repeated_rows(frame):
    weights = np.random.default_rng(0).integers(0, 3, len(frame))
    weighted = GroupComponents(GROUPS, 1).fit(frame, sample_weight=weights)
    repeated = GroupComponents(GROUPS, 1).fit(frame.loc[frame.index.repeat(weights)])
    assert weighted.transform(frame) == pytest.approx(repeated.transform(frame), abs=1e-9)


def test_a_group_in_which_nothing_varies_is_0_and_not_unknown(frame):
    columns = ["a", "a", "a", "b", "b"]
    found = GroupComponents(columns, 1, unit_variance=True).fit_transform(frame.assign(rough=3.0, log_area=20.0))
    assert found[:, 0].std() == pytest.approx(1.0)
    assert (found[:, 1] == 0).all()
