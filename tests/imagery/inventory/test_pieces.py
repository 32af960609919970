"""Pieces of objects from tiles are the objects of the whole ground."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.imagery.found_objects import outlines_of
from entropice.imagery.inventory.pieces import Core, is_beside_unknown, same_pieces, sums_by_label
from entropice.imagery.objects import find_objects
from entropice.imagery.samples import Place

EDGE = 8
WHOLE = Place(0.0, 0.0, 10.0, 2 * EDGE, 2021)
CORES = [Core(Place(80.0 * column, -80.0 * row, 10.0, EDGE, 2021), 3) for row in (0, 1) for column in (0, 1)]


def cut(image, core):
    padded = np.pad(image, core.margin_px)
    row, column = round(-core.place.top_m / 10), round(core.place.left_m / 10)
    n = core.seen.n_pixels
    return padded[row : row + n, column : column + n]


@settings(max_examples=60)
@given(arrays(np.bool_, (2 * EDGE, 2 * EDGE), elements=st.booleans()))
def test_objects_put_together_from_pieces_are_those_of_the_whole(mask):
    """Whatever crosses a border is linked: objects, pixels and their areas are as without tiles."""
    outlines, tiles, n_pixels = [], [], []
    for number, core in enumerate(CORES):
        here = cut(mask, core)
        objects = find_objects(here, np.ones_like(here))
        ground = np.zeros(here.shape)
        ground[core.pixels] = 1
        counted = sums_by_label(objects.labels, len(objects.n_pixels), {"n": ground})["n"]
        kept = counted > 0
        outlines.extend(outlines_of(objects.labels, core.seen)[kept])
        n_pixels.extend(counted[kept])
        tiles.extend([number] * int(kept.sum()))
    whole = find_objects(mask, np.ones_like(mask))
    if not outlines:
        assert len(whole.n_pixels) == 0
        return
    numbers = same_pieces(np.array(outlines, dtype=object), np.array(tiles))
    joined = np.bincount(numbers, weights=n_pixels)
    assert sum(n_pixels) == mask.sum()
    # An object whose pieces meet in no margin stays in parts, which needs a way around of more than the margin.
    assert len(joined) >= len(whole.n_pixels)
    if not _winds(mask):
        assert sorted(joined) == sorted(whole.n_pixels)


def _winds(mask):
    """Whether a tile with its margin sees one object of the whole in several parts."""
    labels = find_objects(mask, np.ones_like(mask)).labels
    for core in CORES:
        parts, own = find_objects(cut(mask, core), np.ones_like(cut(mask, core))).labels, cut(labels, core)
        if any(len(np.unique(parts[own == number])) > 1 for number in np.unique(own[own > 0])):
            return True
    return False


def test_a_core_lies_inside_what_is_seen():
    core = Core(Place(100.0, 200.0, 10.0, 4, 2021), 2)
    assert core.seen == Place(80.0, 220.0, 10.0, 8, 2021)
    assert np.arange(8)[core.pixels[0]].tolist() == [2, 3, 4, 5]


def test_objects_beside_what_is_not_known():
    labels = np.zeros((5, 7), dtype=np.int32)
    labels[1, 1], labels[3, 5] = 1, 2
    is_known = np.ones((5, 7), dtype=bool)
    is_known[2, 2] = False
    assert is_beside_unknown(labels, 2, is_known, 0).tolist() == [True, False]
    assert is_beside_unknown(labels, 2, is_known, 2).tolist() == [True, True]
    assert is_beside_unknown(labels, 2, np.ones_like(is_known), 3).tolist() == [False, False]


def test_sums_leave_out_what_is_nan():
    labels = np.array([[1, 1, 0], [2, 2, 2]], dtype=np.int32)
    values = np.array([[1, np.nan, 9], [1, 2, 3.0]])
    assert sums_by_label(labels, 3, {"x": values})["x"].tolist() == [1, 6, 0]
