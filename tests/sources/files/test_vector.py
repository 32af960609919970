"""Any whole vector file is read unchanged; any other is refused with one message."""

import contextlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from entropice.errors import ConfigError, EntropiceError, InputFileError, SchemaError
from entropice.sources.files.vector import read_vector

FRAME = gpd.GeoDataFrame(
    {"name": [f"slump {n}" for n in range(200)]},
    geometry=[shapely.Point(n / 2, 70).buffer(0.01) for n in range(200)],
    crs="EPSG:4326",
)


def write(path, frame=FRAME):
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".shp", ".fgb"])
def test_every_format_gives_the_same_rows_whatever_it_is_called(tmp_path, suffix):
    path = write(tmp_path / f"slumps{suffix}")
    if suffix in {".geojson", ".parquet", ".fgb"}:
        path = path.rename(tmp_path / "slumps.data")
    read = read_vector(path).sort_values("name").reset_index(drop=True)
    expected = FRAME.sort_values("name").reset_index(drop=True)
    assert read["name"].tolist() == expected["name"].tolist()
    assert read.geometry.geom_equals_exact(expected.geometry, 1e-6).all()


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("slumps.kml", "LIBKML"),
        ("slumps.tab", "MapInfo File"),
        ("slumps.mif", "MapInfo File"),
        ("a.gdb", "OpenFileGDB"),
    ],
)
def test_formats_of_other_programs_are_read_too(tmp_path, name, driver):
    pyogrio.write_dataframe(FRAME, tmp_path / name, driver=driver)
    before = sorted(tmp_path.rglob("*"))
    read = read_vector(tmp_path / name)
    assert len(read) == len(FRAME)
    assert read.crs.is_geographic
    assert read.to_crs("EPSG:6931").area.sum() == pytest.approx(FRAME.to_crs("EPSG:6931").area.sum(), rel=1e-4)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_truncated_kml_is_refused(tmp_path):
    pyogrio.write_dataframe(FRAME, tmp_path / "slumps.kml", driver="LIBKML")
    content = (tmp_path / "slumps.kml").read_bytes()
    (tmp_path / "slumps.kml").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputFileError, match="damaged"):
        read_vector(tmp_path / "slumps.kml")


def test_a_file_that_would_open_another_is_refused(tmp_path):
    write(tmp_path / "slumps.gpkg")
    (tmp_path / "slumps.vrt").write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='slumps'><SrcDataSource>slumps.gpkg</SrcDataSource></OGRVRTLayer>"
        "</OGRVRTDataSource>"
    )
    with pytest.raises(InputFileError, match="got: unknown"):
        read_vector(tmp_path / "slumps.vrt")


def test_a_table_whose_header_lacks_a_name_is_refused(tmp_path):
    """Readers shift its columns, and say nothing."""
    (tmp_path / "slumps.csv").write_text('year,WKT\n2021,extra,"POLYGON ((0 70, 1 70, 1 71, 0 70))"\n')
    with pytest.raises(SchemaError, match=r"columns would shift[\s\S]*2 names; 1 rows differ"):
        read_vector(tmp_path / "slumps.csv")


def test_a_path_into_an_archive_or_a_folder_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="folder"):
        read_vector(tmp_path)
    with pytest.raises(InputFileError, match="no such file"):
        read_vector("/vsicurl/http://localhost/slumps.gpkg")


def test_geoparquet_may_name_its_geometry_otherwise_and_use_crs84(tmp_path):
    path = write(tmp_path / "slumps.parquet", FRAME.rename_geometry("geom").to_crs("OGC:CRS84"))
    read = read_vector(path)
    assert read.geometry.name == "geometry"
    assert read.crs.is_geographic


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".shp", ".fgb"])
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(tmp_path, suffix, share):
    path = write(tmp_path / f"slumps{suffix}")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputFileError, match=r"truncated|damaged") as caught:
        read_vector(path)
    assert caught.value.path == str(path)


def test_a_missing_crs_is_refused(tmp_path):
    write(tmp_path / "slumps.shp")
    (tmp_path / "slumps.prj").unlink()
    with pytest.raises(SchemaError, match=r"which CRS[\s\S]*a_srs"):
        read_vector(tmp_path / "slumps.shp")


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet"])
def test_a_file_without_rows_is_refused(tmp_path, suffix):
    with pytest.raises(SchemaError, match="no rows"):
        read_vector(write(tmp_path / f"slumps{suffix}", FRAME.iloc[:0]))


def test_several_layers_must_be_chosen_from(tmp_path):
    path = tmp_path / "slumps.gpkg"
    FRAME.to_file(path, layer="first")
    FRAME.iloc[:3].to_file(path, layer="second")
    assert len(read_vector(path, "second")) == 3
    with pytest.raises(ConfigError, match="first, second"):
        read_vector(path)
    with pytest.raises(InputFileError, match="first or second"):
        read_vector(path, "third")


def test_geoparquet_has_no_layers(tmp_path):
    with pytest.raises(ConfigError, match="has no layer"):
        read_vector(write(tmp_path / "slumps.parquet"), "first")


def test_a_table_without_geometry_is_refused(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "table.parquet")
    with pytest.raises(SchemaError, match=r"which column is the geometry[\s\S]*got: columns a \(int64\)"):
        read_vector(tmp_path / "table.parquet")
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "table.gpkg")
    with pytest.raises(SchemaError, match="no geometry"):
        read_vector(tmp_path / "table.gpkg")


def test_tables_beside_the_one_layer_do_not_matter(tmp_path):
    path = write(tmp_path / "slumps.gpkg")
    pyogrio.write_dataframe(pd.DataFrame({"style": ["red"]}), path, layer="layer_styles")
    assert len(read_vector(path)) == len(FRAME)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # GDAL's own remarks about the damage
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".fgb"])
def test_damage_raises_our_own_error_or_none(tmp_path, suffix):
    content = write(tmp_path / f"whole{suffix}").read_bytes()
    path = tmp_path / f"damaged{suffix}"
    random = np.random.default_rng(0)
    for _ in range(25):
        damaged = bytearray(content)
        for position in random.integers(len(content), size=10):
            damaged[position] = random.integers(256)
        path.write_bytes(damaged)
        with contextlib.suppress(EntropiceError):
            assert isinstance(read_vector(path), gpd.GeoDataFrame)
