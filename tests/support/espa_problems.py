"""Tables to fit eSPA to, and batches of fits on them, each beside the literal problem it stands for."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import array_api_compat
import array_api_strict
import espa_reference as literal
import numpy as np
import pytest
from numpy.typing import NDArray

from entropice.espa.compiled import CompiledPass
from entropice.espa.data.rows import Rows
from entropice.espa.data.training_data import TrainingData, prepare_training_data
from entropice.espa.devices import HOST, Place
from entropice.espa.namespaced import NamespacedPass, host_chunks, resident_chunks
from entropice.espa.updates import Boxes, BoxSums, Costs, FitConstants, Penalties, assignment_costs, update

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Order = Literal["GSLW", "GWSL"]
ClassWeight = Mapping[Any, float] | Literal["balanced"] | None


def small_table(
    seed: int, *, n_rows: int = 60, n_features: int = 4, n_classes: int = 3, missing: float = 0.1
) -> tuple[Floats, Codes]:
    """Rows of features in different units, some values missing, with classes that two of the features tell apart."""
    random = np.random.default_rng(seed)
    deviations = random.normal(size=(n_rows, n_features))
    codes = np.clip(np.round(deviations[:, 0] + 0.4 * random.normal(size=n_rows) + 1), 0, n_classes - 1).astype(int)
    codes[:n_classes] = np.arange(n_classes)
    scales, offsets = 10.0 ** random.integers(-2, 3, n_features), random.uniform(-3, 3, n_features)
    values = (deviations + offsets) * scales
    values[random.random(values.shape) < missing] = np.nan
    values[n_classes : n_classes + 2] = (random.normal(size=(2, n_features)) + offsets) * scales
    return values, codes


def worms(n_rows: int, n_features: int, random: np.random.Generator) -> tuple[Floats, Codes]:
    """Three tilted clouds in a plane, the middle one class 1; all other features are noise."""
    cloud = random.permutation(np.arange(n_rows) % 3)
    X = random.random((n_rows, n_features))
    noise = random.multivariate_normal([0, 0], [[1, 1], [1, 2]], n_rows)
    X[:, :2] = np.array([[2, -2], [0, 0], [-2, 2]])[cloud] + noise
    return X, (cloud == 1).astype(int)


def distractor(n_rows: int, n_features: int, random: np.random.Generator) -> tuple[Floats, Codes]:
    """The classes are the XOR of one pair of features; another pair clusters tighter and means nothing."""
    X, y = corners(n_rows, n_features, random, spread=0.07)
    sides = random.integers(0, 2, (n_rows, 2))
    X[:, 2:4] = 0.15 + 0.7 * sides + 0.05 * random.standard_normal((n_rows, 2))
    return X, y


def corners(n_rows: int, n_features: int, random: np.random.Generator, *, spread: float = 0.06) -> tuple[Floats, Codes]:
    """The classes are the XOR of the corners of a square that the first two features lie near; the rest is noise."""
    sides = random.integers(0, 2, (n_rows, 2))
    X = random.random((n_rows, n_features))
    X[:, :2] = 0.15 + 0.7 * sides + spread * random.standard_normal((n_rows, 2))
    return X, sides[:, 0] ^ sides[:, 1]


def partition(boxes: Codes) -> list[int]:
    """Number boxes by their first appearance, so that two assignments are equal if only their numbering differs."""
    names: dict[int, int] = {}
    return [names.setdefault(box, len(names)) for box in boxes.tolist()]


@dataclass(frozen=True)
class Scaling:
    """The unit of each feature (D): its lowest value and its extent over the observed rows of positive weight."""

    lowest: Floats
    extents: Floats

    def scaled(self, values: Floats) -> Floats:
        return (values - self.lowest) / self.extents

    def unscaled(self, values: Floats) -> Floats:
        return values * self.extents + self.lowest


def minmax(values: Floats, weights: Floats) -> Scaling:
    used = np.asarray(values, dtype=np.float64)[weights > 0]
    lowest, highest = np.nanmin(used, axis=0), np.nanmax(used, axis=0)
    return Scaling(lowest, np.where(highest > lowest, highest - lowest, 1.0))


def class_factors(codes: Codes, weights: Floats, class_weight: ClassWeight) -> Floats:
    """Factor of each class's label weights."""
    shares = np.bincount(codes, weights)
    if class_weight == "balanced":
        return np.array([1 / share if share > 0 else 0.0 for share in shares])
    return np.array([(class_weight or {}).get(code, 1.0) for code in range(len(shares))])


