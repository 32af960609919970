import geopandas as gpd
import numpy as np
import pytest
import xarray as xr

from entropice.derive.cell_blocks import CellBlocks, cube_in_blocks, slices_of
from entropice.derive.cube import DESCRIPTION, Feature, cell_cube
from entropice.errors import FeatureError

YEARS = [2021, 2022]
N_CELLS = 5
KNOWN = np.array([0.1, 0.9, 0.3, 1.0, 0.8])
CELLS = gpd.GeoDataFrame({"cell_id": np.arange(3, 8, dtype=np.uint64), "land_fraction": [1.0, 1.0, 0.5, 1.0, 1.0]})


def feature(name: str, values: np.ndarray, known: np.ndarray) -> Feature:
    return Feature(name, ("cell", "year")[: values.ndim], values, known, **dict.fromkeys(DESCRIPTION, "?"))


def features_of(cells: slice) -> list[Feature]:
    static, yearly = np.arange(5.0), np.arange(10.0).reshape(5, 2)
    return [
        feature("static", static[cells], KNOWN[cells]),
        feature("yearly", yearly[cells], KNOWN[cells]),
        feature("nowhere", static[cells], 0 * KNOWN[cells]),
    ]


def blocks() -> CellBlocks:
    return cube_in_blocks(features_of, CELLS, {"grid_name": "h3"}, YEARS, 0.5)


@pytest.mark.parametrize("n_cells", [1, 2, 5, 9])
def test_blocks_of_any_size_are_the_cube_of_all_cells(n_cells):
    expected = cell_cube(features_of(slice(0, N_CELLS)), CELLS, {"grid_name": "h3"}, YEARS, 0.5)

    parts = list(blocks().blocks(n_cells))

    assert max(part.sizes["cell"] for part in parts) == min(n_cells, N_CELLS)
    xr.testing.assert_identical(xr.concat(parts, "cell", data_vars="minimal", coords="minimal"), expected)
    xr.testing.assert_identical(blocks().whole(), expected)


def test_coordinates_are_known_before_anything_is_made():
    def never(cells: slice) -> list[Feature]:
        raise AssertionError(cells)

    made = cube_in_blocks(never, CELLS, {"grid_name": "h3"}, YEARS, 0.5)

    np.testing.assert_array_equal(made.coordinates["cell_ids"], CELLS["cell_id"])
    np.testing.assert_array_equal(made.coordinates["year"], YEARS)


def test_ids_that_do_not_ascend_are_refused_before_anything_is_made():
    with pytest.raises(FeatureError, match="sorted"):
        cube_in_blocks(features_of, CELLS.iloc[::-1], {}, YEARS, 0.5)


def test_what_is_unknown_in_every_cell_of_every_block_is_told_once(caplog):
    list(blocks().blocks(1))

    assert caplog.messages == ["1 features, such as nowhere of ?, are unknown in every cell."]


def test_where_there_are_no_cells_there_is_one_block():
    assert slices_of(0, 3) == [slice(0, 0)]
    nothing = cube_in_blocks(features_of, CELLS.iloc[:0], {}, YEARS, 0.5)
    (block,) = nothing.blocks(3)
    assert list(block.data_vars) == ["static", "yearly", "nowhere"]
