"""The real DARTS coverage: its published areas are those of EPSG:6931."""

import pytest

from entropice.crs import EQUAL_AREA_CRS
from entropice.errors import LabelError
from entropice.sources.files.vector import read_vector
from entropice.sources.periods import Period
from entropice.sources.slumps.columns import CoverageColumns
from entropice.sources.slumps.footprints import normalise_coverage

PUBLISHED_KM2 = 1_636_692.2
UNION = CoverageColumns(every_year=None, any_year="coverage_period")


@pytest.fixture(scope="module")
def raw(shared_data):
    return read_vector(shared_data / "rts" / "DARTS_NitzeEtAl_v1_coverage_2018_2023_union.parquet")


def test_the_published_areas_are_reproduced(raw):
    area_km2 = raw.to_crs(EQUAL_AREA_CRS).area / 1e6
    assert len(raw) == 43
    assert area_km2.to_numpy() == pytest.approx(raw["area_km2"].to_numpy(), rel=1e-6)
    assert area_km2.sum() == pytest.approx(PUBLISHED_KM2, abs=0.05)


def test_the_pooled_footprint_keeps_the_area(raw):
    """Edges follow parallels instead of chords, which adds 3 in 100,000."""
    coverage, counts = normalise_coverage(raw, UNION, [Period(2018, 2023)])
    assert coverage.geometry.is_valid.all()
    assert coverage.to_crs(EQUAL_AREA_CRS).area.sum() / 1e6 == pytest.approx(PUBLISHED_KM2, rel=5e-5)
    assert counts["n"].tolist() == [43, 43]


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        ([Period(year, year) for year in range(2018, 2024)], "cannot label single years"),
        ([Period(2021, 2023)], "longer than that of the label"),
    ],
    ids=["single years", "half of its period"],
)
def test_the_union_of_six_years_says_nothing_about_some_of_them(raw, periods, message):
    with pytest.raises(LabelError, match=message):
        normalise_coverage(raw, UNION, periods)
