"""What a finished run leaves behind, as the checks read it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from entropice.learning.folds import SCHEMES
from entropice.learning.folds.table import has_role
from entropice.learning.training_table import feature_columns
from entropice.types import BoolArray, FloatArray


@dataclass(frozen=True)
class Artefacts:
    """The artefacts of one run, and what was declared of it.

    Attributes
    ----------
    table, folds, fold_classes, out_of_fold, cube
        The datasets ``training_table``, ``folds``, ``fold_classes``, ``out_of_fold`` and ``features``.
    places
        ``block x_m y_m lon_deg lat_deg`` of every tested cell, indexed by ``cell_id``: block, centre in EPSG:6931 and
        in degrees.
    buffer_m
        Declared distance between centres of training and test cells.
    n_classes
        Declared number of classes.
    n_refit_folds
        Spatial folds to be fitted again.
    refit
        Fits the declared models to the training rows of some folds (rows of `folds`) and predicts the test rows, as
        ``out_of_fold``.
    """

    table: pd.DataFrame
    folds: pd.DataFrame
    fold_classes: Mapping[str, Mapping[str, Any]]
    out_of_fold: pd.DataFrame
    cube: xr.Dataset
    places: pd.DataFrame
    buffer_m: float
    n_classes: int
    n_refit_folds: int
    refit: Callable[[pd.DataFrame], pd.DataFrame]

    @cached_property
    def features(self) -> pd.DataFrame:
        """The feature columns of the training table, (n, n_feature), row by row."""
        return self.table[feature_columns(self.table)]

    @cached_property
    def place_of_row(self) -> pd.DataFrame:
        """`places` of each row of the training table, row by row: columns ``block x_m y_m lon_deg lat_deg``, (n).

        A cell without a place is a KeyError.
        """
        return self.places.loc[self.table["cell_id"]].reset_index(drop=True)

    @cached_property
    def coordinates_m(self) -> FloatArray:
        """Coordinates (n, 2) of each row of the training table, in metres of EPSG:6931."""
        return self.place_of_row[["x_m", "y_m"]].to_numpy(dtype=np.float64)

    @cached_property
    def is_positive(self) -> BoolArray:
        """Whether each row of the training table has slumps, shape (n,); those of unknown area do."""
        return np.asarray(self.table["rts_area_fraction"] != 0)

    def masks(self, *, apart: bool) -> Iterator[tuple[str, BoolArray, BoolArray]]:
        """Name "scheme/fold", training rows (n,) and test rows (n,) of each fold, in the order of the table of folds.

        Of all schemes, or, with `apart`, of those that keep blocks apart (``spatial``, ``region`` and ``year``:
        `Scheme.keeps_blocks_apart`). A scheme that is not in the registry is a KeyError with `apart`. Rows are those of
        the training table.
        """
        for (scheme, fold), roles in self.folds.groupby(["scheme", "fold"], sort=False):
            if not apart or SCHEMES[str(scheme)].keeps_blocks_apart:
                # By the roles as they were written, not dealt again: the alarm asks what was done.
                is_train, is_test = (has_role(self.table, roles, role) for role in ("train", "test"))
                yield f"{scheme}/{fold}", is_train, is_test
