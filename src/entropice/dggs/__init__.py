"""Discrete global grids: H3 and HEALPix behind one small protocol."""

from entropice.dggs.cells import build_cells
from entropice.dggs.grid import Grid
from entropice.dggs.h3_grid import H3Grid
from entropice.dggs.keys import parse_grid
from entropice.dggs.polar import equal_area_m2
from entropice.dggs.region import Region
from entropice.grid_keys import GRID_KEYS

__all__ = ["GRID_KEYS", "Grid", "H3Grid", "Region", "build_cells", "equal_area_m2", "parse_grid"]
