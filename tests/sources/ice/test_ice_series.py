import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from entropice.errors import ConfigError, InputFileError
from entropice.sources.ice.products import CONCENTRATIONS, NASA_TEAM, NOAA_NSIDC
from entropice.sources.ice.series import read_ice_series
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.registry import series_product_named


def test_a_folder_is_read_with_its_subfolders_and_nothing_else(
    cdr: Callable[..., Path], tmp_path: Path, place: RasterPlace
) -> None:
    folder = tmp_path / "series"
    for year, day in (("2019", 18_000), ("2020", 18_001)):
        (folder / year).mkdir(parents=True)
        shutil.move(cdr(day), folder / year)
    (folder / "readme.txt").write_text("not ice")

    fields = read_ice_series(folder, NOAA_NSIDC, place)

    assert fields.sizes == {"time": 2, "y": 8, "x": 8}
    assert "G02202" in fields.source


def test_an_empty_folder_and_none_are_refused(tmp_path: Path, place: RasterPlace) -> None:
    for folder, got in ((tmp_path, "no such file"), (tmp_path / "absent", "no such folder")):
        with pytest.raises(InputFileError, match="no file of the series") as caught:
            read_ice_series(folder, NASA_TEAM, place)
        assert (caught.value.path, caught.value.got) == (str(folder), got)


@pytest.mark.parametrize(
    ("day", "layout", "field", "at_fault"),
    [
        (18_000, {"name": "again.nc"}, "time", "seaice_18000.nc"),
        (18_002, {}, "time", "seaice_18002.nc"),
        (18_001, {"left": -125_000.0}, "grid", "seaice_18001.nc"),
    ],
)
def test_days_that_make_no_series_are_refused_before_any_is_read(
    cdr: Callable[..., Path],
    tmp_path: Path,
    place: RasterPlace,
    monkeypatch: pytest.MonkeyPatch,
    day: int,
    layout: dict[str, Any],
    field: str,
    at_fault: str,
) -> None:
    cdr(18_000)
    cdr(day, **layout)
    monkeypatch.delattr("entropice.sources.ice.series.read_days")

    with pytest.raises(InputFileError) as refused:
        read_ice_series(tmp_path, NOAA_NSIDC, place)

    assert (refused.value.field, refused.value.path) == (field, str(tmp_path / at_fault))


def test_an_unknown_series_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="did you mean osi_saf_cdr") as caught:
        series_product_named("osi_saf", CONCENTRATIONS)

    assert caught.value.expected == ", ".join(product.name for product in CONCENTRATIONS)
