"""Parameters of virtual scenes with slumps."""

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.imagery.tile_layout import TileLayout
from entropice.virtual_scenes.specification import SceneSpecification


class VirtualSlumpParameters(StrictModel):
    """Which tiles are cut from the virtual Arctic, and what they show."""

    tiles: TileLayout = Field(description="which tiles are learned from")
    scenes: SceneSpecification = Field(description="what they show")
