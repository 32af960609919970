import shutil
from collections.abc import Callable
from pathlib import Path

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


def test_an_unknown_series_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="did you mean osi_saf_cdr") as caught:
        series_product_named("osi_saf", CONCENTRATIONS)

    assert caught.value.expected == ", ".join(product.name for product in CONCENTRATIONS)
