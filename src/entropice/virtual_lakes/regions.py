"""Where the regions lie, and which pixels they have."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.dggs.polar import project, scale_at
from entropice.errors import ConfigError
from entropice.imagery.samples import Place
from entropice.imagery.uniform_hash import uniform_of
from entropice.virtual_lakes.specification import BLOCK_PX, PIXEL_M, LakesSpecification, Regions
from entropice.virtual_scenes.pixel_grid import PixelGrid, pixel_grid

_BLOCK_M: Final = BLOCK_PX * PIXEL_M
_OFF_GRID_PX: Final = 1e-3


@dataclass(frozen=True)
class Region:
    """A square of whole pixels of 60 m.

    Attributes
    ----------
    number
        From 0.
    name
        As tables have it.
    lat_deg
        Latitude of its middle.
    left_m, top_m
        Outer corner, EPSG:3413.
    n_pixels
        Pixels of 10 m along an edge.
    """

    number: int
    name: str
    lat_deg: float
    left_m: float
    top_m: float
    n_pixels: int

    def place(self, year: int) -> Place:
        """All of it in a year, as a square of pixels of 10 m."""
        return Place(self.left_m, self.top_m, PIXEL_M, self.n_pixels, year)

    @property
    def grid(self) -> PixelGrid:
        """Its pixels: their centres, without a margin."""
        return pixel_grid(self.place(0), 0)

    @property
    def outwards(self) -> tuple[float, float]:
        """Direction of the south in EPSG:3413, in the middle: along x and y, length 1."""
        x_m, y_m = self.place(0).centre_m
        away_m = float(np.hypot(x_m, y_m))
        return x_m / away_m, y_m / away_m

    @property
    def scale(self) -> float:
        """Length in EPSG:3413 over length on the ground, in the middle: 1 at 70° N, more south of it, less north."""
        return float(scale_at(np.array([self.place(0).centre_m]))[0])


def regions_of(specification: LakesSpecification, seed: int) -> tuple[Region, ...]:
    """All regions, in the order of their names.

    They are named ``region_01`` and so on, from west to east; latitudes are drawn by the seed, in turn from the
    southern and the northern range. Corners are whole multiples of 60 m.
    """
    return tuple(_region(specification.regions, seed, number) for number in range(specification.regions.n_regions))


def region_at(regions: tuple[Region, ...], place: Place) -> Region | None:
    """The region that a place shares pixels with; None where there is none.

    Squares that only touch share none; of several that do, the first is given. The place's year is not looked at.

    Raises
    ------
    ConfigError
        Its pixels are not of 10 m, or its corner is more than a thousandth of one off a whole multiple of 10 m,
        wherever it lies.

    Examples
    --------
    >>> regions = (Region(0, "r", 60.0, left_m=0.0, top_m=1200.0, n_pixels=120),)
    >>> [region_at(regions, Place(left_m, 1200.0, 10.0, 10, 2021)) is None for left_m in (-90.0, -100.0)]
    [False, True]
    """
    _require_pixels(place)
    return next((region for region in regions if _overlap(region, place)), None)


def corner_px(region: Region, place: Place) -> tuple[int, int]:
    """Row and column of a place's first pixel in a region; may be negative.

    Examples
    --------
    >>> corner_px(Region(0, "r", 60.0, left_m=0.0, top_m=1200.0, n_pixels=120), Place(-50.0, 1180.0, 10.0, 10, 2021))
    (2, -5)
    """
    return round((region.top_m - place.top_m) / PIXEL_M), round((place.left_m - region.left_m) / PIXEL_M)


def _region(regions: Regions, seed: int, number: int) -> Region:
    chance = uniform_of(seed, "latitude of a region", number)
    low, high = regions.northern_deg if number % 2 else regions.southern_deg
    lat_deg = low + chance * (high - low)
    lon_deg = -180 + 360 * (number + 0.5) / regions.n_regions
    middle_m = project(np.array([lon_deg]), np.array([lat_deg]))[0]
    left_m, top_m = np.round((middle_m + np.array([-0.5, 0.5]) * regions.edge_m) / _BLOCK_M) * _BLOCK_M
    return Region(number, f"region_{number + 1:02d}", lat_deg, float(left_m), float(top_m), regions.n_pixels)


def _overlap(region: Region, place: Place) -> bool:
    row, column = corner_px(region, place)
    return all(-place.n_pixels < first < region.n_pixels for first in (row, column))


def _require_pixels(place: Place) -> None:
    corner = np.array([place.left_m, place.top_m]) / PIXEL_M
    if place.pixel_m != PIXEL_M or np.abs(corner - np.round(corner)).max() > _OFF_GRID_PX:
        raise ConfigError(
            "Virtual lakes are seen in their own pixels alone.",
            field="left_m, top_m, pixel_m",
            got=f"{place.left_m:g}, {place.top_m:g}, {place.pixel_m:g}",
            expected=f"pixels of {PIXEL_M:g} m, corners on whole multiples of them",
        )
