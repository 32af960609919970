"""The elevation model as ArcticDEM would deliver it: abutting tiles, sea without data."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from entropice.progress import progress
from entropice.raster.tile import RasterTile
from entropice.types import Float32Array
from entropice.virtual_arctic.fields import power_law_field
from entropice.virtual_arctic.lattice import Lattice, interpolated, lattice_of
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import WorldSpecification

_ROUGHNESS_M = 2.5
_ICE_EXPONENT = 0.35


def cut_tiles(terrain: xr.Dataset, world: WorldSpecification) -> Iterator[RasterTile]:
    """Every tile that holds land, one at a time.

    A pixel's height is the base units' interpolated height plus a fine roughness that grows with ground ice: the only
    trace of the ice that an observer sees. The roughness repeats with the tile and is periodic, so seams are smooth.

    Tiles come row by row from the top left. Values are float32 (row, column), m, row 0 in the north, NaN at sea; the
    last tile of a row or column is smaller where the world ends. With i the ground ice, the roughness has a standard
    deviation of 2.5 exp(0.35 i) m. The name is ``virtual_<left>_<top>_<pixel>m_v4.1_dem``, left and top edge in whole
    km with ``m`` for minus, the pixel in m.
    """
    tiles, lattice = world.elevation_tiles, lattice_of(terrain)
    n_pixels = tiles.tile_m // tiles.pixel_m
    roughness = power_law_field(generator(world.seed, "roughness"), (n_pixels, n_pixels), 2.5, n_pixels / 20)
    origins = _origins(lattice, tiles.tile_m)
    for row, column in progress(origins, "elevation tiles"):
        piece = _window(terrain, row, column, tiles.tile_m // lattice.step_m)
        if piece["land"].any():
            yield _tile(terrain, piece, roughness, tiles.pixel_m)


def _origins(lattice: Lattice, tile_m: int) -> list[tuple[int, int]]:
    step = tile_m // lattice.step_m
    return [(row, column) for row in range(0, lattice.n_rows, step) for column in range(0, lattice.n_columns, step)]


def _window(terrain: xr.Dataset, row: int, column: int, n_units: int) -> xr.Dataset:
    return terrain.isel(y=slice(row, row + n_units), x=slice(column, column + n_units))


def _tile(terrain: xr.Dataset, piece: xr.Dataset, roughness: Float32Array, pixel_m: int) -> RasterTile:
    lattice = lattice_of(piece)
    factor = lattice.step_m // pixel_m
    pixels = Lattice(lattice.left_m, lattice.top_m, pixel_m, lattice.n_rows * factor, lattice.n_columns * factor)
    x_m, y_m = np.meshgrid(pixels.x_m, pixels.y_m)
    whole = lattice_of(terrain)
    base_m = interpolated(terrain["elevation_m"].to_numpy(), whole, x_m, y_m)
    ice = interpolated(terrain["ground_ice"].to_numpy(), whole, x_m, y_m)
    fine_m = _ROUGHNESS_M * np.exp(_ICE_EXPONENT * ice) * roughness[: pixels.n_rows, : pixels.n_columns]
    land = piece["land"].to_numpy().repeat(factor, axis=0).repeat(factor, axis=1)
    values = np.where(land, base_m + fine_m, np.nan).astype(np.float32)
    return RasterTile(_name(lattice, pixel_m), values, lattice.left_m, lattice.top_m, pixel_m)


def _name(lattice: Lattice, pixel_m: int) -> str:
    """The tile's name: top-left corner in km, with m for minus."""
    corner = "_".join(str(edge_m // 1000).replace("-", "m") for edge_m in (lattice.left_m, lattice.top_m))
    return f"virtual_{corner}_{pixel_m}m_v4.1_dem"
