import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entropice.derive.embeddings.moments import CELL_AXES, N_DIMENSIONS, add_up
from entropice.derive.terrain import blocks as terrain
from entropice.derive.tiles_of_cells import TilesOfCells
from entropice.tiles.plan import TileResults

YEARS = (2020, 2021)
N_CELLS = 11


def tiles_of(random: np.random.Generator, n_tiles: int, arrays_of) -> TileResults:
    """Tiles that share cells with each other, in no order of cells."""
    parts = {}
    for number in range(n_tiles):
        rows = random.permutation(N_CELLS)[: random.integers(1, N_CELLS)]
        parts[f"t{number}"] = {"rows": rows, **arrays_of(random, len(rows))}
    return TileResults(tuple(parts), parts.__getitem__)


def embedding_arrays(random: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    vectors = random.random((2, len(YEARS), n, N_DIMENSIONS))
    return {
        "years": np.array(YEARS),
        "count": random.random((len(YEARS), n)),
        "mean": vectors[0],
        "squared_deviations": vectors[1],
    }


def terrain_arrays(random: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    return {"cell_px": random.random(n), "moments": random.random((3, 5, n))}


@given(seed=st.integers(0, 99), n_tiles=st.integers(0, 6), start=st.integers(0, N_CELLS), n=st.integers(0, N_CELLS))
def test_moments_of_some_cells_are_those_of_all_to_the_last_bit(seed, n_tiles, start, n):
    cells = slice(start, min(start + n, N_CELLS))
    tiles = tiles_of(np.random.default_rng(seed), n_tiles, embedding_arrays)

    whole = add_up(tiles, N_CELLS, YEARS)
    some = add_up(TilesOfCells.of(tiles, CELL_AXES).within(cells), cells.stop - cells.start, YEARS)

    for year in YEARS:
        for name in ("count", "mean", "squared_deviations", "means", "standard_deviations", "norms"):
            np.testing.assert_array_equal(getattr(some[year], name), getattr(whole[year], name)[cells])


@given(seed=st.integers(0, 99), start=st.integers(0, N_CELLS))
def test_so_are_those_of_terrain(seed, start):
    cells, tiles = slice(start, N_CELLS), tiles_of(np.random.default_rng(seed), 4, terrain_arrays)

    whole, whole_px = terrain.add_up(tiles, 3, N_CELLS)
    some, some_px = terrain.add_up(TilesOfCells.of(tiles, terrain.CELL_AXES).within(cells), 3, N_CELLS - start)

    np.testing.assert_array_equal(some_px, whole_px[cells])
    for one, other in zip(some, whole, strict=True):
        np.testing.assert_array_equal(one.arrays, np.array(other.arrays)[:, cells])


def test_only_tiles_of_these_cells_are_read_again():
    read = []

    def load(key):
        read.append(key)
        return {"rows": np.array({"a": [0, 1], "b": [2], "c": [1, 2]}[key])}

    tiles = TilesOfCells.of(TileResults(("a", "b", "c"), load), {})
    read.clear()

    assert [tile["rows"].tolist() for tile in tiles.within(slice(2, 3))] == [[0], [0]]
    assert read == ["b", "c"]
