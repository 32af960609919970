"""Fields of concentration: every day or month once, one grid, what is unknown as NaN."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from entropice.errors import InputFileError
from entropice.sources.ice.warping import warped
from entropice.sources.imagery.placing import RasterPlace, require_same_place
from entropice.sources.series.declaration import SeriesProduct
from entropice.sources.series.fields import dataset_of, variable_of
from entropice.sources.series.following import require_following
from entropice.types import Dataset, Float32Array


@dataclass(frozen=True, kw_only=True)
class DatedPlace:
    """What the header of a file says of one day or month.

    Attributes
    ----------
    day
        Midnight of the day, or of the first day of the month.
    place
        Where the pixels lie.
    path
        The file that they are of.
    """

    day: pd.Timestamp
    place: RasterPlace
    path: Path


@dataclass(frozen=True, kw_only=True)
class DatedField(DatedPlace):
    """Shares of ice of one day or month.

    Attributes
    ----------
    shares
        (row, column), row 0 in the north; NaN where unknown.
    """

    shares: Float32Array


def require_one_series(steps: Sequence[DatedPlace], duration: str) -> None:
    """Pass only days or months on one grid that follow each other, in whatever order they are given.

    `duration` is the step, ISO 8601, such as ``P1D``; none, or one alone, passes. Of days, a pause of 60 or more is
    between seasons and passes.

    Raises
    ------
    InputFileError
        Another grid on one of them, two steps of one date, one that is missing, or steps of another length.
    """
    for step in steps[1:]:
        require_same_place(step.place, steps[0].place, step.path)
    require_following(sorted(steps, key=lambda step: step.day), duration)


def fields_of(dated: Iterable[DatedField], place: RasterPlace, product: SeriesProduct) -> Dataset:
    """Days or months of one grid, in order of time, warped to a grid of the house (see `warped`).

    Parameters
    ----------
    dated
        Shares of each step on its own grid, at least one, in any order; they are taken one at a time.
    place
        The grid that they come to lie on.
    product
        Whose band, step and credit they are of.

    Returns
    -------
    Dataset
        The product's band, float32 (time, y, x), NaN where unknown; coordinates and attributes as `dataset_of` says.

    Raises
    ------
    InputFileError
        Several grids, two steps of one date, one that is missing, steps of another length, or nothing known on any.
    """
    # one at a time, so that files may be much larger than the grid
    on_grid = [replace(field, shares=warped(field.shares, field.place, place)) for field in dated]
    require_one_series(on_grid, product.step)
    ordered = sorted(on_grid, key=lambda field: field.day)
    shares = np.stack([field.shares for field in ordered])
    _refuse_nothing_known(shares, ordered[0], place)
    variables = {product.band: variable_of(product.band, shares)}
    return dataset_of(variables, [field.day for field in ordered], place, product)


def _refuse_nothing_known(shares: Float32Array, field: DatedField, place: RasterPlace) -> None:
    if np.isnan(shares).all():
        raise InputFileError(
            "Nothing is known in the grid at any time.",
            path=field.path,
            field="grid",
            got=str(field.place),
            expected=f"sea within {place}",
            fix="take the files of the northern hemisphere, or another grid",
        )
