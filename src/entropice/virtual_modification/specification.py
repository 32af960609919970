"""The law by which people change a virtual land, as strict parameters."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class Terrain(StrictModel):
    """The land, which does not change."""

    relief_m: Positive = Field(description="standard deviation of the height")
    relief_scale_m: Positive = Field(description="how far heights and hollows reach")
    water_share: Share = Field(description="share of the lowest ground that lies under water")
    slowing_height_m: Positive = Field(description="height above the water at which growth is 1/e of that on the shore")


class RoadLaw(StrictModel):
    """How roads reach new land; chances are those of one step."""

    advance_m: Positive = Field(description="length that is built at an end that is worked on")
    worked_on: Share = Field(description="chance that an end is worked on")
    fork: Share = Field(description="chance that an end forks")
    level: Share = Field(description="modification of the ground under a road")
    avoided_step_m: Positive = Field(description="step in height that makes a way e times less likely")


class GrowthLaw(StrictModel):
    """How cells spread and fill up; rates are those of one step."""

    capacity: Share = Field(description="modification at which a cell is full")
    within: NotNegative = Field(description="growth of what is there, far below the capacity")
    from_neighbours: NotNegative = Field(description="growth by what is there nearby")
    neighbour_m: Positive = Field(description="standard deviation of the distance from which neighbours act")
    from_roads: NotNegative = Field(description="growth beside a road, where nothing is there yet")
    road_m: Positive = Field(description="standard deviation of the distance from which roads act")
    economy_spread: NotNegative = Field(description="standard deviation of the logarithm of the growth of a region")
    economy_scale_m: Positive = Field(description="how far a region reaches")
    economy_memory: Share = Field(description="correlation of a region's growth with that of the step before")


class SettlementLaw(StrictModel):
    """Where people come first."""

    first_per_1000_km2: Positive = Field(description="settlements before all growth")
    new_per_1000_km2: NotNegative = Field(description="expected new ones of a step, most of them beside roads")
    level: Share = Field(description="modification of a new one's middle")
    radius_m: Positive = Field(description="standard deviation of its outline")
    n_roads: int = Field(ge=0, description="roads that begin there")


class ModificationSpecification(StrictModel):
    """A virtual land and its people: the same seed and specification make the same numbers."""

    n_rows: int = Field(ge=8, description="rows of the grid")
    n_columns: int = Field(ge=8, description="columns of the grid")
    pixel_m: Positive = Field(description="edge of a pixel; the published maps have 300 m")
    left_m: float = Field(description="outer left edge, EPSG:3413")
    top_m: float = Field(description="outer upper edge, EPSG:3413")
    first_year: int = Field(description="year of the first map")
    step_years: int = Field(ge=1, description="years from map to map")
    n_steps: int = Field(ge=2, description="number of maps")
    n_steps_before: int = Field(ge=0, description="steps of growth before the first map")
    missing_share: Share = Field(description="share of the land without data, other land in each map")
    missing_scale_m: Positive = Field(description="how far a gap in the data reaches")
    terrain: Terrain
    roads: RoadLaw
    growth: GrowthLaw
    settlements: SettlementLaw

    @property
    def years(self) -> list[int]:
        """Years of the maps, `n_steps` of them from `first_year` on, `step_years` apart."""
        return [self.first_year + number * self.step_years for number in range(self.n_steps)]

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.n_rows, self.n_columns


class CeilingRules(StrictModel):
    """Forecasts of someone who knows the law."""

    n_known: int = Field(ge=1, description="maps that a forecast begins with")
    n_horizons: int = Field(ge=1, description="steps ahead")
    n_draws: int = Field(ge=1, description="futures that are drawn for each forecast")
