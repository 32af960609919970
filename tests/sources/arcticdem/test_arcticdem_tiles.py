import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import from_origin

from entropice.errors import EntropiceError, InputFileError, SchemaError
from entropice.raster.bounds import Bounds
from entropice.sources.arcticdem.tiles import plan_blocks, read_tile_index, read_window

PIXEL_M = 500.0


def write_tile(path, values, left_m=0.0, top_m=0.0, pixel_m=PIXEL_M, **changes):
    profile = {
        "driver": "GTiff",
        "height": values.shape[0],
        "width": values.shape[1],
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:3413",
        "nodata": -9999.0,
        "transform": from_origin(left_m, top_m, pixel_m, pixel_m),
    } | changes
    with rasterio.open(path, "w", **profile) as target:
        for band in range(1, profile["count"] + 1):
            target.write(values.astype(profile["dtype"]), band)


@pytest.fixture(scope="module")
def mosaic(tmp_path_factory):
    """A 6 × 8 pixel world cut into four tiles, one of them absent; (folder, the world with NaN where absent)."""
    folder = tmp_path_factory.mktemp("arcticdem")
    world = np.arange(48, dtype=np.float32).reshape(6, 8)
    for name, rows, columns in [("a", (0, 3), (0, 4)), ("b", (0, 3), (4, 8)), ("c", (3, 6), (0, 4))]:
        piece = world[slice(*rows), slice(*columns)]
        write_tile(folder / f"{name}_dem.tif", piece, -2000 + columns[0] * PIXEL_M, 1500 - rows[0] * PIXEL_M)
    world[3:, 4:] = np.nan
    return folder, world


def test_the_index_holds_every_tile_in_order_of_names(mosaic):
    index = read_tile_index(mosaic[0])

    assert [tile.path.stem for tile in index.tiles] == ["a_dem", "b_dem", "c_dem"]
    assert index.pixel_size_m == PIXEL_M
    assert index.bounds == Bounds(-2000.0, -1500.0, 2000.0, 1500.0)


@given(rows=st.tuples(st.integers(-2, 8), st.integers(1, 6)), columns=st.tuples(st.integers(-2, 9), st.integers(1, 6)))
def test_a_window_is_the_world_where_there_are_tiles_and_nan_elsewhere(mosaic, rows, columns):
    folder, world = mosaic
    (first_row, n_rows), (first_column, n_columns) = rows, columns
    padded = np.pad(world, 10, constant_values=np.nan)
    expected = padded[10 + first_row : 10 + first_row + n_rows, 10 + first_column : 10 + first_column + n_columns]
    left_m, top_m = -2000 + first_column * PIXEL_M, 1500 - first_row * PIXEL_M

    values = read_window(
        read_tile_index(folder), Bounds(left_m, top_m - n_rows * PIXEL_M, left_m + n_columns * PIXEL_M, top_m)
    )

    np.testing.assert_array_equal(values, expected)
    assert values.dtype == np.float32


@pytest.mark.parametrize("unknown", [np.nan, np.inf, -np.inf])
def test_nodata_and_what_is_no_finite_number_are_unknown(tmp_path, unknown):
    write_tile(tmp_path / "a.tif", np.array([[1.0, -9999.0], [unknown, -5.0]]))

    values = read_window(read_tile_index(tmp_path), Bounds(0.0, -1000.0, 1000.0, 0.0))

    np.testing.assert_array_equal(values, [[1, np.nan], [np.nan, -5]])


def test_overlapping_tiles_count_once_the_first_name_speaks_and_the_next_fills_gaps(tmp_path):
    write_tile(tmp_path / "b.tif", np.full((2, 3), 2.0), left_m=500.0)
    write_tile(tmp_path / "a.tif", np.array([[1.0, 1.0], [1.0, np.nan]]), left_m=0.0)

    values = read_window(read_tile_index(tmp_path), Bounds(0.0, -1000.0, 2000.0, 0.0))

    np.testing.assert_array_equal(values, [[1, 1, 2, 2], [1, 2, 2, 2]])


