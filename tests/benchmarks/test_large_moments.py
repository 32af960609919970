"""Tiles of an enlarged run tell of every heir what is known of its cell, neighbours together."""

import json

import numpy as np

from benchmarks import large_moments
from benchmarks.large_moments import known_moments, write_tiles
from benchmarks.large_run import Heirs
from entropice.dggs import parse_grid
from entropice.io import TileResultsDataset

AXES = {"count": 1}
YEARS = np.array([2022, 2023])
TILES = {
    "a": {"rows": np.array([2, 0]), "years": YEARS, "count": np.array([[20.0, 1.0], [21.0, 2.0]])},
    "b": {"rows": np.array([0]), "years": YEARS, "count": np.array([[7.0], [8.0]])},
}
PLACES = np.array([0, 2, 1, 2, 0])
"""Of the heirs; nothing is known of the second cell."""


def test_every_heir_of_a_known_cell_is_on_a_tile_and_some_on_two(tmp_path, monkeypatch):
    monkeypatch.setattr(large_moments, "CELLS_PER_TILE", 3)
    monkeypatch.setattr(large_moments, "SHARED_CELLS", 1)
    for key, arrays in TILES.items():
        np.savez(tmp_path / f"{key}.npz", **arrays)
    (tmp_path / "tiles.json").write_text(json.dumps(list(TILES)))
    heirs = Heirs(parse_grid("h3_6"), np.arange(5, dtype=np.uint64), PLACES)
    dataset = TileResultsDataset(filepath=str(tmp_path / "large"))

    write_tiles(known_moments(tmp_path, AXES).tiles(heirs, [2021, 2022, 2023]), dataset)

    tiles = list(dataset.load())
    assert [tile["rows"].tolist() for tile in tiles] == [[0, 1], [3, 4], [4]]
    assert [tile["years"].tolist() for tile in tiles] == [[2021, 2022, 2023]] * 3
    assert tiles[0]["count"].tolist() == [[1, 20], [2, 21], [1, 20]]
    assert tiles[2]["count"].tolist() == [[1], [2], [1]]
