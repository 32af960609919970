"""Results of tiles, as far as they tell of some of the cells: those are derived without the others in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from entropice.tiles.plan import Arrays, TileResults
from entropice.types import IntArray


@dataclass(frozen=True)
class TilesOfCells:
    """Tiles, and which cells each of them touches.

    Attributes
    ----------
    results
        Each with ``rows``, the positions (n_touched,) of its cells.
    rows
        Those of every tile.
    cell_axes
        By name of an array of a tile, the axis that runs over its cells.
    """

    results: TileResults
    rows: tuple[IntArray, ...]
    cell_axes: Mapping[str, int]

    @classmethod
    def of(cls, results: TileResults, cell_axes: Mapping[str, int]) -> "TilesOfCells":
        """Read every tile once to learn its cells; no more than one is held in memory.

        `cell_axes` says, by name of an array of a tile, which axis runs over its cells. Each tile holds ``rows``, the
        positions (n_touched,) of its cells among all (KeyError else).
        """
        return cls(results, tuple(np.asarray(tile["rows"], dtype=np.int64) for tile in results), cell_axes)

    def within(self, cells: slice) -> Iterator[Arrays]:
        """Tiles that touch cells of a slice, in the plan's order, without other cells; rows count from its start.

        ``rows`` (n_here,), and the arrays of `cell_axes` with n_here entries along their axis; other arrays come whole.
        The slice has a start and a stop. Each tile is read when it is asked for.

        Examples
        --------
        A tile of the cells 1, 4 and 5: of the cells 4 to 7 it tells of the first and second.

        >>> tiles = {"a": {"rows": np.array([1, 4, 5]), "count": np.array([10.0, 40.0, 50.0])}}
        >>> of_cells = TilesOfCells.of(TileResults(("a",), tiles.__getitem__), {"count": 0})
        >>> [(tile["rows"].tolist(), tile["count"].tolist()) for tile in of_cells.within(slice(4, 8))]
        [([0, 1], [40.0, 50.0])]
        >>> list(of_cells.within(slice(2, 4)))
        []
        """
        for key, rows in zip(self.results.keys, self.rows, strict=True):
            here = np.flatnonzero((rows >= cells.start) & (rows < cells.stop))
            if len(here):
                tile = self.results.load(key)
                parts = {name: tile[name].take(here, axis) for name, axis in self.cell_axes.items() if name in tile}
                yield {**tile, **parts, "rows": rows[here] - cells.start}
