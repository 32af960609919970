"""Size, number and truth of the images to learn from, as parameters say."""

from pydantic import Field

from entropice.base_model import StrictModel


class IceTileLayout(StrictModel):
    """Size and number of images."""

    n_samples: int = Field(default=100, ge=3, description="images, or pairs of them")
    n_pixels: int = Field(default=256, ge=16, description="pixels along an edge of an image")
    pixel_m: float = Field(default=250.0, gt=0, description="edge of a pixel in EPSG:3413")

    @property
    def edge_m(self) -> float:
        """Edge of an image, in m."""
        return self.n_pixels * self.pixel_m


class IceTypeRules(StrictModel):
    """When a patch of sea is of which type."""

    open_water_below: float = Field(default=0.15, gt=0, lt=1, description="mean concentration")
    thin_below_m: float = Field(default=0.7, gt=0, description="mean thickness of the ice")
