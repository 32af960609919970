import numpy as np
import pytest
import shapely
from raster_files import write_raster
from rasterio.transform import from_origin

from entropice.errors import InputFileError
from entropice.pipelines.sources.rasters.declaration import RASTERS
from entropice.pipelines.sources.rasters.parameters import RasterParameters
from entropice.pipelines.sources.work import Extent

ICE = {"file": "ice.tif", "name": "ice", "unit": "m", "statistic": "mean"}


def work(folder, *files):
    parameters = RasterParameters(files=files, block_px=64)
    return RASTERS.work(Extent(shapely.box(0, 0, 1, 1), "h3_4", (2021,), parameters, folder, world=None))


def test_the_work_is_that_of_all_pixels_of_the_bands_named(folder):
    path = write_raster(folder / "ice.tif", np.zeros((2, 100, 200), np.float32), from_origin(0, 0, 10, 10))

    one, two = work(folder, ICE), work(folder, ICE, ICE | {"name": "other", "band": 2})

    assert (one.n_tiles, one.n_values, one.n_bytes) == (2 * 4, 20_000, path.stat().st_size)
    assert (two.n_tiles, two.n_values) == (16, 40_000)
    assert one.basis == "all pixels of the files"


def test_pixels_that_are_kept_for_quantiles_take_memory(folder):
    write_raster(folder / "ice.tif", np.zeros((100, 200), np.float32), from_origin(0, 0, 10, 10))

    assert work(folder, ICE | {"statistic": ["mean", "median"]}).tile_bytes > work(folder, ICE).tile_bytes


def test_a_file_that_is_not_there_is_named(folder):
    folder.mkdir()

    with pytest.raises(InputFileError, match=r"ice\.tif"):
        work(folder, ICE)
