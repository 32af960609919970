"""How terrain is derived from elevation."""

from typing import Annotated, Literal

from pydantic import Field

from entropice.base_model import StrictModel


class TerrainParameters(StrictModel):
    """How terrain is derived from elevation."""

    radii_m: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(strict=False)] = Field(
        min_length=1, description="how far position, roughness and dissection look"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        description="where the layers are computed: a CUDA device if there is one, or as named"
    )
    block_px: int = Field(
        ge=64, le=16384, description="edge of the elevation blocks held in memory at once; results do not depend on it"
    )
