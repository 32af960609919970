"""Images and samples that tests of imagery look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from entropice.imagery.samples import Image, Place, Sample

BANDS = ("blue", "green", "red", "nir", "elevation")
PLACE = Place(left_m=0.0, top_m=0.0, pixel_m=3.0, n_pixels=16, year=2021)


def image_of(values: Any, bands: tuple[str, ...] = BANDS, valid: Any = None) -> Image:
    """An image that is valid everywhere unless told otherwise; values are 0 where it is not."""
    values = np.asarray(values, dtype=np.float32)
    valid = np.ones(values.shape, dtype=bool) if valid is None else np.asarray(valid, dtype=bool)
    return Image(bands, np.where(valid, values, np.float32(0)), valid)


def random_image(
    seed: int, n_pixels: int = 16, bands: tuple[str, ...] = BANDS, share_valid: float = 0.8, leading: Any = ()
) -> Image:
    """Values between 0 and 1, every band at a scale of its own."""
    random = np.random.default_rng(seed)
    shape = (*leading, len(bands), n_pixels, n_pixels)
    scales = np.arange(1, len(bands) + 1)[:, None, None] / len(bands)
    return image_of(random.uniform(size=shape) * scales, bands, random.uniform(size=shape) < share_valid)


def random_sample(seed: int, key: str = "", n_pixels: int = 16, **image: Any) -> Sample:
    """A mask with some ones, scored in most pixels."""
    random = np.random.default_rng([seed, 1])
    target = (random.uniform(size=(n_pixels, n_pixels)) < 0.2).astype(np.uint8)
    scored = random.uniform(size=(n_pixels, n_pixels)) < 0.9
    return Sample(key or str(seed), random_image(seed, n_pixels, **image), target, scored, PLACE)


@dataclass(frozen=True)
class Held:
    """Samples that lie in memory."""

    samples: Sequence[Sample]

    @property
    def keys(self) -> Sequence[str]:
        return tuple(sample.key for sample in self.samples)

    @property
    def bands(self) -> tuple[str, ...]:
        return self.samples[0].image.bands

    def read(self, key: str) -> Sample:
        return next(sample for sample in self.samples if sample.key == key)
