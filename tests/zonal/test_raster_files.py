import threading
import time

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine, from_origin
from rasterio.windows import Window

from entropice.errors import InputFileError
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.moments import Moments, add_strip, cell_moments
from entropice.zonal.raster_files import read_windows, strips

SHAPE = (150, 90)
WHOLE = Window(0, 0, SHAPE[1], SHAPE[0])
NORTH_UP = from_origin(-1000.0, 5000.0, 10.0, 10.0)
BOTTOM_UP = Affine(10, 0, -1000, 0, 10, 3500)
CELLS = shapely.buffer(shapely.points(np.random.default_rng(1).uniform([-1000, 3500], [-100, 5000], (40, 2))), 137.0)


def write(path, bands, transform=NORTH_UP, **profile):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(bands),
        height=SHAPE[0],
        width=SHAPE[1],
        dtype=bands.dtype,
        crs="EPSG:3413",
        transform=transform,
        **profile,
    ) as file:
        file.write(bands)
    return path


def small_strips():
    """Several strips in a small file."""
    return strips(WHOLE, block_rows=8, n_values=90 * 32)


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param({"tiled": True, "blockxsize": 32, "blockysize": 16, "compress": "deflate"}, id="tiled"),
        pytest.param({"blockysize": 1}, id="row by row"),
        pytest.param({"blockysize": 150}, id="one block"),
        pytest.param(
            {"tiled": True, "blockxsize": 64, "blockysize": 64, "interleave": "pixel"}, id="pixel interleaved"
        ),
    ],
)
@pytest.mark.parametrize("transform", [NORTH_UP, BOTTOM_UP], ids=["north up", "bottom up"])
def test_a_file_has_the_moments_of_its_bands_in_memory(tmp_path, layout, transform):
    bands = np.random.default_rng(0).normal(size=(3, *SHAPE)).astype(np.float32)
    bands[:, 20:40, 10:60] = -9999.0
    path = write(tmp_path / "bands.tif", bands, transform, nodata=-9999.0, **layout)
    coverage = cell_coverage(CELLS, transform, SHAPE)

    for number, band in [(3, bands[2]), (1, bands[0])]:
        found, windows = Moments.empty(coverage.n_cells), small_strips()
        for window, values in zip(windows, read_windows(path, number, windows), strict=True):
            add_strip(found, coverage, values, window.row_off)
        expected = cell_moments(coverage, band, nodata=-9999.0)
        np.testing.assert_allclose(found.count, expected.count, rtol=1e-12)
        np.testing.assert_allclose(found.means, expected.means, atol=1e-12)
        np.testing.assert_allclose(found.standard_deviations, expected.standard_deviations, rtol=1e-9)
        np.testing.assert_array_equal(found.minima, expected.minima)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"])
def test_numbers_keep_their_values(tmp_path, dtype):
    bands = np.random.default_rng(0).integers(0, 100, (1, *SHAPE)).astype(dtype)
    bands[0, 0, :2] = (np.iinfo(dtype).max, np.iinfo(dtype).min + 2) if bands.dtype.kind in "iu" else (0.1, 1e19)
    path = write(tmp_path / "values.tif", bands)

    (values,) = read_windows(path, 1, [WHOLE])

    assert values.dtype == (
        np.float64 if (bands.dtype.itemsize == 4 and dtype != "float32") or dtype == "float64" else np.float32
    )
    np.testing.assert_array_equal(values, bands[0].astype(np.float64))


def test_scale_and_offset_are_applied_to_what_is_known(tmp_path):
    bands = np.arange(np.prod(SHAPE)).reshape(1, *SHAPE).astype(np.int16)
    path = write(tmp_path / "scaled.tif", bands, nodata=5)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (-20.0,)

    (values,) = read_windows(path, 1, [WHOLE])

    np.testing.assert_array_equal(values, np.where(bands[0] == 5, np.nan, bands[0] * 0.1 - 20.0))


def test_a_mask_beside_the_nodata_value_is_honoured(tmp_path):
    bands = np.arange(np.prod(SHAPE)).reshape(1, *SHAPE).astype(np.float32)
    path = write(tmp_path / "masked.tif", bands, nodata=7)
    is_masked = bands[0] % 3 == 0
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as file:
        file.write_mask(~is_masked)

    (values,) = read_windows(path, 1, [WHOLE])

    np.testing.assert_array_equal(np.isnan(values), is_masked | (bands[0] == 7))


def test_a_nodata_value_that_the_type_cannot_hold_says_nothing(tmp_path):
    bands = np.full((1, *SHAPE), 3, np.float32)
    path = write(tmp_path / "a.tif", bands)
    vrt = tmp_path / "a.vrt"
    vrt.write_text(
        f"<VRTDataset rasterXSize='{SHAPE[1]}' rasterYSize='{SHAPE[0]}'><VRTRasterBand dataType='Byte' band='1'>"
        "<NoDataValue>-9999</NoDataValue><SimpleSource><SourceFilename relativeToVRT='1'>"
        f"{path.name}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )

    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        (values,) = read_windows(vrt, 1, [WHOLE])

    np.testing.assert_array_equal(values, bands[0])


def test_strips_follow_one_another_and_end_with_the_files_blocks(tmp_path):
    band = np.arange(np.prod(SHAPE), dtype=np.float32).reshape(SHAPE)
    path = write(tmp_path / "a.tif", band[None], blockysize=8)

    windows = small_strips()

    assert [window.row_off for window in windows] == [0, 32, 64, 96, 128]
    np.testing.assert_array_equal(np.concatenate(list(read_windows(path, 1, windows))), band)


def test_strips_of_a_part_end_with_the_files_blocks_too(tmp_path):
    band = np.arange(np.prod(SHAPE), dtype=np.float32).reshape(SHAPE)
    path = write(tmp_path / "a.tif", band[None], blockysize=8)

    windows = strips(Window(20, 13, 30, 70), block_rows=8, n_values=30 * 16)

    assert [(window.row_off, window.height) for window in windows] == [
        (13, 3),
        (16, 16),
        (32, 16),
        (48, 16),
        (64, 16),
        (80, 3),
    ]
    np.testing.assert_array_equal(np.concatenate(list(read_windows(path, 1, windows))), band[13:83, 20:50])


def test_a_window_stands_while_the_next_one_is_read(tmp_path):
    band = np.arange(np.prod(SHAPE), dtype=np.float32).reshape(SHAPE)
    path = write(tmp_path / "a.tif", band[None], blockysize=8)
    windows = small_strips()

    for window, values in zip(windows, read_windows(path, 1, windows), strict=True):
        time.sleep(0.01)  # enough for the reader to finish the next strip
        np.testing.assert_array_equal(values, band[window.row_off : window.row_off + window.height])


def test_the_next_window_is_read_while_one_is_used(tmp_path):
    path = write(tmp_path / "a.tif", np.zeros((1, *SHAPE), np.float32), blockysize=8)
    before = threading.active_count()

    windows = read_windows(path, 1, small_strips())
    next(windows)

    assert threading.active_count() == before + 1
    windows.close()
    assert threading.active_count() == before


def test_a_truncated_file_is_refused_with_its_name(tmp_path):
    path = write(tmp_path / "short.tif", np.random.default_rng(0).normal(size=(1, *SHAPE)).astype(np.float32))
    path.write_bytes(path.read_bytes()[:20_000])

    with pytest.raises(InputFileError, match=r"short\.tif"):
        list(read_windows(path, 1, [WHOLE]))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputFileError, match=r"absent\.tif"):
        list(read_windows(tmp_path / "absent.tif", 1, [WHOLE]))
