"""Where a map may be trusted: cells like those whose out-of-fold predictions were scored.

A row is outside for any of three reasons:

- ``unknown: embeddings``: a whole feature group is unknown that training rows know;
- ``far: 812 km``: the nearest training cell is farther away than `far_m`;
- ``unlike training data``: its dissimilarity index (`entropice.learning.doubts.dissimilarity`; Meyer and Pebesma 2021,
  doi:10.1111/2041-210X.13650) is above the threshold of the folds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from entropice.errors import FeatureError
from entropice.learning.doubts.dissimilarity import Dissimilarity, fit_dissimilarity
from entropice.learning.samples import Samples
from entropice.types import BoolArray, FloatArray, IntArray
from entropice.units import M_PER_KM

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

FAR_M: Final = 600_000.0
UNLIKE: Final = "unlike training data"


@dataclass(frozen=True)
class Applicability:
    """What a verdict needs of the training rows.

    Attributes
    ----------
    groups
        Names of the features of each group that training rows know.
    coordinates_m
        (n, 2) of the training cells, EPSG:6931, each place once.
    far_m
        Distance to the nearest training cell beyond which a row is outside.
    dissimilarity
        The index and its threshold.
    """

    groups: Mapping[str, tuple[str, ...]]
    coordinates_m: FloatArray
    far_m: float
    dissimilarity: Dissimilarity

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Every feature that a verdict looks at, each once."""
        of_groups = (name for names in self.groups.values() for name in names)
        return tuple(dict.fromkeys([*of_groups, *self.dissimilarity.names]))

    def judge(self, samples: Samples) -> pd.DataFrame:
        """Say of each row (n) of samples how far it is from what the map's model knows.

        Unknown values take the training median, and are counted apart: a group without any known value is a reason.

        A row is outside for ``unknown: <groups>``, where a whole feature group is unknown that training rows know; for
        ``far: <distance> km``, where the nearest training cell is farther than `far_m`; and for ``unlike training
        data``, where its dissimilarity index is above the threshold of the folds (Meyer and Pebesma 2021,
        doi:10.1111/2041-210X.13650).

        Returns
        -------
        DataFrame
            Columns ``dissimilarity distance_m unknown_groups is_applicable not_applicable_because``, row by row,
            indexed from 0: the index and the distance to the nearest training cell in metres, ``unknown_groups``
            counts, and the reason is null inside. Several reasons are joined by ``"; "``, in this order; groups come by
            name, joined by ``", "``, and kilometres are whole. A row just as far as `far_m`, or as unlike as the
            threshold, is inside.

        Raises
        ------
        FeatureError
            If the samples lack a feature that training rows have.

        Examples
        --------
        The second row lies 1,000 km from the training cells, with a feature as far beyond theirs.

        >>> folds = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
        >>> rain, places_m = pd.DataFrame({"rain": [0.0, 1.0, 2.0, 3.0]}), np.zeros((4, 2))
        >>> trained = Samples(rain, places_m, np.arange(4, dtype=np.uint64), {"rain": "climate"})
        >>> asked = Samples(rain.iloc[:2] * 9, np.array([[0.0, 0.0], [1e6, 0.0]]), np.arange(2, dtype=np.uint64))
        >>> verdicts = fit_applicability(trained, np.ones(1), folds).judge(asked)
        >>> verdicts["is_applicable"].tolist(), verdicts.loc[1, "not_applicable_because"]
        ([True, False], 'far: 1000 km; unlike training data')
        """
        _require(self.feature_names, samples.features)
        index = self.dissimilarity.index(samples.features)
        # Distance says what features do not: a place on another continent may look the same and be another matter.
        distance_m = KDTree(self.coordinates_m).query(samples.coordinates_m)[0]
        is_unknown = unknown_groups(samples.features, self.groups)
        reasons = [
            _reason(unknown, distance if distance > self.far_m else None, is_unlike)
            for unknown, distance, is_unlike in zip(
                _names(is_unknown), distance_m, index > self.dissimilarity.threshold, strict=True
            )
        ]
        return pd.DataFrame(
            {
                "dissimilarity": index,
                "distance_m": distance_m,
                "unknown_groups": is_unknown.sum(axis=1).to_numpy(dtype=np.int64),
                "is_applicable": np.array([reason is None for reason in reasons]),
                "not_applicable_because": pd.array(reasons, dtype="str"),
            }
        )

    def to_arrays(self) -> "tuple[NamedArrays, dict[str, Any]]":
        """Take it apart into arrays and a JSON document.

        Arrays are those of `Dissimilarity.to_arrays` and ``coordinates_m`` (n, 2).

        The document has the entries of that of `Dissimilarity.to_arrays`, ``groups`` (lists of names by group) and
        ``far_m``.
        """
        arrays, document = self.dissimilarity.to_arrays()
        groups = {group: list(names) for group, names in self.groups.items()}
        return {**arrays, "coordinates_m": self.coordinates_m}, {**document, "groups": groups, "far_m": self.far_m}

    @classmethod
    def from_arrays(cls, arrays: "NamedArrays", document: Mapping[str, Any]) -> Self:
        """Put together what `to_arrays` took apart; a lacking array or entry is a KeyError."""
        coordinates_m: Any = arrays["coordinates_m"]
        groups = {group: tuple(names) for group, names in document["groups"].items()}
        return cls(groups, coordinates_m, document["far_m"], Dissimilarity.from_arrays(arrays, document))


