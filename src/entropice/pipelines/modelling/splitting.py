"""Parameters of the folds, in a module of their own: what only splits cells does not depend on any model."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, create_model, field_validator

from entropice.base_model import StrictModel
from entropice.errors import suggestion
from entropice.grid_keys import GRID_SYSTEMS
from entropice.learning.folds import SCHEMES, SPATIAL
from entropice.types import CellIds, DataFrame, GeoDataFrame

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

    schemes: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(SPATIAL, "knndm", "random"),
        description="ways to deal cells into folds; every scheme fits every model again, and spatial is compulsory",
    )
    n_folds: int = Field(default=5, ge=2, le=50, description="number of folds in each scheme (year: one a label year)")
    buffer_m: float = Field(
        default=100_000.0, ge=0, description="training cells whose outline may be this close to a test cell's sit out"
    )
    block_level: BlockLevels = Field(default=BlockLevels(), description="size of the spatial blocks")

    @field_validator("schemes")
    @classmethod
    def _are_declared(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in SCHEMES:
                raise ValueError(f"there is no scheme {name}{suggestion(name, SCHEMES)}")
        if SPATIAL not in names or len(set(names)) < len(names):
            raise ValueError(f"schemes must hold each name once, and {SPATIAL} always")
        return names

    def blocks_of(self, cell_ids: CellIds, grid: str) -> CellIds:
        """The spatial block of each cell (n_cell,): its parent at the level configured for the grid's system, uint64.

        Raises
        ------
        GridError
            There is no such grid, or its cells have no parents at that level.
        """
        from entropice.dggs import parse_grid

        parsed = parse_grid(grid)
        return parsed.parents(cell_ids, getattr(self.block_level, parsed.name))

    def buffer_of_centres_m(self, cells: GeoDataFrame) -> float:
        """Centres of cells farther apart than this have outlines farther apart than the buffer; metres of EPSG:6931.

        It is the sum of the buffer and the largest diameter of the cells (column ``geometry``), that of the smallest
        circle around each. With a buffer of 0 it is that diameter, so that neighbours of test cells sit out.
        """
        from entropice.learning.folds.coordinates import widest_cell_m

        return self.buffer_m + widest_cell_m(cells)

    def places_of(self, cells: DataFrame, grid: str) -> DataFrame:
        """``block land_area_m2`` of every cell, indexed by ``cell_id``: what scores ask of places.

        ``cells`` has the columns ``cell_id area_m2 land_fraction``; the land area is their product, the block a parent
        cell (uint64). Rows are in the order of the cells.

        Raises
        ------
        GridError
            As `blocks_of`.
        """
        import pandas as pd

        cell_ids, land_area_m2 = cells["cell_id"].to_numpy(), (cells["area_m2"] * cells["land_fraction"]).to_numpy()
        return pd.DataFrame({"block": self.blocks_of(cell_ids, grid), "land_area_m2": land_area_m2}, index=cell_ids)
