import numpy as np
import pytest
from raster_files import write_raster
from rasterio.transform import from_origin

from entropice.sources.imagery.tiff_tags import announced_bytes


@pytest.mark.parametrize("options", [{}, {"BIGTIFF": "YES"}, {"ENDIANNESS": "BIG"}, {"tiled": True, "compress": "lzw"}])
def test_a_whole_file_has_all_bytes_that_its_tags_announce(tmp_path, options):
    values = np.arange(3 * 64 * 64, dtype=np.uint16).reshape(3, 64, 64)
    at = from_origin(0, 0, 3, 3)
    path = write_raster(tmp_path / "image.tif", values, at, nodata=0, blockysize=16, blockxsize=16, **options)
    assert 200 < announced_bytes(path) <= path.stat().st_size


def test_what_is_no_tiff_announces_nothing(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("Images were here, once upon a time.")
    assert announced_bytes(path) == 0


def test_a_directory_beyond_the_end_is_announced(tmp_path):
    path = tmp_path / "cut.tif"
    path.write_bytes(b"II*\0" + (1000).to_bytes(4, "little") + bytes(20))
    assert announced_bytes(path) == 1002
