"""Terrain derivatives against GDAL's on a real elevation model (Svalbard, 20 m)."""

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer

from entropice.derive.terrain.layers import (
    extremes,
    hillshade,
    horn_gradient,
    ruggedness,
    slope_deg,
    topographic_positions,
    zevenbergen_gradient,
)
from entropice.errors import SchemaError
from entropice.sources.arcticdem.index import needed_tiles, read_index
from entropice.sources.arcticdem.tiles import read_tile_index

PIXEL_M = 20.0
TO_POLAR = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True)
TO_LON_LAT = Transformer.from_crs("EPSG:3413", "EPSG:4326", always_xy=True)


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


@pytest.fixture(scope="module", params=["Horn", "Zevenberg"])
def gradient(request, heights_m):
    """GDAL's name of a method, and the rise it finds towards the right and the top."""
    method = {"Horn": horn_gradient, "Zevenberg": zevenbergen_gradient}[request.param]
    return request.param, *method(heights_m, PIXEL_M)


def both_known(ours, gdal) -> tuple[np.ndarray, np.ndarray]:
    """Values where both have one; a layer of ours lacks its margin."""
    margin = (gdal.shape[0] - ours.shape[0]) // 2
    theirs = gdal[margin:-margin, margin:-margin] if margin else gdal
    both = np.isfinite(ours) & np.isfinite(theirs)
    assert both.sum() == 2_397
    return ours[both].astype(np.float64), theirs[both].astype(np.float64)


def test_slope_equals_gdals(svalbard, gradient):
    method, dz_dx, dz_dy = gradient

    ours, gdal = both_known(slope_deg(dz_dx, dz_dy), read(svalbard / f"slope_{method}.tif"))

    np.testing.assert_allclose(ours, gdal, atol=2e-4)


def test_grid_azimuth_equals_gdals(svalbard, gradient):
    method, dz_dx, dz_dy = gradient

    ours, gdal = both_known(np.degrees(np.arctan2(-dz_dx, -dz_dy)), read(svalbard / f"aspect_{method}.tif"))

    assert np.abs((ours - gdal + 180) % 360 - 180).max() < 5e-3


def test_hillshade_equals_gdals(svalbard, heights_m):
    dz_dx, dz_dy = horn_gradient(heights_m, PIXEL_M)
    steepness = np.hypot(dz_dx, dz_dy)

    shade = hillshade(dz_dx, dz_dy, -dz_dy / steepness, -dz_dx / steepness, azimuth_deg=315, altitude_deg=45)
    ours, gdal = both_known(1 + 254 * shade, read(svalbard / "hillshade_Horn.tif"))

    np.testing.assert_array_equal(np.round(ours), gdal)


def test_position_over_eight_neighbours_equals_gdals(svalbard, heights_m):
    (position,) = topographic_positions(heights_m, PIXEL_M, [1.5 * PIXEL_M])
    # GDAL gives no value where one of the eight is unknown
    position = np.where(np.isnan(ruggedness(heights_m)), np.nan, position)

    np.testing.assert_allclose(*both_known(position, read(svalbard / "tpi.tif")), atol=2e-4)


def test_ruggedness_equals_gdals(svalbard, heights_m):
    np.testing.assert_allclose(*both_known(ruggedness(heights_m), read(svalbard / "tri_Riley.tif")), atol=1e-5)


def test_roughness_within_a_pixel_equals_gdals(svalbard, heights_m):
    lowest_m, highest_m = extremes(heights_m, 1)
    range_m = np.where(np.isnan(ruggedness(heights_m)), np.nan, highest_m - lowest_m)

    np.testing.assert_array_equal(*both_known(range_m, read(svalbard / "roughness.tif")))


def test_a_folder_of_other_rasters_is_refused(svalbard):
    with pytest.raises(SchemaError) as caught:
        read_tile_index(svalbard)

    assert caught.value.field == "CRS"
    assert caught.value.got == "EPSG:25833"


def test_footprints_of_a_real_index_lie_where_their_longitudes_and_latitudes_say(shared_data):
    path = shared_data / "dem_other" / "test_arcticdem_index_kiv_steenstrup.parquet"

    index = read_index(path)

    assert len(index) == 63
    assert index.crs == "EPSG:3413"
    assert index.geometry.is_valid.all()
    lon_deg, lat_deg = TO_LON_LAT.transform(*shapely.get_coordinates(index.geometry).T)
    assert -35.2 < lon_deg.min() < lon_deg.max() < -33.8
    assert 66.1 < lat_deg.min() < lat_deg.max() < 67.1
    centre_m = TO_POLAR.transform(-34.5, 66.6)
    assert 0 < len(needed_tiles(index, 2.0, shapely.STRtree([shapely.Point(centre_m).buffer(1_000)]))) < 63
