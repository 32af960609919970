"""eSPA evaluated literally, in float64, one scalar at a time: slow, and only there to be compared with.

With x the values in scaled units and m their observed mask, w the row weights and v the label weights (each of sum 1),
n_d the observed weight of a feature, and ρ_m the label weight over the row weight of class m:

    L = Σ_t w_t Σ_k Γ_tk d_tk + b Σ_d W_d log W_d - c Σ_t v_t Σ_k Γ_tk log Λ[y_t, k]
        + g Σ_t w_t Σ_k Γ_tk log Γ_tk - c Σ_k Σ_m (α ρ_m [m has rows] + β π_m) log Λ[m, k]
    d_tk = Σ_d (W_d / n_d) m_td (x_td - s_kd)²

With an effective number of features n the term of b gives way to the constraint exp(-Σ_d W_d log W_d) ≥ n.

Boxes without mass are left out, so K shrinks from sweep to sweep. A feature that does not vary has no weight.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FLOOR = 1e-12


@dataclass(frozen=True)
class Problem:
    """Values (T, D), NaN where missing; class codes (T,); row weights (T,); factors of the label weights (M,)."""

    values: Floats
    codes: Sequence[int]
    weights: Floats
    class_factors: Floats

    @property
    def rows(self) -> range:
        return range(self.values.shape[0])

    @property
    def features(self) -> range:
        return range(self.values.shape[1])

    @property
    def classes(self) -> range:
        return range(len(self.class_factors))

    @functools.cached_property
    def w(self) -> list[float]:
        total = math.fsum(self.weights)
        return [float(weight) / total for weight in self.weights]

    @functools.cached_property
    def rho(self) -> list[float]:
        total = math.fsum(self.w[t] * self.class_factors[self.codes[t]] for t in self.rows)
        return [float(factor) / total for factor in self.class_factors]

    @functools.cached_property
    def v(self) -> list[float]:
        return [self.w[t] * self.rho[self.codes[t]] for t in self.rows]

    @functools.cached_property
    def seen(self) -> list[list[int]]:
        """Rows in which each feature is observed."""
        return [[t for t in self.rows if not math.isnan(self.values[t, d])] for d in self.features]

    @functools.cached_property
    def n(self) -> list[float]:
        return [math.fsum(self.w[t] for t in self.seen[d]) for d in self.features]

    @functools.cached_property
    def means(self) -> list[float]:
        return [math.fsum(self.w[t] * self.values[t, d] for t in self.seen[d]) / self.n[d] for d in self.features]

    @functools.cached_property
    def varies(self) -> list[bool]:
        """Features with two different values in rows of positive weight."""
        return [len({self.values[t, d] for t in self.seen[d] if self.w[t] > 0}) > 1 for d in self.features]

    @functools.cached_property
    def prevalence(self) -> list[float]:
        return [math.fsum(self.v[t] for t in self.rows if self.codes[t] == m) for m in self.classes]

    @functools.cached_property
    def has_rows(self) -> list[bool]:
        return [any(self.codes[t] == m and self.w[t] > 0 for t in self.rows) for m in self.classes]


@dataclass(frozen=True)
class Strengths:
    """b, c, g (0 when hard), α and β; the effective number of features in place of b."""

    eps_entropy: float
    eps_class: float
    eps_affiliation: float
    pseudo_count: float
    prior_weight: float = 0.0
    n_effective_features: float | None = None


@dataclass(frozen=True)
class State:
    """Centres (K, D) in the units of the values, class probabilities (M, K), feature weights (D,)."""

    centers: Floats
    probabilities: Floats
    feature_weights: Floats

    @property
    def boxes(self) -> range:
        return range(len(self.centers))

    def only(self, boxes: Sequence[int]) -> "State":
        return State(self.centers[list(boxes)], self.probabilities[:, list(boxes)], self.feature_weights)


def floored_log(probability: float) -> float:
    return math.log(max(probability, FLOOR))


def x_log_x(share: float) -> float:
    return share * math.log(share) if share > 0 else 0.0


def distances_of(problem: Problem, values: Floats, state: State) -> Floats:
    """Distances (n, K) of any rows (n, D), by the problem's own n_d."""
    found = np.zeros((len(values), len(state.boxes)))
    metric = [state.feature_weights[d] / problem.n[d] for d in problem.features]
    for t, row in enumerate(values.tolist()):
        seen = [d for d in problem.features if not math.isnan(row[d])]
        for k, center in enumerate(state.centers.tolist()):
            found[t, k] = math.fsum(metric[d] * (row[d] - center[d]) ** 2 for d in seen)
    return found


def distances(problem: Problem, state: State) -> Floats:
    """Distances (T, K)."""
    return distances_of(problem, problem.values, state)


