"""Shares of ice from stored numbers: what is a flag is unknown, and never ice."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from entropice.errors import MAX_SAMPLE, InputFileError
from entropice.types import Float32Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Stored = NDArray[Any]
else:
    Stored = Any

_ROUNDING: Final = 1e-4
"""A share stored as a float may miss 0 or 1 by this much."""


@dataclass(frozen=True)
class Coding:
    """How stored numbers say shares, and what some of them say instead.

    Attributes
    ----------
    scale, offset
        A share is a stored number times `scale`, plus `offset`.
    flags
        Stored number → what it means; it says no share.
    """

    scale: float
    offset: float
    flags: Mapping[float, str]


def shares_of(stored: Stored, coding: Coding, path: Path) -> Float32Array:
    """Shares from 0 to 1, NaN where a flag stands; same shape.

    A share is `stored` · `scale` + `offset`, float32. NaN and infinite numbers are unknown, too. A share that rounding
    has left beyond 0 or 1, by 10⁻⁴ at most, becomes that.

    `stored` may have any shape and type of numbers, and is not changed; `path` is named in messages.

    Raises
    ------
    InputFileError
        A number is neither a share nor a declared flag.

    Examples
    --------
    >>> coding = Coding(scale=0.01, offset=0.0, flags={254: "land"})
    >>> shares_of(np.array([0, 50, 100, 254]), coding, Path("ice.nc")).tolist()
    [0.0, 0.5, 1.0, nan]
    """
    is_flag = np.isin(stored, list(coding.flags)) | ~np.isfinite(stored)
    shares = np.where(is_flag, np.nan, stored * coding.scale + coding.offset)
    _refuse_beyond(stored, shares, coding, path)
    return np.clip(shares, 0, 1).astype(np.float32)


def _refuse_beyond(stored: Stored, shares: Stored, coding: Coding, path: Path) -> None:
    beyond = np.unique(stored[(shares < -_ROUNDING) | (shares > 1 + _ROUNDING)])
    if beyond.size:
        declared = ", ".join(f"{number:g} {meaning}" for number, meaning in coding.flags.items())
        raise InputFileError(
            "The file holds numbers that are neither a share of ice nor a declared flag.",
            path=path,
            field="values",
            got=", ".join(f"{number:g}" for number in beyond[:MAX_SAMPLE].tolist()),
            expected=f"0 to 1 after scaling by {coding.scale:g}; flags: {declared or 'none declared'}",
            fix="name the product that the file is of: its unit or its flags are others",
        )
