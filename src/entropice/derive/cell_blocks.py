"""A cube of features that is made some cells at a time, for its cells do not depend on each other."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from entropice.derive.cube import Feature, cell_coordinates, cell_cube
from entropice.types import Dataset, GeoDataFrame

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CellBlocks:
    """A cube on cells of which nothing is in memory.

    Attributes
    ----------
    coordinates
        Of all cells: ``cell_ids`` and ``year``, no variables.
    of_cells
        The cube of the cells in a slice of them, made anew whenever it is asked for.
    """

    coordinates: Dataset
    of_cells: Callable[[slice], Dataset]

    def blocks(self, n_cells: int) -> Iterator[Dataset]:
        """Yield the cube, `n_cells` (1 or more) at a time and in order; a block without cells where there are none.

        Each has the dims and coordinates of `whole`, ``cell_ids`` being those of the block. The log tells what was
        unknown in every cell once the last block has been taken: one warning with their number, and name and source
        of one.
        """
        known: set[str] = set()
        for cells in slices_of(self.coordinates.sizes["cell"], n_cells):
            block = self.of_cells(cells)
            yield block
            # Names alone are kept: what is known in no block can be told without any of them in memory.
            known |= {str(name) for name, feature in block.data_vars.items() if np.isfinite(feature.to_numpy()).any()}
        _report_unknown(block.drop_vars(known))

    def whole(self) -> Dataset:
        """The cube of all cells in memory, dims cell and year; the log tells what is unknown in every cell.

        Float64 variables on ("cell",) or ("cell", "year"), coordinates ``cell_ids`` and ``year``, as of `cell_cube`.
        """
        (cube,) = self.blocks(max(self.coordinates.sizes["cell"], 1))
        return cube


def slices_of(n_cells: int, n_in_block: int) -> list[slice]:
    """Slices of so many cells, of which the last one may be shorter; an empty one where there are no cells.

    Together they hold each of `n_cells` once, in order; `n_in_block` is 1 or more.

    Examples
    --------
    >>> slices_of(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    >>> slices_of(0, 2)
    [slice(0, 0, None)]
    """
    return [slice(start, min(start + n_in_block, n_cells)) for start in range(0, max(n_cells, 1), n_in_block)]


def cube_in_blocks(
    features_of: Callable[[slice], Iterable[Feature]],
    cells: GeoDataFrame,
    grid_metadata: Mapping[str, str | int],
    years: Sequence[int],
    min_known_fraction: float,
) -> CellBlocks:
    """`cell_cube` of any cells, from the features of these alone.

    Parameters
    ----------
    features_of
        The features of the cells in a slice, with ``cell_values`` of shape (n_cells,) or (n_cells, n_years); the same
        names whatever the cells.
    cells
        All of them: columns ``cell_id`` (ascending) and ``land_fraction`` (0 to 1).
    grid_metadata
        Attributes of the coordinate ``cell_ids``.
    years
        Label years, (n_years,).
    min_known_fraction
        A value is NaN in a cell of which its source knows less area than this share of the land.

    Returns
    -------
    CellBlocks
        Nothing is derived yet: `features_of` is called whenever cells are asked for.

    Raises
    ------
    FeatureError
        If the cell ids do not ascend.

    Examples
    --------
    Three cells, two at a time.

    >>> import pandas as pd
    >>> def heights(where):
    ...     values, described = np.array([1.0, 2.0, 3.0])[where], ("m", "terrain", "tiles", "mean", "2020", "height")
    ...     return [Feature("height_m", ("cell",), values, np.ones(len(values)), *described)]
    >>> cells = pd.DataFrame({"cell_id": [4, 7, 9], "land_fraction": 1.0})
    >>> made = cube_in_blocks(heights, cells, {"grid_name": "h3", "level": 5}, [2020], min_known_fraction=0.5)
    >>> [block["height_m"].values.tolist() for block in made.blocks(2)]
    [[1.0, 2.0], [3.0]]
    """

    def of_cells(where: slice) -> Dataset:
        return cell_cube(features_of(where), cells.iloc[where], grid_metadata, years, min_known_fraction)

    return CellBlocks(cell_coordinates(cells, grid_metadata, years), of_cells)


def _report_unknown(unknown: Dataset) -> None:
    names = [str(name) for name in unknown.data_vars]
    if names:
        logger.warning(
            "%d features, such as %s of %s, are unknown in every cell.",
            len(names),
            names[0],
            unknown[names[0]].attrs["source"],
        )
