from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine

from entropice.errors import InputFileError
from entropice.sources.ice.products import SEA_ICE_INDEX_DAILY as DAILY
from entropice.sources.ice.products import SEA_ICE_INDEX_MONTHLY as MONTHLY
from entropice.sources.ice.series import read_ice_series
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.declaration import RasterProduct
from entropice.sources.series.fields import read_series


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
    for day in (31, 30):
        write(tmp_path, f"N_201905{day:02}_concentration_v3.0.tif")

    fields = read_ice_series(tmp_path, DAILY, place)

    values = fields["ice_concentration"].to_numpy()
    assert list(fields.time.dt.day) == [30, 31]
    assert (fields.step, fields.crs) == ("P1D", "EPSG:3413")
    assert np.isnan(values).sum(axis=(1, 2)).tolist() == [4, 4]
    assert np.isnan(values[:, 3:5, 3:5]).all()
    assert np.allclose(values[~np.isnan(values)], 0.75)


def test_months_follow_each_other_over_the_new_year(tmp_path: Path, place: RasterPlace) -> None:
    for month in (201912, 202001, 202002):
        write(tmp_path, f"N_{month}_concentration_v3.0.tif")

    fields = read_ice_series(tmp_path, MONTHLY, place)

    assert fields.step == "P1M"
    assert list(fields.indexes["time"]) == list(pd.date_range("2019-12-01", periods=3, freq="MS"))


@pytest.mark.parametrize(
    ("names", "product", "field", "what"),
    [
        (["N_20190501_concentration_v3.0", "N_20190503_concentration_v3.0"], DAILY, "time", "do not follow"),
        (["N_201904_concentration_v3.0", "N_201906_concentration_v3.0"], MONTHLY, "time", "do not follow"),
        (["N_20190501_concentration_v3.0", "N_20190501_concentration_v4.0"], DAILY, "time", "one date"),
        (["N_20190501_concentration_v3.0", "S_20190502_concentration_v3.0"], DAILY, "series", "two series"),
        (["N_201904_concentration_v3.0", "N_20190501_concentration_v3.0"], DAILY, "name", "its date"),
        (["N_20190532_concentration_v3.0"], DAILY, "name", "its date"),
        (["N_20190501_extent_v3.0"], DAILY, "name", "its date"),
    ],
)
def test_gaps_doubles_and_mixed_files_are_refused(
    names: list[str], product: RasterProduct, field: str, what: str, tmp_path: Path, place: RasterPlace
) -> None:
    for name in names:
        write(tmp_path, f"{name}.tif")

    with pytest.raises(InputFileError, match=what) as caught:
        read_ice_series(tmp_path, product, place)

    assert caught.value.field == field
    assert Path(caught.value.path).parent == tmp_path
    assert caught.value.fix


def test_another_grid_on_one_day_is_refused(tmp_path: Path, place: RasterPlace) -> None:
    write(tmp_path, "N_20190501_concentration_v3.0.tif")
    path = write(tmp_path, "N_20190502_concentration_v3.0.tif", left=-175_000.0)

    with pytest.raises(InputFileError) as caught:
        read_ice_series(tmp_path, DAILY, place)

    assert (caught.value.path, caught.value.field) == (str(path), "grid")


@pytest.mark.parametrize(("options", "field"), [({"dtype": "float32"}, "type of numbers"), ({"flag": 2520}, "values")])
def test_another_type_and_an_undeclared_flag_are_refused(
    options: dict, field: str, tmp_path: Path, place: RasterPlace
) -> None:
    path = write(tmp_path, "N_20190501_concentration_v3.0.tif", **options)

    with pytest.raises(InputFileError) as caught:
        read_ice_series(tmp_path, DAILY, place)

    assert (caught.value.path, caught.value.field) == (str(path), field)


def test_the_real_month_keeps_its_ice_and_none_of_its_land(shared_data: Path, place: RasterPlace) -> None:
    folder = shared_data / "imagery/seaice"
    with rasterio.open(folder / "S_201905_concentration_v3.0.tif") as file:
        stored = file.read(1)

    fields = read_series(folder, MONTHLY, MONTHLY.units[0])

    shares = fields["ice_concentration"][0].to_numpy()
    assert round(float(stored.mean()), 1) == 637.8, "what a mean over raw numbers would say"
    assert int(np.isnan(shares).sum()) == 902 + 21_103, "coast and land"
    assert float(np.nanmean(shares)) == pytest.approx(0.13303, abs=1e-5)
    assert (fields.crs, str(fields.time.to_numpy()[0])[:10]) == ("EPSG:3412", "2019-05-01")
    with pytest.raises(InputFileError, match="Nothing is known"):
        read_ice_series(folder, MONTHLY, place)
