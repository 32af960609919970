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
        """The ground with its margin.

        Examples
        --------
        >>> Core(Place(0.0, 40.0, 10.0, 4, 2020), margin_px=1).seen
        Place(left_m=-10.0, top_m=50.0, pixel_m=10.0, n_pixels=6, year=2020)
        """
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
        """Rows and columns of the ground in an image (row, column) of what is seen."""
        inside = slice(self.margin_px, self.margin_px + self.place.n_pixels)
        return inside, inside


def sums_by_label(labels: Labels, n_objects: int, values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Sums (n,) of values (row, column) over the pixels of labels 1 … n; NaN counts for nothing.

    Parameters
    ----------
    labels
        (row, column), 0 between objects.
    n_objects
        n; an object without a pixel has the sum 0.
    values
        By name, (row, column) each.

    Returns
    -------
    dict
        float64 (n,) by the same names.

    Examples
    --------
    >>> sums_by_label(np.array([[1, 1, 0, 3]], np.int32), 3, {"p": np.array([[0.5, np.nan, 9.0, 2.0]])})["p"].tolist()
    [0.5, 0.0, 2.0]
    """
    place = np.flatnonzero(labels)
    label = labels.reshape(-1)[place]

    def summed(of_pixels: FloatArray) -> FloatArray:
        weights = np.nan_to_num(of_pixels.reshape(-1)[place])
        return np.bincount(label, weights=weights, minlength=n_objects + 1)[1:].astype(np.float64)

    return {name: summed(of_pixels) for name, of_pixels in values.items()}


def is_beside_unknown(labels: Labels, n_objects: int, is_known: BoolArray, reach_px: int) -> BoolArray:
    """Whether (n,) an object or its zone touches ground that is not known, so that it may go on there.

    Parameters
    ----------
    labels, is_known
        (row, column); objects 1 … n, and where the image is known. The edge of the image is not unknown ground.
    reach_px
        Of zones: an object is beside unknown ground where that lies within `reach_px` + 1 rows and columns of it.

    Examples
    --------
    >>> labels, is_known = np.array([[1, 0, 0, 2, 0]], np.int32), np.array([[True, True, True, True, False]])
    >>> is_beside_unknown(labels, 2, is_known, 0).tolist(), is_beside_unknown(labels, 2, is_known, 3).tolist()
    ([False, True], [True, True])
    """
    near = ndimage.binary_dilation(~is_known, structure=_EIGHT_NEIGHBOURS, iterations=reach_px + 1)
    beside = np.zeros(n_objects + 1, dtype=bool)
    beside[labels[near]] = True
    return beside[1:]


def same_pieces(outlines: Geometries, tiles: IntArray) -> IntArray:
    """Number (n,) from 0 the objects that outlines, as tiles see them with their margins, are pieces of.

    Outlines of different tiles that share a point are of one object; a tile's own objects are apart, unless those of
    other tiles link them.

    Parameters
    ----------
    outlines
        (n,) polygons of one projected CRS.
    tiles
        (n,) number of the tile that each was found in.

    Returns
    -------
    IntArray
        int64 (n,), numbered by first outline.

    Examples
    --------
    Two objects of tile 0 that one of tile 1 touches, and one that nothing touches:

    >>> outlines = shapely.box([0.0, 4.0, 2.0, 9.0], 0.0, [2.0, 5.0, 4.0, 10.0], 1.0)
    >>> same_pieces(outlines, np.array([0, 0, 1, 1])).tolist()
    [0, 0, 0, 1]
    """
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    is_link = tiles[one] != tiles[other]
    # Touching is enough, without a least overlap: margins of neighbours show the same ground, so a piece that meets
    # another there is the same object seen twice. Components, not pairs, as a long slump crosses more than two tiles.
    links = coo_array((np.ones(is_link.sum()), (one[is_link], other[is_link])), shape=(len(outlines), len(outlines)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)
