"""Parameters of what is learned from virtual sea ice; `ice` is the same in all tasks that look at one world."""

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.virtual_ice.specification import IceCeilingRules, IceSpecification
from entropice.virtual_ice.tile_rules import IceTileLayout, IceTypeRules


class VirtualIce(StrictModel):
    """What all of them look at."""

    ice: IceSpecification = Field(description="the sea ice that is seen")


class VirtualIceFields(VirtualIce):
    """Daily fields, and what can be known of their future."""

    ceiling: IceCeilingRules = Field(description="forecasts of someone who knows the law")


class VirtualIceTypes(VirtualIce):
    """Images with the type of their ice."""

    tiles: IceTileLayout = Field(default=IceTileLayout(), description="images to make, as many of each type")
    types: IceTypeRules = Field(default=IceTypeRules(), description="when ice is of which type")


class VirtualIceChange(VirtualIce):
    """Pairs of images with what changed between them."""

    tiles: IceTileLayout = Field(default=IceTileLayout(), description="pairs to make")
    gap_days: int = Field(default=7, ge=1, description="days from the first image of a pair to the second")


class VirtualIceCharts(VirtualIce):
    """Images with a mask of their ice."""

    tiles: IceTileLayout = Field(default=IceTileLayout(), description="images to make")
    open_water_share: float = Field(default=0.25, gt=0, lt=1, description="images without any ice")
