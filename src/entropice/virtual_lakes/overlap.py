"""Which pixels a place and a region share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from entropice.imagery.samples import Place
from entropice.virtual_lakes.regions import Region, corner_px
from entropice.virtual_lakes.specification import BLOCK_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    T = TypeVar("T", bound=np.generic)
    Field = NDArray[T]
else:
    Field = Any


@dataclass(frozen=True)
class Overlap:
    """Rows and columns that a place and a region share.

    Attributes
    ----------
    n_pixels
        Along an edge of the place.
    of_region
        As the region counts them.
    of_place
        As the place does.
    of_blocks
        The least whole pixels of the coarsest bands that hold them, as the region counts its own.
    of_view
        As these count them.
    """

    n_pixels: int
    of_region: tuple[slice, slice]
    of_place: tuple[slice, slice]
    of_blocks: tuple[slice, slice]
    of_view: tuple[slice, slice]

    def in_place(self, field: "Field[T]") -> "Field[T]":
        """What a region's field (row, column) has there, 0 elsewhere in the place.

        (n_pixels, n_pixels) of the field's dtype.
        """
        return self._laid(field[self.of_region])

    def from_view(self, values: "Field[T]") -> "Field[T]":
        """What fields of the rows and columns `of_blocks`, shape (…, row, column), have there, 0 elsewhere.

        (…, n_pixels, n_pixels).
        """
        return self._laid(values[..., *self.of_view])

    def _laid(self, part: "Field[T]") -> "Field[T]":
        laid = np.zeros((*part.shape[:-2], self.n_pixels, self.n_pixels), dtype=part.dtype)
        laid[..., *self.of_place] = part
        return laid


def overlap_of(region: Region, place: Place) -> Overlap:
    """Of two that share pixels.

    `region_at` tells whether they do; of others what is given means nothing.

    Examples
    --------
    >>> region = Region(0, "r", 60.0, left_m=0.0, top_m=1200.0, n_pixels=120)
    >>> shared = overlap_of(region, Place(-50.0, 1200.0, 10.0, n_pixels=10, year=2021))
    >>> shared.of_region[1], shared.of_place[1], shared.of_blocks[1]
    (slice(0, 5, None), slice(5, 10, None), slice(0, 6, None))
    """
    first = corner_px(region, place)
    shared = [(max(px, 0), min(px + place.n_pixels, region.n_pixels)) for px in first]
    blocks = [(start // BLOCK_PX * BLOCK_PX, -(-stop // BLOCK_PX) * BLOCK_PX) for start, stop in shared]
    starts = [start for start, _ in blocks]
    return Overlap(
        n_pixels=place.n_pixels,
        of_region=_moved(shared, (0, 0)),
        of_place=_moved(shared, first),
        of_blocks=_moved(blocks, (0, 0)),
        of_view=_moved(shared, (starts[0], starts[1])),
    )


def _moved(spans: list[tuple[int, int]], by: tuple[int, int]) -> tuple[slice, slice]:
    rows, columns = (slice(start - px, stop - px) for (start, stop), px in zip(spans, by, strict=True))
    return rows, columns
