"""Parameters of virtual scenes with slumps."""

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.imagery.tile_layout import TileLayout


class VirtualSlumpParameters(StrictModel):
    """Which tiles are cut from the virtual Arctic, and what they show."""

    tiles: TileLayout = Field(description="which tiles are learned from")
