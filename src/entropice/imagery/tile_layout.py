"""Size and number of the tiles to learn from, as parameters say."""

from pydantic import Field

from entropice.base_model import StrictModel


class TileLayout(StrictModel):
    """Size and number of the tiles to learn from."""

    pixel_m: float = Field(gt=0, description="edge of a pixel in EPSG:3413")
    n_pixels: int = Field(ge=8, description="pixels along an edge of a tile")
    n_around: int = Field(ge=1, description="tiles around something that was found, over all years")
    n_anywhere: int = Field(ge=1, description="tiles at random places that were seen, over all years")
    max_shift: float = Field(
        ge=0, lt=0.5, description="share of a tile's edge by which what was found may lie beside its middle"
    )

    @property
    def edge_m(self) -> float:
        """Edge of a tile, m in EPSG:3413."""
        return self.n_pixels * self.pixel_m
