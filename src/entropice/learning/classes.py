"""Density classes: no slumps at all, then quantile bins of the area fraction among cells with slumps."""

import logging
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from entropice.errors import LabelError
from entropice.types import FloatArray, IntArray

CLASS_ORDER: Final = ("none", "few", "some", "many")
"""Every class name, from no slumps to most."""

NAMES_BY_BINS: Final = {
    1: ("none", "some"),
    2: ("none", "few", "many"),
    3: CLASS_ORDER,
}
"""Class names by the number of bins among the positives."""

NO_SLUMPS: Final = CLASS_ORDER[0]

PRESENCE_CLASSES: Final = 2
"""Slumps or none: needs no area."""

MIN_BIN_POSITIVES: Final = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DensityClasses:
    """Ordered classes of the slump area fraction, fitted on some rows and applied to any.

    Attributes
    ----------
    names
        Class names in order; the first is "none", which is exactly 0.
    edges
        (n_class − 2,) ascending cuts of the area fraction among the positives, one fewer than the positive classes; a
        value equal to an edge belongs to the class above.
    mean_rts_area_fraction
        (n_class,) mean over the rows of the fit by class; NaN where slumps of unknown area are among them.
    """

    names: tuple[str, ...]
    edges: FloatArray
    mean_rts_area_fraction: FloatArray

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly: entries as the attributes, None for NaN."""
        return {
            "names": list(self.names),
            "edges": self.edges.tolist(),
            "mean_rts_area_fraction": [
                None if np.isnan(mean) else mean for mean in self.mean_rts_area_fraction.tolist()
            ],
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote; a lacking entry is a KeyError.

        Examples
        --------
        >>> classes = DensityClasses(("none", "some"), np.array([]), np.array([0.0, np.nan]))
        >>> classes.to_json()
        {'names': ['none', 'some'], 'edges': [], 'mean_rts_area_fraction': [0.0, None]}
        >>> DensityClasses.from_json(classes.to_json()).mean_rts_area_fraction.tolist()
        [0.0, nan]
        """
        edges, means = document["edges"], document["mean_rts_area_fraction"]
        return cls(tuple(document["names"]), np.array(edges, dtype=np.float64), np.array(means, dtype=np.float64))

    def assign(self, rts_area_fraction: FloatArray) -> IntArray:
        """Return class codes, int64 0..len(names)-1, of area fractions (n,), shape (n,).

        The law is that of `assign_classes`.

        Raises
        ------
        LabelError
            If a value is negative, or NaN where there are edges.

        Examples
        --------
        >>> classes = DensityClasses(("none", "few", "many"), np.array([0.01]), np.zeros(3))
        >>> classes.assign(np.array([0.0, 0.009, 0.01])).tolist()
        [0, 1, 2]
        """
        return assign_classes(rts_area_fraction, self.edges)


def assign_classes(rts_area_fraction: FloatArray, edges: FloatArray) -> IntArray:
    """Code each area fraction: 0 is exactly 0, then ``1 < edges[0] <= 2 < edges[1] <= 3``.

    NaN stands for slumps of unknown area: without edges, their class is 1, that of all slumps. Fractions are (n,),
    edges (n_edge,) ascending, codes int64 (n,).

    Raises
    ------
    LabelError
        If a value is negative, or NaN where there are edges.

    Examples
    --------
    >>> assign_classes(np.array([0.0, 0.001, 0.01, 0.5]), np.array([0.01])).tolist()
    [0, 1, 2, 2]
    >>> assign_classes(np.array([0.0, np.nan]), np.array([])).tolist()
    [0, 1]
    """
    values = np.asarray(rts_area_fraction, dtype=np.float64)
    if len(edges):
        _refuse_unknown_areas(values)
    is_wrong = values < 0
    if is_wrong.any():
        raise LabelError(
            "Only observed area fractions have a class.",
            field="rts_area_fraction",
            got=f"{is_wrong.sum()} values that are negative",
            sample=values[is_wrong],
            fix="keep the rows whose state is not 'unobserved'",
        )
    codes: IntArray = np.where(values == 0, 0, 1 + np.searchsorted(edges, values, side="right")).astype(np.int64)
    return codes


