"""Parameters of images under ice charts."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel
from entropice.pipelines.tasks.names import one_of
from entropice.sources.imagery.products import PRODUCTS

FileBelow = Annotated[str, Field(pattern=r"^[^/\\.][^\\]*$")]
"""Path below the folder of the files."""


class Scene(StrictModel):
    """An image with the chart of its day."""

    image: FileBelow = Field(description="GeoTIFF in EPSG:3413")
    chart: FileBelow = Field(description="SIGRID-3 (Shapefile), or IMS (NetCDF, GeoTIFF)")
    year: int = Field(ge=1972, le=2100)


Scenes = Annotated[tuple[Scene, ...], Field(strict=False, min_length=1)]


class IceChartParameters(StrictModel):
    """Which images are cut into tiles, and what counts as ice in their charts."""

    product: Annotated[str, one_of("image product", (product.name for product in PRODUCTS))] = Field(
        description="what the images are of"
    )
    scenes: Scenes
    n_pixels: int = Field(ge=8, description="pixels along an edge of a tile")
    min_scored: float = Field(default=0.5, gt=0, le=1, description="share of a tile whose image and chart are certain")
    water_to: float = Field(default=0.1, ge=0, lt=1, description="highest share of ice that counts as water")
    ice_from: float = Field(default=0.8, gt=0, le=1, description="lowest share that counts as ice")

    @model_validator(mode="after")
    def _check_shares(self) -> Self:
        if self.water_to >= self.ice_from:
            raise ValueError("ice_from must be greater than water_to")
        return self
