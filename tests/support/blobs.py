"""Lakes of a known law seen by a network of a known law, on ground of any size.

Blobs lie in a lattice, some places of which are empty; each has its size, its shape and its growth. The one band of an
image is what a network with the answer "the band itself" says: the distance to the shore as it sees it, which lies too
far in or out by an amount of each blob, in part the same in all years, by one of each pixel, and by a bias.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from entropice.imagery.found_objects import Marking
from entropice.imagery.inventory.audited_objects import AuditedImage, audited_image
from entropice.imagery.samples import Image, Place, Sample

STEP_M = 600.0
MARKING = Marking(threshold=0.0, min_pixels=8, reach_px=3)


@dataclass(frozen=True)
class Blobs:
    """A scenery; pixels of 10 m.

    Attributes
    ----------
    bias_px, shore_px, shared
        How far all shores lie out, how far those of each blob vary, and the part of this variance that years share.
    noise_px
        Of each pixel, over neighbours of 2 pixels.
    logit_per_px
        How sure the network is.
    empty, false
        Shares of lattice places with nothing, and with something that looks like a small blob.
    """

    seed: int = 0
    bias_px: float = -1.0
    shore_px: float = 0.7
    shared: float = 0.5
    noise_px: float = 0.5
    logit_per_px: float = 1.5
    empty: float = 0.3
    false: float = 0.1
    growth: float = 0.02

    def at(self, place: Place) -> Sample:
        """A place: its band and the blobs that are there."""
        signed, seen = self._shores(place)
        target = (signed > 0).astype(np.uint8)
        image = Image(("red",), (seen * self.logit_per_px).astype(np.float32)[None], np.ones((1, *seen.shape), bool))
        return Sample("blobs", image, target, np.ones(target.shape, bool), place)

    def _shores(self, place: Place) -> tuple[np.ndarray, np.ndarray]:
        x = place.left_m + (np.arange(place.n_pixels) + 0.5) * place.pixel_m
        y = place.top_m - (np.arange(place.n_pixels) + 0.5) * place.pixel_m
        signed = np.full((place.n_pixels, place.n_pixels), -20.0)
        seen = signed.copy()
        for column in range(int(x[0] // STEP_M) - 1, int(x[-1] // STEP_M) + 2):
            for row in range(int(y[-1] // STEP_M) - 1, int(y[0] // STEP_M) + 2):
                own, said = self._blob(column, row, x, y, place)
                signed, seen = np.maximum(signed, own), np.maximum(seen, said)
        return signed, seen + self._noise(place)

    def _blob(
        self, column: int, row: int, x: np.ndarray, y: np.ndarray, place: Place
    ) -> tuple[np.ndarray | float, np.ndarray | float]:
        random = np.random.default_rng([self.seed, column + 10**6, row + 10**6])
        kind, radius, phase, elongation = random.uniform(size=4)
        shift = self._shift(random.normal(), column, row, place.year)
        if kind < self.empty:
            return -20.0, -20.0
        east = x - (column + 0.5) * STEP_M
        north = y - (row + 0.5) * STEP_M
        rows = slice(*np.searchsorted(-north, [-STEP_M / 2, STEP_M / 2]))
        columns = slice(*np.searchsorted(east, [-STEP_M / 2, STEP_M / 2]))
        own = np.full((len(y), len(x)), -20.0)
        angle = np.arctan2(north[rows, None], east[None, columns])
        grown = 1 + self.growth * (place.year - 2017) * random.uniform(-0.5, 1.5)
        reach = 30 * 7**radius * grown * (1 + 0.15 * elongation * np.cos(2 * angle + 6 * phase))
        if kind < self.empty + self.false:
            reach = 25.0 + 10 * phase
        own[rows, columns] = (reach - np.hypot(north[rows, None], east[None, columns])) / place.pixel_m
        said = np.where(own > -20, own + shift, own)
        return (-20.0, said) if kind < self.empty + self.false else (own, said)

    def _shift(self, lasting: float, column: int, row: int, year: int) -> float:
        passing = np.random.default_rng([self.seed, column + 10**6, row + 10**6, year]).normal()
        both = np.sqrt(self.shared) * lasting + np.sqrt(1 - self.shared) * passing
        return float(self.bias_px + self.shore_px * both)

    def _noise(self, place: Place) -> np.ndarray:
        """The same for a pixel, whichever place shows it: drawn by blocks of 64 pixels of the ground."""
        first_column, first_row = round(place.left_m / place.pixel_m), round(-place.top_m / place.pixel_m)
        edge, pad = 64, 8
        columns = range((first_column - pad) // edge, (first_column + place.n_pixels + pad) // edge + 1)
        rows = range((first_row - pad) // edge, (first_row + place.n_pixels + pad) // edge + 1)
        drawn = np.block(
            [
                [
                    np.random.default_rng([self.seed, place.year, row + 10**6, column + 10**6]).normal(
                        size=(edge, edge)
                    )
                    for column in columns
                ]
                for row in rows
            ]
        )
        smooth = gaussian_filter(drawn, 1.5, truncate=4) * 5.3
        top, left = first_row - rows[0] * edge, first_column - columns[0] * edge
        return self.noise_px * smooth[top : top + place.n_pixels, left : left + place.n_pixels]


def audited_blobs(scenery: Blobs, n_places: int, seed: int) -> Iterator[AuditedImage]:
    """Audited images of places far from each other, each in two years."""
    random = np.random.default_rng([3, seed])
    corners = np.column_stack([random.integers(-200, 200, n_places), -2500 - random.integers(0, 300, n_places)])
    for left_km, top_km in corners:
        for year in (2017, 2021):
            place = Place(left_km * 1000.0, top_km * 1000.0, 10.0, 112, year)
            sample = scenery.at(place)
            judged = sample.image.values[0], sample.target.astype(bool), sample.scored
            yield audited_image(judged, place, MARKING, 0.1)
