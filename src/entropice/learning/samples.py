"""What models may see of cells and years, and probabilities over all ordered classes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.learning.exposure import EXPOSURE
from entropice.types import BoolArray, CellIds, FloatArray, IntArray

Groups = frozenset[str]

ROWS_PER_PIECE: Final = 4096
"""Rows that are predicted together."""

CELLS_PER_BLOCK: Final = 4096
"""Cells of a map whose features are laid out together; with any number of years whole pieces of rows."""

BLOCK_COPIES: Final = 6
"""Times that the features of a block lie in memory at most while it is predicted, doubted or explained."""


@dataclass(frozen=True)
class Samples:
    """Rows (cell, year) as models see them.

    Attributes
    ----------
    features
        (n, n_feature) named columns, the exposure among them; NaN is unknown.
    coordinates_m
        (n, 2) in EPSG:6931, in metres.
    blocks
        (n,) spatial block of each row, for folds inside the training rows.
    groups
        Feature group by name of each feature; the exposure and features without one belong to none.
    """

    features: pd.DataFrame
    coordinates_m: FloatArray
    blocks: CellIds
    groups: Mapping[str, str] = field(default_factory=dict)

    def where(self, chosen: BoolArray) -> "Samples":
        """Those of the rows (n,) that are chosen."""
        return self.rows(np.flatnonzero(chosen))

    def rows(self, numbers: IntArray) -> "Samples":
        """Rows by their numbers (n_chosen,), in that order; a number may come twice.

        Numbers count from 0, whatever the index of the features, which rows keep.

        Examples
        --------
        >>> samples = Samples(pd.DataFrame({"rain": [1.0, 2.0]}), np.zeros((2, 2)), np.array([7, 8], np.uint64))
        >>> twice = samples.rows(np.array([1, 1]))
        >>> twice.features["rain"].tolist(), twice.blocks.tolist()
        ([2.0, 2.0], [8, 8])
        """
        return replace(
            self,
            features=self.features.iloc[numbers],
            coordinates_m=self.coordinates_m[numbers],
            blocks=self.blocks[numbers],
        )

    def named(self, names: Sequence[str]) -> pd.DataFrame:
        """Some features in order, columns of all rows: a copy, or where that is all of them the frame itself.

        Examples
        --------
        >>> samples = Samples(pd.DataFrame({"rain": [1.0], "slope": [2.0]}), np.zeros((1, 2)), np.zeros(1, np.uint64))
        >>> list(samples.named(["slope"])), samples.named(["rain", "slope"]) is samples.features
        (['slope'], True)
        """
        names = list(names)
        return self.features if names == list(self.features.columns) else self.features[names]

    def without(self, groups: Collection[str]) -> "Samples":
        """The same rows without the features of some groups; features of no group stay.

        Examples
        --------
        >>> features = pd.DataFrame({"rain": [1.0], "slope": [2.0], "log_land_area": [3.0]})
        >>> groups = {"rain": "climate", "slope": "terrain"}
        >>> samples = Samples(features, np.zeros((1, 2)), np.zeros(1, np.uint64), groups)
        >>> list(samples.without({"climate"}).features)
        ['slope', 'log_land_area']
        """
        left = [name for name in self.features.columns if self.groups.get(name) not in groups]
        return replace(self, features=self.features[left])

    @property
    def n_bytes(self) -> int:
        """Memory of all features (n, n_feature) in float64, in bytes."""
        return self.features.size * np.dtype(np.float64).itemsize

    def pieces(self) -> Iterator["Samples"]:
        """The same rows in their order, 4,096 at a time; what each costs does not grow with the rows.

        Rows of a product depend in their last bit on how many others there are, so pieces are the same whatever memory
        there is. Without rows there is one piece without rows.

        Examples
        --------
        >>> samples = Samples(pd.DataFrame({"rain": np.zeros(5000)}), np.zeros((5000, 2)), np.zeros(5000, np.uint64))
        >>> [len(piece.features) for piece in samples.pieces()]
        [4096, 904]
        """
        for start in range(0, max(len(self.features), 1), ROWS_PER_PIECE):
            of_piece = slice(start, start + ROWS_PER_PIECE)
            yield replace(
                self,
                features=self.features.iloc[of_piece],
                coordinates_m=self.coordinates_m[of_piece],
                blocks=self.blocks[of_piece],
            )

    @property
    def describes(self) -> BoolArray:
        """Whether each row (n,) has a known feature, the exposure aside.

        Examples
        --------
        >>> features = pd.DataFrame({"rain": [1.0, np.nan], "log_land_area": [13.8, 13.8]})
        >>> Samples(features, np.zeros((2, 2)), np.zeros(2, np.uint64)).describes.tolist()
        [True, False]
        """
        return self.features.drop(columns=EXPOSURE, errors="ignore").notna().any(axis=1).to_numpy()

    def unknown_groups(self) -> pd.DataFrame:
        """Whether each row knows no feature of a group: (n, n_group) named by group, in the order of the features.

        With the index of the features; features of no group do not count.

        Examples
        --------
        >>> features = pd.DataFrame({"rain": [1.0, np.nan], "slope": [np.nan, np.nan], "relief": [1.0, 2.0]})
        >>> groups = {"rain": "climate", "slope": "terrain", "relief": "terrain"}
        >>> Samples(features, np.zeros((2, 2)), np.zeros(2, np.uint64), groups).unknown_groups().to_dict("list")
        {'climate': [False, True], 'terrain': [False, False]}
        """
        names = dict.fromkeys(self.groups[name] for name in self.features.columns if name in self.groups)
        return pd.DataFrame(
            {group: self.features[self._of(group)].isna().all(axis=1).to_numpy(dtype=bool) for group in names},
            index=self.features.index,
        )

    def patterns(self) -> Iterator[tuple[Groups, BoolArray]]:
        """Every set of groups that some rows know nothing of, the empty set among them, with its rows (n,).

        Each row is in one set. No set without rows comes, and none where there are no rows. At most 63 groups.

        Examples
        --------
        >>> features = pd.DataFrame({"rain": [1.0, np.nan, 2.0], "slope": [3.0, 4.0, 5.0]})
        >>> groups = {"rain": "climate", "slope": "terrain"}
        >>> samples = Samples(features, np.zeros((3, 2)), np.zeros(3, np.uint64), groups)
        >>> [(sorted(unknown), rows.tolist()) for unknown, rows in samples.patterns()]
        [([], [True, False, True]), (['climate'], [False, True, False])]
        """
        unknown = self.unknown_groups()
        # A set of groups as the bits of a number: rows of one set are found by one comparison.
        codes = unknown.to_numpy(dtype=np.int64) @ (1 << np.arange(unknown.shape[1], dtype=np.int64))
        for code in np.unique(codes).tolist():
            yield frozenset(name for place, name in enumerate(unknown.columns) if code >> place & 1), codes == code

    @property
    def lacking(self) -> frozenset[Groups]:
        """Every set of groups that some rows know nothing of, the empty set where some rows know of all."""
        return frozenset(unknown for unknown, _ in self.patterns())

    def _of(self, group: str) -> list[str]:
        return [name for name in self.features.columns if self.groups.get(name) == group]


def block_bytes(n_cells: int, n_years: int, n_features: int) -> int:
    """Memory (bytes) that a block of the map takes while something is done with it, in float64.

    Six (`BLOCK_COPIES`) times the features of all its cells and years.

    Examples
    --------
    >>> block_bytes(4096, 7, 190)  # 6 · 4096 · 7 · 190 · 8
    261488640
    """
    return BLOCK_COPIES * n_cells * n_years * n_features * np.dtype(np.float64).itemsize


def predict_all_classes(estimator: Any, view: Any, n_classes: int) -> FloatArray:
    """Probabilities (n, n_classes) by class code; a class without training rows has probability 0.

    The estimator's ``classes_`` are codes below `n_classes`; `view` holds n rows as it takes them.

    Examples
    --------
    Class 1 of three has no training row.

    >>> from sklearn.dummy import DummyClassifier
    >>> fitted = DummyClassifier(strategy="prior").fit(np.zeros((4, 1)), [0, 0, 0, 2])
    >>> predict_all_classes(fitted, np.zeros((1, 1)), 3).tolist()
    [[0.75, 0.0, 0.25]]
    """
    probabilities = np.zeros((len(view), n_classes))
    probabilities[:, estimator.classes_] = estimator.predict_proba(view)
    return probabilities
