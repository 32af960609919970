"""For every seed from 0 to 99 a whole fit is, sweep by sweep, what the formulas give from the same start."""

import espa_reference as literal
import numpy as np
import pytest
from espa_problems import literal_problem, minmax, small_table

from entropice.espa import ESPAClassifier


def fit_of_seed(seed, affiliation):
    """A fit to random rows, weights, strengths and centres, its rows, and the same as a literal problem and start."""
    random = np.random.default_rng(seed)
    X, y = small_table(seed, n_rows=30, missing=0.1 * (seed % 3))
    weights = random.integers(1, 4, len(X)) * np.where(np.arange(len(X)) % 7 == 5, 0.0, 1.0)
    class_weight, pseudo_count = [(None, 0.0), ("balanced", 0.01)][seed % 2]
    problem = literal_problem(X, y, weights, class_weight)
    g = 10.0 ** random.uniform(-2, -0.5) if affiliation == "soft" else 0.0
    strengths = literal.Strengths(10.0 ** random.uniform(-3, 0), 10.0 ** random.uniform(-2, 0), g, pseudo_count)
    start = start_of(problem, random.random((4, X.shape[1])))
    model = ESPAClassifier(
        4,
        eps_entropy=strengths.eps_entropy,
        eps_class=strengths.eps_class,
        affiliation=affiliation,
        eps_affiliation=g or 1.0,
        order=["GSLW", "GWSL"][seed // 2 % 2],
        pseudo_count=pseudo_count,
        class_weight=class_weight,
        init=minmax(X, weights).unscaled(start.centers),
        tol={"hard": 1e-8, "soft": 1e-4}[affiliation],
    )
    return model.fit(X, y, weights), X, problem, strengths, start


def start_of(problem, centers):
    """Given centres begin with equal weights of the features that vary, and with the classes' shares in every box."""
    shares = [sum(problem.w[t] for t in problem.rows if problem.codes[t] == m) for m in problem.classes]
    varies = np.array(problem.varies) / sum(problem.varies)
    return literal.State(centers, np.repeat(np.array(shares)[:, None], len(centers), axis=1), varies)


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@pytest.mark.parametrize("seed", range(100))
def test_whole_fits_equal_the_formulas(seed, affiliation):
    model, X, problem, strengths, start = fit_of_seed(seed, affiliation)
    losses, state = literal.loss_curve(problem, start, strengths, model.order, model.n_iter_)
    (further_loss,), _ = literal.loss_curve(problem, state, strengths, model.order, 1)
    assert model.loss_curve_ == pytest.approx(losses, rel=0, abs=1e-10)
    assert np.diff([*losses, further_loss]).max() <= 1e-12
    assert min(-np.diff([*losses[-2:], further_loss])) <= model.tol * abs(losses[-1]) + 1e-12

    _, final = literal.reassign(problem, state, strengths)
    assert model.box_class_probabilities_ == pytest.approx(final.probabilities, rel=0, abs=1e-9)
    assert model.feature_weights_ == pytest.approx(final.feature_weights, rel=0, abs=1e-9)
    expected = literal.predict_proba(problem, problem.values, final, strengths.eps_affiliation)
    assert model.predict_proba(X) == pytest.approx(expected, rel=0, abs=1e-9)
