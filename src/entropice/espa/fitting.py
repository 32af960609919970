"""Fit classifiers together: restarts, candidates and folds are columns of the same products."""

import functools
import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from entropice.espa.beginning import begin
from entropice.espa.descent import Schedule, as_numpy, descend, put
from entropice.espa.devices import HOST, Place, choose_place
from entropice.espa.evidence import Evidence
from entropice.espa.passes import RowPass, one_hot, pass_over_rows
from entropice.espa.threads import one_thread
from entropice.espa.updates import (
    Boxes,
    BoxSums,
    Moments,
    Penalties,
    label_free_costs,
    take,
    update_probabilities,
)

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

SMALL_TABLE_VALUES: Final = 2**22
"""Values (rows × features) of a table beside which the memory of a batch does not matter."""

BATCH_VALUES: Final = 2**18
"""Values of box centres (fits × boxes × features) that descend at a time, for a small table."""

TABLE_SHARE: Final = 1024
"""Values of a larger table for each value of box centres that descends at a time."""

CHECK_EVERY: Final = 8
"""Sweeps between two looks at a device."""

ROUNDING: Final = 1e-10
"""Relative difference below which two objectives count as equal."""

ALIKE: Final = (
    "n_boxes", "affiliation", "order", "scale", "max_iter", "tol", "class_weight", "reassign", "device",
)  # fmt: skip
"""Parameters that fits of one batch share."""


@dataclass(frozen=True)
class Fitted:
    """What one classifier has learned, for the classes that have rows.

    Attributes
    ----------
    classes
        (M,) labels.
    centers
        (K, D), in the units of the features.
    probabilities
        (M, K).
    descent_centers, descent_probabilities
        (J, D) and (M, J): the same before the re-assignment.
    feature_weights, metric, means, scales
        (D,): a distance is the sum of ``metric * ((x - center) / scale)**2`` over the observed features.
    curve
        Objective after every sweep.
    """

    classes: NDArray[Any]
    centers: Floats
    probabilities: Floats
    descent_centers: Floats
    descent_probabilities: Floats
    feature_weights: Floats
    metric: Floats
    means: Floats
    scales: Floats
    curve: Floats


def fit_together(estimators: Sequence[Any], evidence: Evidence, weighting_of: Sequence[int]) -> list[Fitted]:
    """Fit every estimator (parameters of `ESPAClassifier`) to the evidence under the weighting it is given.

    The result of each is that of a fit on its own.

    Raises
    ------
    ValueError
        If a weighting has fewer rows than an estimator has boxes.
    """
    _check_boxes(estimators, evidence, weighting_of)
    fitted: dict[int, Fitted] = {}
    n_running = 0
    passes = functools.cache(functools.partial(pass_over_rows, evidence))
    with one_thread():
        for members in _alike(estimators):
            chosen = [estimators[member] for member in members]
            results, n_unfinished = _fit_batch(chosen, evidence, np.array(weighting_of)[members], passes)
            fitted |= dict(zip(members, results, strict=True))
            n_running += n_unfinished
    if n_running:
        warnings.warn(
            f"{n_running} of {len(estimators)} eSPA fits still improved after max_iter={estimators[0].max_iter} "
            "sweeps: raise max_iter, or tol.",
            ConvergenceWarning,
            stacklevel=3,
        )
    return [fitted[member] for member in range(len(estimators))]


def _check_boxes(estimators: Sequence[Any], evidence: Evidence, weighting_of: Sequence[int]) -> None:
    n_rows = (evidence.weights > 0).sum(axis=1)
    for estimator, weighting in zip(estimators, weighting_of, strict=True):
        if n_rows[weighting] < estimator.n_boxes:
            raise ValueError(
                f"n_samples={n_rows[weighting]} rows of positive weight should be >= n_boxes={estimator.n_boxes}: "
                "lower n_boxes, or add rows."
            )


def _alike(estimators: Sequence[Any]) -> Iterator[list[int]]:
    """Yield indices of estimators that can be fitted as columns of one product, in their order."""

    def key(member: int) -> str:
        return repr([getattr(estimators[member], name) for name in ALIKE])

    for _, group in itertools.groupby(sorted(range(len(estimators)), key=key), key=key):
        yield list(group)


def _fit_batch(
    estimators: Sequence[Any], evidence: Evidence, weightings: Indices, passes: Callable[[Place, bool], RowPass]
) -> tuple[list[Fitted], int]:
    """Fit estimators that are alike; also tell for how many the best descent has not converged."""
    alike = estimators[0]
    place = choose_place(alike.device)
    rows = passes(place, alike.affiliation == "soft")
    scales = feature_scales(evidence, alike.scale)
    known = _known(evidence, scales, rows.origin, alike.class_weight)
    pool = functools.cache(evidence.pool)
    begun = [
        begin(each, evidence, f, known.precisions[f], pool) for each, f in zip(estimators, weightings, strict=True)
    ]
    del pool
    member_of = np.repeat(np.arange(len(estimators)), [len(boxes.centers) for boxes in begun])
    penalties = _penalties(estimators)
    schedule = Schedule(alike.order, alike.max_iter, alike.tol, 1 if place is HOST else CHECK_EVERY)
    boxes = _concatenate(begun)
    del begun
    curves: list[Floats] = []
    has_converged = np.zeros(len(member_of), np.bool_)
    for fits in _slices(len(member_of), boxes.centers[0].size, evidence.rows.shape):
        descents = descend(
            rows.sums,
            _on(place, take(boxes, fits)),
            _on(place, take(known, weightings[member_of[fits]])),
            _on(place, take(penalties, member_of[fits])),
            place.asarray(weightings[member_of[fits]]),
            schedule,
        )
        put(descents.boxes, boxes, fits)
        curves += descents.curves
        has_converged[fits] = descents.has_converged
    best = _lowest(curves, member_of)
    ended = reassigned = take(boxes, best)
    if alike.reassign:
        reassigned = _reassign(rows, ended, take(known, weightings), penalties, weightings, place)
    published = [
        _publish(evidence, f, take(reassigned, i), take(ended, i), known.precisions[f], scales[f], curves[best[i[0]]])
        for i, f in zip(np.arange(len(weightings))[:, None], weightings, strict=True)
    ]
    return published, int((~has_converged[best]).sum())


