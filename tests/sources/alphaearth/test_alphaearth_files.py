import logging
import struct
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from embedding_tiles import random_codes, tile, write, write_raw
from pyproj import Transformer

from entropice.errors import FeatureError, SchemaError
from entropice.sources.alphaearth.files import read_embedding_files, report_absent, stack_layers
from entropice.sources.alphaearth.pixels import read_strips, strip_values

CODES = random_codes(8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two years of a square (one file bottom-up), and a square that one year lacks."""
    return write(
        tmp_path_factory.mktemp("alphaearth"),
        tile(CODES, year=2020),
        tile(CODES, year=2021),
        tile(CODES, year=2021, left_m=508_000.0, name="east"),
        tile(CODES, year=2020, zone=34, up=True),
        tile(CODES, year=2021, zone=34, up=True),
    )


def only_layer(embeddings, resolution_m=1000.0, year=2021):
    ((_, layers),) = stack_layers(embeddings, resolution_m, [year]).items()
    return layers[year]


def northern_row_first(layer):
    strips = list(read_strips(layer))
    assert [first for first, _ in strips] == np.cumsum([0, *(len(part[0]) for _, part in strips[:-1])]).tolist()
    codes = np.concatenate([part for _, part in strips], axis=1)
    return codes[:, ::-1] if layer.raster.transform[4] > 0 else codes


def test_files_are_known_by_year_and_place(folder):
    embeddings = read_embedding_files(folder)

    assert embeddings.years == [2020, 2021]
    assert sorted((file.year, file.raster.zone) for file in embeddings.files) == [
        (2020, 33), (2020, 34), (2021, 33), (2021, 33), (2021, 34),
    ]  # fmt: skip
    assert {file.factors for file in embeddings.files} == {(2, 4, 8)}
    assert embeddings.absent == ()


def test_years_of_a_square_lie_on_one_grid_each_way_up(folder):
    stacks = stack_layers(read_embedding_files(folder), 1000.0, [2020, 2021])

    found = [(raster.zone, raster.bounds_m[0], sorted(layers)) for raster, layers in stacks.items()]
    assert found == [(33, 500_000.0, [2020, 2021]), (33, 508_000.0, [2021]), (34, 500_000.0, [2020, 2021])]
    ways = [raster.transform[4] for raster in stacks]
    assert ways == [-1000.0, -1000.0, 1000.0]


def test_other_years_are_left_out(folder):
    stacks = stack_layers(read_embedding_files(folder), 1000.0, [2020])

    assert [sorted(layers) for layers in stacks.values()] == [[2020], [2020]]


@pytest.mark.parametrize("up", [False, True], ids=["top-down", "bottom-up"])
@pytest.mark.parametrize(("resolution_m", "step"), [(1000.0, 1), (2000.0, 2), (4000.0, 4), (8000.0, 8)])
def test_the_resolution_chooses_the_overview(tmp_path, up, resolution_m, step):
    layer = only_layer(read_embedding_files(write(tmp_path, tile(CODES, up=up))), resolution_m)

    np.testing.assert_array_equal(northern_row_first(layer), CODES[:, ::step, ::step])
    assert layer.raster.bounds_m == (500_000.0, 8_000_000.0, 508_000.0, 8_008_000.0)
    assert layer.raster.transform[0] == resolution_m


@pytest.mark.parametrize("resolution_m", [500.0, 1500.0, 3000.0, 16_000.0, 1000.0001])
def test_a_resolution_the_files_lack_is_refused_and_theirs_are_named(folder, resolution_m):
    with pytest.raises(SchemaError, match="1000, 2000, 4000, 8000") as caught:
        stack_layers(read_embedding_files(folder), resolution_m, [2021])

    assert caught.value.field == "features.embeddings.resolution_m"


def test_overviews_that_stick_out_beyond_the_file_are_no_choice(tmp_path):
    """Ten pixels by two, by four and by five: the last pixel of the second overview would hang over the edge."""
    path = write_raw(tmp_path / "2021" / "33N" / "a.tiff", random_codes(10))
    with rasterio.open(path, "r+") as target:
        target.build_overviews([2, 4, 5])
    embeddings = read_embedding_files(tmp_path)

    with pytest.raises(SchemaError, match="1000, 2000, 5000\n"):
        stack_layers(embeddings, 4000.0, [2021])
    assert only_layer(embeddings, 5000.0).overview == 2
    assert [part.shape for _, part in read_strips(only_layer(embeddings, 5000.0))] == [(64, 2, 2)]


def test_strips_of_any_size_are_the_whole(tmp_path, monkeypatch):
    codes = random_codes(64, seed=1)
    path = write_raw(tmp_path / "2021" / "33N" / "a.tiff", codes, tiled=True, blockxsize=16, blockysize=16)
    layer = only_layer(read_embedding_files(tmp_path))
    monkeypatch.setattr("entropice.sources.alphaearth.pixels.STRIP_VALUES", 64 * 64 * 40)

    assert [first for first, _ in read_strips(layer)] == [0, 32]
    assert strip_values(layer) == 64 * 64 * 32
    np.testing.assert_array_equal(northern_row_first(layer), codes)
    assert path.exists()


def test_the_year_is_the_folders_where_there_is_no_index(tmp_path):
    write_raw(tmp_path / "2019" / "33N" / "a.tiff", CODES)

    assert read_embedding_files(tmp_path).years == [2019]


def test_a_file_of_no_year_is_refused(tmp_path):
    write_raw(tmp_path / "embeddings" / "33N" / "a.tiff", CODES)

    with pytest.raises(SchemaError, match="year of this file is not known"):
        read_embedding_files(tmp_path)


def test_a_negative_scale_is_read_as_the_standard_says(tmp_path):
    """A pixel scale below zero means bottom-up; GDAL alone would turn such a file round in its place."""
    path = write_raw(tmp_path / "2021" / "33N" / "a.tiff", CODES[:, ::-1])
    scale = struct.pack("<3d", 1000.0, 1000.0, 0.0)
    corner = struct.pack("<6d", 0, 0, 0, 500_000.0, 8_008_000.0, 0)
    content = path.read_bytes()
    assert content.count(scale) == content.count(corner) == 1
    turned = content.replace(scale, struct.pack("<3d", 1000.0, -1000.0, 0.0))
    path.write_bytes(turned.replace(corner, struct.pack("<6d", 0, 0, 0, 500_000.0, 8_000_000.0, 0)))

    layer = only_layer(read_embedding_files(tmp_path))

    assert layer.raster.bounds_m == (500_000.0, 8_000_000.0, 508_000.0, 8_008_000.0)
    np.testing.assert_array_equal(northern_row_first(layer), CODES)


def test_shared_ground_in_a_zone_is_refused_and_in_neighbouring_zones_is_not(tmp_path):
    write(tmp_path / "zones", tile(CODES, zone=33), tile(CODES, zone=34))
    write(tmp_path / "years", tile(CODES, year=2020), tile(CODES, year=2021))
    write(tmp_path / "shared", tile(CODES), tile(CODES, left_m=507_000.0, name="other"))

    assert len(read_embedding_files(tmp_path / "zones").files) == 2
    assert len(read_embedding_files(tmp_path / "years").files) == 2
    with pytest.raises(SchemaError, match="share ground"):
        read_embedding_files(tmp_path / "shared")


@pytest.mark.parametrize("moved", [{"left_m": 501_000.0}, {"south_m": 8_008_000.0}, {"zone": 34}])
def test_a_file_elsewhere_than_the_index_says_is_refused(tmp_path, moved):
    write(tmp_path / "here", tile(CODES))
    write(tmp_path / "there", tile(CODES, **moved))
    (wrong,) = (tmp_path / "there").rglob("*.tiff")
    wrong.replace(tmp_path / "here" / "2021" / "33N" / "tile.tiff")

    with pytest.raises(SchemaError, match="elsewhere than the index says"):
        read_embedding_files(tmp_path / "here")


@pytest.mark.parametrize(("west_deg", "east_deg"), [(9.0, 18.0), (12.0, 21.0)], ids=["as 33X, west", "as 33X, east"])
def test_a_zone_wider_than_six_degrees_is_refused(tmp_path, west_deg, east_deg):
    wide = replace(tile(CODES), lon_lat_bounds_deg=(west_deg, 71.0, east_deg, 73.0))

    with pytest.raises(SchemaError, match="leaves its zone"):
        read_embedding_files(write(tmp_path / "wide", wide))

    overlapping = replace(tile(CODES), lon_lat_bounds_deg=(11.8, 71.0, 18.2, 73.0))
    assert len(read_embedding_files(write(tmp_path / "overlapping", overlapping)).files) == 1


def test_a_year_without_files_is_refused(folder):
    with pytest.raises(FeatureError, match="2019") as caught:
        stack_layers(read_embedding_files(folder), 1000.0, [2019, 2020])

    assert caught.value.sample == [2019]
    assert "2020, 2021" in caught.value.got


def test_files_that_are_not_here_are_reported_where_cells_need_them(tmp_path, caplog):
    write(tmp_path, tile(CODES), tile(CODES, name="north", south_m=9_000_000.0), tile(CODES, name="gone", zone=34))
    for name in ("north", "gone"):
        next(tmp_path.rglob(f"{name}.tiff")).unlink()
    embeddings = read_embedding_files(tmp_path)
    to_polar = Transformer.from_crs("EPSG:32634", "EPSG:3413", always_xy=True)
    cell = shapely.Point(to_polar.transform(500_000.0, 8_000_000.0)).buffer(1000.0)

    with caplog.at_level(logging.WARNING):
        n_near = report_absent(embeddings, [2021], np.array([cell]), np.ones(1))

    assert len(embeddings.absent) == 2
    assert n_near == 1
    assert "34N/gone.tiff" in caplog.text
    assert report_absent(embeddings, [2020], np.array([cell]), np.ones(1)) == 0