@pytest.mark.parametrize("block_px", [1, 2, 3, 5, 100])
def test_blocks_hold_every_pixel_of_every_tile_once(mosaic, block_px):
    folder, world = mosaic
    index = read_tile_index(folder)
    times_seen = np.zeros(world.shape, dtype=int)

    for block in plan_blocks(index, block_px):
        row, column = round((1500 - block.top_m) / PIXEL_M), round((block.left_m + 2000) / PIXEL_M)
        n_rows, n_columns = block.shape(PIXEL_M)
        assert max(n_rows, n_columns) <= block_px
        times_seen[row : row + n_rows, column : column + n_columns] += 1

    assert (times_seen[np.isfinite(world)] == 1).all()
    assert times_seen.max() == 1


def test_blocks_without_a_tile_are_left_out(mosaic):
    blocks = plan_blocks(read_tile_index(mosaic[0]), 1)

    assert len(blocks) == 36


SQUARE = np.ones((2, 2), dtype=np.float32)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"crs": "EPSG:32633"}, "CRS"),
        ({"crs": None}, "CRS"),
        ({"nodata": 0.0}, "nodata"),
        ({"nodata": None}, "nodata"),
        ({"count": 2}, "bands"),
        ({"transform": from_origin(0, 0, 500, 250)}, "orientation"),
        ({"transform": rasterio.Affine(500, 0, 0, 0, 500, 0)}, "orientation"),
    ],
    ids=["wrong CRS", "no CRS", "wrong nodata", "no nodata", "two bands", "oblong pixels", "bottom-up"],
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")  # writing one without a CRS is the point
def test_a_tile_of_another_kind_is_refused(tmp_path, changes, field):
    write_tile(tmp_path / "a.tif", SQUARE, **changes)

    with pytest.raises(SchemaError) as caught:
        read_tile_index(tmp_path)

    assert caught.value.field == field
    assert caught.value.path == str(tmp_path / "a.tif")


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"left_m": 1000.0, "pixel_m": 250.0}, "differ in pixel size"),
        ({"left_m": 1100.0}, "off the common pixel grid"),
        ({}, "fill the same place"),
    ],
    ids=["pixel size", "misaligned", "repeated"],
)
def test_tiles_that_do_not_fit_together_are_refused(tmp_path, second, message):
    write_tile(tmp_path / "a.tif", SQUARE)
    write_tile(tmp_path / "b.tif", SQUARE, **second)

    with pytest.raises(SchemaError, match=message):
        read_tile_index(tmp_path)


@pytest.mark.parametrize("folder", ["empty", "absent"])
def test_a_folder_without_tiles_is_refused(tmp_path, folder):
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputFileError, match="no elevation tiles"):
        read_tile_index(tmp_path / folder)


@pytest.mark.parametrize(
    "content",
    [b"version https://git-lfs.github.com/spec/v1\n", b"<!DOCTYPE html><title>503 Slow Down</title>", b""],
    ids=["pointer", "page", "empty"],
)
def test_what_is_no_tile_is_refused_by_name(tmp_path, content):
    (tmp_path / "36_24_32m_v4.1_dem.tif").write_bytes(content)

    with pytest.raises(InputFileError, match=r"36_24_32m_v4\.1_dem\.tif"):
        read_tile_index(tmp_path)


def test_a_truncated_tile_is_refused_by_name(tmp_path):
    path = tmp_path / "a.tif"
    write_tile(path, np.random.default_rng(0).random((300, 300)), compress="deflate", tiled=False)
    path.write_bytes(path.read_bytes()[:200_000])

    with pytest.raises(InputFileError, match=r"a\.tif"):
        read_window(read_tile_index(tmp_path), Bounds(0.0, -150_000.0, 150_000.0, 0.0))


