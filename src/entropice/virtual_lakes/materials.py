"""What the ground is made of, and what light and radar waves make of it, one declaration each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class OpticalBand:
    """How one band sees.

    Attributes
    ----------
    name
        As `entropice.imagery.bands` has it.
    px
        Edge of a pixel, in pixels of 10 m.
    sky
        Light of the sky over all light that flat ground gets.
    haze
        Haze over that of the first band.
    cloud
        Reflectance of thin cloud.
    """

    name: str
    px: int
    sky: float
    haze: float
    cloud: float


OPTICAL_BANDS: Final = (
    OpticalBand("coastal", 6, 0.4, 1.0, 0.62),
    OpticalBand("blue", 1, 0.31, 0.8, 0.62),
    OpticalBand("green", 1, 0.2, 0.55, 0.62),
    OpticalBand("red", 1, 0.14, 0.4, 0.62),
    OpticalBand("red_edge", 2, 0.12, 0.36, 0.61),
    OpticalBand("red_edge_2", 2, 0.1, 0.32, 0.6),
    OpticalBand("red_edge_3", 2, 0.095, 0.3, 0.59),
    OpticalBand("nir", 1, 0.085, 0.27, 0.58),
    OpticalBand("nir_narrow", 2, 0.08, 0.25, 0.57),
    OpticalBand("water_vapour", 6, 0.07, 0.22, 0.48),
    OpticalBand("swir_1", 2, 0.045, 0.12, 0.38),
    OpticalBand("swir_2", 2, 0.04, 0.08, 0.3),
)
"""In the order of the published card."""
RADAR: Final = ("vv", "vh")
BANDS: Final = (*(band.name for band in OPTICAL_BANDS), *RADAR, "elevation")


@dataclass(frozen=True)
class Material:
    """One kind of surface.

    Attributes
    ----------
    name
        How fields of shares call it.
    reflectance
        Of flat ground under the sun, in the order of `OPTICAL_BANDS`.
    backscatter_db
        Of flat ground, VV and VH.
    """

    name: str
    reflectance: tuple[float, ...]
    backscatter_db: tuple[float, float]


MATERIALS: Final = (
    Material("rock", (0.10, 0.12, 0.15, 0.18, 0.20, 0.21, 0.22, 0.23, 0.24, 0.24, 0.28, 0.25), (-11.0, -18.0)),
    Material("plants", (0.02, 0.03, 0.065, 0.05, 0.10, 0.23, 0.28, 0.30, 0.31, 0.30, 0.18, 0.09), (-11.5, -17.0)),
    Material(
        "wet ground", (0.02, 0.03, 0.05, 0.045, 0.075, 0.12, 0.14, 0.145, 0.15, 0.14, 0.07, 0.035), (-12.5, -20.0)
    ),
    Material("gravel", (0.14, 0.16, 0.19, 0.21, 0.22, 0.23, 0.24, 0.245, 0.25, 0.25, 0.26, 0.23), (-13.0, -21.0)),
    Material("river", (0.15, 0.18, 0.23, 0.22, 0.20, 0.16, 0.15, 0.14, 0.13, 0.09, 0.02, 0.01), (-15.5, -24.5)),
    Material("glacier", (0.52, 0.53, 0.52, 0.46, 0.43, 0.40, 0.37, 0.34, 0.31, 0.25, 0.04, 0.03), (-12.0, -19.0)),
    Material("snow", (0.84, 0.85, 0.84, 0.82, 0.81, 0.79, 0.77, 0.74, 0.71, 0.60, 0.10, 0.07), (-17.0, -25.0)),
    Material(
        "clear water",
        (0.06, 0.07, 0.065, 0.03, 0.018, 0.012, 0.01, 0.01, 0.009, 0.008, 0.004, 0.003),
        (-23.0, -30.0),
    ),
    Material("turbid water", (0.15, 0.18, 0.23, 0.23, 0.20, 0.16, 0.16, 0.15, 0.14, 0.09, 0.02, 0.01), (-23.0, -30.0)),
    Material("lake ice", (0.62, 0.64, 0.63, 0.59, 0.57, 0.54, 0.51, 0.48, 0.45, 0.37, 0.05, 0.035), (-18.5, -28.0)),
)
"""The first lies below all others; each of these covers those before it, and lakes replace them."""
LAKE_MATERIALS: Final = ("clear water", "turbid water", "lake ice")
"""The last of `MATERIALS`."""

ROUGH_WATER_DB: Final = (-12.5, -23.5)
"""Open water below strong wind; `MATERIALS` have that of calm water."""