def literal_problem(values: Floats, codes: Codes, weights: Floats, class_weight: ClassWeight = None) -> literal.Problem:
    """The problem that a fit with scaling to [0, 1] solves."""
    scaled = minmax(values, weights).scaled(np.asarray(values, dtype=np.float64))
    return literal.Problem(scaled, codes.tolist(), weights, class_factors(codes, weights, class_weight))


def random_state(problem: literal.Problem, n_boxes: int, random: np.random.Generator) -> literal.State:
    """Any state, with one box whose probabilities are 0 and 1."""
    probabilities = random.dirichlet(np.ones(len(problem.classes)), n_boxes).T
    probabilities[:, 0] = np.eye(len(problem.classes))[0]
    weights = random.dirichlet(np.ones(len(problem.features))) * problem.varies
    return literal.State(random.random((n_boxes, len(problem.features))), probabilities, weights / weights.sum())


@dataclass(frozen=True)
class Batch:
    """Fits (B) to the same data, with the literal problem and strengths of each."""

    data: TrainingData
    boxes: Boxes
    constants: FitConstants
    penalties: Penalties
    weighting_of: NDArray[np.int64]
    problems: list[literal.Problem]
    strengths: list[literal.Strengths]

    @property
    def is_soft(self) -> bool:
        return bool((self.penalties.eps_affiliation > 0).all())

    @functools.cached_property
    def scalings(self) -> list[Scaling]:
        rows = np.asarray(self.data.rows.array, dtype=np.float64)
        return [minmax(rows, self.data.weights[f]) for f in self.weighting_of]

    def states(self, boxes: Boxes) -> list[literal.State]:
        """The states that boxes stand for, without those that are no more."""
        return [
            literal.State(
                scaling.scaled(boxes.centers[b] + self.data.features.means[self.weighting_of[b]]),
                boxes.probabilities[b],
                boxes.feature_weights[b],
            ).only(np.flatnonzero(boxes.is_alive[b]).tolist())
            for b, scaling in enumerate(self.scalings)
        ]

    def sums(self, costs: Costs) -> BoxSums:
        """Sums over the boxes by the pass that a fit on the CPU takes."""
        if self.is_soft:
            rows = namespaced_pass(self.data, HOST, is_soft=True)
            return rows.sums(costs, self.weighting_of, self.penalties.eps_affiliation)
        return compiled_pass(self.data).sums(costs, self.weighting_of)

    def sweep(self, boxes: Boxes, order: Order) -> tuple[Boxes, Floats]:
        """Sweep every fit once, whether that lowers its objective or not."""
        sums = self.sums(assignment_costs(boxes, self.constants, self.penalties))
        holds_number = self.strengths[0].n_effective_features is not None
        return update(boxes, sums, self.constants, self.penalties, order, holds_number=holds_number)


def training_data_of(values: Floats, codes: Codes, weightings: Floats) -> TrainingData:
    """Training data under weightings (F, T), which stay as they are."""
    names = [str(feature) for feature in range(values.shape[1])]
    places = [f"weighting {f}" for f in range(len(weightings))]
    return prepare_training_data(Rows(values, values.dtype), codes, weightings.copy(), names, places)


def compiled_pass(data: TrainingData) -> CompiledPass:
    features = data.features
    return CompiledPass(data.rows, data.codes, data.weights, features.means, features.partial_columns)


