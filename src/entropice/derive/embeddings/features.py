"""Embedding statistics of cells as features."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from entropice.derive.cube import Feature
from entropice.derive.embeddings.moments import N_DIMENSIONS, VectorMoments
from entropice.types import FloatArray

SOURCE: Final = "AlphaEarth Foundations satellite embedding"
NORM: Final = "embedding_norm"


def embedding_features(by_year: Sequence[VectorMoments], cell_px: FloatArray, year_lag: int) -> list[Feature]:
    """Mean and spread of each dimension, and the length of the mean vector; each of shape (n_cell, n_year).

    Parameters
    ----------
    by_year
        Moments of the composite that stands for each label year, in the order of the label years.
    cell_px
        Size of each cell in pixels, shape (n_cell,).
    year_lag
        By how many years the composites are earlier than the label years.

    Returns
    -------
    list of Feature
        Without a unit, `known_fraction` being known pixels over the cell's size: ``embedding_00_mean`` to
        ``embedding_63_mean``, ``embedding_00_sd`` to ``embedding_63_sd`` (of the population) and ``embedding_norm``;
        NaN where a cell holds no known pixel in a year.

    Examples
    --------
    Of two cells of 4 pixels the second has 2 known ones, all of them 0.125 in all dimensions: a vector of length 1.

    >>> import numpy as np
    >>> moments = VectorMoments.empty(2)
    >>> moments.add(np.array([1]), VectorMoments(np.array([2.0]), np.full((1, 64), 0.125), np.zeros((1, 64))))
    >>> features = embedding_features([moments], np.array([4.0, 4.0]), year_lag=1)
    >>> features[0].cell_values.tolist(), features[0].known_fraction.tolist(), features[0].years
    ([[nan], [0.125]], [[0.0], [0.5]], 'y-1')
    >>> features[-1].name, features[-1].cell_values.tolist()
    ('embedding_norm', [[nan], [1.0]])
    """
    years = "y" if year_lag == 0 else f"y-{year_lag}"
    means = np.stack([moments.means for moments in by_year], axis=1)
    deviations = np.stack([moments.standard_deviations for moments in by_year], axis=1)
    norms = np.stack([moments.norms for moments in by_year], axis=1)
    known = np.stack([moments.count / cell_px for moments in by_year], axis=1)
    homogeneity = "length of the mean vector", years, "homogeneity: 1 where all pixels agree"
    return [
        *_by_dimension("mean", "mean over the pixels of the cell", "mean", means, known, years),
        *_by_dimension("sd", "standard deviation over the pixels of the cell", "spread", deviations, known, years),
        _feature(NORM, norms, known, *homogeneity),
    ]


def embedding_names() -> list[str]:
    """What the features of `embedding_features` are called, in its order.

    Examples
    --------
    >>> names = embedding_names()
    >>> names[0], names[63], names[64], names[-1], len(names)
    ('embedding_00_mean', 'embedding_63_mean', 'embedding_00_sd', 'embedding_norm', 129)
    """
    return [*(_name(dimension, suffix) for suffix in ("mean", "sd") for dimension in range(N_DIMENSIONS)), NORM]


def _name(dimension: int, suffix: str) -> str:
    return f"embedding_{dimension:02d}_{suffix}"


def _by_dimension(
    suffix: str, statistic: str, word: str, values: FloatArray, known: FloatArray, years: str
) -> Iterator[Feature]:
    for dimension in range(N_DIMENSIONS):
        long_name = f"{word} of embedding axis A{dimension:02d}"
        yield _feature(_name(dimension, suffix), values[:, :, dimension], known, statistic, years, long_name)


def _feature(name: str, values: FloatArray, known: FloatArray, statistic: str, years: str, long_name: str) -> Feature:
    return Feature(
        name=name,
        dimensions=("cell", "year"),
        cell_values=values,
        known_fraction=known,
        units="1",
        group="embeddings",
        source=SOURCE,
        statistic=statistic,
        years=years,
        long_name=long_name,
    )
