"""What a virtual Arctic is made of, as strict parameters."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from entropice.base_model import StrictModel

Metres = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Extent(StrictModel):
    """The box of the world in EPSG:3413."""

    left_m: int
    bottom_m: int
    right_m: int
    top_m: int

    @model_validator(mode="after")
    def _is_not_empty(self) -> "Extent":
        if self.left_m >= self.right_m or self.bottom_m >= self.top_m:
            raise ValueError("left_m must be below right_m, and bottom_m below top_m")
        return self


class ElevationTiles(StrictModel):
    """The digital elevation model's pixels and tiles."""

    pixel_m: Metres = Field(description="edge of a pixel; a divisor of base_unit_m")
    tile_m: Metres = Field(description="edge of a tile; a multiple of base_unit_m")


class EmbeddingTiles(StrictModel):
    """The embeddings' pixels and tiles."""

    pixel_m: Metres = Field(description="edge of a pixel")
    tile_px: int = Field(ge=1, description="pixels in a row of a tile; a power of 2")

    @field_validator("tile_px")
    @classmethod
    def _can_be_halved(cls, tile_px: int) -> int:
        if tile_px & (tile_px - 1):
            raise ValueError("tile_px must be a power of 2")
        return tile_px


class Climate(StrictModel):
    """The monthly climate and the lon/lat grid it is sampled on."""

    n_history_years: int = Field(ge=1, le=100, description="Arctic years before the first that slumps respond to")
    first_arctic_year: int = Field(ge=1940, description="its first month is October of the year before")
    last_year: int = Field(description="the last month is December of this year")
    step_deg: float = Field(gt=0, description="spacing of the lon/lat grid; a divisor of 90")
    min_lat_deg: float = Field(ge=0, lt=90, description="lowest latitude of the grid")

    @model_validator(mode="after")
    def _has_years(self) -> "Climate":
        if self.last_year < self.first_arctic_year:
            raise ValueError("last_year lies before first_arctic_year")
        return self


class Effects(StrictModel):
    """How strongly each driver moves the log rate of slumps."""

    slope_hump: float = Field(description="gain at the most favourable slope over flat or steep ground")
    northness: float = Field(description="gain of true north over true south, on favourable slopes")
    summer_temperature: float = Field(description="saturating effect of the mean temperature of three summers")
    summer_anomaly: float = Field(description="saturating effect of this summer's departure from that mean")
    summer_precipitation: float = Field(description="effect of the natural logarithm of summer precipitation")
    ground_ice: float = Field(description="effect of one standard deviation of ground ice")


class AreaDistribution(StrictModel):
    """Slump areas: an inverse gamma, truncated to [min_m2, max_m2]."""

    shape: float = Field(gt=0)
    scale_m2: float = Field(gt=0)
    min_m2: float = Field(gt=0)
    max_m2: float = Field(gt=0)

    @model_validator(mode="after")
    def _is_not_empty(self) -> "AreaDistribution":
        if self.min_m2 >= self.max_m2:
            raise ValueError("min_m2 must be below max_m2")
        return self


class Slumps(StrictModel):
    """How slumps occur, and how many of them a mapping model finds."""

    expected_slump_years: float = Field(gt=0, description="expected active slumps, summed over land and years")
    effects: Effects
    block_m: Metres = Field(description="edge of the blocks that share one unseen effect")
    unseen_variance: float = Field(ge=0, description="variance of the unseen effect on the log rate")
    detection_probability: Share = Field(description="chance that an active slump is found, per slump and year")
    false_positives_per_unit: float = Field(
        ge=0, description="false finds per base unit and year on the steepest slopes"
    )
    areas: AreaDistribution


class Imaging(StrictModel):
    """Which land is seen in a year."""

    observed_share: Share = Field(description="share of the land inside the year's footprints")
    scene_km: float = Field(gt=0, description="edge of a scene")
    max_lat_deg: float = Field(gt=0, lt=90, description="no satellite image reaches farther north")
    unvisited_share: Share = Field(description="share of the land in whole regions that no scene of any year touches")


class Digitising(StrictModel):
    """How often one slump is drawn twice in a year."""

    repeated_share: Share = Field(description="slumps with a second, smaller outline from another image")
    identical_share: Share = Field(description="slumps with a byte-identical second row")
    new_id_share: Share = Field(description="second outlines under an id of their own")


class WorldSpecification(StrictModel):
    """A virtual Arctic: the same specification and seed make the same world, value for value."""

    seed: int = Field(ge=0)
    extent: Extent
    base_unit_m: Metres = Field(description="edge of the units on which the truth is known")
    coarse_unit_m: Metres = Field(description="edge of the lattice of coasts and smooth fields")
    land_share: float = Field(gt=0, lt=1, description="share of the box that is land")
    label_years: Annotated[tuple[int, ...], Field(strict=False, min_length=1)]
    elevation_tiles: ElevationTiles
    embedding_tiles: EmbeddingTiles
    climate: Climate
    slumps: Slumps
    imaging: Imaging
    digitising: Digitising

    @model_validator(mode="after")
    def _lattices_nest(self) -> "WorldSpecification":
        extent = self.extent
        width_m, height_m = extent.right_m - extent.left_m, extent.top_m - extent.bottom_m
        nested = {
            "extent over coarse_unit_m": (width_m % self.coarse_unit_m, height_m % self.coarse_unit_m),
            "coarse_unit_m over base_unit_m": (self.coarse_unit_m % self.base_unit_m,),
            "slumps.block_m over base_unit_m": (self.slumps.block_m % self.base_unit_m,),
            "base_unit_m over elevation_tiles.pixel_m": (self.base_unit_m % self.elevation_tiles.pixel_m,),
            "elevation_tiles.tile_m over base_unit_m": (self.elevation_tiles.tile_m % self.base_unit_m,),
        }
        broken = [name for name, remainders in nested.items() if any(remainders)]
        if broken:
            raise ValueError(f"not a whole number: {', '.join(broken)}")
        return self

    @model_validator(mode="after")
    def _years_have_climate(self) -> "WorldSpecification":
        known = range(self.climate.first_arctic_year + 2, self.climate.last_year + 1)
        unknown = [year for year in self.label_years if year not in known]
        if unknown or list(self.label_years) != sorted(set(self.label_years)):
            raise ValueError(f"label_years must ascend within {known.start}..{known.stop - 1}")
        return self