def objective(problem: Problem, affiliations: Floats, state: State, strengths: Strengths) -> float:
    """L of any affiliations (T, K) and any state."""
    d = distances(problem, state)
    pairs = [(t, k) for t in problem.rows for k in state.boxes]
    discretisation = math.fsum(problem.w[t] * affiliations[t, k] * d[t, k] for t, k in pairs)
    entropy = math.fsum(x_log_x(weight) for weight in state.feature_weights)
    labels = math.fsum(
        problem.v[t] * affiliations[t, k] * floored_log(state.probabilities[problem.codes[t], k]) for t, k in pairs
    )
    spread = math.fsum(problem.w[t] * x_log_x(affiliations[t, k]) for t, k in pairs)
    pseudo = math.fsum(
        pseudo_weight(problem, m, strengths) * floored_log(state.probabilities[m, k])
        for m in problem.classes
        for k in state.boxes
    )
    return (
        discretisation
        + strengths.eps_entropy * entropy
        - strengths.eps_class * labels
        + strengths.eps_affiliation * spread
        - strengths.eps_class * pseudo
    )


def pseudo_weight(problem: Problem, m: int, strengths: Strengths) -> float:
    """Label weight of class m that every box gets beside its rows': α ρ_m for a class with rows, and β π_m."""
    return (
        strengths.pseudo_count * problem.rho[m] * problem.has_rows[m] + strengths.prior_weight * problem.prevalence[m]
    )


def costs(problem: Problem, state: State, eps_class: float) -> Floats:
    """Cost (T, K) of a row in a box: ``d_tk - c (v_t / w_t) log Λ[y_t, k]``, without the label where w_t is 0."""
    found = distances(problem, state)
    for t in problem.rows:
        for k in state.boxes:
            if problem.w[t] > 0:
                code = problem.codes[t]
                found[t, k] -= eps_class * problem.rho[code] * floored_log(state.probabilities[code, k])
    return found


def hard_affiliation(row_costs: Sequence[float]) -> list[float]:
    """One-hot at the first smallest cost."""
    cheapest = min(range(len(row_costs)), key=lambda k: row_costs[k])
    return [float(k == cheapest) for k in range(len(row_costs))]


def soft_affiliation(row_costs: Sequence[float], eps_affiliation: float) -> list[float]:
    """``Γ_k ∝ exp(-cost_k / g)``."""
    lowest = min(row_costs)
    shares = [math.exp(-(cost - lowest) / eps_affiliation) for cost in row_costs]
    return [share / math.fsum(shares) for share in shares]


def affiliate(problem: Problem, state: State, strengths: Strengths) -> Floats:
    """Affiliations (T, K) by distance and label."""
    return _affiliate_by(costs(problem, state, strengths.eps_class), strengths.eps_affiliation)


def affiliate_without_labels(problem: Problem, state: State, strengths: Strengths) -> Floats:
    """Affiliations (T, K) by distance alone."""
    return _affiliate_by(distances(problem, state), strengths.eps_affiliation)


def _affiliate_by(found: Floats, eps_affiliation: float) -> Floats:
    if eps_affiliation > 0:
        return np.array([soft_affiliation(list(row), eps_affiliation) for row in found])
    return np.array([hard_affiliation(list(row)) for row in found])


def with_mass(problem: Problem, affiliations: Floats) -> list[int]:
    """Boxes that have mass."""
    boxes = range(affiliations.shape[1])
    return [k for k in boxes if any(problem.w[t] > 0 and affiliations[t, k] > 0 for t in problem.rows)]


def update_centers(problem: Problem, affiliations: Floats) -> Floats:
    """s_kd = Σ_t w_t Γ_tk m_td x_td / Σ_t w_t Γ_tk m_td; the mean over all rows where nothing is observed."""
    n_boxes = affiliations.shape[1]
    centers = np.zeros((n_boxes, len(problem.features)))
    for d in problem.features:
        for k in range(n_boxes):
            mass = math.fsum(problem.w[t] * affiliations[t, k] for t in problem.seen[d])
            total = math.fsum(problem.w[t] * affiliations[t, k] * problem.values[t, d] for t in problem.seen[d])
            centers[k, d] = total / mass if mass > 0 else problem.means[d]
    return centers


def feature_error(problem: Problem, affiliations: Floats, centers: Floats, d: int) -> float:
    """e_d = (1 / n_d) Σ_t w_t m_td Σ_k Γ_tk (x_td - s_kd)²."""
    terms = (
        problem.w[t] * affiliations[t, k] * (problem.values[t, d] - centers[k, d]) ** 2
        for t in problem.seen[d]
        for k in range(len(centers))
    )
    return math.fsum(terms) / problem.n[d]


