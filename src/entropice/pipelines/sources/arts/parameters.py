"""How ARTS is read."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.sources.slumps.columns import ArtsFormat


class ArtsParameters(StrictModel):
    """How to read ARTS outlines, and which ground to take for searched."""

    outlines: ArtsFormat = Field(default=ArtsFormat(), description="what columns, classes and label types mean")
    survey_areas: dict[str, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default={}, description="name of each area assumed searched: the values of RegionName that belong to it"
    )
    max_gap_km: float = Field(
        default=50.0, gt=0, description="outlines of one area farther apart belong to separate searches"
    )
    search_radius_km: float = Field(
        default=50.0, gt=0, description="ground around the hull of a search that counts as searched, too"
    )
