"""xdggs, which knows nothing of this package, finds the same cells from our metadata."""

import numpy as np
import pytest
import xarray as xr
import xdggs

from entropice.dggs import GRID_KEYS, parse_grid


@pytest.mark.parametrize("key", GRID_KEYS)
def test_xdggs_decodes_the_cell_ids(key):
    grid = parse_grid(key)
    cells = grid.cells_north_of(87.0)
    cube = xr.Dataset(coords={"cell_ids": ("cell", cells, grid.metadata)})
    decoded = cube.pipe(xdggs.decode)
    assert decoded.dggs.grid_info.level == grid.level
    lon_deg, lat_deg = grid.centres(cells)
    theirs = decoded.dggs.cell_centers()
    np.testing.assert_allclose(theirs["latitude"], lat_deg, atol=1e-9)
    turned_deg = (theirs["longitude"].to_numpy() - lon_deg + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(turned_deg, 0.0, atol=1e-9)


@pytest.mark.parametrize("key", ["h3_4", "healpix_7"])
def test_xdggs_finds_the_cell_at_a_point(key):
    grid = parse_grid(key)
    cells = grid.cells_north_of(80.0)
    decoded = xr.Dataset(
        {"number": ("cell", np.arange(len(cells)))}, coords={"cell_ids": ("cell", cells, grid.metadata)}
    ).pipe(xdggs.decode)
    lon_deg, lat_deg = np.array([-179.9, 12.0, 60.0]), np.array([85.0, 82.0, 88.0])
    found = decoded.dggs.sel_latlon(longitude=lon_deg, latitude=lat_deg)
    np.testing.assert_array_equal(found["cell_ids"], grid.cell_at(lon_deg, lat_deg))