def fit_applicability(
    samples: Samples,
    weights: FloatArray,
    splits: Sequence[tuple[IntArray, IntArray]],
    far_m: float = FAR_M,
) -> Applicability:
    """Keep what a verdict needs.

    Parameters
    ----------
    samples
        The training rows (n); features without a group, such as the exposure, are not looked at.
    weights
        (n_feature,) of the columns of the samples in the map's model, not negative, above 0 for one that varies; equal
        ones where it gives none.
    splits
        Numbers of the training and test rows of each fold, int64 of shape (n_train,) and (n_test,).
    far_m
        Distance beyond which a row is outside, in metres; 600 km by default (`FAR_M`).

    Returns
    -------
    Applicability
        Its groups are those of which some training row knows a feature, with the features that are known.
    """
    seen = samples.features.columns.isin(list(samples.groups))
    features = samples.features.loc[:, seen]
    return Applicability(
        _known_groups(features, samples.groups),
        np.unique(samples.coordinates_m, axis=0),
        far_m,
        fit_dissimilarity(features, weights[seen], splits),
    )


def unknown_groups(features: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Whether no feature of a group is known: a column a group, (n, n_group), by features (n, n_feature).

    Unknown is NaN. `groups` gives the names of the features of each group.

    Examples
    --------
    >>> import pandas as pd
    >>> features = pd.DataFrame({"slope": [1.0, None], "relief": [None, None], "rain": [3.0, 4.0]})
    >>> unknown_groups(features, {"terrain": ["slope", "relief"], "climate": ["rain"]}).to_numpy().tolist()
    [[False, False], [True, False]]
    """
    return pd.DataFrame({group: features[list(names)].isna().all(axis=1) for group, names in groups.items()})


def _known_groups(features: pd.DataFrame, groups: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    known = [str(name) for name in features if features[name].notna().any()]
    different = sorted({groups[name] for name in known})
    return {group: tuple(name for name in known if groups[name] == group) for group in different}


def _require(names: Sequence[str], features: pd.DataFrame) -> None:
    missing = [name for name in names if name not in features]
    if missing:
        raise FeatureError(
            "Rows lack features that the map's training rows have.",
            field=", ".join(missing),
            expected=f"{len(names)} features, unknown where they are not known",
            fix="make the features of the same sources: kedro run --pipelines features",
        )


def _names(is_unknown: pd.DataFrame) -> list[str]:
    names = is_unknown.columns.to_numpy()
    return [", ".join(names[row]) for row in is_unknown.to_numpy()]


def _reason(unknown: str, far_m: float | None, is_unlike: BoolArray) -> str | None:
    """Every reason against a row, or None."""
    reasons = [
        *([f"unknown: {unknown}"] if unknown else []),
        *([f"far: {far_m / M_PER_KM:.0f} km"] if far_m is not None else []),
        *([UNLIKE] if is_unlike else []),
    ]
    return "; ".join(reasons) or None
