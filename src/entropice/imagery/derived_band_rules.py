"""How bands are derived from others, as parameters say."""

from pydantic import Field

from entropice.base_model import StrictModel


class DerivedBandRules(StrictModel):
    """How bands are derived from others."""

    surroundings_radius_m: float = Field(gt=0, description="half the edge of the square whose mean elevation is 0")
    sun_azimuth_deg: float = Field(ge=0, lt=360, description="where light comes from, clockwise from up in the tile")
    sun_elevation_deg: float = Field(gt=0, le=90, description="height of the light above the horizon")
