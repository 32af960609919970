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
    """WKB of geometries (n,) end to end, and where each ends (n,); `unpacked` is the inverse.

    Examples
    --------
    >>> wkb, ends = packed(np.array([shapely.Point(0, 1), shapely.box(0, 0, 1, 1)], dtype=object))
    >>> ends.tolist(), wkb.dtype.name, [geometry.geom_type for geometry in unpacked(wkb, ends)]
    ([21, 114], 'uint8', ['Point', 'Polygon'])
    """
    pieces = [shapely.to_wkb(geometry) for geometry in geometries]
    ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
    return np.frombuffer(b"".join(pieces), dtype=np.uint8), ends


def unpacked(wkb: ByteArray, ends: IntArray) -> Geometries:
    """Geometries (n,) that `packed` has laid end to end, exactly as they were; object.

    Examples
    --------
    >>> boxes = shapely.box([0.0, 5.0], 0.0, [1.0, 9.0], 1.0)
    >>> bool(shapely.equals_exact(unpacked(*packed(boxes)), boxes).all())
    True
    """
    parts = np.split(wkb, ends)[:-1]
    return np.asarray(shapely.from_wkb([part.tobytes() for part in parts]), dtype=object)