def update_feature_weights(problem: Problem, affiliations: Floats, centers: Floats, strengths: Strengths) -> Floats:
    """W_d ∝ exp(-e_d / b) over the features that vary; all on the first smallest error when b is 0."""
    varying = [d for d in problem.features if problem.varies[d]]
    errors = {d: feature_error(problem, affiliations, centers, d) for d in varying}
    lowest = min(errors.values())
    eps_entropy = strengths.eps_entropy
    if strengths.n_effective_features is not None:
        eps_entropy = entropy_strength(list(errors.values()), strengths.n_effective_features)
    if eps_entropy > 0:
        shares = {d: math.exp(-(error - lowest) / eps_entropy) for d, error in errors.items()}
    else:
        first = next(d for d, error in errors.items() if error == lowest)
        shares = {d: float(d == first) for d in varying}
    total = math.fsum(shares.values())
    return np.array([shares.get(d, 0.0) / total for d in problem.features])


def entropy_strength(errors: Sequence[float], n_effective_features: float) -> float:
    """b at which W_d ∝ exp(-e_d / b) has exp(H(W)) = n, by halving; infinite where there are no more than n errors."""
    if len(errors) <= n_effective_features:
        return math.inf
    low, high = 0.0, 1.0
    while effective_number(errors, high) < n_effective_features:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if effective_number(errors, middle) < n_effective_features else (low, middle)
    return high


def effective_number(errors: Sequence[float], eps_entropy: float) -> float:
    """exp(H(W)) of W_d ∝ exp(-e_d / b)."""
    shares = [math.exp(-(error - min(errors)) / eps_entropy) if eps_entropy else 0.0 for error in errors]
    total = math.fsum(shares) or 1.0
    return math.exp(-math.fsum(x_log_x(share / total) for share in shares))


def update_probabilities(problem: Problem, affiliations: Floats, strengths: Strengths) -> Floats:
    """Λ_mk ∝ Σ_(t of class m) v_t Γ_tk + α ρ_m + β π_m for the classes with rows; 1/M for a box without mass."""
    n_boxes, n_classes = affiliations.shape[1], len(problem.classes)
    probabilities = np.full((n_classes, n_boxes), 1 / n_classes)
    for k in range(n_boxes):
        shares = [
            math.fsum(problem.v[t] * affiliations[t, k] for t in problem.rows if problem.codes[t] == m)
            + pseudo_weight(problem, m, strengths)
            for m in problem.classes
        ]
        if math.fsum(shares) > 0:
            probabilities[:, k] = [share / math.fsum(shares) for share in shares]
    return probabilities


def update(
    problem: Problem, affiliations: Floats, old: State, strengths: Strengths, order: Literal["GSLW", "GWSL"]
) -> State:
    """Update every block but the affiliations once."""
    centers = update_centers(problem, affiliations)
    centers_seen = {"GSLW": centers, "GWSL": old.centers}[order]
    feature_weights = update_feature_weights(problem, affiliations, centers_seen, strengths)
    return State(centers, update_probabilities(problem, affiliations, strengths), feature_weights)


def sweep(problem: Problem, state: State, strengths: Strengths, order: Literal["GSLW", "GWSL"]) -> tuple[Floats, State]:
    """Update every block once; return the affiliations and the state of the boxes that have mass."""
    affiliations = affiliate(problem, state, strengths)
    alive = with_mass(problem, affiliations)
    affiliations, old = affiliations[:, alive], state.only(alive)
    return affiliations, update(problem, affiliations, old, strengths, order)


def reassign(problem: Problem, state: State, strengths: Strengths) -> tuple[Floats, State]:
    """Affiliate by distance alone, drop boxes without mass, and recompute the class probabilities."""
    affiliations = affiliate_without_labels(problem, state, strengths)
    alive = with_mass(problem, affiliations)
    affiliations, kept = affiliations[:, alive], state.only(alive)
    probabilities = update_probabilities(problem, affiliations, strengths)
    return affiliations, State(kept.centers, probabilities, kept.feature_weights)


def predict_proba(problem: Problem, values: Floats, state: State, eps_affiliation: float) -> Floats:
    """P(class | row) (n, M) of new rows (n, D): of the nearest box, or mixed by soft affiliations."""
    affiliations = _affiliate_by(distances_of(problem, values, state), eps_affiliation)
    return np.array(
        [
            [math.fsum(affiliation[k] * of_class[k] for k in state.boxes) for of_class in state.probabilities]
            for affiliation in affiliations
        ]
    )


def loss_curve(
    problem: Problem, state: State, strengths: Strengths, order: Literal["GSLW", "GWSL"], n_sweeps: int
) -> tuple[list[float], State]:
    """L after every sweep, and the last state."""
    losses = []
    for _ in range(n_sweeps):
        affiliations, state = sweep(problem, state, strengths, order)
        losses.append(objective(problem, affiliations, state, strengths))
    return losses, state
