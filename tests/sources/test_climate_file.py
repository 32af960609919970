import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from entropice.errors import InputFileError
from entropice.sources.climate_file import read_climate


def small_dataset() -> xr.Dataset:
    values = np.arange(60_000, dtype=np.float32).reshape(6, 100, 100)
    return xr.Dataset({"t2m": (("time", "latitude", "longitude"), values, {"units": "K"})})


def written(path: Path, **how) -> Path:
    small_dataset().to_netcdf(path, **how)
    return path


NETCDF = pytest.mark.parametrize(
    "how",
    [
        {"engine": "netcdf4", "format": "NETCDF4"},
        {"engine": "netcdf4", "format": "NETCDF3_CLASSIC"},
        {"engine": "netcdf4", "format": "NETCDF3_64BIT_OFFSET"},
        {"engine": "netcdf4", "format": "NETCDF3_64BIT_DATA"},
    ],
    ids=lambda how: how["format"],
)


@NETCDF
def test_every_netcdf_is_read_whole_whatever_its_name(tmp_path, how):
    path = written(tmp_path / "climate.grib", **how)

    xr.testing.assert_identical(read_climate(path), small_dataset())


@pytest.mark.parametrize("format_name", ["NETCDF4", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET"])
def test_a_truncated_netcdf_is_refused(tmp_path, format_name):
    path = written(tmp_path / "climate.nc", engine="netcdf4", format=format_name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])

    with pytest.raises(InputFileError, match="cannot be read") as caught:
        read_climate(path)

    assert str(path) in str(caught.value)
    assert "download it again" in caught.value.fix


def test_a_zip_posing_as_netcdf_is_refused_with_the_fix(tmp_path):
    path = tmp_path / "climate.nc"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data_stream-oper_stepType-instant.nc", b"CDF\x01")

    with pytest.raises(InputFileError) as caught:
        read_climate(path)

    assert caught.value.got == "ZIP archive"
    assert "unzip" in caught.value.fix


@pytest.mark.parametrize(
    "content",
    [b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", b"<html>quota</html>", b""],
    ids=["Git-LFS pointer", "HTML", "empty"],
)
def test_what_is_not_climate_is_refused(tmp_path, content):
    path = tmp_path / "climate.nc"
    path.write_bytes(content)

    with pytest.raises(InputFileError):
        read_climate(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputFileError):
        read_climate(tmp_path / "climate.nc")


def test_the_reader_leaves_coordinate_transforms_working_in_its_process():
    # eccodes and pyproj each bring a PROJ; loaded in the wrong order the second one fails and the process crashes.
    code = (
        "import entropice.sources.climate_file, pyproj;"
        "print(pyproj.Transformer.from_crs(4326, 3413, always_xy=True).transform(-45, 70)[0])"
    )

    result = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert float(result.stdout) == pytest.approx(0.0, abs=1e-6)
