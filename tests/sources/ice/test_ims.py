from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from ice_files import write_netcdf

from entropice.errors import InputFileError
from entropice.sources.ice.ims import ims_mask, read_ims
from entropice.sources.imagery.placing import RasterPlace

IMS_CRS = "+proj=stere +lat_0=90 +lat_ts=60 +lon_0=-80 +a=6378137 +b=6356257 +units=m"
SURFACE = np.repeat(np.arange(5, dtype=np.uint8), 2)[None, :].repeat(10, axis=0)
"""0 to 4 from west to east, two columns each."""
SAME = RasterPlace(IMS_CRS, -20_000.0, 20_000.0, 4_000.0, 10, 10)


def write_tiff(path: Path, surface: np.ndarray = SURFACE, crs: str | None = IMS_CRS) -> Path:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=10,
        height=10,
        count=1,
        dtype="uint8",
        crs=crs,
        transform=Affine(4_000, 0, -20_000, 0, -4_000, 20_000),
    ) as file:
        file.write(surface, 1)
    return path


def write_day(path: Path, name: str = "IMS_Surface_Values") -> Path:
    return write_netcdf(
        path, {name: (SURFACE[None].astype(np.int8), {})}, crs=IMS_CRS, days=[18_000], pixel=4_000.0, left=-20_000.0
    )


def test_netcdf_and_tiff_say_the_same(tmp_path: Path) -> None:
    masks = [ims_mask(write_tiff(tmp_path / "ims.tif"), SAME), ims_mask(write_day(tmp_path / "ims.nc"), SAME)]

    assert np.array_equal(*masks)
    assert masks[0][0].tolist() == [255, 255, 0, 0, 255, 255, 1, 1, 255, 255]


def test_ice_is_where_it_was_on_another_grid(tmp_path: Path) -> None:
    """On a grid twice as fine and larger, every pixel has the value of the one that it lies in."""
    fine = RasterPlace(IMS_CRS, -24_000.0, 20_000.0, 2_000.0, 20, 22)

    mask = ims_mask(write_tiff(tmp_path / "ims.tif"), fine)

    assert mask[3].tolist() == [255, 255, *np.repeat([255, 255, 0, 0, 255, 255, 1, 1, 255, 255], 2)]


def test_other_numbers_are_refused(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "ims.tif", np.where(SURFACE == 3, 165, SURFACE).astype(np.uint8))

    with pytest.raises(InputFileError, match="IMS has not") as caught:
        read_ims(path)

    assert (caught.value.path, caught.value.got) == (str(path), "165")


def test_a_chart_without_crs_and_another_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught:
        read_ims(write_tiff(tmp_path / "ims.tif", crs=None))
    assert caught.value.field == "CRS"
    with pytest.raises(InputFileError, match="no surface"):
        read_ims(write_day(tmp_path / "other.nc", name="cdr_seaice_conc"))