def _slices(n_fits: int, n_values: int, shape: tuple[int, int]) -> list[Indices]:
    """Indices of the fits that descend at a time; beside a large table their memory stays a small share."""
    table_values = shape[0] * shape[1]
    at_a_time = BATCH_VALUES if table_values <= SMALL_TABLE_VALUES else table_values // TABLE_SHARE
    n_slices = -(-n_fits // max(1, at_a_time // n_values))
    return np.array_split(np.arange(n_fits), n_slices)


def _known(evidence: Evidence, scales: Floats, origin: Floats, class_weight: Any) -> Moments:
    """What is known of every weighting (F, ...) before the first sweep."""
    features = evidence.features
    denominators = features.observed * scales**2
    return Moments(
        offsets=features.means - origin,
        squares=features.squares,
        precisions=np.divide(1.0, denominators, out=np.zeros_like(scales), where=features.varies),
        partial=one_hot(features.partial_columns, len(origin)),
        class_presence=(evidence.class_shares > 0).astype(np.float64),
        label_ratios=evidence.label_ratios(class_weight),
    )


def feature_scales(evidence: Evidence, scale: str | None) -> Floats:
    """Scale of every feature under every weighting (F, D): its extent, or 1 without scaling or extent."""
    features = evidence.features
    return np.where(features.varies & (scale == "minmax"), features.highest - features.lowest, 1.0)


def _penalties(estimators: Sequence[Any]) -> Penalties:
    """Penalties (B,) of estimators; affiliations cost nothing where they are hard."""
    names = [field.name for field in fields(Penalties)]
    columns = np.array([[getattr(each, name) for name in names] for each in estimators], dtype=np.float64)
    penalties = Penalties(*columns.T)
    is_soft = np.array([each.affiliation == "soft" for each in estimators])
    return Penalties(
        penalties.eps_entropy, penalties.eps_class, penalties.eps_affiliation * is_soft, penalties.pseudo_count
    )


def _lowest(curves: Sequence[Floats], member_of: Indices) -> Indices:
    """Index of the descent with the lowest objective for each member, the first of those equal but for rounding."""
    losses = np.array([curve[-1] for curve in curves])
    lowest = np.full(member_of[-1] + 1, np.inf)
    np.minimum.at(lowest, member_of, losses)
    is_lowest = losses - lowest[member_of] <= ROUNDING * np.abs(losses)
    found: Indices = np.unique(member_of[is_lowest], return_index=True)[1]
    return np.flatnonzero(is_lowest)[found]


def _reassign(
    rows: RowPass, boxes: Boxes, moments: Moments, penalties: Penalties, weightings: Indices, place: Place
) -> Boxes:
    """Recompute class probabilities from an assignment by distance alone; boxes left empty are dropped."""
    sums = rows.sums(
        label_free_costs(_on(place, boxes), _on(place, moments)),
        place.asarray(weightings),
        place.asarray(penalties.eps_affiliation),
    )
    on_host = BoxSums(**{field.name: as_numpy(getattr(sums, field.name)) for field in fields(BoxSums)})
    probabilities = update_probabilities(on_host, moments, penalties.pseudo_count)
    return Boxes(boxes.centers, probabilities, boxes.feature_weights, on_host.classes.sum(axis=-1) > 0)


def _publish(
    evidence: Evidence, weighting: int, boxes: Boxes, ended: Boxes, precisions: Floats, scales: Floats, curve: Floats
) -> Fitted:
    """Leave out boxes without rows and classes without rows; turn to the units of the features."""
    has_class = evidence.class_shares[weighting] > 0
    means = evidence.features.means[weighting]
    return Fitted(
        classes=evidence.classes[has_class],
        centers=boxes.centers[0][boxes.is_alive[0]] + means,
        probabilities=boxes.probabilities[0][has_class][:, boxes.is_alive[0]],
        descent_centers=ended.centers[0][ended.is_alive[0]] + means,
        descent_probabilities=ended.probabilities[0][has_class][:, ended.is_alive[0]],
        feature_weights=boxes.feature_weights[0],
        metric=boxes.feature_weights[0] * precisions * scales**2,
        means=means,
        scales=scales,
        curve=curve,
    )


Batch = TypeVar("Batch", Boxes, Moments, Penalties)


def _on(place: Place, batch: Batch) -> Batch:
    """Move a batch to a place."""
    return type(batch)(**{field.name: place.asarray(getattr(batch, field.name)) for field in fields(batch)})


def _concatenate(parts: Sequence[Boxes]) -> Boxes:
    return Boxes(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Boxes)}
    )
