import json
import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import LabelError
from entropice.learning.classes import DensityClasses, assign_classes, fit_classes


def test_edges_are_terciles_of_the_positives():
    fractions = np.concatenate([np.zeros(100), np.exp(np.arange(61) / 10)])
    classes = fit_classes(fractions, 4)
    assert classes.names == ("none", "few", "some", "many")
    assert classes.edges == pytest.approx([np.exp(2.0), np.exp(4.0)])
    codes = classes.assign(fractions)
    assert np.bincount(codes).tolist() == [100, 20, 20, 21]
    assert classes.mean_rts_area_fraction[0] == 0
    assert classes.mean_rts_area_fraction[3] == pytest.approx(np.exp(np.arange(40, 61) / 10).mean())


@pytest.mark.parametrize(
    ("n_classes", "n_positives", "names"),
    [
        (4, 60, ("none", "few", "some", "many")),
        (4, 59, ("none", "few", "many")),
        (4, 39, ("none", "some")),
        (3, 40, ("none", "few", "many")),
        (2, 1, ("none", "some")),
    ],
)
def test_bins_under_20_positives_are_merged_and_the_log_says_so(n_classes, n_positives, names, caplog):
    with caplog.at_level(logging.WARNING):
        classes = fit_classes(np.arange(n_positives + 1.0), n_classes)
    assert classes.names == names
    assert (f"{n_positives} training positives" in caplog.text) == (len(names) < n_classes)


def test_tied_positives_merge_bins_too():
    assert fit_classes(np.array([0.0] * 5 + [0.1] * 90 + [0.2] * 10), 4).names == ("none", "some")


def test_an_edge_belongs_to_the_class_above():
    codes = assign_classes(np.array([0.0, 1e-12, 0.1, 0.15, 0.2, 1.0]), np.array([0.1, 0.2]))
    assert codes.tolist() == [0, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(("wrong", "message"), [(np.nan, "unknown area"), (-0.1, "observed")])
def test_what_is_not_known_has_no_density_class(wrong, message):
    with pytest.raises(LabelError, match=message):
        assign_classes(np.array([0.1, wrong]), np.array([0.5]))


def test_no_positive_is_an_error_with_a_fix():
    with pytest.raises(LabelError, match="fix: use fewer folds"):
        fit_classes(np.zeros(10), 4)


@given(fractions=st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=200), n_classes=st.sampled_from([2, 3, 4]))
def test_classes_survive_json_and_are_ordered(fractions, n_classes):
    classes = fit_classes(np.array([0.0, *fractions]), n_classes)
    rebuilt = DensityClasses.from_json(json.loads(json.dumps(classes.to_json())))
    assert rebuilt.names == classes.names
    assert rebuilt.edges.tolist() == classes.edges.tolist()
    assert rebuilt.mean_rts_area_fraction.tolist() == classes.mean_rts_area_fraction.tolist()
    assert (np.diff(classes.mean_rts_area_fraction) > 0).all()
    ordered = np.sort(np.array(fractions))
    assert (np.diff(classes.assign(ordered)) >= 0).all()