def namespaced_pass(data: TrainingData, place: Place, *, is_soft: bool) -> NamespacedPass:
    """The pass of an array namespace with the rows relative to 0, so that its costs are those of the compiled pass."""
    features, origin = data.features, np.zeros(data.rows.shape[1])
    n_classes = len(data.classes)
    host = host_chunks(data.rows, data.codes, data.weights, features.partial_columns, n_classes, origin)
    partial = place.asarray(np.eye(len(origin))[features.partial_columns])
    return NamespacedPass(resident_chunks(host, place), place.asarray(features.means - origin), partial, is_soft)


def place_of(name: str) -> Place:
    """Where a fit can be computed: "numpy", "strict" (nothing but the array API) or "torch", each on the CPU."""
    if name == "torch":
        torch = pytest.importorskip("torch", reason="PyTorch stands in for a GPU and is not installed")
        return Place(array_api_compat.array_namespace(torch.empty(0)), torch.device("cpu"))
    if name == "strict":
        namespace = array_api_compat.array_namespace(array_api_strict.empty(0))
        return Place(namespace, array_api_strict.Device("CPU_DEVICE"))
    return Place(HOST.namespace, HOST.device)


def random_batch(
    seed: int,
    *,
    values: Floats,
    codes: Codes,
    weightings: Floats,
    weighting_of: Sequence[int],
    is_soft: bool,
    class_weight: ClassWeight = None,
    pseudo_count: float = 0.0,
    prior_weight: float = 0.0,
    n_effective_features: float | None = None,
    n_boxes: int = 4,
) -> Batch:
    """Fits with different strengths from different states, as a fit with scaling to [0, 1] would set them up.

    The second box of every second fit is gone from the start.
    """
    random = np.random.default_rng(seed)
    n_fits = len(weighting_of)
    data = training_data_of(values, codes, weightings)
    problems = [literal_problem(values, codes, weightings[f], class_weight) for f in weighting_of]
    strengths = [
        literal.Strengths(
            10.0 ** random.uniform(-3, 0) * (n_effective_features is None),
            10.0 ** random.uniform(-2, 0.5),
            g,
            pseudo_count,
            prior_weight,
            n_effective_features,
        )
        for g in (10.0 ** random.uniform(-3, -0.5, n_fits) if is_soft else np.zeros(n_fits))
    ]
    states = [random_state(problem, n_boxes, random) for problem in problems]
    scalings = [minmax(values, weightings[f]) for f in weighting_of]
    means = data.features.means[list(weighting_of)]
    is_alive = np.ones((n_fits, n_boxes), np.bool_)
    is_alive[1::2, 1] = False
    boxes = Boxes(
        np.array([scaling.unscaled(state.centers) for scaling, state in zip(scalings, states, strict=True)])
        - means[:, None, :],
        np.array([state.probabilities for state in states]),
        np.array([state.feature_weights for state in states]),
        np.full(n_fits, np.inf),
        is_alive,
    )
    names = [field.name for field in fields(Penalties)]
    penalties = Penalties(*np.array([[getattr(s, name) for name in names] for s in strengths], dtype=np.float64).T)
    constants = _constants(data, np.array([s.extents for s in scalings]), list(weighting_of), class_weight)
    return Batch(data, boxes, constants, penalties, np.array(weighting_of), problems, strengths)


def _constants(data: TrainingData, extents: Floats, weighting_of: list[int], class_weight: ClassWeight) -> FitConstants:
    features = data.features
    n = features.observed[weighting_of]
    return FitConstants(
        offsets=features.means[weighting_of],
        squares=features.squares[weighting_of],
        precisions=np.where(features.varies[weighting_of], 1 / (n * extents**2), 0.0),
        partial=np.eye(n.shape[1])[features.partial_columns],
        class_shares=data.class_shares[weighting_of],
        label_ratios=_label_ratios(data.class_shares[weighting_of], class_weight),
    )


def _label_ratios(class_shares: Floats, class_weight: ClassWeight) -> Floats:
    """Label weight over row weight (F, M) by the factors that classes are given."""
    ratios = np.zeros_like(class_shares)
    for f, shares in enumerate(class_shares):
        factors = class_factors(np.arange(len(shares)), shares, class_weight)
        ratios[f] = factors / sum(factor * share for factor, share in zip(factors, shares, strict=True))
    return ratios
