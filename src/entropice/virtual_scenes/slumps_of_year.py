"""Slumps as they are in one year, found by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from entropice.types import BoolArray, FloatArray
from entropice.virtual_scenes.ground import WorldFields
from entropice.virtual_scenes.growth import age_years, growth_factor
from entropice.virtual_scenes.hashing import stream, uniform
from entropice.virtual_scenes.pixel_grid import PixelGrid
from entropice.virtual_scenes.specification import SceneSpecification
from entropice.virtual_scenes.stars import Star, departures, farthest, seen_scale

_N_CHANCES: Final = 16
_LEAST_ELONGATION: Final = 0.75
_LARGEST_ELONGATION: Final = 2.0
_ROUGHNESS: Final = 0.65
_DRAWN_REACH: Final = 1.1
"""Hollows and mud end so far out, in reaches of the outline; the tongue comes on top."""
_EDGE_M: Final = 10.0


@dataclass(frozen=True)
class Slump:
    """One slump in one year.

    Attributes
    ----------
    slump_id
        The world's.
    star
        Its outline.
    area_m2
        True area.
    contrast
        Share of bare mud.
    wetness
        0 where the mud is dry and bright, 1 where it is wet and dark.
    is_active
        Whether it belongs to the year's labels; else it is an old scar.
    key
        Of its flow lines.
    """

    slump_id: int
    star: Star
    area_m2: float
    contrast: float
    wetness: float
    is_active: bool
    key: np.uint64


class SlumpsOfYear:
    """All slumps of a world in a year: those active then, and the scars of those active in other years.

    Parameters
    ----------
    active
        As `entropice.virtual_arctic.slumps.active_slumps` gives it, of all years.

    Attributes
    ----------
    slump_id, is_active, area_m2
        Shape (n,), sorted by number: whether each is active in the year, and its area then.

    Raises
    ------
    ConfigError
        A year so early that a slump might not have begun.
    """

    def __init__(
        self, active: pd.DataFrame, year: int, fields: WorldFields, specification: SceneSpecification, seed: int
    ) -> None:
        slumps = active.drop_duplicates("slump_id").sort_values("slump_id")
        self.slump_id = slumps["slump_id"].to_numpy()
        reference_m2, growth = slumps["area_m2"].to_numpy(), specification.growth
        self.is_active = np.isin(self.slump_id, active.loc[active["year"] == year, "slump_id"])
        factor = growth_factor(self.slump_id, reference_m2, year, growth, seed)
        self.area_m2 = reference_m2 * factor
        self._chances = uniform(stream(seed, "slump shapes"), self.slump_id[:, None], np.arange(_N_CHANCES)[None, :])
        self._tongue_share, self._seed = specification.slumps.tongue_share, seed
        self._place(slumps, reference_m2, factor, fields)
        age = age_years(self.slump_id, reference_m2, year, growth, seed)
        self._contrast = _contrast(age, self.is_active, specification)
        self._tree = cKDTree(np.stack([self._x_m, self._y_m], axis=-1)) if len(self.slump_id) else None

    def near(self, grid: PixelGrid) -> Iterator[Slump]:
        """All that reach into a grid, the smaller number first.

        Active ones and old scars; those of which some pixel's centre lies within `drawn_reach_m` of the middle along
        both axes.
        """
        if self._tree is None:
            return
        middle = (grid.x_m[0] + grid.x_m[-1]) / 2, (grid.y_m[0] + grid.y_m[-1]) / 2
        half_m = np.hypot(grid.x_m[-1] - middle[0], grid.y_m[0] - middle[1])
        for index in sorted(self._tree.query_ball_point(middle, half_m + self._reach_m)):
            slump = self.slump(index)
            if 0 not in grid.part(*grid.around(slump.star.x_m, slump.star.y_m, self.drawn_reach_m(slump))).shape:
                yield slump

    def drawn_reach_m(self, slump: Slump) -> float:
        """No trace of a slump is farther (m) from its middle: its outline, the tongue below, and 10 m.

        1.1 · `Star.reach_m` + 2 · `tongue_share` · `Star.along_m` + 10 m.
        """
        return _DRAWN_REACH * slump.star.reach_m + 2 * self._tongue_share * slump.star.along_m + _EDGE_M

    def slump(self, index: int) -> Slump:
        """The one at a position in the arrays.

        Its shape follows from seed and number; the bare share of an active one is l + (1 − l) exp(−age /
        `fading_years`), l the least contrast, and that of a scar `scar_contrast`. The area of its outline is `area_m2`
        times `seen_scale`; in the reference year it is 0.75 to 2 times as long as wide, and what it grows lengthens it
        upslope, the toe staying where it is.
        """
        shape = departures(self._chances[index, 2:14].reshape(2, 6), _ROUGHNESS)
        star = Star(
            float(self._x_m[index]),
            float(self._y_m[index]),
            float(self._down_x[index]),
            float(self._down_y[index]),
            float(self._along_m[index]),
            float(self._across_m[index]),
            shape[0],
            shape[1],
        )
        slump_id = int(self.slump_id[index])
        return Slump(
            slump_id=slump_id,
            star=star,
            area_m2=float(self.area_m2[index]),
            contrast=float(self._contrast[index]),
            wetness=float(self._chances[index, 1]),
            is_active=bool(self.is_active[index]),
            key=stream(self._seed, "flow lines") ^ np.uint64(slump_id),
        )

    def _place(self, slumps: pd.DataFrame, reference_m2: FloatArray, factor: FloatArray, fields: WorldFields) -> None:
        """Toes stay where they are in the reference year; headwalls move upslope."""
        # Middles of the reference year; the slope there is kept, so that an outline does not turn from year to year.
        x_m, y_m = slumps["x_m"].to_numpy(), slumps["y_m"].to_numpy()
        self._down_x, self._down_y, _ = fields.downhill(x_m, y_m)
        radius_m = np.sqrt(reference_m2 * seen_scale(x_m, y_m) / np.pi)
        elongation = _LEAST_ELONGATION + (_LARGEST_ELONGATION - _LEAST_ELONGATION) * self._chances[:, 0]
        along_m, self._across_m = radius_m * np.sqrt(elongation), radius_m / np.sqrt(elongation)
        self._along_m = along_m * factor
        upslope_m = self._along_m - along_m
        self._x_m, self._y_m = x_m - upslope_m * self._down_x, y_m - upslope_m * self._down_y
        largest = np.maximum(self._along_m, self._across_m)
        farthest_m = float(largest.max(initial=0))
        self._reach_m = (_DRAWN_REACH * (1 + farthest(_ROUGHNESS)) + 2 * self._tongue_share) * farthest_m + _EDGE_M


def _contrast(age_years: FloatArray, is_active: BoolArray, specification: SceneSpecification) -> FloatArray:
    look = specification.slumps
    fresh = look.least_contrast + (1 - look.least_contrast) * np.exp(-age_years / look.fading_years)
    return np.where(is_active, fresh, look.scar_contrast)
