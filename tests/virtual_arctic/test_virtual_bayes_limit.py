import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from entropice.errors import LabelError, SchemaError
from entropice.virtual_arctic import bayes_limit
from entropice.virtual_arctic.bayes_limit import (
    Intensity,
    class_probabilities,
    classes_of,
    draw_positive_areas_m2,
    observed_intensity,
    positive_shares,
)
from entropice.virtual_arctic.specification import AreaDistribution

AREAS = {"shape": 1.13, "scale_m2": 1800.0, "min_m2": 288.0, "max_m2": 637_000.0}
CLASSES = {"spatial/0": {"names": ["none", "few", "some", "many"], "edges": [1e-3, 1e-2]}}
N_DRAWS = 400


def tiny_truth(unseen_variance=0.0):
    """4 × 4 units of 1 km in blocks of 2 km, one year; the top right unit is sea, the bottom row is unobserved."""
    rate = np.arange(16, dtype=np.float32).reshape(4, 4) / 100 + 0.01
    land, observed = np.ones((4, 4), bool), np.ones((4, 4), bool)
    land[0, 3] = False
    observed[3] = False
    return xr.Dataset(
        {
            "known_log_rate": (("year", "y", "x"), np.where(land, np.log(rate), np.nan)[None].astype(np.float32)),
            "false_positive_rate": (("y", "x"), np.where(land, 0.001, np.nan).astype(np.float32)),
            "observed": (("year", "y", "x"), (observed & land)[None]),
            "land": (("y", "x"), land),
        },
        coords={"year": [2022], "y": [3500.0, 2500.0, 1500.0, 500.0], "x": [500.0, 1500.0, 2500.0, 3500.0]},
        attrs={
            "block_m": 2000,
            "unseen_variance": unseen_variance,
            "detection_probability": 0.75,
            "areas": AREAS,
        },
    )


CELLS = gpd.GeoDataFrame(
    {"cell_id": np.array([10, 20], dtype=np.uint64)},
    geometry=[shapely.box(0, 0, 2000, 4000), shapely.box(2000, 0, 4000, 4000)],
    crs=3413,
)
LABELS = pd.DataFrame(
    {
        "cell_id": CELLS["cell_id"],
        "year": 2022,
        "observed_land_area_m2": [6e6, 5e6],
        "rts_area_fraction": [0.0, 0.005],
    }
)
TARGETS = LABELS[["cell_id", "year"]].assign(scheme="spatial", fold=0)


def limit(truth, **changes):
    arguments = {"cells": CELLS, "labels": LABELS, "targets": TARGETS, "fold_classes": CLASSES, "random_seed": 0}
    return class_probabilities(truth, **(arguments | {"n_draws": N_DRAWS} | changes))


def test_intensity_by_hand():
    """Left cell: units 1 2 / 5 6 (block 0) and 9 10 (block 2), in hundredths. Right: 3 / 7 8 (block 1), 11 12 (3)."""
    intensity = observed_intensity(tiny_truth(), CELLS, LABELS)
    expected = 0.75 * np.array([[0.14, 0, 0.19, 0], [0, 0.18, 0, 0.23]])
    assert np.allclose(intensity.by_block.toarray(), expected)
    assert np.allclose(intensity.false_positives, [0.006, 0.005])


def test_none_is_exact_where_nothing_is_unseen():
    probabilities = limit(tiny_truth())
    expected = np.exp(-np.array([0.75 * 0.33 + 0.006, 0.75 * 0.41 + 0.005]))
    assert np.allclose(probabilities["p_none"], expected)


def test_none_is_the_mean_over_the_unseen_effect():
    """Against Gauss–Hermite quadrature in one dimension: all the observed rate in one block."""
    truth = tiny_truth(unseen_variance=1.0)
    truth.attrs["block_m"] = 4000
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    mean = 0.75 * 0.33 * np.exp(nodes) + 0.006
    expected = np.sum(weights * np.exp(-mean)) / weights.sum()
    row = limit(truth, n_draws=20_000).iloc[0]
    assert abs(row["p_none"] - expected) < 4 * row["standard_error_max"]
    assert row["standard_error_max"] < 0.005


def test_classes_share_out_by_a_direct_simulation():
    """A plain simulation of counts and areas, without the forced first find, agrees."""
    truth, random = tiny_truth(unseen_variance=1.0), np.random.default_rng(3)
    n = 40_000
    multipliers = np.exp(random.standard_normal((n, 2)))
    counts = random.poisson(multipliers @ (0.75 * np.array([0.18, 0.23])) + 0.005)
    areas_m2 = AREAS["scale_m2"] / random.standard_gamma(AREAS["shape"], 4 * counts.sum() + 100)
    areas_m2 = areas_m2[(areas_m2 > AREAS["min_m2"]) & (areas_m2 < AREAS["max_m2"])][: counts.sum()]
    sums_m2 = np.bincount(np.repeat(np.arange(n), counts), weights=areas_m2, minlength=n)
    expected = np.bincount(classes_of(sums_m2 / 5e6, np.array([1e-3, 1e-2])), minlength=4) / n
    got = limit(truth, n_draws=40_000).iloc[1][["p_none", "p_few", "p_some", "p_many"]].to_numpy(float)
    assert np.abs(got - expected).max() < 0.008


def test_rows_have_the_shape_of_out_of_fold():
    probabilities = limit(tiny_truth())
    names = ["p_none", "p_few", "p_some", "p_many"]
    columns = ["scheme", "fold", "model", "cell_id", "year", "class_", *names, "standard_error_max"]
    assert probabilities.columns.tolist() == columns
    assert probabilities["cell_id"].dtype == np.uint64
    assert probabilities["class_"].tolist() == ["none", "some"]
    assert np.allclose(probabilities[names].sum(axis=1), 1)
    assert (probabilities[names] > 0).all(axis=None)
    assert (probabilities["model"] == "bayes_limit").all()


