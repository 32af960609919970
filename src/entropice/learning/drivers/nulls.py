"""Layers that mean nothing but look like the real ones: the same layers, turned about the middle of the land.

A turned layer keeps its spatial spectrum, its distribution and its relation to all other turned layers, and has lost
its relation to the place. Where a turn leads to the sea, the nearest land is taken. Copies stand beside the real layers
in one fit, so that both compete for the same credit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.view_groups import COPY
from entropice.learning.training_table import KEYS, feature_frame
from entropice.types import DataFrame, Dataset, FloatArray, IntArray

SMALLEST_TURN_DEG: Final = 30.0
"""Layers that are smooth over long distances hardly change in smaller turns."""


@dataclass(frozen=True)
class Land:
    """Where layers are known.

    Attributes
    ----------
    coordinates_m
        (n_cell, 2) in EPSG:6931.
    layers
        The features (n, n_feature) that the training rows would have if they lay in other cells, given by their
        numbers (n,).
    n_bytes
        Memory of what the layers are taken from.
    """

    coordinates_m: FloatArray
    layers: Callable[[IntArray], DataFrame]
    n_bytes: int = 0


def land_of(cube: Dataset, coordinates_m: FloatArray, groups: Mapping[str, str], years: IntArray) -> Land:
    """The cells of a cube, at (n_cell, 2), that know something of every group in the years (n,) of the training rows.

    A copy of nothing known would be worth nothing, and the real layer beside it a driver. Where no cell knows something
    of every group, all are taken.

    Parameters
    ----------
    cube
        Features on dims ("cell", "year"); those that no group names are not looked at.
    coordinates_m
        (n_cell, 2) of its cells, in EPSG:6931.
    groups
        Feature group by name of the layers.
    years
        (n,) of the training rows, row by row.

    Returns
    -------
    Land
        The cells that are taken, in the order of the cube; its layers have the columns of the cube, and row i is of the
        year of training row i.

    Raises
    ------
    FeatureError
        If the cube lacks a year, or holds an infinite value.
    """
    known_years, place_of_year = np.unique(years, return_inverse=True)
    names = list(groups)
    everywhere = feature_frame(cube.drop_vars(cube.data_vars.keys() - set(names)), known_years.tolist()).iloc[
        :, len(KEYS) :
    ]
    knows_all = everywhere.notna().T.groupby(groups.__getitem__).any().all().to_numpy()
    in_all_years = knows_all.reshape(-1, len(known_years)).all(axis=1)
    cells = np.flatnonzero(in_all_years if in_all_years.any() else ~in_all_years)

    def layers(numbers: IntArray) -> DataFrame:
        return everywhere.iloc[cells[numbers] * len(known_years) + place_of_year].reset_index(drop=True)

    return Land(coordinates_m[cells], layers, int(everywhere.memory_usage(index=False).sum()))


@dataclass(frozen=True)
class Turn:
    """A rotation by some angle, after a reflection or without one.

    Attributes
    ----------
    angle_deg
        Counterclockwise, in degrees.
    is_mirrored
        Whether x changes its sign before.
    """

    angle_deg: float
    is_mirrored: bool

    def __call__(self, coordinates_m: FloatArray, middle_m: FloatArray) -> FloatArray:
        """Coordinates (n, 2) turned about a middle (2,), counterclockwise.

        A mirrored turn changes the sign of x before, as seen from the middle.

        Examples
        --------
        >>> place_m, middle_m = np.array([[2.0, 0.0]]), np.array([1.0, 0.0])
        >>> [Turn(90.0, is_mirrored)(place_m, middle_m).round(6).tolist() for is_mirrored in (False, True)]
        [[[1.0, 1.0]], [[1.0, -1.0]]]
        """
        cosine, sine = np.cos(np.deg2rad(self.angle_deg)), np.sin(np.deg2rad(self.angle_deg))
        flip = -1.0 if self.is_mirrored else 1.0
        turned: FloatArray = (coordinates_m - middle_m) @ np.array([[flip * cosine, flip * sine], [-sine, cosine]])
        return turned + middle_m


def turns(n: int, random: np.random.Generator) -> list[Turn]:
    """Turns at random angles, one in each of n equal parts of 30° to 330°; every other one mirrored, the first is not.

    Examples
    --------
    >>> four = turns(4, np.random.default_rng(0))
    >>> [int((turn.angle_deg - 30) // 75) for turn in four], [turn.is_mirrored for turn in four]
    ([0, 1, 2, 3], [False, True, False, True])
    """
    # Stratified, so that few turns do not lie side by side; mirrored ones give as many layers again that are unlike.
    places = (np.arange(n) + random.random(n)) / n
    angles_deg = SMALLEST_TURN_DEG + (360 - 2 * SMALLEST_TURN_DEG) * places
    return [Turn(float(angle), number % 2 == 1) for number, angle in enumerate(angles_deg)]


def middle_of(coordinates_m: FloatArray) -> FloatArray:
    """The pole (2,) where cells (n, 2) lie all around it, so that turns keep latitudes; else the cells' mean place.

    In metres of EPSG:6931. Cells lie all around where no gap between their bearings from the pole is half a circle or
    more.

    Examples
    --------
    >>> around = np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -1.0]])
    >>> middle_of(around).tolist(), middle_of(around + 10.0).round(4).tolist()
    ([0.0, 0.0], [9.6667, 10.0])
    """
    # Layers of the Arctic change most along latitude. Turned about the pole a copy keeps that change, and what is left
    # to tell it from the real layer is the place; turned about elsewhere it would be told by its latitude alone.
    bearings = np.sort(np.arctan2(coordinates_m[:, 1], coordinates_m[:, 0]))
    widest_gap = np.diff(bearings, append=bearings[:1] + 2 * np.pi).max()
    return np.zeros(2) if widest_gap < np.pi else coordinates_m.mean(axis=0)


def turned_cells(coordinates_m: FloatArray, land: Land, turn: Turn) -> IntArray:
    """Number of the land cell (n,) where each place (n, 2), in metres, comes to lie, or of the nearest one.

    Numbers are those of the cells of `land`; the turn is about `middle_of` these.

    Examples
    --------
    Half a turn about the mean place, 1.5: 0 comes to lie at 3.

    >>> places_m = np.column_stack([np.array([0.0, 1.0, 2.0, 3.0]), np.ones(4)])
    >>> land = Land(places_m, lambda numbers: pd.DataFrame(index=numbers))
    >>> turned_cells(places_m, land, Turn(180.0, False)).tolist()
    [3, 2, 1, 0]
    """
    _, numbers = KDTree(land.coordinates_m).query(turn(coordinates_m, middle_of(land.coordinates_m)))
    return np.asarray(numbers, dtype=np.int64)


def with_copies(inner_folds: InnerFolds, land: Land, names: Sequence[str], turn: Turn) -> InnerFolds:
    """The same rows with turned copies of the named features beside the real ones, in groups of their own.

    Copies are the columns ``<feature> (turned)``, in groups ``<group> (turned)``; each row takes the values, in its own
    year, of the cell where its place comes to lie (`turned_cells`). Rows, classes, folds and the real columns stay.
    """
    samples = inner_folds.samples
    copies = land.layers(turned_cells(samples.coordinates_m, land, turn))[list(names)]
    copies = copies.set_axis(samples.features.index).add_suffix(COPY)
    groups: Mapping[str, str] = {name + COPY: samples.groups[name] + COPY for name in names}
    seen = pd.concat([samples.features, copies], axis="columns")
    return replace(inner_folds, samples=replace(samples, features=seen, groups={**samples.groups, **groups}))


def copies_of(names: Sequence[str]) -> list[str]:
    """Names of the copies of features, in order.

    Examples
    --------
    >>> copies_of(["rain_mm"])
    ['rain_mm (turned)']
    """
    return [name + COPY for name in names]
