"""Parameters of mapping: which tiles there are, and how they are looked at."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, PositiveFloat, PositiveInt, field_validator

from entropice.base_model import StrictModel


class FrameParameters(StrictModel):
    """The squares that land is divided into."""

    pixel_m: PositiveFloat = Field(description="edge of a pixel, as the network has learned it")
    n_pixels: PositiveInt = Field(description="pixels along a tile's edge")


class MappingParameters(StrictModel):
    """How tiles are looked at."""

    tiles: FrameParameters
    years: Annotated[tuple[int, ...], Field(strict=False, min_length=2)] = Field(
        description="increasing; growth is from the first to the last"
    )
    window_px: PositiveInt = Field(description="edge of what the network sees at once")
    overlap_px: int = Field(ge=0, description="of neighbouring windows, at least")
    reach_px: int = Field(ge=0, description="how far the vague edge of an object may reach")
    min_detection: float = Field(
        gt=0, le=1, description="chance to be found of the smallest objects whose growth counts"
    )
    min_overlap: float = Field(gt=0, le=1, description="of the smaller outline, by which two years show one object")

    @field_validator("years")
    @classmethod
    def _are_increasing(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise ValueError(f"years must increase, without repeats: {list(years)}")
        return years
