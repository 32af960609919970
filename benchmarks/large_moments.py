"""Tiles of moments of an enlarged run: those of cells of a small run, dealt out to their heirs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.large_run import Heirs, read_json
from entropice.derive.embeddings import moments
from entropice.derive.terrain import blocks
from entropice.io.atomic import atomic_folder
from entropice.io.checksums import write_record

CELL_AXES: Final = {"terrain_moments": blocks.CELL_AXES, "embedding_moments": moments.CELL_AXES}
CELLS_PER_TILE: Final = 440
"""As many cells of `h3_6` lie on a square of embeddings: docs/scale.md."""

SHARED_CELLS: Final = 110
"""Of a tile with the next one."""

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class KnownMoments:
    """Moments of cells, each from the first of its tiles.

    Attributes
    ----------
    rows
        Positions of the known cells, ascending.
    arrays
        Of these cells.
    cell_axes
        By name of an array, the axis that runs over cells; where there are years, axis 0 runs over them.
    n_years
        None where nothing changes by year.
    """

    rows: np.ndarray
    arrays: Arrays
    cell_axes: Mapping[str, int]
    n_years: int | None

    def tiles(self, heirs: Heirs, years: Sequence[int]) -> Iterator[tuple[str, Arrays]]:
        """Tiles of neighbouring heirs by their keys, each year with the moments of one of the known years."""
        for number, start in enumerate(range(0, len(heirs.places), CELLS_PER_TILE - SHARED_CELLS)):
            places = heirs.places[start : start + CELLS_PER_TILE]
            known = np.flatnonzero(np.isin(places, self.rows))
            yield f"t{number}", {"rows": start + known, **self._of(places[known], years)}

    def _of(self, places: np.ndarray, years: Sequence[int]) -> Arrays:
        here = np.searchsorted(self.rows, places)
        arrays = {name: self.arrays[name].take(here, axis) for name, axis in self.cell_axes.items()}
        if self.n_years is None:
            return arrays
        of_years = np.arange(len(years)) % self.n_years
        return {"years": np.array(years), **{name: array[of_years] for name, array in arrays.items()}}


def known_moments(folder: Path, cell_axes: Mapping[str, int]) -> KnownMoments:
    """What tiles in a folder, all of the same years, tell of their cells."""
    tiles = [dict(np.load(folder / f"{key}.npz")) for key in read_json(folder / "tiles.json")]
    rows, firsts = np.unique(np.concatenate([tile["rows"] for tile in tiles]), return_index=True)
    arrays = {name: np.concatenate([tile[name] for tile in tiles], axis) for name, axis in cell_axes.items()}
    first_of_cells = {name: arrays[name].take(firsts, axis) for name, axis in cell_axes.items()}
    return KnownMoments(rows, first_of_cells, cell_axes, len(tiles[0]["years"]) if "years" in tiles[0] else None)


def write_tiles(tiles: Iterable[tuple[str, Arrays]], dataset: Any) -> None:
    """Write results of tiles as if a plan had been carried out."""
    keys = []
    with atomic_folder(dataset.path) as temporary:
        for key, arrays in tiles:
            np.savez(temporary / f"{key}.npz", allow_pickle=False, **arrays)
            keys.append(key)
        (temporary / "tiles.json").write_text(json.dumps(keys), encoding="utf-8")
        write_record(dataset.path, temporary, dataset.fingerprint)
