"""What virtual lakes and the land around them are made of, as strict parameters."""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel

Metres = Annotated[float, Field(gt=0)]
Hectares = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Latitude = Annotated[float, Field(ge=20, le=85)]
Degrees = Annotated[float, Field(gt=0, lt=90)]

PIXEL_M: Final = 10.0
"""Edge of a pixel of the finest optical bands, and of all images."""
BLOCK_PX: Final = 6
"""Pixels along an edge of a pixel of the coarsest optical bands, of 60 m."""


def _ascending(name: str, low: float, high: float) -> None:
    if low >= high:
        raise ValueError(f"{name} must ascend")


class Regions(StrictModel):
    """Squares in EPSG:3413, evenly spread over all longitudes; every other one lies in the south."""

    n_regions: int = Field(default=12, ge=1, le=36, description="squares of mountains")
    n_blocks: int = Field(default=200, ge=4, le=500, description="pixels of 60 m along an edge of a region")
    southern_deg: tuple[Latitude, Latitude] = Field(default=(30.0, 50.0), strict=False, description="latitudes of half")
    northern_deg: tuple[Latitude, Latitude] = Field(
        default=(60.0, 80.0), strict=False, description="latitudes of the other half"
    )
    years: tuple[int, ...] = Field(
        default=(2017, 2021, 2022, 2023), strict=False, min_length=1, description="years of the images"
    )

    @property
    def n_pixels(self) -> int:
        """Pixels of 10 m along an edge."""
        return self.n_blocks * BLOCK_PX

    @property
    def edge_m(self) -> float:
        """Edge of a region, in m of EPSG:3413."""
        return self.n_pixels * PIXEL_M

    @model_validator(mode="after")
    def _check(self) -> Self:
        _ascending("southern_deg", *self.southern_deg)
        _ascending("northern_deg", *self.northern_deg)
        if sorted(set(self.years)) != list(self.years):
            raise ValueError("years must ascend")
        return self


class Mountains(StrictModel):
    """Relief before lakes."""

    height_m: Metres = Field(default=420.0, description="height of the ridges above the floors of valleys, about")
    valley_m: Metres = Field(default=3000.0, description="distance of valleys, about")
    floor_m: Metres = Field(default=260.0, description="width of a valley's floor, about")
    roughness_m: NotNegative = Field(default=45.0, description="standard deviation of relief of 800 m and less")
    hummocks_m: NotNegative = Field(default=2.5, description="standard deviation of hummocks of 220 m and less")


class Growth(StrictModel):
    """How areas change: a lake stays, grows along a straight line, or drains in one year and stays small."""

    growing_share: Share = Field(default=0.3, description="lakes that grow")
    largest_per_year: Share = Field(default=0.1, description="yearly growth over the first area: uniform up to this")
    draining_share: Share = Field(default=0.12, description="lakes that drain before one of the later years")
    largest_left: Share = Field(default=0.5, description="share of the area that is left: uniform up to this")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.growing_share + self.draining_share > 1:
            raise ValueError("growing_share and draining_share must not exceed 1 together")
        return self


class Lakes(StrictModel):
    """How many lakes there are, how large, and in which condition."""

    per_km2: NotNegative = Field(default=0.9, description="lakes of a square kilometre on the ground")
    median_ha: Hectares = Field(default=0.6, description="median area in the first year before it is cut to the range")
    log_spread: Positive = Field(default=1.3, description="standard deviation of the logarithm of that area")
    smallest_ha: float = Field(default=0.1, ge=0.03, description="no lake is smaller in the first year")
    largest_ha: Hectares = Field(default=30.0, description="no lake is larger in the first year")
    depth_m: Metres = Field(default=4.5, description="depth of a hollow of 1 ha; it goes with the root of its edge")
    cirque_share: Share = Field(default=0.3, description="lakes at the foot of walls that keep the sun away")
    turbid_share: Share = Field(default=0.35, description="lakes with glacial flour, in all years")
    frozen_share: Share = Field(default=0.15, description="lakes below ice, each year; the higher the more of them")
    growth: Growth = Growth()

    @model_validator(mode="after")
    def _check(self) -> Self:
        _ascending("smallest_ha, largest_ha", self.smallest_ha, self.largest_ha)
        if self.frozen_share > 1 / 3:
            raise ValueError("frozen_share must not exceed 1/3: chances rise to three times of it")
        return self


class Optical(StrictModel):
    """How the light and the sensor change from strip to strip."""

    strip_m: Metres = Field(default=5000.0, description="width of a strip that was imaged at once")
    gain_spread: NotNegative = Field(default=0.06, description="standard deviation of a strip's gain, per band")
    haze: NotNegative = Field(default=0.010, description="mean reflectance of haze at 443 nm")
    noise: NotNegative = Field(default=0.0035, description="standard deviation of a pixel's noise, in reflectance")
    declination_deg: float = Field(default=5.0, ge=-23, le=23, description="of the sun in late summer")


class Clouds(StrictModel):
    """What hides the ground of a composite of late summer."""

    largest_share: float = Field(
        default=0.29, ge=0, lt=0.3, description="clouds over a region in a year: uniform between 0 and this"
    )


class Radar(StrictModel):
    """How the radar looks, and how often not at all."""

    missing_share: float = Field(default=0.12, ge=0, lt=1, description="chance that a region has no image in a year")
    n_looks: float = Field(default=4.4, gt=0, description="equivalent number of looks, of the speckle")
    incidence_deg: tuple[Degrees, Degrees] = Field(
        default=(34.0, 45.0), strict=False, description="angle from the vertical, uniform over regions and years"
    )
    windy_share: Share = Field(default=0.3, description="lakes that wind roughens, in each year")

    @model_validator(mode="after")
    def _check(self) -> Self:
        _ascending("incidence_deg", *self.incidence_deg)
        return self


class Elevation(StrictModel):
    """The elevation model, of before the first year; the same for all years."""

    error_m: NotNegative = Field(default=2.4, description="standard deviation of its errors on moderate slopes")
    spread_m: NotNegative = Field(default=15.0, description="standard deviation of the Gaussian that averages heights")
    flattened_above_ha: NotNegative = Field(default=3.0, description="larger lakes have one height all over")
    void_share: float = Field(default=0.015, ge=0, lt=0.5, description="pixels without a height, on steep ground")


class LabelNoise(StrictModel):
    """How labels fall short of the truth."""

    mean_erosion_m: NotNegative = Field(
        default=5.0,
        description="mean distance by which an outline lies inside the shore: exponential, per lake and year",
    )
    missed_below_ha: Hectares = Field(default=0.5, description="smaller lakes may be missed")
    missed_share: Share = Field(default=0.2, description="chance that such a lake is missed in a year")


class Audits(StrictModel):
    """Chips whose masks are drawn again without noise."""

    share: Share = Field(default=0.25, description="chance of each chip, which depends on nothing else")


class LakesSpecification(StrictModel):
    """Virtual lakes: the same specification and seed make the same images, value for value."""

    regions: Regions = Regions()
    mountains: Mountains = Mountains()
    lakes: Lakes = Lakes()
    optical: Optical = Optical()
    clouds: Clouds = Clouds()
    radar: Radar = Radar()
    elevation: Elevation = Elevation()
    label_noise: LabelNoise = LabelNoise()
    audits: Audits = Audits()