def test_each_fold_has_its_own_edges_and_the_order_of_targets_stays():
    targets = pd.concat([TARGETS.iloc[::-1].assign(fold=1), TARGETS], ignore_index=True)
    classes = CLASSES | {"spatial/1": {"names": ["none", "few", "some", "many"], "edges": [1e-6, 2e-6]}}
    probabilities = limit(tiny_truth(), targets=targets, fold_classes=classes)
    assert probabilities["cell_id"].tolist() == [20, 10, 10, 20]
    assert probabilities["fold"].tolist() == [1, 1, 0, 0]
    assert probabilities["class_"].tolist() == ["many", "none", "none", "some"]
    assert probabilities["p_few"][0] < 0.01 < probabilities["p_few"][3]


def test_observations_are_taken_some_at_a_time_as_many_as_their_areas_allow(monkeypatch):
    """Of 4 draws with 1 find and λ more each, 1 and 4 a row: 8, 20, 8, 8, 20 areas, where 30 are held at once."""
    by_block = csr_array(np.array([[1.0], [4.0], [1.0], [1.0], [4.0]]))
    intensity = Intensity(by_block, np.zeros(5), 0.0)
    monkeypatch.setattr(bayes_limit, "_MARKS_PER_CHUNK", 30)

    assert bayes_limit._chunks(intensity, 4) == [slice(0, 2), slice(2, 4), slice(4, 5)]


def test_observations_that_are_taken_one_at_a_time_are_told_as_they_are_together(monkeypatch):
    """Nothing is unseen: none is exact, and the rest is shared as all draws at once share it, but for chance."""
    names = ["p_none", "p_few", "p_some", "p_many"]
    targets = pd.concat([TARGETS.iloc[::-1].assign(fold=1), TARGETS], ignore_index=True)
    classes = CLASSES | {"spatial/1": CLASSES["spatial/0"]}
    arguments = {"targets": targets, "fold_classes": classes, "n_draws": 4000}
    together = limit(tiny_truth(), **arguments)
    monkeypatch.setattr(bayes_limit, "_MARKS_PER_CHUNK", 1)
    apart = limit(tiny_truth(), **arguments)

    same = ["scheme", "fold", "model", "cell_id", "year", "class_", "p_none"]
    pd.testing.assert_frame_equal(apart[same], together[same])
    assert np.abs(apart[names] - together[names]).to_numpy().max() < 0.02


def test_two_classes():
    classes = {"spatial/0": {"names": ["none", "some"], "edges": []}}
    probabilities = limit(tiny_truth(), fold_classes=classes)
    assert np.allclose(probabilities["p_none"] + probabilities["p_some"], 1)
    assert probabilities["class_"].tolist() == ["none", "some"]


def test_the_seed_decides():
    truth = tiny_truth(unseen_variance=1.0)
    assert limit(truth).equals(limit(truth))
    assert not limit(truth).equals(limit(truth, random_seed=1))


def test_class_borders():
    edges = np.array([0.1, 0.2])
    assert classes_of(np.array([0.0, 1e-9, 0.1, 0.15, 0.2, 1.0]), edges).tolist() == [0, 1, 2, 2, 3, 3]


@given(st.floats(1e-6, 20), st.integers(0, 2**32 - 1))
def test_forced_finds_have_the_mean_of_their_law(mean, seed):
    """E[sum | at least one] = Λ E[area] / (1 − exp(−Λ)); areas of mean scale / (shape − 1) = 1000 m²."""
    law = AreaDistribution(shape=51.0, scale_m2=50_000.0, min_m2=100.0, max_m2=10_000.0)
    sums_m2 = draw_positive_areas_m2(np.full((20, 200), mean), law, np.random.default_rng(seed))
    expected = 1000 * mean / -np.expm1(-mean)
    assert sums_m2.min() >= 100
    assert sums_m2.mean() == pytest.approx(expected, rel=0.06)


def test_no_class_is_ruled_out_by_chance():
    shares, error = positive_shares(np.full((1, 10), 0.5), np.full((1, 10), 0.05), np.array([0.1, 0.2]))
    at_least_one = -np.expm1(-0.5)
    assert shares[0] == pytest.approx([1 - at_least_one, *(at_least_one * np.array([10.5, 0.5, 0.5]) / 11.5)])
    assert error[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        pytest.param({"targets": TARGETS.assign(year=1999)}, LabelError, "nothing was observed", id="no label"),
        pytest.param(
            {"targets": TARGETS.assign(year=1999), "labels": LABELS.assign(year=1999)},
            SchemaError,
            "unknown year",
            id="year without truth",
        ),
        pytest.param({"cells": CELLS.head(1)}, SchemaError, "unknown cell_id", id="unknown cell"),
        pytest.param({"targets": TARGETS.assign(fold=7)}, SchemaError, "unknown fold", id="unknown fold"),
        pytest.param(
            {"labels": LABELS.assign(rts_area_fraction=np.nan)}, LabelError, "nothing was observed", id="unobserved"
        ),
        pytest.param(
            {"labels": LABELS.assign(observed_land_area_m2=0.0)}, LabelError, "nothing was observed", id="no land"
        ),
    ],
)
def test_faults_are_named(changes, error, message):
    with pytest.raises(error, match=message):
        limit(tiny_truth(), **changes)
