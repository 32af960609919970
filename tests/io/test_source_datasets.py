from pathlib import Path

import geopandas as gpd
import pytest
import xarray as xr
from era5_files import monthly_file
from kedro.io import DatasetError
from shapely import box

from entropice.crs import POLAR_CRS
from entropice.errors import RunStateError
from entropice.io import ClimateFieldsDataset, ClimateFileDataset, VectorFileDataset
from entropice.io.checksums import record_path
from entropice.sha256 import sha256_of

LAND = gpd.GeoDataFrame(geometry=[box(0, 0, 1e5, 1e5)], crs=POLAR_CRS)


def test_a_file_of_our_own_is_written_again(tmp_path: Path) -> None:
    dataset = VectorFileDataset(filepath=str(tmp_path / "land.gpkg"))

    dataset.save(LAND)
    dataset.save(LAND)

    assert len(dataset.load()) == 1


def test_a_users_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "land.gpkg"
    path.write_bytes(b"years of work")

    with pytest.raises(DatasetError) as caught:
        VectorFileDataset(filepath=str(path)).save(LAND)

    assert isinstance(caught.value.__cause__, RunStateError)
    assert path.read_bytes() == b"years of work"


def test_a_users_file_with_a_list_of_its_sha256_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "land.gpkg"
    path.write_bytes(b"years of work")
    record_path(path).write_text(f"{sha256_of(path)} *land.gpkg\n")

    with pytest.raises(DatasetError, match="did not make"):
        VectorFileDataset(filepath=str(path)).save(LAND)

    assert path.read_bytes() == b"years of work"


def test_a_given_file_is_verified_by_the_list_of_sha256_beside_it(tmp_path: Path) -> None:
    dataset = VectorFileDataset(filepath=str(tmp_path / "land.gpkg"))
    LAND.to_file(dataset.path, engine="pyogrio")
    record_path(dataset.path).write_text(f"{sha256_of(dataset.path)}  land.gpkg\n")

    assert len(dataset.load()) == 1
    content = dataset.path.read_bytes()
    dataset.path.write_bytes(content[:-1] + b"x")
    with pytest.raises(DatasetError, match="changed or damaged"):
        dataset.load()


def test_a_file_of_our_own_with_an_emptied_record_is_written_again(tmp_path: Path) -> None:
    dataset = VectorFileDataset(filepath=str(tmp_path / "land.gpkg"))
    dataset.save(LAND)
    record_path(dataset.path).write_bytes(b"")

    with pytest.raises(DatasetError, match="record beside this output is damaged"):
        dataset.load()
    dataset.save(LAND)

    assert len(dataset.load()) == 1


def test_a_large_source_is_verified_with_the_digests_that_are_remembered(tmp_path: Path) -> None:
    dataset, hashed = VectorFileDataset(filepath=str(tmp_path / "land.gpkg")), []
    dataset.save(LAND)
    dataset.digest_of = lambda path: hashed.append(path) or sha256_of(path)

    assert len(dataset.load()) == 1
    assert hashed == [dataset.path]

    dataset.digest_of = lambda _: "0" * 64
    with pytest.raises(DatasetError, match="changed or damaged"):
        dataset.load()


def test_a_climate_file_is_loaded_as_its_headers_of_the_product_named(tmp_path: Path) -> None:
    dataset = ClimateFileDataset(filepath=str(tmp_path / "era5.nc"), product="era5_land")

    dataset.save(monthly_file())

    source = dataset.load()
    assert source.variables == ("t2m", "tp", "sf", "sd")
    assert source.product.name == "ERA5-Land"


def test_a_folder_of_climate_files_is_one_source_and_its_content_tells_it_apart(tmp_path: Path) -> None:
    raw = monthly_file()
    for name in raw:
        raw[[name]].to_netcdf(tmp_path / f"{name}.nc", engine="netcdf4")
    dataset = ClimateFileDataset(filepath=str(tmp_path))
    before = dataset.content_sha256(sha256_of)

    assert dataset.load().variables == ("t2m", "tp", "sf", "sd")
    (tmp_path / "sd.nc").unlink()

    assert dataset.load().variables == ("t2m", "tp", "sf")
    assert dataset.content_sha256(sha256_of) != before


def test_climate_fields_are_loaded_whole(tmp_path: Path) -> None:
    dataset = ClimateFieldsDataset(filepath=str(tmp_path / "fields.nc"))

    dataset.save(monthly_file())

    xr.testing.assert_identical(dataset.load(), monthly_file())
