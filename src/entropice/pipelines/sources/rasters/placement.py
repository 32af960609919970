"""Cells on a raster, whatever its CRS: which windows they need, and the weights of the pixels in them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from rasterio.windows import Window

from entropice.pipelines.sources.rasters import geographic, projected
from entropice.pipelines.sources.rasters.headers import RasterBand
from entropice.types import FloatArray, Geometries, IntArray
from entropice.zonal.coverage import Coverage

WEIGHT_BYTES_PER_VALUE: Final = 96
"""Of a window: areas of boxes while they are summed up, and the weights themselves."""


@dataclass(frozen=True)
class Placement:
    """Some cells in the plane in which a raster's pixels are cut.

    Attributes
    ----------
    band
        Where the raster's pixels lie.
    planar
        Outlines (n_cells,): pixel coordinates for a projected CRS, metres of EPSG:6931 for longitude and latitude.
    """

    band: RasterBand
    planar: Geometries

    @property
    def sizes(self) -> FloatArray:
        """What the weights of a cell add up to on a raster that covers it: pixels, or m² on longitude and latitude.

        float64, shape (n_cells,). Where the raster ends within a cell its weights add up to less.
        """
        return geographic.sizes(self.planar) if self.band.is_geographic else projected.sizes(self.planar)

    def weights(self, window: Window) -> Coverage:
        """Weights of the pixels of a window in every cell: shares of pixels, or m² on longitude and latitude."""
        if self.band.is_geographic:
            return geographic.weights(self.band, self.planar, window)
        return projected.weights(self.planar, window)

    def bounds_px(self) -> tuple[IntArray, IntArray]:
        """Cell, and first column, first row, last column and last row and one, of each part on the raster.

        Shapes (n_parts,) and (n_parts, 4), int64; a cell has no part where it lies beside the raster.
        """
        is_geographic = self.band.is_geographic
        cell, bounds = (
            geographic.bounds_px(self.band, self.planar) if is_geographic else projected.bounds_px(self.planar)
        )
        n_rows, n_columns = self.band.shape
        whole = np.column_stack([np.floor(bounds[:, :2]), np.ceil(bounds[:, 2:])])
        clipped = np.clip(whole, 0, [n_columns, n_rows, n_columns, n_rows]).astype(np.int64)
        is_on = (clipped[:, 0] < clipped[:, 2]) & (clipped[:, 1] < clipped[:, 3])
        return cell[is_on], clipped[is_on]


def place(band: RasterBand, polygons: Geometries) -> Placement:
    """Place cells (EPSG:3413), shape (n_cells,), on a raster.

    Raises
    ------
    SchemaError
        A cell on a projected raster lies across a cut of its CRS, as `projected.pixel_polygons` says.
    """
    if band.is_geographic:
        return Placement(band, geographic.equal_area_polygons(band, polygons))
    return Placement(band, projected.pixel_polygons(band, polygons))
