import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import EntropiceError, InputFileError
from entropice.sources.era5.file import open_climate, read_climate


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


def zipped(path: Path, *members: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.write(member, member.name)
    return path


def test_a_zip_posing_as_netcdf_is_read_as_all_its_members(tmp_path):
    instant = written(tmp_path / "data_stream-moda_stepType-avgua.nc")
    small_dataset().rename(t2m="tp").to_netcdf(tmp_path / "data_stream-moda_stepType-avgad.nc")
    path = zipped(tmp_path / "climate.nc", instant, tmp_path / "data_stream-moda_stepType-avgad.nc")

    parts = open_climate(path)

    assert set(parts) == {"data_stream-moda_stepType-avgua.nc", "data_stream-moda_stepType-avgad.nc"}
    whole = read_climate(path)
    xr.testing.assert_identical(whole[["t2m"]], small_dataset())
    np.testing.assert_array_equal(whole["tp"], whole["t2m"])


def test_a_damaged_member_of_a_zip_is_named(tmp_path):
    path = tmp_path / "climate.nc"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data_stream-oper_stepType-instant.nc", b"CDF\x01")

    with pytest.raises(InputFileError, match="member of the ZIP archive") as caught:
        read_climate(path)

    assert caught.value.path == str(path)
    assert caught.value.field == "data_stream-oper_stepType-instant.nc"
    assert "unzip" in caught.value.fix


def test_a_zip_within_a_zip_is_refused(tmp_path):
    inner = zipped(tmp_path / "inner.nc", written(tmp_path / "climate.nc"))

    with pytest.raises(InputFileError, match="ZIP archive"):
        read_climate(zipped(tmp_path / "outer.nc", inner))


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_zarr_store_is_read_lazily(tmp_path, zarr_format):
    path = tmp_path / "climate.zarr"
    small_dataset().to_zarr(path, zarr_format=zarr_format, consolidated=False)

    xr.testing.assert_identical(open_climate(path)[""].load(), small_dataset())


def test_opening_reads_no_values(tmp_path):
    # The chunks are overwritten: whoever reads them fails, whoever reads the header does not.
    path = written(
        tmp_path / "climate.nc", engine="netcdf4", encoding={"t2m": {"zlib": True, "chunksizes": (1, 100, 100)}}
    )
    header = dict(open_climate(path)[""].sizes)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    path.write_bytes(content)

    assert header == {"time": 6, "latitude": 100, "longitude": 100}
    assert dict(open_climate(path)[""].sizes) == header
    with pytest.raises(InputFileError, match="values cannot be read"):
        read_climate(path)


def test_a_file_that_changes_is_opened_again(tmp_path):
    path = written(tmp_path / "climate.nc")
    first = read_climate(path)
    (small_dataset() + 1).to_netcdf(tmp_path / "other.nc")
    (tmp_path / "other.nc").replace(path)
    os.utime(path, ns=(1, 1))

    assert float(read_climate(path)["t2m"][0, 0, 0]) == float(first["t2m"][0, 0, 0]) + 1


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
        "import entropice.sources.era5.file, pyproj;"
        "print(pyproj.Transformer.from_crs(4326, 3413, always_xy=True).transform(-45, 70)[0])"
    )

    result = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert float(result.stdout) == pytest.approx(0.0, abs=1e-6)


def whole_files(folder: Path) -> dict[str, bytes]:
    small = small_dataset().isel(time=slice(0, 2), latitude=slice(0, 7), longitude=slice(0, 9))
    small.to_netcdf(folder / "4.nc", engine="netcdf4", encoding={"t2m": {"zlib": True}})
    small.to_netcdf(folder / "3.nc", engine="netcdf4", format="NETCDF3_64BIT_OFFSET")
    small.to_netcdf(folder / "unlimited.nc", engine="netcdf4", format="NETCDF3_CLASSIC", unlimited_dims=["time"])
    zipped(folder / "zip.nc", folder / "4.nc")
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.nc"))}


def read_unless_refused(path: Path) -> xr.Dataset | None:
    try:
        return read_climate(path)
    except EntropiceError as error:
        if error.path == str(path) and error.fix:
            return None
        raise


@settings(max_examples=40)
@given(share=st.floats(0, 1, exclude_max=True), name=st.sampled_from(["4.nc", "3.nc", "unlimited.nc", "zip.nc"]))
def test_a_file_cut_anywhere_is_refused_or_whole(tmp_path_factory, share, name):
    folder = tmp_path_factory.mktemp("cut")
    content = whole_files(folder)[name]
    (folder / name).write_bytes(content[: int(len(content) * share)])
    original = small_dataset().isel(time=slice(0, 2), latitude=slice(0, 7), longitude=slice(0, 9))

    found = read_unless_refused(folder / name)

    # of a file that is read, only padding after the last value is missing
    assert found is None or found.identical(original)
