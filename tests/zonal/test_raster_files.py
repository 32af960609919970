import threading
import time

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine, from_origin

from entropice.errors import InputFileError, SchemaError
from entropice.zonal import raster_files
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.histograms import cell_histograms
from entropice.zonal.moments import cell_moments
from entropice.zonal.raster_files import file_histograms, file_moments, read_strips

SHAPE = (150, 90)
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


@pytest.fixture(autouse=True)
def small_strips(monkeypatch):
    """Several strips in a small file."""
    monkeypatch.setattr(raster_files, "STRIP_VALUES", 90 * 32)


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

    for found, band in zip(file_moments(path, coverage, [3, 1]), bands[[2, 0]], strict=True):
        expected = cell_moments(coverage, band, nodata=-9999.0)
        np.testing.assert_allclose(found.count, expected.count, rtol=1e-12)
        np.testing.assert_allclose(found.means, expected.means, atol=1e-12)
        np.testing.assert_allclose(found.standard_deviations, expected.standard_deviations, rtol=1e-9)
        np.testing.assert_array_equal(found.minima, expected.minima)


@pytest.mark.parametrize("dtype", ["int16", "uint8", "int32", "float64"])
def test_integers_keep_their_values(tmp_path, dtype):
    bands = np.random.default_rng(0).integers(0, 255, (1, *SHAPE)).astype(dtype)
    bands[0, 0, 0] = np.iinfo(dtype).max - 1 if bands.dtype.kind == "i" else 254
    path = write(tmp_path / "heights.tif", bands)
    coverage = cell_coverage(np.array([shapely.box(-2000, 0, 9000, 9000)]), NORTH_UP, SHAPE)

    (moments,) = file_moments(path, coverage)

    assert moments.maxima.item() == bands.max()
    assert moments.means.item() == pytest.approx(bands.mean(dtype=np.float64), rel=1e-12)


def test_a_file_of_bytes_has_the_histograms_of_its_bands_in_memory(tmp_path):
    bands = np.random.default_rng(0).integers(-128, 128, (2, *SHAPE)).astype(np.int8)
    path = write(tmp_path / "embedding.tif", bands, BOTTOM_UP, nodata=-128, blockysize=16)
    coverage = cell_coverage(CELLS, BOTTOM_UP, SHAPE)

    for found, band in zip(file_histograms(path, coverage, [1, 2]), bands, strict=True):
        np.testing.assert_allclose(found.weights, cell_histograms(coverage, band, -128).weights, atol=1e-9)
        assert not found.weights[:, 0].any()


def test_strips_follow_one_another_and_end_with_the_files_blocks(tmp_path):
    path = write(tmp_path / "a.tif", np.arange(np.prod(SHAPE)).reshape(1, *SHAPE).astype(np.float32), blockysize=8)

    strips = read_strips(path, cell_coverage(CELLS, NORTH_UP, SHAPE), [1])
    first_rows, values = zip(*((strip.first_row, strip.bands[0].copy()) for strip in strips), strict=True)

    assert first_rows == (0, 32, 64, 96, 128)
    np.testing.assert_array_equal(np.concatenate(values).ravel(), np.arange(np.prod(SHAPE)))


def test_a_strip_stands_while_the_next_one_is_read(tmp_path):
    values = np.arange(np.prod(SHAPE), dtype=np.float32).reshape(1, *SHAPE)
    path = write(tmp_path / "a.tif", values, blockysize=8)

    for strip in read_strips(path, cell_coverage(CELLS, NORTH_UP, SHAPE), [1]):
        time.sleep(0.01)  # enough for the reader to finish the next strip
        n_rows = strip.bands.shape[1]
        np.testing.assert_array_equal(strip.bands, values[:, strip.first_row : strip.first_row + n_rows])


def test_the_next_strip_is_read_while_one_is_used(tmp_path):
    path = write(tmp_path / "a.tif", np.zeros((1, *SHAPE), np.float32), blockysize=8)
    before = threading.active_count()

    strips = read_strips(path, cell_coverage(CELLS, NORTH_UP, SHAPE), [1])
    next(strips)

    assert threading.active_count() == before + 1
    strips.close()
    assert threading.active_count() == before


def test_a_truncated_file_is_refused_with_its_name(tmp_path):
    path = write(tmp_path / "short.tif", np.random.default_rng(0).normal(size=(1, *SHAPE)).astype(np.float32))
    path.write_bytes(path.read_bytes()[:20_000])

    with pytest.raises(InputFileError, match=r"short\.tif"):
        file_moments(path, cell_coverage(CELLS, NORTH_UP, SHAPE))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputFileError, match=r"absent\.tif"):
        file_moments(tmp_path / "absent.tif", cell_coverage(CELLS, NORTH_UP, SHAPE))


@pytest.mark.parametrize(
    ("transform", "shape", "bands", "field"),
    [
        pytest.param(BOTTOM_UP, SHAPE, [1], "transform", id="another place"),
        pytest.param(NORTH_UP, (150, 91), [1], "shape", id="another shape"),
        pytest.param(NORTH_UP, SHAPE, [1, 4], "bands", id="a band it lacks"),
    ],
)
def test_a_file_that_does_not_fit_the_weights_is_refused(tmp_path, transform, shape, bands, field):
    path = write(tmp_path / "a.tif", np.zeros((1, *SHAPE), np.float32))

    with pytest.raises(SchemaError, match=f"field: {field}"):
        file_moments(path, cell_coverage(CELLS, transform, shape), bands)
