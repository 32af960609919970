"""Memory: nothing as large as the table is made beside it."""

import tracemalloc

import numpy as np
import pytest

from entropice.espa import ESPAClassifier

N_ROWS, N_FEATURES = 150_000, 100


@pytest.fixture(scope="module")
def clusters():
    random = np.random.default_rng(0)
    box = random.integers(0, 8, N_ROWS)
    X = random.standard_normal((N_ROWS, N_FEATURES), dtype=np.float32)
    X[:, :3] += 4 * random.standard_normal((8, 3), dtype=np.float32)[box]
    return X, (box % 2).astype(np.int64)


def peak_of(action):
    """Most bytes held at once beside what was held before."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_hard_fit_in_single_precision_needs_at_most_a_tenth_of_the_table_beside_it(clusters):
    X, y = clusters
    ESPAClassifier(8, n_init=1, random_state=0, device="cpu", tol=1e-2).fit(X[:5000], y[:5000])
    peak = peak_of(lambda: ESPAClassifier(8, n_init=5, random_state=0, device="cpu", tol=1e-3).fit(X, y))
    assert peak <= 0.1 * X.nbytes


def test_prediction_needs_no_copy_of_the_table(clusters):
    X, y = clusters
    model = ESPAClassifier(8, n_init=1, random_state=0, device="cpu", tol=1e-2).fit(X[:5000], y[:5000])
    outcome = N_ROWS * (8 + 8)
    assert peak_of(lambda: model.predict_proba(X)) <= outcome + 0.1 * X.nbytes
