"""Objects of a mask by their area on the ground."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from entropice.dggs.polar import scale_at
from entropice.imagery.objects import find_objects
from entropice.imagery.samples import Place, Sample
from entropice.types import FloatArray, IntArray
from entropice.units import M2_PER_HECTARE


def size_class_names(edges_m2: Sequence[float]) -> tuple[str, ...]:
    """Names of the classes (n_edge + 1) between rising edges, in hectares; none where nothing is told apart.

    Examples
    --------
    >>> size_class_names([5000, 20000])
    ('below 0.5 ha', '0.5 to 2 ha', '2 ha or more')
    """
    if not edges_m2:
        return ()
    edges_ha = [f"{edge_m2 / M2_PER_HECTARE:g}" for edge_m2 in edges_m2]
    between = (f"{low} to {high} ha" for low, high in pairwise(edges_ha))
    return (f"below {edges_ha[0]} ha", *between, f"{edges_ha[-1]} ha or more")


def size_classes(areas_m2: FloatArray, edges_m2: Sequence[float]) -> IntArray:
    """Number of the class of each area (n,), from 0; an area at an edge is of the upper class.

    Examples
    --------
    >>> size_classes(np.array([4999.0, 5000.0, 20000.0]), [5000.0, 20000.0]).tolist()
    [0, 1, 2]
    """
    return np.searchsorted(np.asarray(edges_m2, dtype=np.float64), areas_m2, side="right").astype(np.int64)


def sized_target(sample: Sample, edges_m2: Sequence[float]) -> IntArray:
    """Pixels (row, column) of a mask: 0 of ground, else 1 and the number of the class of the object they are of.

    An object, whose pixels touch by an edge or a corner, is as large as what of it lies in the image, scored or not.

    Its area is that on the ground, by the scale in the middle of the place.

    Examples
    --------
    At 70° N, where the scale is 1, a pixel of 10 m has 100 m²; objects of one and of two pixels:

    >>> from entropice.dggs.polar import project
    >>> [(x_m, y_m)] = project(np.array([0.0]), np.array([70.0]))
    >>> mask, place = np.array([[1, 0, 1, 1]], np.uint8), Place(x_m - 20.0, y_m + 20.0, 10.0, 4, 2020)
    >>> sized_target(Sample("a", None, mask, mask >= 0, place), [150.0]).tolist()
    [[1, 0, 2, 2]]
    """
    mask = sample.target.astype(bool)
    objects = find_objects(mask, sample.scored)
    areas_m2 = objects.n_pixels.astype(np.float64) * ground_pixel_m2(sample.place)
    return np.concatenate([[0], size_classes(areas_m2, edges_m2) + 1])[objects.labels]


def ground_pixel_m2(place: Place) -> float:
    """Area on the ground in m² of a pixel in the middle of a place: (``pixel_m`` / k)², k the scale of EPSG:3413 there.

    k is `entropice.dggs.polar.scale_at` of `Place.centre_m`.

    Examples
    --------
    At the pole lengths in EPSG:3413 are 0.97 of those on the ground:

    >>> round(ground_pixel_m2(Place(-20.0, 20.0, 10.0, 4, 2020)), 1)
    106.3
    """
    (scale,) = scale_at(np.array([place.centre_m]))
    return float((place.pixel_m / scale) ** 2)
