"""Parameters of virtual lakes."""

from typing import Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel
from entropice.imagery.tile_layout import TileLayout
from entropice.virtual_lakes.specification import PIXEL_M, LakesSpecification


class VirtualLakes(StrictModel):
    """What is seen, and which chips of it are learned from."""

    lakes: LakesSpecification = Field(default=LakesSpecification(), description="the lakes that are seen")
    tiles: TileLayout = Field(
        description="chips of each region, at the same places in all years: `n_around` and `n_anywhere` are of a region"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.tiles.pixel_m != PIXEL_M:
            raise ValueError(f"tiles.pixel_m must be {PIXEL_M:g}, as virtual lakes have no other pixels")
        if self.tiles.edge_m >= self.lakes.regions.edge_m:
            raise ValueError("a tile must be smaller than a region")
        return self
