"""Parameters of where to look."""

from pydantic import Field, PositiveFloat, PositiveInt

from entropice.base_model import StrictModel


class BudgetParameters(StrictModel):
    """How many tiles are looked at, and which."""

    n_tiles: int = Field(gt=2, description="tiles that are looked at, each in all years of the mapping")
    random_share: float = Field(gt=0, lt=1, description="of them, drawn from all cells that are not among the best")
    max_per_cell: PositiveInt = Field(description="tiles of a cell among the best, at most")


class TwoStageParameters(StrictModel):
    """What is left out, what is looked at, and how cells and pixels are joined."""

    missed_share: float = Field(gt=0, lt=1, description="bound of the share of a block's objects that the gate misses")
    density_floor_per_km2: PositiveFloat = Field(description="lower expected densities count as this")
    budget: BudgetParameters
