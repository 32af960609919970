"""Keys of grids, and how many cells cover the Earth: published numbers."""

from itertools import pairwise

import pytest

from entropice.errors import GridError
from entropice.grid_keys import GRID_KEYS, check_grid_key, n_cells_of_earth


@pytest.mark.parametrize(
    ("key", "n_cells"),
    [("h3_3", 41_162), ("h3_4", 288_122), ("h3_5", 2_016_842), ("h3_6", 14_117_882), ("healpix_6", 49_152)],
)
def test_cells_of_the_earth_are_as_many_as_is_published(key: str, n_cells: int) -> None:
    """The table of H3's resolutions, pentagons included; 12 nside² with nside 64."""
    assert n_cells_of_earth(key) == n_cells


def test_pixels_of_healpix_quarter() -> None:
    numbers = [n_cells_of_earth(f"healpix_{level}") for level in range(6, 11)]

    assert [fine / coarse for coarse, fine in pairwise(numbers)] == [4.0] * 4


def test_every_key_passes_and_no_other() -> None:
    for key in GRID_KEYS:
        check_grid_key(key)
    for key in ("h3_2", "h3_7", "healpix_5", "healpix_11", "s2_4", "", "H3_4"):
        with pytest.raises(GridError):
            check_grid_key(key)


def test_a_wrong_key_is_told_the_nearest_one_and_all_others() -> None:
    with pytest.raises(GridError, match="no grid 'h3-5'") as refused:
        check_grid_key("h3-5")

    error = refused.value
    assert (error.field, error.got) == ("grid", "h3-5")
    assert error.fix.endswith("the nearest is h3_5")
    assert error.expected.split(", ") == list(GRID_KEYS)
