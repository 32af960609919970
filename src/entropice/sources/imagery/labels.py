"""What a mask of labels says."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from entropice.errors import InputFileError
from entropice.types import BoolArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]
else:
    Mask = Any

IGNORED: Final = 255
_KNOWN: Final = (0, 1, IGNORED)


def require_label_values(values: Mask, path: Path) -> None:
    """Refuse a mask of other values than 0, 1 and 255.

    Raises
    ------
    InputFileError
        There are others.

    Examples
    --------
    >>> try:
    ...     require_label_values(np.array([0, 1, 2], dtype=np.uint8), Path("tile_label.tif"))
    ... except InputFileError as error:
    ...     error.got, error.sample
    ('1 pixels of other values', [2])
    """
    others = sorted(set(np.unique(values).tolist()) - set(_KNOWN))
    if others:
        raise InputFileError(
            "A label has values that mean nothing.",
            path=path,
            field="values",
            got=f"{int(np.isin(values, others).sum())} pixels of other values",
            expected="0 no, 1 yes, 255 ignore",
            sample=others,
            fix="rasterise the outlines with 1 inside and 0 outside",
        )


def target_and_scored(values: Mask) -> tuple[Mask, BoolArray]:
    """0 or 1 of each pixel, uint8, and where that counts; 0 where it does not. Both have the shape of `values`.

    Examples
    --------
    >>> target, scored = target_and_scored(np.array([0, 1, 255], dtype=np.uint8))
    >>> target.tolist(), scored.tolist()
    ([0, 1, 0], [True, True, False])
    """
    scored = values != IGNORED
    return np.where(scored, values, 0).astype(np.uint8), scored
