"""Terrain derivatives against GDAL's on a real elevation model (Svalbard, 20 m)."""

import numpy as np
import pytest
import rasterio

from entropice.derive.terrain import horn_gradient, slope_deg, topographic_position
from entropice.errors import SchemaError
from entropice.sources.arcticdem import read_tile_index

PIXEL_M = 20.0


def read(path) -> np.ndarray:
    with rasterio.open(path) as source:
        values = source.read(1)
        return np.where(values == source.nodata, np.nan, values)


@pytest.fixture(scope="module")
def svalbard(shared_data):
    return shared_data / "dem_svalbard"


@pytest.fixture(scope="module")
def heights_m(svalbard):
    """The elevation model is the file moved one row up and one column right (the data's README)."""
    moved = np.full((54, 50), np.nan, dtype=np.float32)
    moved[:-1, 1:] = read(svalbard / "shifted_reprojected_xoff20.0_yoff20.0.tif")[1:, :-1]
    return moved


@pytest.fixture(scope="module")
def gradient(heights_m):
    return horn_gradient(heights_m, PIXEL_M)


def test_slope_equals_gdals(svalbard, gradient):
    ours, gdal = slope_deg(*gradient), read(svalbard / "slope_Horn.tif")

    both = np.isfinite(ours) & np.isfinite(gdal)
    assert both.sum() == 2_397
    np.testing.assert_allclose(ours[both], gdal[both], atol=2e-4)


def test_grid_azimuth_equals_gdals(svalbard, gradient):
    dz_dx, dz_dy = gradient
    ours_deg, gdal_deg = np.degrees(np.arctan2(-dz_dx, -dz_dy)), read(svalbard / "aspect_Horn.tif")

    both = np.isfinite(ours_deg) & np.isfinite(gdal_deg)
    difference = (ours_deg[both] - gdal_deg[both] + 180) % 360 - 180
    assert both.sum() == 2_397
    assert np.abs(difference).max() < 5e-3


def test_position_over_eight_neighbours_equals_gdals(svalbard, heights_m):
    ours, gdal = topographic_position(heights_m, PIXEL_M, radius_m=1.5 * PIXEL_M), read(svalbard / "tpi.tif")

    # GDAL gives no value where one of the eight is unknown
    both = np.isfinite(slope_deg(*horn_gradient(heights_m, PIXEL_M))) & np.isfinite(gdal)
    assert both.sum() == 2_397
    np.testing.assert_allclose(ours[both], gdal[both], atol=2e-4)


def test_a_folder_of_other_rasters_is_refused(svalbard):
    with pytest.raises(SchemaError) as caught:
        read_tile_index(svalbard)

    assert caught.value.field == "CRS"
    assert caught.value.got == "EPSG:25833"
