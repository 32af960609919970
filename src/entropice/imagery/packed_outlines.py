"""Geometries as plain arrays, so that results of tiles can hold them."""

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from entropice.types import Geometries, IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    ByteArray = NDArray[np.uint8]
else:
    ByteArray = Any


def packed(geometries: Geometries) -> tuple[ByteArray, IntArray]:
    """WKB of geometries (n,) end to end, and where each ends (n,); `unpacked` is the inverse."""
    pieces = [shapely.to_wkb(geometry) for geometry in geometries]
    ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
    return np.frombuffer(b"".join(pieces), dtype=np.uint8), ends


def unpacked(wkb: ByteArray, ends: IntArray) -> Geometries:
    """Geometries (n,) that were laid end to end."""
    parts = np.split(wkb, ends)[:-1]
    return np.asarray(shapely.from_wkb([part.tobytes() for part in parts]), dtype=object)
