"""Assignment steps give the same sums: compiled, and in the namespaces of NumPy, PyTorch and the strict API."""

from dataclasses import fields

import numpy as np
import pytest
from espa_problems import compiled_pass, namespaced_pass, place_of, random_batch, small_table

from entropice.espa.compiled import CompiledPass
from entropice.espa.data.rows import CHUNK_ROWS, Rows
from entropice.espa.devices import HOST
from entropice.espa.namespaced import NamespacedPass, host_chunks, resident_chunks
from entropice.espa.updates import Costs, assignment_costs, update

N_ROWS = 2 * CHUNK_ROWS + 452


def big_batch(dtype, missing, affiliation="hard", n_fits=5):
    """Fits under three weightings of more rows than two chunks, one with zeros and one mostly zeros."""
    values, codes = small_table(8, n_rows=N_ROWS, n_features=7, missing=missing)
    random = np.random.default_rng(2)
    weights = random.uniform(0.1, 2.0, (3, N_ROWS))
    weights[1] *= random.random(N_ROWS) < 0.7
    weights[2] *= random.random(N_ROWS) < 0.05
    return random_batch(
        9,
        values=values.astype(dtype),
        codes=codes,
        weightings=weights,
        weighting_of=[0, 1, 1, 2, 0][:n_fits],
        is_soft=affiliation == "soft",
        class_weight="balanced",
        pseudo_count=0.01,
        n_boxes=6,
    )


@pytest.fixture(autouse=True)
def many_chunks(monkeypatch):
    """Let a device hold the costs of one smallest chunk only."""
    monkeypatch.setattr("entropice.espa.namespaced.RESIDENT_COSTS", 1)


def moved(batch, place):
    """A batch's part at another place."""
    return type(batch)(**{field.name: place.asarray(getattr(batch, field.name)) for field in fields(batch)})


def sums_at(place, batch, costs):
    rows = namespaced_pass(batch.data, place, is_soft=batch.is_soft)
    eps = place.asarray(batch.penalties.eps_affiliation)
    return rows.sums(moved(costs, place), place.asarray(batch.weighting_of), eps)


def assert_equal_sums(found, expected, batch, tolerance):
    """Equal within a tolerance of the features' spread and of the total weight 1."""
    spreads = np.array([scaling.extents for scaling in batch.scalings])[:, None, :]
    assert np.asarray(found.values) / spreads == pytest.approx(expected.values / spreads, rel=0, abs=tolerance)
    for name in ("partial_observed", "classes", "affiliation_entropy"):
        assert np.asarray(getattr(found, name)) == pytest.approx(getattr(expected, name), rel=0, abs=tolerance)


places = pytest.mark.parametrize("place", ["numpy", "strict", "torch"])
precisions = pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 2e-6)])
gaps = pytest.mark.parametrize("missing", [0.0, 0.2], ids=["complete", "missing"])


@gaps
@precisions
@places
def test_every_namespace_gives_the_sums_of_the_compiled_pass(place, dtype, tolerance, missing):
    batch = big_batch(dtype, missing)
    costs = assignment_costs(batch.boxes, batch.constants, batch.penalties)
    expected = compiled_pass(batch.data).sums(costs, batch.weighting_of)
    assert (expected.classes.sum(axis=-1) > 0).sum() > len(batch.weighting_of)
    assert_equal_sums(sums_at(place_of(place), batch, costs), expected, batch, tolerance)


@gaps
@precisions
@pytest.mark.parametrize("place", ["strict", "torch"])
def test_every_namespace_gives_the_same_soft_sums(place, dtype, tolerance, missing):
    batch = big_batch(dtype, missing, "soft")
    costs = assignment_costs(batch.boxes, batch.constants, batch.penalties)
    expected = sums_at(HOST, batch, costs)
    assert_equal_sums(sums_at(place_of(place), batch, costs), expected, batch, tolerance)


