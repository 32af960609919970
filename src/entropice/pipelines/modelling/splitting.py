"""Parameters of the folds, in a module of their own: what only splits cells does not depend on any model."""

from typing import TYPE_CHECKING

from pydantic import Field, create_model

from entropice.base_model import StrictModel
from entropice.grid_keys import GRID_SYSTEMS
from entropice.types import CellIds, Series

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

    def blocks_of(self, cell_ids: CellIds, grid: str) -> CellIds:
        """The spatial block of each cell (n_cell,)."""
        from entropice.dggs import parse_grid

        parsed = parse_grid(grid)
        return parsed.parents(cell_ids, getattr(self.block_level, parsed.name))

    def block_series(self, cell_ids: Series, grid: str) -> Series:
        """The spatial block by cell, each cell once."""
        import pandas as pd

        different = cell_ids.unique()
        return pd.Series(self.blocks_of(different, grid), index=different)
