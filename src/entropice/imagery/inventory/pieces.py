"""Objects of whole regions from tiles that know a margin around their own ground.

A tile finds objects on its ground and in the margin, and tells of each what lies on its ground alone: pixels, and what
adds up over them. Tiles share out the ground, so the sums of an object's pieces are those of the object, as long as the
margin holds the reach of a zone and what the network needs to see; pieces of one object overlap or touch in margins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from entropice.imagery.objects import Labels
from entropice.imagery.samples import Place
from entropice.types import BoolArray, FloatArray, Geometries, IntArray

_EIGHT_NEIGHBOURS: Final = np.ones((3, 3), dtype=bool)


@dataclass(frozen=True)
class Core:
    """A tile's own ground.

    Attributes
    ----------
    place
        The ground.
    margin_px
        What is seen around it on each side.
    """

    place: Place
    margin_px: int

    @property
    def seen(self) -> Place:
        """The ground with its margin."""
        reach_m = self.margin_px * self.place.pixel_m
        return Place(
            self.place.left_m - reach_m,
            self.place.top_m + reach_m,
            self.place.pixel_m,
            self.place.n_pixels + 2 * self.margin_px,
            self.place.year,
        )

    @property
    def pixels(self) -> tuple[slice, slice]:
        """The ground in an image (row, column) of what is seen."""
        inside = slice(self.margin_px, self.margin_px + self.place.n_pixels)
        return inside, inside


def sums_by_label(labels: Labels, n_objects: int, values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Sums (n,) of values (row, column) over the pixels of labels 1 … n; NaN counts for nothing."""
    place = np.flatnonzero(labels)
    label = labels.reshape(-1)[place]

    def summed(of_pixels: FloatArray) -> FloatArray:
        weights = np.nan_to_num(of_pixels.reshape(-1)[place])
        return np.bincount(label, weights=weights, minlength=n_objects + 1)[1:].astype(np.float64)

    return {name: summed(of_pixels) for name, of_pixels in values.items()}


def is_beside_unknown(labels: Labels, n_objects: int, is_known: BoolArray, reach_px: int) -> BoolArray:
    """Whether (n,) an object or its zone touches ground that is not known, so that it may go on there."""
    near = ndimage.binary_dilation(~is_known, structure=_EIGHT_NEIGHBOURS, iterations=reach_px + 1)
    beside = np.zeros(n_objects + 1, dtype=bool)
    beside[labels[near]] = True
    return beside[1:]


def same_pieces(outlines: Geometries, tiles: IntArray) -> IntArray:
    """Number (n,) from 0 the objects that outlines, as tiles see them with their margins, are pieces of.

    Outlines of different tiles that share a point are of one object; a tile's own objects are apart.
    """
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    is_link = tiles[one] != tiles[other]
    links = coo_array((np.ones(is_link.sum()), (one[is_link], other[is_link])), shape=(len(outlines), len(outlines)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)