@gaps
@pytest.mark.parametrize("order", ["GSLW", "GWSL"])
@pytest.mark.parametrize("place", ["strict", "torch"])
def test_every_namespace_makes_the_same_updates_of_the_sums(place, order, missing):
    batch, there = big_batch(np.float64, missing), place_of(place)
    sums = compiled_pass(batch.data).sums(
        assignment_costs(batch.boxes, batch.constants, batch.penalties), batch.weighting_of
    )
    expected, expected_losses = update(batch.boxes, sums, batch.constants, batch.penalties, order)
    arguments = (moved(part, there) for part in (batch.boxes, sums, batch.constants, batch.penalties))
    boxes, losses = update(*arguments, order)
    assert np.asarray(losses) == pytest.approx(expected_losses, rel=1e-13)
    for field in fields(expected):
        found = np.asarray(getattr(boxes, field.name))
        assert found == pytest.approx(getattr(expected, field.name), rel=1e-12, abs=1e-13)


@gaps
def test_many_fits_at_once_give_the_sums_of_each_alone(missing):
    batch = big_batch(np.float64, missing)
    costs = assignment_costs(batch.boxes, batch.constants, batch.penalties)
    together = compiled_pass(batch.data).sums(costs, batch.weighting_of)
    for b in range(len(batch.weighting_of)):
        only = Costs(*(getattr(costs, field.name)[b : b + 1] for field in fields(Costs)))
        alone = compiled_pass(batch.data).sums(only, batch.weighting_of[b : b + 1])
        assert alone.values == pytest.approx(together.values[b : b + 1], rel=1e-9, abs=1e-12)
        assert alone.classes.tolist() == together.classes[b : b + 1].tolist()


@pytest.mark.parametrize("n_rows", [1, 3, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 3 * CHUNK_ROWS])
def test_sums_hold_for_any_number_of_rows(n_rows):
    random = np.random.default_rng(n_rows)
    values, codes = random.random((n_rows, 3)), random.integers(0, 2, n_rows).astype(np.int32)
    weights, centers = random.random(n_rows), random.random((4, 3))
    rows = CompiledPass(Rows(values, values.dtype), codes, weights[None], np.full((1, 3), 0.5), np.empty(0, np.int64))
    constants = (centers**2).sum(axis=1)
    costs = Costs(-2 * centers[None], np.empty((1, 4, 0)), np.repeat(constants[None, :, None], 2, axis=2))
    sums = rows.sums(costs, np.zeros(1, np.int64))
    boxes = ((values[:, None, :] - centers) ** 2).sum(axis=2).argmin(axis=1)
    for k in range(4):
        inside = boxes == k
        expected = (weights[inside, None] * (values[inside] - 0.5)).sum(axis=0)
        assert sums.values[0, k] == pytest.approx(expected, rel=1e-12, abs=1e-12)
        assert sums.classes[0, k] == pytest.approx(np.bincount(codes[inside], weights[inside], 2), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("place", ["compiled", "numpy", "strict", "torch"])
def test_ties_go_to_the_lowest_box(place, dtype):
    """Rows at 1, 2 and 3 between centres at 3, 1, 3, 1: the middle row ties four-fold, the others two-fold."""
    values = np.array([[1.0], [2.0], [3.0]], dtype=dtype)
    centers = np.array([3.0, 1.0, 3.0, 1.0])
    costs = Costs(
        coefficients=-2 * centers.reshape(1, 4, 1),
        partial_coefficients=np.empty((1, 4, 0)),
        by_class=(centers**2).reshape(1, 4, 1),
    )
    masses = tied_masses(place, values, costs)
    assert masses.tolist() == [2.0 + 4.0, 1.0, 0.0, 0.0]


def tied_masses(place, values, costs):
    """Mass (K,) by box of three rows that weigh 1, 2 and 4."""
    weights, means = np.array([[1.0, 2.0, 4.0]]), np.zeros((1, 1))
    rows, codes, none = Rows(values, values.dtype), np.zeros(3, np.int32), np.empty(0, np.int64)
    if place == "compiled":
        sums = CompiledPass(rows, codes, weights, means, none).sums(costs, np.zeros(1, np.int64))
        return sums.classes[0, :, 0]
    there = place_of(place)
    chunks = resident_chunks(host_chunks(rows, codes, weights, none, 1, np.zeros(1)), there)
    found = NamespacedPass(chunks, there.asarray(means), there.asarray(np.empty((0, 1))), is_soft=False)
    sums = found.sums(moved(costs, there), there.asarray(np.zeros(1, np.int64)), there.asarray(np.zeros(1)))
    return np.asarray(sums.classes)[0, :, 0]
