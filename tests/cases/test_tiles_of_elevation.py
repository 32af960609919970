"""Which rasters of a folder are elevation, and what is told of tiles that are not there or hold nothing."""

import logging

import numpy as np
import pytest
import shapely
from bad_inputs.elevation import write_tile

from entropice.errors import InputFileError, SchemaError
from entropice.raster.ground import missed_land_m2
from entropice.sources.arcticdem.gaps import report_gaps
from entropice.sources.arcticdem.tiles import read_tile_index, read_window

HEIGHTS = np.full((8, 8), 165.0, np.float32)
OTHER = np.full((8, 8), 5.0, np.float32)
NAME = "36_24_32m_v4.1"


def mean(folder):
    index = read_tile_index(folder)
    return np.nanmean(read_window(index, index.bounds))


@pytest.mark.parametrize("side", ["slope", "aspect", "Hillshade", "roughness", "slope_percent", "10m_smooth"])
def test_what_bears_a_tiles_name_is_beside_it(tmp_path, side):
    write_tile(tmp_path / f"{NAME}_dem.tif", HEIGHTS)
    write_tile(tmp_path / f"{NAME}_{side}.tif", OTHER, left_m=256.0)

    assert mean(tmp_path) == 165.0


@pytest.mark.parametrize("side", ["slope", "tri", "Aspect"])
def test_what_is_derived_from_elevation_is_beside_tiles_of_ones_own_names(tmp_path, side):
    write_tile(tmp_path / "north.tif", HEIGHTS)
    write_tile(tmp_path / f"north_{side}.tif", OTHER, left_m=256.0)

    assert mean(tmp_path) == 165.0


@pytest.mark.parametrize("suffix", [".tif", ".tiff", ".TIF"])
def test_tiles_are_found_whatever_the_ending_of_their_names(tmp_path, suffix):
    write_tile(tmp_path / f"a{suffix}", HEIGHTS)
    write_tile(tmp_path / "b.tif", HEIGHTS, left_m=256.0)

    assert len(read_tile_index(tmp_path).tiles) == 2


def test_a_name_that_begins_as_a_tiles_is_no_side_raster(tmp_path):
    write_tile(tmp_path / "a_dem.tif", HEIGHTS)
    write_tile(tmp_path / "ab.tif", OTHER, left_m=256.0)

    with pytest.raises(SchemaError, match="another name"):
        read_tile_index(tmp_path)


def cells(*boxes):
    return np.array([shapely.box(*box) for box in boxes], dtype=object)


def test_land_without_a_tile_is_told_where_there_is_no_index(tmp_path, caplog):
    """Two tiles with a gap of the width of one between them; a cell of 4 × 4 pixels on each and in the gap."""
    write_tile(tmp_path / "a.tif", HEIGHTS)
    write_tile(tmp_path / "b.tif", HEIGHTS, left_m=512.0)
    polygons = cells((0, -128, 128, 0), (256, -128, 384, 0), (512, -128, 640, 0))

    with caplog.at_level(logging.WARNING):
        report_gaps(read_tile_index(tmp_path), polygons, np.ones(3))

    assert "ArcticDEM: of 1 of 3 cells land lies on no file" in caplog.text


def test_nothing_is_told_where_only_sea_lies_on_no_tile(tmp_path, caplog):
    write_tile(tmp_path / "a.tif", HEIGHTS)
    polygons = cells((192, -128, 320, 0))

    with caplog.at_level(logging.WARNING):
        report_gaps(read_tile_index(tmp_path), polygons, np.array([0.5]))
        assert not caplog.records
        report_gaps(read_tile_index(tmp_path), polygons, np.array([0.6]))

    assert "of 1 of 1 cells land lies on no file" in caplog.text


@pytest.mark.parametrize(("land_fraction", "missed"), [(1.0, 50.0), (0.75, 25.0), (0.5, 0.0), (0.1, 0.0)])
def test_missed_land_is_what_cannot_be_sea(land_fraction, missed):
    found = missed_land_m2(cells((0, 0, 10, 10)), np.array([land_fraction]), cells((-5, 0, 5, 10)))

    np.testing.assert_allclose(found, [missed])


def test_a_tile_of_nothing_but_nodata_is_told(tmp_path, caplog):
    write_tile(tmp_path / "a.tif", HEIGHTS)
    write_tile(tmp_path / "b.tif", np.full((8, 8), -9999.0, np.float32), left_m=256.0)

    with caplog.at_level(logging.WARNING):
        report_gaps(read_tile_index(tmp_path), cells((0, -256, 512, 0)), np.ones(1))

    assert "1 of 2 tiles on the cells hold no height, such as b.tif" in caplog.text


def test_a_tile_with_its_only_height_in_the_last_row_holds_one(tmp_path, caplog):
    values = np.full((600, 4), -9999.0, np.float32)
    values[-1, -1] = 3.0
    write_tile(tmp_path / "a.tif", values)

    with caplog.at_level(logging.WARNING):
        report_gaps(read_tile_index(tmp_path), cells((0, -19_200, 128, 0)), np.ones(1))

    assert not caplog.records


def test_tiles_that_all_hold_nothing_are_refused(tmp_path):
    for name, left_m in [("a.tif", 0.0), ("b.tif", 256.0)]:
        write_tile(tmp_path / name, np.full((8, 8), np.nan, np.float32), left_m=left_m)

    with pytest.raises(InputFileError, match="holds a height"):
        report_gaps(read_tile_index(tmp_path), cells((0, -256, 512, 0)), np.ones(1))
