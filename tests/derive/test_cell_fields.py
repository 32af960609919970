"""Yearly indices of cells as fields."""

import numpy as np
import xarray as xr

from entropice.derive.cell_fields import departure_fields, index_names, index_values
from entropice.derive.climate.departures import usual_years
from entropice.dggs import parse_grid
from entropice.imagery.frames.field_checks import require_series

GRID = parse_grid("healpix_6")
CELLS = GRID.cells_north_of(80.0)
YEARS = np.arange(1990, 2000)


def cube() -> xr.Dataset:
    random = np.random.default_rng(0)
    shape = (len(CELLS), len(YEARS))
    names = ("warmth_c", "rain_mm")
    return xr.Dataset(
        {name: (("cell", "year"), random.normal(size=shape), {"source": "s"}) for name in names},
        {"cell_ids": ("cell", CELLS), "year": YEARS},
    )


def test_fields_are_as_frames_are_cut_from_and_hold_each_cell_once() -> None:
    values = index_values(cube())
    usual = usual_years(values, YEARS, YEARS < 1997)
    fields = departure_fields(cube(), usual, GRID, 4)
    require_series(fields)
    warmth = fields["departure_of_warmth_c"].to_numpy()

    assert index_names(cube()) == ("rain_mm", "warmth_c")
    row, column = np.argwhere(fields["cell_ids"].to_numpy() == CELLS[7])[0]
    np.testing.assert_allclose(warmth[:, row, column], usual.departures(values)[:, 1, 7])
    assert np.isfinite(warmth[0]).sum() == len(CELLS)
    assert fields["time"].dt.year.to_numpy().tolist() == YEARS.tolist()


def test_an_edge_is_that_of_a_cell_of_this_area() -> None:
    """Level 6 has 49152 equal cells of 10,377 km²."""
    usual = usual_years(index_values(cube()), YEARS, YEARS < 1997)

    assert departure_fields(cube(), usual, GRID, 4).attrs["pixel_m"] == 101869.0


def test_pixels_lie_half_an_edge_inside_rows_downwards_and_columns_to_the_right() -> None:
    usual = usual_years(index_values(cube()), YEARS, YEARS < 1997)
    fields = departure_fields(cube(), usual, GRID, 4)
    n_rows, n_columns = fields["cell_ids"].shape
    edge_m = fields.attrs["pixel_m"]

    assert (fields["y"].to_numpy()[[0, -1]] / edge_m).tolist() == [n_rows - 0.5, 0.5]
    assert (fields["x"].to_numpy()[[0, -1]] / edge_m).tolist() == [0.5, n_columns - 0.5]
    assert np.diff(fields["y"]).tolist() == [-edge_m] * (n_rows - 1)
    assert np.diff(fields["x"]).tolist() == [edge_m] * (n_columns - 1)
