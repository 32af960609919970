"""Parameters of an inventory: which regions and years are looked at, and what counts."""

from typing import Annotated, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator

from entropice.base_model import StrictModel


class RegionTileParameters(StrictModel):
    """The squares that regions are cut into."""

    n_pixels: PositiveInt = Field(description="pixels along an edge of a square's own ground")
    near_m: NonNegativeFloat | None = Field(
        default=None, description="squares farther than this from all chips are left out; null: none, a region is whole"
    )
    margin_px: int = Field(ge=0, description="pixels seen around it, so that it knows what its neighbours see")


class InventoryParameters(StrictModel):
    """What is looked at, and how."""

    regions: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | None = Field(
        description="as the tiles name them; null: all"
    )
    years: Annotated[tuple[int, ...], Field(strict=False, min_length=1)] | None = Field(description="null: all")
    n_chips: PositiveInt | None = Field(description="squares that are looked at, at most, drawn by a hash; null: all")
    tile: RegionTileParameters
    window_px: PositiveInt = Field(description="edge of what the network sees at once")
    overlap_px: int = Field(ge=0, description="of neighbouring windows, at least")
    reach_px: int = Field(ge=0, description="how far the vague edge of an object may reach")
    min_area_m2: PositiveFloat = Field(description="smaller objects are told, and judged apart")
    min_overlap: float = Field(gt=0, le=1, description="of the smaller outline, by which two outlines show one object")

    @model_validator(mode="after")
    def _sees_whole_zones(self) -> Self:
        if self.tile.margin_px <= self.reach_px:
            raise ValueError(f"tile.margin_px is {self.tile.margin_px}, expected more than reach_px, {self.reach_px}")
        return self