def _refuse_unknown_areas(values: FloatArray) -> None:
    is_unknown = np.isnan(values)
    if is_unknown.any():
        raise LabelError(
            "Slumps of unknown area have no density class.",
            field="modelling.n_classes",
            got=f"{is_unknown.sum()} of {np.count_nonzero(values)} cells and years with slumps have no known area",
            expected="n_classes: 2, which asks whether there are slumps, or areas of all of them",
            fix="set modelling.n_classes to 2, name a column of areas (labels: columns.area), or leave slumps that are "
            "points out",
        )


def fit_classes(rts_area_fraction: FloatArray, n_classes: int) -> DensityClasses:
    """Cut the positives of some training rows into quantile bins of the log area fraction.

    Edges of b bins are the quantiles 1/b, 2/b, … of the logarithms of the positives, linear between values. There are
    at most ``n_classes - 1`` bins, and fewer where a bin would hold under 20 positives (`MIN_BIN_POSITIVES`), one less
    at a time; the log says so. One bin may hold fewer. Fractions are (n,), 0 where there are no slumps; `n_classes` is
    2 to 4.

    Raises
    ------
    LabelError
        If one is NaN (slumps of unknown area) where there are more than two classes, no value is positive, or one is
        negative; looked for in this order.

    Examples
    --------
    >>> classes = fit_classes(np.concatenate([np.zeros(60), np.repeat([0.001, 0.1], 20)]), n_classes=3)
    >>> classes.names, classes.edges.round(4).tolist()
    (('none', 'few', 'many'), [0.01])
    >>> classes.mean_rts_area_fraction.round(6).tolist()
    [0.0, 0.001, 0.1]
    """
    values = np.asarray(rts_area_fraction, dtype=np.float64)
    if n_classes > PRESENCE_CLASSES:
        _refuse_unknown_areas(values)
    positives = values[values != 0]
    if len(positives) == 0:
        raise LabelError(
            "There is no positive label to fit classes on.",
            field="rts_area_fraction",
            got=f"{len(values)} training rows without slumps",
            expected="at least one with slumps",
            fix="use fewer folds, a smaller buffer, more label years or a larger region",
        )
    edges = _widest_edges(positives, n_classes - 1)
    names = NAMES_BY_BINS[len(edges) + 1]
    if len(names) < n_classes:
        logger.warning(
            "%d training positives support %d classes (%s) rather than %d, at %d positives a class.",
            *(len(positives), len(names), ", ".join(names), n_classes, MIN_BIN_POSITIVES),
        )
    codes = assign_classes(values, edges)
    means = [0.0, *(values[codes == code].mean() for code in range(1, len(names)))]
    return DensityClasses(names, edges, np.array(means))


def _widest_edges(positives: FloatArray, n_bins: int) -> FloatArray:
    """Quantile edges of the largest number of bins, up to `n_bins`, that all hold enough positives; one bin may not."""
    # Of logarithms: between two values the edge is their geometric mean, as densities span orders of magnitude.
    edges: FloatArray = np.exp(np.quantile(np.log(positives), np.arange(1, n_bins) / n_bins))
    # Counted, not taken from the quantiles: where many areas are equal a bin may be thin, or empty.
    counts = np.bincount(np.searchsorted(edges, positives, side="right"), minlength=n_bins)
    if n_bins == 1 or counts.min() >= MIN_BIN_POSITIVES:
        return edges
    return _widest_edges(positives, n_bins - 1)


def in_class_order(names: set[str]) -> list[str]:
    """Sort class names from no slumps to most; a name that is no class's is a ValueError.

    Examples
    --------
    >>> in_class_order({"many", "none", "few"})
    ['none', 'few', 'many']
    """
    return sorted(names, key=CLASS_ORDER.index)
