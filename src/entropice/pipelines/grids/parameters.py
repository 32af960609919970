"""Parameters of the grids pipeline."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel

MIN_LAT_DEG = 50.0
"""As ``entropice.dggs.region.SOUTHERN_LIMIT_DEG``, repeated because that module loads numpy."""

Longitude = Annotated[float, Field(ge=-180.0, le=360.0)]
Latitude = Annotated[float, Field(ge=MIN_LAT_DEG, le=90.0)]
LonLat = Annotated[tuple[Longitude, Latitude], Field(strict=False)]


class RegionParameters(StrictModel):
    """Exactly one way to say which part of the Arctic to cover; cells belong to it by their centre."""

    min_lat_deg: Latitude | None = Field(default=None, lt=90.0, description="everything north of this latitude")
    polygon: Annotated[tuple[LonLat, ...], Field(strict=False, min_length=3)] | None = Field(
        default=None,
        description="corners as [longitude, latitude]; edges are straight in degrees and span at most 180°; to cross "
        "180°, count on: [170, 66], [190, 66]",
    )
    file: str | None = Field(default=None, min_length=1, description="path of a vector file with the outline")

    @model_validator(mode="after")
    def _names_exactly_one(self) -> Self:
        given = sorted(name for name, value in self if value is not None)
        if len(given) != 1:
            raise ValueError(f"give exactly one of min_lat_deg, polygon and file (got {', '.join(given) or 'none'})")
        return self


class GridParameters(StrictModel):
    """Which cells of the run's grid to keep."""

    region: RegionParameters
    min_land_fraction: float = Field(gt=0.0, le=1.0, description="cells with less land than this are left out")
