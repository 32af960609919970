"""Mean and spread of every band over the tiles that are learned from, in one pass."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, Self

import numpy as np

from entropice.errors import InputFileError, SchemaError
from entropice.imagery.samples import Image
from entropice.types import FloatArray, IntArray

FILE: Final = "normalization_stats.json"
LAYOUT_VERSION: Final = 1
RGB: Final = ("red", "green", "blue")


@dataclass(frozen=True)
class BandStatistics:
    """Moments of bands over valid pixels.

    Attributes
    ----------
    bands
        Their names, in order.
    n_tiles
        Tiles they were measured on.
    n_pixels
        int64 (band,) valid pixels.
    mean
        float64 (band,), in the bands' units; NaN without a valid pixel.
    squares
        float64 (band,) sum of squared departures from the mean.
    """

    bands: tuple[str, ...]
    n_tiles: int
    n_pixels: IntArray
    mean: FloatArray
    squares: FloatArray

    @property
    def std(self) -> FloatArray:
        """Standard deviation (band,) of the pixels, with n in the denominator; NaN without a valid pixel."""
        n = np.where(self.n_pixels > 0, self.n_pixels, np.nan)
        return np.asarray(np.sqrt(self.squares / n), dtype=np.float64)

    def __add__(self, other: Self) -> "BandStatistics":
        """Of both sets of tiles together: M = M₁ + M₂ + δ² n₁ n₂ / n (Chan et al. 1979, Stanford STAN-CS-79-773)."""
        if self.bands != other.bands:
            raise SchemaError("Statistics are of other bands.", got=list(other.bands), expected=list(self.bands))
        n = self.n_pixels + other.n_pixels
        share = other.n_pixels / np.maximum(n, 1)
        one, two = (np.where(each.n_pixels > 0, each.mean, 0.0) for each in (self, other))
        mean = np.where(n > 0, one + (two - one) * share, np.nan)
        squares = self.squares + other.squares + (two - one) ** 2 * share * self.n_pixels
        return BandStatistics(self.bands, self.n_tiles + other.n_tiles, n, mean, squares)


def measured(images: Iterable[Image]) -> BandStatistics:
    """Statistics over images of the same bands.

    Raises
    ------
    SchemaError
        There is no image, or bands differ.
    """
    parts = (_of_image(image) for image in images)
    first = next(parts, None)
    if first is None:
        raise SchemaError("There is no image to measure.", field="images", got=0, expected="at least one")
    return reduce(BandStatistics.__add__, parts, first)


def _of_image(image: Image) -> BandStatistics:
    axes = tuple(axis for axis in range(image.values.ndim) if axis != image.values.ndim - 3)
    n = image.valid.sum(axis=axes)
    total = np.where(image.valid, image.values, 0).sum(axis=axes, dtype=np.float64)
    mean = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    departures = np.where(image.valid, image.values - np.nan_to_num(mean)[:, None, None], 0.0)
    squares = (departures**2).sum(axis=axes, dtype=np.float64)
    return BandStatistics(image.bands, 1, n.astype(np.int64), mean, squares)


def to_document(statistics: BandStatistics, dataset_version: str, computed_date: str) -> dict[str, Any]:
    """What ``normalization_stats.json`` holds.

    Raises
    ------
    SchemaError
        A band has no valid pixel, or is constant: nothing can be learned from it.
    """
    for name, mean, std in zip(statistics.bands, statistics.mean, statistics.std, strict=True):
        if not std > 0:
            raise SchemaError(
                f"The band {name} is {'missing' if np.isnan(mean) else 'constant'} in all tiles.",
                field=name,
                got=f"mean {mean:g}, standard deviation {std:g}",
                expected="values that differ",
                fix="look at the files, or leave the band out of `bands`",
            )
    groups = {"rgb": [*RGB], "extra": [name for name in statistics.bands if name not in RGB]}
    return {
        "layout_version": LAYOUT_VERSION,
        "dataset_version": dataset_version,
        "computed_date": computed_date,
        "n_tiles_used": statistics.n_tiles,
        "bands": list(statistics.bands),
        "n_pixels": statistics.n_pixels.tolist(),
        **{group: _moments(statistics, names) for group, names in groups.items()},
    }


def _moments(statistics: BandStatistics, names: Sequence[str]) -> dict[str, list[float]]:
    places = [statistics.bands.index(name) for name in names if name in statistics.bands]
    return {"mean": statistics.mean[places].tolist(), "std": statistics.std[places].tolist()}


def from_document(document: Mapping[str, Any], path: str, dataset_version: str, bands: Sequence[str]) -> BandStatistics:
    """The statistics of a document, in the order of `bands`.

    Parameters
    ----------
    path
        Where the document lies, for errors.

    Raises
    ------
    InputFileError
        It is of another dataset, of other bands, of a newer layout, or holds no finite numbers.
    """
    expected = {"layout_version": LAYOUT_VERSION, "dataset_version": dataset_version, "bands": list(bands)}
    for field, value in expected.items():
        if document.get(field) != value:
            raise _refused("The statistics are of other data.", path, field, document.get(field), value)
    names = {
        "rgb": [name for name in RGB if name in bands],
        "extra": [name for name in bands if name not in RGB],
    }
    try:
        of_band = {
            name: (float(document[group]["mean"][place]), float(document[group]["std"][place]))
            for group, members in names.items()
            for place, name in enumerate(members)
        }
        n_pixels = np.array(document["n_pixels"], dtype=np.int64)
        n_tiles = int(document["n_tiles_used"])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise _refused("The statistics are not whole.", path, "mean, std", repr(error), "one of each a band") from error
    mean, std = (np.array([of_band[name][which] for name in bands]) for which in (0, 1))
    if not (np.isfinite(mean).all() and (std > 0).all() and len(n_pixels) == len(bands)):
        raise _refused("The statistics hold what no band can have.", path, "std", std.tolist(), "numbers above 0")
    return BandStatistics(tuple(bands), n_tiles, n_pixels, mean, std**2 * n_pixels)


def _refused(what: str, path: str, field: str, got: object, expected: object) -> InputFileError:
    return InputFileError(
        what, path=path, field=field, got=got, expected=expected, fix="measure the bands of this dataset again"
    )
