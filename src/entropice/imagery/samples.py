"""What a network sees, and what it should say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from entropice.types import BoolArray, Float32Array

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Target = NDArray[np.generic]
else:
    Target = Any


@dataclass(frozen=True)
class Place:
    """Where and when a square of pixels lies.

    Attributes
    ----------
    left_m, top_m
        Outer corner of the top-left pixel, EPSG:3413.
    pixel_m
        Edge of a pixel in EPSG:3413, which is not quite that on the ground: `entropice.dggs.polar.scale_at`.
    n_pixels
        Pixels along an edge.
    year
        Label year.
    """

    left_m: float
    top_m: float
    pixel_m: float
    n_pixels: int
    year: int

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in m, EPSG:3413; outer edges of pixels.

        Examples
        --------
        >>> Place(0.0, 100.0, 10.0, 4, 2020).bounds_m
        (0.0, 60.0, 40.0, 100.0)
        """
        edge_m = self.n_pixels * self.pixel_m
        return self.left_m, self.top_m - edge_m, self.left_m + edge_m, self.top_m

    @property
    def centre_m(self) -> tuple[float, float]:
        """x and y of the middle in m, EPSG:3413."""
        half_m = self.n_pixels * self.pixel_m / 2
        return self.left_m + half_m, self.top_m - half_m


@dataclass(frozen=True)
class Image:
    """Physical values with what is known of them.

    Attributes
    ----------
    bands
        Names of `entropice.imagery.bands`, in the order of the values.
    values
        float32, shape (…, band, row, column), row 0 in the north; 0 where not valid, which means nothing.
    valid
        Whether a value is known; same shape.
    """

    bands: tuple[str, ...]
    values: Float32Array
    valid: BoolArray


@dataclass(frozen=True)
class Sample:
    """One example of a task.

    Attributes
    ----------
    key
        Names it in its dataset.
    image
        What is seen. Leading dimensions before (band, row, column): none for one image, 2 for a change, time for
        frames.
    target
        What should be said: uint8 (row, column) of a mask, int64 () of a class, float32 (time, band, row, column) of
        frames.
    scored
        Where the target counts; the target's shape.
    place
        Where and when it is.
    """

    key: str
    image: Image
    target: Target
    scored: BoolArray
    place: Place


class Samples(Protocol):
    """Samples that are read when they are asked for; equal keys give equal samples, whoever asks and how often."""

    @property
    def keys(self) -> Sequence[str]:
        """All of them, each once, in an order that is always the same."""

    @property
    def bands(self) -> tuple[str, ...]:
        """What every image of them has, in this order."""

    def read(self, key: str) -> Sample:
        """The sample of a key; which error meets a key that is none of `keys` depends on where samples come from."""


class Scenery(Protocol):
    """What any place and year looks like; equal places give equal samples, whoever asks and how often.

    It can be sent to another process. Where nothing is known of the truth no pixel of a sample is scored.
    """

    def at(self, place: Place) -> Sample:
        """A place, seen: a sample of its rows and columns with this ``place``, scored where its truth is known."""
