"""Parameters of what is learned from virtual sea ice; `ice` is the same in all tasks that look at one world."""

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.virtual_ice.specification import IceSpecification
from entropice.virtual_ice.tile_rules import IceTileLayout, IceTypeRules


class VirtualIceFields(StrictModel):
    """Daily fields."""

    ice: IceSpecification = Field(description="the sea ice that is seen")


class VirtualIceTypes(VirtualIceFields):
    """Images with the type of their ice."""

    tiles: IceTileLayout = Field(default=IceTileLayout(), description="images to make, as many of each type")
    types: IceTypeRules = Field(default=IceTypeRules(), description="when ice is of which type")


class VirtualIceChange(VirtualIceFields):
    """Pairs of images with what changed between them."""

    tiles: IceTileLayout = Field(default=IceTileLayout(), description="pairs to make")
    gap_days: int = Field(default=7, ge=1, description="days from the first image of a pair to the second")


class VirtualIceCharts(VirtualIceFields):
    """Images with a mask of their ice."""

    tiles: IceTileLayout = Field(default=IceTileLayout(), description="images to make")
    open_water_share: float = Field(default=0.25, gt=0, lt=1, description="images without any ice")
