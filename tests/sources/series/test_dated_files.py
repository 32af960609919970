import re

import pytest

from entropice.errors import InputFileError
from entropice.sources.series.dated_files import dated_files
from entropice.sources.series.declaration import RasterProduct
from entropice.sources.series.human_modification import HUMAN_MODIFICATION

DAYS = RasterProduct(
    name="days",
    title="Something daily",
    band="ice_concentration",
    folder="",
    pattern=r"N_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    example="N_20190501.tif",
    step="P1D",
    crs=("EPSG:3413",),
    units=(),
    terms="none",
    credit="nobody",
    reference="nowhere",
)


def test_days_follow_each_other_over_a_leap_day(tmp_path):
    for name in ("N_20200301.tif", "N_20200228.tif", "N_20200229.TIF", "N_20200228.tif.aux.xml", "._N_20200228.tif"):
        (tmp_path / name).touch()

    assert [f"{file.day:%m%d}" for file in dated_files(tmp_path, DAYS)] == ["0228", "0229", "0301"]


def test_a_day_that_is_none_is_refused(tmp_path):
    (tmp_path / "N_20210229.tif").touch()
    with pytest.raises(InputFileError, match="does not say its date"):
        dated_files(tmp_path, DAYS)


@pytest.mark.parametrize(
    ("stem", "year", "series"),
    [
        ("HM_1990", "1990", ""),
        ("HM_1990_300", "1990", ""),
        ("HM_1990c_AA_300", "1990", "c"),
        ("HMv20240801_2022s_AA_300", "2022", "s"),
    ],
)
def test_names_of_human_modification(stem, year, series):
    found = re.fullmatch(HUMAN_MODIFICATION.pattern, stem)
    assert found is not None
    assert (found["year"], found["series"]) == (year, series)


def test_a_pause_of_a_season_is_none_of_a_few_days(tmp_path):
    """As of frames: no sequence reaches over it."""
    for name in ("N_20190430.tif", "N_20191001.tif"):
        (tmp_path / name).touch()
    assert len(dated_files(tmp_path, DAYS)) == 2

    (tmp_path / "N_20191004.tif").touch()
    with pytest.raises(InputFileError, match="equal steps") as caught:
        dated_files(tmp_path, DAYS)
    assert (caught.value.path, caught.value.expected) == (str(tmp_path / "N_20191004.tif"), "2019-10-02 (P1D)")
