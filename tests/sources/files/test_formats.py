"""A file is what its first bytes say."""

import os
import zipfile

import pytest

from entropice.errors import InputFileError
from entropice.sources.files.formats import CLIMATE_FORMATS, VECTOR_FORMATS, FileFormat, check_format, detect_format

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"SQLite format 3\x00" + bytes(84), FileFormat.GEOPACKAGE),
        (b"PAR1" + bytes(20), FileFormat.GEOPARQUET),
        (b"\x00\x00\x27\x0a" + bytes(96), FileFormat.SHAPEFILE),
        (b'{"type": "FeatureCollection"}', FileFormat.GEOJSON),
        (b'\xef\xbb\xbf \n {"type": "FeatureCollection"}', FileFormat.GEOJSON),
        (b"CDF\x01rest", FileFormat.NETCDF3),
        (b"\x89HDF\r\n\x1a\nrest", FileFormat.NETCDF4),
        (b"GRIB\x00\x00", FileFormat.GRIB),
        (b"II\x2a\x00rest", FileFormat.GEOTIFF),
        (b"PK\x03\x04rest", FileFormat.ZIP),
        (LFS_POINTER, FileFormat.LFS_POINTER),
        (b'<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">', FileFormat.KML),
        (b"!table\n!version 300\n", FileFormat.MAPINFO),
        (b"<html>404</html>", FileFormat.UNKNOWN),
        (b"<OGRVRTDataSource>", FileFormat.UNKNOWN),
    ],
)
def test_the_first_bytes_decide_and_not_the_name(tmp_path, content, expected):
    path = tmp_path / "misnamed.nc"
    path.write_bytes(content)
    assert detect_format(path) == expected


def test_a_zip_posing_as_netcdf_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "era5.nc"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data_stream-oper_stepType-instant.nc", "x")
    with pytest.raises(InputFileError, match=r"ZIP archive[\s\S]*unzip"):
        check_format(path, CLIMATE_FORMATS)


def test_a_git_lfs_pointer_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "outlines.geojson"
    path.write_bytes(LFS_POINTER)
    with pytest.raises(InputFileError, match=r"Git-LFS pointer[\s\S]*git lfs pull"):
        check_format(path, VECTOR_FORMATS)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: path.touch(), "empty"),
        (lambda path: path.write_bytes(b"GRIB0000"), "got: GRIB"),
    ],
    ids=["missing", "folder", "empty", "another format"],
)
def test_what_is_not_the_expected_file_is_refused(tmp_path, make, message):
    path = tmp_path / "outlines.gpkg"
    make(path)
    with pytest.raises(InputFileError, match=message) as caught:
        check_format(path, VECTOR_FORMATS)
    assert caught.value.path == str(path)
    assert caught.value.fix is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path):
    path = tmp_path / "outlines.gpkg"
    path.write_bytes(b"SQLite format 3\x00")
    path.chmod(0)
    with pytest.raises(InputFileError, match="permissions"):
        detect_format(path)