def test_folders_of_tiles_are_read_and_rasters_beside_them_are_not(tmp_path, caplog):
    for folder, name, left_m in [("36_24", "36_24_32m_v4.1", 0.0), ("36_25", "36_25_32m_v4.1", 1000.0)]:
        (tmp_path / folder).mkdir()
        write_tile(tmp_path / folder / f"{name}_dem.tif", SQUARE, left_m)
        for side in ("count", "mad", "mindate", "maxdate"):
            write_tile(tmp_path / folder / f"{name}_{side}.tif", SQUARE, left_m)
    write_tile(tmp_path / "36_24" / ".partial.tif", SQUARE)

    with caplog.at_level("INFO"):
        index = read_tile_index(tmp_path)

    assert [tile.path.parent.name for tile in index.tiles] == ["36_24", "36_25"]
    assert "2 tiles of 500 m pixels, 0 with a mask; 8 of 10 rasters are neither" in caplog.text


def test_a_folder_of_rasters_beside_tiles_alone_is_refused(tmp_path):
    write_tile(tmp_path / "36_24_32m_v4.1_count.tif", SQUARE)

    with pytest.raises(InputFileError, match="1 rasters that are published beside tiles"):
        read_tile_index(tmp_path)


def test_where_the_mask_says_no_data_heights_are_unknown(tmp_path):
    write_tile(tmp_path / "a_dem.tif", np.array([[1.0, 2.0], [3.0, -9999.0]]))
    write_tile(tmp_path / "a_datamask.tif", np.array([[1, 0], [1, 1]]), dtype="uint8", nodata=None)

    values = read_window(read_tile_index(tmp_path), Bounds(0.0, -1000.0, 1000.0, 0.0))

    np.testing.assert_array_equal(values, [[1, np.nan], [3, np.nan]])


@pytest.mark.parametrize("changes", [{"left_m": 500.0}, {"dtype": "float32"}], ids=["place", "dtype"])
def test_a_mask_that_does_not_fit_its_tile_is_refused(tmp_path, changes):
    write_tile(tmp_path / "a_dem.tif", SQUARE)
    write_tile(tmp_path / "a_datamask.tif", SQUARE, **{"dtype": "uint8", "nodata": None} | changes)

    with pytest.raises(SchemaError, match=r"a_datamask\.tif"):
        read_tile_index(tmp_path)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-32767.0, "stands for unknown"),
        (3.4e38, "stands for unknown"),
        (-1500.0, "no heights"),
        (1e4 + 1, "no heights"),
    ],
    ids=str,
)
def test_values_that_are_no_heights_are_refused_by_name(tmp_path, value, message):
    write_tile(tmp_path / "a.tif", np.array([[1.0, value], [np.nan, -5.0]]))

    with pytest.raises(EntropiceError, match=message) as caught:
        read_window(read_tile_index(tmp_path), Bounds(0.0, -1000.0, 1000.0, 0.0))

    assert caught.value.path == str(tmp_path / "a.tif")


def test_only_the_blocks_of_a_window_are_read_from_a_cloud_optimised_tile(tmp_path):
    values = np.random.default_rng(1).random((1024, 1024)).astype(np.float32)
    tiled = {"tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate", "predictor": 3}
    path = tmp_path / "36_24_32m_v4.1_dem.tif"
    write_tile(path, values, **tiled)
    with rasterio.open(path, "r+") as target:
        target.build_overviews([2, 4])
    index = read_tile_index(tmp_path)
    _spoil_all_but_first_block(path)

    window = read_window(index, Bounds(0.0, -100 * PIXEL_M, 100 * PIXEL_M, 0.0))

    np.testing.assert_array_equal(window, values[:100, :100])
    with pytest.raises(InputFileError, match="cannot be read"):
        read_window(index, Bounds(0.0, -300 * PIXEL_M, 300 * PIXEL_M, 0.0))


def _spoil_all_but_first_block(path) -> None:
    with rasterio.open(path) as source:
        places = [
            (
                int(source.get_tag_item(f"BLOCK_OFFSET_{column}_{row}", "TIFF", bidx=1)),
                int(source.get_tag_item(f"BLOCK_SIZE_{column}_{row}", "TIFF", bidx=1)),
            )
            for row in range(4)
            for column in range(4)
        ]
    content = bytearray(path.read_bytes())
    for offset, size in places[1:]:
        content[offset : offset + size] = bytes(size)
    path.write_bytes(content)
