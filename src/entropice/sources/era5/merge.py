"""Values of one time from several climate files: final before preliminary, and no two that contradict each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.sources.era5.slices import VariableSlice
from entropice.sources.era5.validity import Stamps
from entropice.types import BoolArray, Float32Array

AGREEMENT: Final = 1e-4
"""How far two files may differ where they overlap, in parts of what the variable can be: each is packed on its own."""


@dataclass(frozen=True, eq=False)
class Merged:
    """Values of some stamps from all slices that hold them.

    Attributes
    ----------
    values
        float32, shape (n_stamp, n_row, n_lon), in the table's unit; NaN where no file has a value.
    is_preliminary
        Shape (n_stamp,): whether any of its values is.
    """

    values: Float32Array
    is_preliminary: BoolArray


def merge(slices: Sequence[VariableSlice], stamps: Stamps, rows: slice) -> Merged:
    """Values of a variable at some stamps: final where a file has them, else preliminary, never added up.

    Of two files that hold a value of one place and time, and differ by no more than 10⁻⁴ of the variable's range
    (`AGREEMENT`; `maximum` − `minimum`), the larger counts; NaN in one gives way to a value in another.

    Parameters
    ----------
    slices
        Of one variable, at least one.
    stamps
        Ascending, datetime64[s], shape (n_stamp,), at least one.
    rows
        Of the ascending latitudes: what is read.

    Raises
    ------
    InputFileError
        A file is damaged.
    SchemaError
        A stamp that no file holds, an impossible value, or two final or two preliminary files with different values.
    """
    near = [part for part in slices if part.touches(stamps[0], stamps[-1])]
    _require_stamps(slices, near, stamps)
    values = _values(near, stamps, rows, preliminary=False)
    is_filled = np.zeros(len(stamps), dtype=bool)
    late = stamps[np.isin(stamps, np.concatenate([part.stamps[part.is_preliminary] for part in near]))]
    if len(late):
        targets = np.searchsorted(stamps, late)
        preliminary = _values(near, late, rows, preliminary=True)
        # Value by value: the Climate Data Store fills up with NaN what a version of a joint file does not hold.
        is_new = np.isnan(values[targets]) & ~np.isnan(preliminary)
        values[targets] = np.where(is_new, preliminary, values[targets])
        is_filled[targets] = is_new.any(axis=(1, 2))
    return Merged(values, is_filled)


def _values(slices: Sequence[VariableSlice], stamps: Stamps, rows: slice, *, preliminary: bool) -> Float32Array:
    """Values of the final or of the preliminary slices, NaN where there are none; of two that agree, the larger."""
    axes = slices[0].axes
    n_rows = len(axes.lat_deg[rows])
    values = np.full((len(stamps), n_rows, len(axes.lon_deg)), np.nan, np.float32)
    is_covered = np.zeros(len(stamps), dtype=bool)
    for part in slices:
        found = np.flatnonzero((part.is_preliminary == preliminary) & np.isin(part.stamps, stamps))
        for steps in part.read_in_turn(found, n_rows):
            targets, block = np.searchsorted(stamps, part.stamps[steps]), part.read(steps, rows)
            again, first = np.flatnonzero(is_covered[targets]), np.flatnonzero(~is_covered[targets])
            _require_agreement(part, stamps[targets[again]], values[targets[again]], block[again])
            values[targets[again]] = np.fmax(values[targets[again]], block[again])
            values[targets[first]] = block if len(first) == len(block) else block[first]
            is_covered[targets] = True
    return values


def _require_stamps(slices: Sequence[VariableSlice], near: Sequence[VariableSlice], stamps: Stamps) -> None:
    is_held = np.zeros(len(stamps), dtype=bool)
    for part in near:
        is_held |= np.isin(stamps, part.stamps)
    if not is_held.all():
        raise SchemaError(
            "The climate files do not hold some times.",
            path=slices[0].origin,
            field=slices[0].variable.name,
            got=f"{np.count_nonzero(~is_held)} of {len(stamps)} missing",
            expected="every time that the years need",
            sample=stamps[~is_held],
            fix="request them and put them beside the others, or narrow the years",
        )


def _require_agreement(part: VariableSlice, stamps: Stamps, there: Float32Array, block: Float32Array) -> None:
    variable = part.variable
    differs = np.abs(there - block) > AGREEMENT * (variable.maximum - variable.minimum)
    if differs.any():
        raise SchemaError(
            "Two climate files hold different values of the same time.",
            path=part.origin,
            field=variable.name,
            got=f"{block[differs][0]:g} where another file has {there[differs][0]:g} {variable.units}",
            expected="equal values wherever files overlap",
            sample=stamps[differs.any(axis=(1, 2))],
            fix="keep one of the files, or download both again",
        )
