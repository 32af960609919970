"""What virtual sea ice is made of, as strict parameters.

Defaults are the law as it was fixed before anything was trained on it. Pixels of 12.5 km, 64 along an edge, 120 days
from 1 April, 4 seasons of each of the worlds 1, 2 and 3: mean squared error of observed concentration

====================================  =====  =====  =====  =====
forecast                              day 1  day 2  day 3  day 7
====================================  =====  =====  =====  =====
persistence                           .0046  .0092  .0139  .0284
drift of the day before, kept         .0034  .0068  .0113  .0277
future wind known: no forecast errs   .0004  .0015  .0026  .0057
less
====================================  =====  =====  =====  =====

``python -m benchmarks.virtual_ice --seeds 1 2 3`` prints it; a test holds the first and the last row.
"""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from entropice.base_model import StrictModel

Metres = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]


class IceRegion(StrictModel):
    """The square of sea in EPSG:3413, with land along its coast; its edges are walls."""

    left_m: float
    top_m: float
    pixel_m: Metres = Field(description="edge of a pixel of the fields")
    n_pixels: int = Field(ge=16, description="pixels along an edge of the fields")
    land_share: float = Field(ge=0, lt=0.9, description="share of the pixels that are land")
    coast_scale_m: Metres = Field(description="size of capes and bays")


class IceSeasons(StrictModel):
    """Days that there are fields of: the same days of consecutive years."""

    first_day: Annotated[date, Field(strict=False)] = Field(description="first day of the first season")
    n_days: int = Field(ge=2, le=365, description="days of each season")
    n_seasons: int = Field(ge=1, le=50, description="seasons, one a year")
    n_spin_up_days: int = Field(ge=0, le=365, description="days that the law runs before a season's first day")

    @model_validator(mode="after")
    def _starts_in_every_year(self) -> "IceSeasons":
        if (self.first_day.month, self.first_day.day) == (2, 29):
            raise ValueError("first_day must exist in every year")
        return self


class Wind(StrictModel):
    """Geostrophic wind: along the contours of a random pressure field that remembers."""

    memory_days: Positive = Field(default=3.0, description="time after which a correlation has fallen to 1/e")
    speed_m_s: NotNegative = Field(default=7.5, description="root mean square of the wind's speed")
    scale_m: Metres = Field(default=120_000.0, description="standard deviation of the Gaussian that smooths pressure")


class Drift(StrictModel):
    """How the ice moves."""

    wind_share: Share = Field(default=0.02, description="speed of free drift over that of the wind")
    turning_deg: float = Field(default=12.0, ge=0, lt=90, description="angle of the drift to the right of the wind")
    gyre_m_s: NotNegative = Field(default=0.03, description="root mean square speed of the anticyclonic gyre")
    eddy_m_s: NotNegative = Field(default=0.11, description="root mean square speed of currents that nobody sees")
    eddy_memory_days: Positive = Field(default=2.0, description="as the wind's, of these currents")
    eddy_scale_m: Metres = Field(default=50_000.0, description="size of these currents")
    mixing: float = Field(
        default=0.05, ge=0, le=0.25, description="share of a difference that neighbours exchange a day"
    )
    coast_m: Metres = Field(default=60_000.0, description="distance from land at which ice is 63 % free of it")


class Heat(StrictModel):
    """Freezing and melt over the year; 1 is midwinter, −1 midsummer, 0 neither freezing nor melt."""

    coldest_day: int = Field(default=15, ge=1, le=365, description="day of the year when the air is coldest")
    mean: float = Field(default=0.1, ge=-1, le=1, description="mean over the year in the middle of the region")
    northward: float = Field(default=2.4, description="gain from the southern to the northern edge")
    cover_per_day: Share = Field(default=0.25, description="open water that freezes in a day of midwinter")
    new_ice_m: Positive = Field(default=0.1, description="thickness of new ice")
    growth_m2_per_day: NotNegative = Field(default=0.015, description="growth of a day of midwinter times thickness")
    insulation_m: Positive = Field(default=0.3, description="ice as insulating as snow, air and sea above and below it")
    melt_m_per_day: NotNegative = Field(default=0.02, description="thickness that melts in a day of midsummer")
    ridged_m: Positive = Field(default=0.5, description="thickness at which ridges double this")


class Leads(StrictModel):
    """Cracks that open without warning; what they close elsewhere is ridged."""

    opening: Share = Field(default=0.08, description="largest share of the ice that a day's leads push aside")
    scale_m: Metres = Field(default=25_000.0, description="size of the zones in which leads open")


class FirstIce(StrictModel):
    """The ice before the spin-up."""

    edge: Share = Field(default=0.65, description="share of the region, from the north, that the pack covers")
    waviness_m: NotNegative = Field(default=60_000.0, description="standard deviation of the edge around its row")
    marginal_m: Metres = Field(default=80_000.0, description="width of the marginal zone")
    thickness_m: Positive = Field(default=1.0, description="mean thickness of the pack")


class Observation(StrictModel):
    """Noise that fields are seen through; independent between pixels and days."""

    concentration_sd: NotNegative = 0.02
    thickness_sd_m: NotNegative = 0.05
    wind_sd_m_s: NotNegative = 0.5


class IceSpecification(StrictModel):
    """Virtual sea ice: the same specification and seed make the same ice, value for value."""

    region: IceRegion
    seasons: IceSeasons
    wind: Wind = Wind()
    drift: Drift = Drift()
    heat: Heat = Heat()
    leads: Leads = Leads()
    first_ice: FirstIce = FirstIce()
    observation: Observation = Observation()


class IceCeilingRules(StrictModel):
    """Forecasts of someone who knows the law, the present and all future wind."""

    n_known: int = Field(ge=1, description="days of a season that the first forecast begins with")
    every_days: int = Field(ge=1, description="days from one forecast to the next")
    n_seasons: int = Field(ge=1, description="last seasons that are forecast")
    n_horizons: int = Field(ge=1, description="days ahead")
    n_members: int = Field(ge=1, description="futures that are drawn for each forecast")
