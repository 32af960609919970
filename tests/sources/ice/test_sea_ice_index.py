from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine

from entropice.errors import InputFileError
from entropice.sources.ice.fields import fields_of
from entropice.sources.ice.sea_ice_index import read_index_file
from entropice.sources.imagery.placing import RasterPlace
from entropice.types import Dataset


def read_index(paths: list[Path], place: RasterPlace) -> Dataset:
    return fields_of(map(read_index_file, paths), place, "Sea Ice Index", "free")


def write(folder: Path, name: str, *, dtype: str = "uint16", left: float = -150_000.0, flag: int = 2510) -> Path:
    stored = np.full((12, 12), 750, dtype=dtype)
    stored[5:7, 5:7] = flag
    with rasterio.open(
        folder / name,
        "w",
        driver="GTiff",
        width=12,
        height=12,
        count=1,
        dtype=dtype,
        crs="EPSG:3411",
        transform=Affine(25_000, 0, left, 0, -25_000, 150_000),
    ) as file:
        file.write(stored, 1)
    return folder / name


def test_days_become_fields_and_the_hole_at_the_pole_is_unknown(tmp_path: Path, place: RasterPlace) -> None:
    paths = [write(tmp_path, f"N_201905{day:02}_concentration_v3.0.tif") for day in (31, 30)]

    fields = read_index(paths, place)

    values = fields["ice_concentration"].to_numpy()
    assert list(fields.time.dt.day) == [30, 31]
    assert fields.step == "P1D"
    assert np.isnan(values).sum(axis=(1, 2)).tolist() == [4, 4]
    assert np.isnan(values[:, 3:5, 3:5]).all()
    assert np.allclose(values[~np.isnan(values)], 0.75)


def test_months_follow_each_other_over_the_new_year(tmp_path: Path, place: RasterPlace) -> None:
    paths = [write(tmp_path, f"N_{month}_concentration_v3.0.tif") for month in (201912, 202001, 202002)]

    fields = read_index(paths, place)

    assert fields.step == "P1M"
    assert list(fields.time.values) == list(pd.date_range("2019-12-01", periods=3, freq="MS").values)


@pytest.mark.parametrize(
    ("dates", "got"),
    [
        (["20190501", "20190503"], "2019-05-03 (P1D) after 2019-05-01"),
        (["201904", "20190501"], "2019-05-01 (P1D) after 2019-04-01"),
        (["201904", "201906"], "2019-06-01 (P1M) after 2019-04-01"),
    ],
)
def test_gaps_and_mixed_steps_are_refused(dates: list[str], got: str, tmp_path: Path, place: RasterPlace) -> None:
    paths = [write(tmp_path, f"N_{date}_concentration_v3.0.tif") for date in dates]

    with pytest.raises(InputFileError, match="do not follow") as caught:
        read_index(paths, place)

    assert caught.value.got.startswith(got)


def test_two_versions_of_one_day_are_refused(tmp_path: Path, place: RasterPlace) -> None:
    paths = [write(tmp_path, f"N_20190501_concentration_{version}.tif") for version in ("v3.0", "v4.0")]

    with pytest.raises(InputFileError, match="do not follow") as caught:
        read_index(paths, place)

    assert caught.value.path == str(paths[1])


def test_another_grid_on_one_day_is_refused(tmp_path: Path, place: RasterPlace) -> None:
    paths = [
        write(tmp_path, "N_20190501_concentration_v3.0.tif"),
        write(tmp_path, "N_20190502_concentration_v3.0.tif", left=-175_000.0),
    ]

    with pytest.raises(InputFileError) as caught:
        read_index(paths, place)

    assert (caught.value.path, caught.value.field) == (str(paths[1]), "grid")


@pytest.mark.parametrize(
    ("name", "options", "field"),
    [
        ("concentration.tif", {}, "name"),
        ("N_20190532_concentration_v3.0.tif", {}, "name"),
        ("N_20190501_extent_v3.0.tif", {}, "name"),
        ("N_20190501_concentration_v3.0.tif", {"dtype": "float32"}, "type of numbers"),
        ("N_20190501_concentration_v3.0.tif", {"flag": 2520}, "values"),
    ],
)
def test_another_file_is_refused(name: str, options: dict, field: str, tmp_path: Path) -> None:
    path = write(tmp_path, name, **options)

    with pytest.raises(InputFileError) as caught:
        read_index_file(path)

    assert (caught.value.path, caught.value.field) == (str(path), field)


def test_the_real_month(shared_data: Path, place: RasterPlace) -> None:
    path = shared_data / "imagery/seaice/S_201905_concentration_v3.0.tif"

    field = read_index_file(path)

    assert (field.day, field.step, field.shares.shape) == (pd.Timestamp(2019, 5, 1), "P1M", (332, 316))
    assert np.isnan(field.shares).sum() == 22_005
    assert float(np.nanmean(field.shares)) == pytest.approx(0.13303, abs=1e-5)
    with pytest.raises(InputFileError, match="Nothing is known"):
        read_index([path], place)
