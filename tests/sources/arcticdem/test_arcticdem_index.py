import geopandas as gpd
import numpy as np
import pytest
import shapely

from entropice.errors import InputFileError, SchemaError
from entropice.sources.arcticdem.index import find_index, needed_tiles, read_index, report_absent

TILE_M, BUFFER_M = 100_000.0, 100.0


def mosaic_index(**changes) -> gpd.GeoDataFrame:
    """Tiles of 32 m around the pole and the antimeridian as published: lon/lat corners, geometry column ``geom``."""
    corners_m = [(column * TILE_M, row * TILE_M) for row in range(-3, 3) for column in range(-3, 3)]
    squares = [shapely.box(x, y, x + TILE_M, y + TILE_M).buffer(BUFFER_M, join_style="mitre") for x, y in corners_m]
    names = [f"{int(y // TILE_M) + 41:02d}_{int(x // TILE_M) + 41:02d}_32m_v4.1" for x, y in corners_m]
    columns = {"dem_id": names, "gsd": 32.0, "geom": squares} | changes
    return gpd.GeoDataFrame(columns, geometry="geom", crs="EPSG:3413").to_crs("OGC:CRS84")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    path = tmp_path_factory.mktemp("index") / "ArcticDEM_Mosaic_Index_v4_1_32m.parquet"
    mosaic_index().to_parquet(path)
    return path


def names_near(published, *points_m, radius_m=10.0) -> list[str]:
    cells = shapely.STRtree([shapely.Point(point).buffer(radius_m) for point in points_m])
    return needed_tiles(read_index(published), 32.0, cells)["dem_id"].tolist()


@pytest.mark.parametrize(
    ("point_m", "expected"),
    [
        ((150_000, -250_000), ["38_42_32m_v4.1"]),
        ((-150_000, 150_000), ["42_39_32m_v4.1"]),  # on the antimeridian: longitudes of its corners jump
        ((50_000, 50_000), ["41_41_32m_v4.1"]),
        ((0, 0), ["40_40_32m_v4.1", "40_41_32m_v4.1", "41_40_32m_v4.1", "41_41_32m_v4.1"]),  # the pole
        ((100_050, 50_000), ["41_41_32m_v4.1", "41_42_32m_v4.1"]),  # in the overlap of two
        ((900_000, 0), []),
    ],
)
def test_the_tiles_of_a_place_are_found_wherever_it_lies(published, point_m, expected):
    assert names_near(published, point_m) == expected


def test_every_tile_that_a_set_of_cells_touches_is_listed_once(published):
    assert len(names_near(published, (0, 0), (5_000, 5_000), radius_m=1e6)) == 36


def test_footprints_come_back_as_the_squares_they_were(published):
    areas = read_index(published).geometry.area

    np.testing.assert_allclose(areas, (TILE_M + 2 * BUFFER_M) ** 2, rtol=1e-6)


def test_only_tiles_of_the_pixel_size_count(published):
    assert needed_tiles(read_index(published), 10.0, shapely.STRtree([shapely.Point(0, 0).buffer(1e6)])).empty


def test_tiles_on_cells_that_are_not_here_are_named(published, caplog):
    cells = shapely.STRtree([shapely.Point(0, 0).buffer(10)])
    here = ["40_40_32m_v4.1_dem.tif", "41_40_32m_v4.1_dem.tif", "41_41_32m_v4.1_dem.tif"]

    with caplog.at_level("INFO"):
        absent = report_absent(published, here, 32.0, cells)

    assert absent == ["40_41_32m_v4.1"]
    assert "cells need 4 of 36 tiles in the index, 1 are absent" in caplog.text
    assert "such as 40_41_32m_v4.1" in caplog.text


def test_nothing_is_warned_of_where_every_tile_is_here(published, caplog):
    cells = shapely.STRtree([shapely.Point(50_000, 50_000).buffer(10)])

    assert report_absent(published, ["41_41_32m_v4.1_dem.tif"], 32.0, cells) == []
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_the_index_is_found_in_a_folder_inside_geoparquet_first(tmp_path):
    assert find_index(tmp_path) is None
    (tmp_path / "index").mkdir()
    for name in (
        "ArcticDEM_Mosaic_Index_v4_1_32m.gpkg",
        "ArcticDEM_Mosaic_Index_v4_1_32m.parquet",
        "ArcticDEM_Mosaic_Index.txt",
    ):
        (tmp_path / "index" / name).touch()

    assert find_index(tmp_path) == tmp_path / "index" / "ArcticDEM_Mosaic_Index_v4_1_32m.parquet"


def test_a_geopackage_holds_the_same(tmp_path, published):
    path = tmp_path / "ArcticDEM_Mosaic_Index_v4_1_32m.gpkg"
    mosaic_index().to_file(path)

    assert read_index(path)["dem_id"].tolist() == read_index(published)["dem_id"].tolist()


@pytest.mark.parametrize(
    ("index", "field"),
    [
        (mosaic_index().drop(columns="gsd"), "gsd"),
        (mosaic_index(dem_id="36_24_32m_v4.1"), "dem_id"),
    ],
    ids=["no pixel size", "tiles twice"],
)
def test_an_index_of_another_kind_is_refused(tmp_path, index, field):
    path = tmp_path / "ArcticDEM_Mosaic_Index.parquet"
    index.to_parquet(path)

    with pytest.raises(SchemaError) as caught:
        read_index(path)

    assert caught.value.field == field


def test_a_truncated_index_is_refused(tmp_path, published):
    path = tmp_path / published.name
    path.write_bytes(published.read_bytes()[:-100])

    with pytest.raises(InputFileError, match="ArcticDEM_Mosaic_Index"):
        read_index(path)
