"""Parameters of the folds, in a module of their own: what only splits cells does not depend on any model."""

from typing import TYPE_CHECKING

from pydantic import Field, create_model

from entropice.base_model import StrictModel
from entropice.grid_keys import GRID_SYSTEMS

if TYPE_CHECKING:
    BlockLevels = StrictModel
else:
    BlockLevels = create_model(
        "BlockLevels",
        __base__=StrictModel,
        __doc__="Level of the parent cells that are kept whole, by grid system; about 300 km wide by default.",
        **{
            system.name: (
                int,
                Field(system.block_level, ge=0, lt=system.levels.stop, description="their level"),
            )
            for system in GRID_SYSTEMS
        },
    )


class FoldParameters(StrictModel):
    """How cells are split into training and test."""

    n_folds: int = Field(default=5, ge=2, le=50, description="number of folds in each scheme")
    buffer_m: float = Field(
        default=100_000.0, ge=0, description="training cells whose outline may be this close to a test cell's sit out"
    )
    block_level: BlockLevels = Field(default=BlockLevels(), description="size of the spatial blocks")

    def block_level_of(self, grid_system: str) -> int:
        """Level of the blocks in a grid system."""
        level: int = getattr(self.block_level, grid_system)
        return level
