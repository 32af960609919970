"""Footprints: one a year, or one pooled; never a year invented."""

import geopandas as gpd
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import ConfigError, SchemaError
from entropice.sources.coverage import normalise_coverage

SQUARES = [shapely.box(-1e6 + x, 0, -1e6 + x + 1000, 1000) for x in (0, 500, 5000, 0)]


def footprints(**columns):
    return gpd.GeoDataFrame({"jahr": [2021, 2021, 2022, 2019], **columns}, geometry=SQUARES, crs=POLAR_CRS)


def test_every_configured_year_is_one_dissolved_footprint():
    coverage = normalise_coverage(footprints(), [2021, 2022], "jahr")
    assert coverage["year"].tolist() == [2021, 2022]
    assert coverage.geometry.area.tolist() == [1_500_000.0, 1_000_000.0]
    assert coverage.crs == POLAR_CRS
    assert coverage["year"].dtype == "int64"


def test_footprints_without_years_stand_for_one_pooled_year():
    coverage = normalise_coverage(footprints(), [2021], None)
    assert coverage["year"].tolist() == [2021]
    assert coverage.geometry.area.tolist() == [2_500_000.0]
    with pytest.raises(ConfigError, match="one pooled label year"):
        normalise_coverage(footprints(), [2021, 2022], None)


def test_nothing_outside_the_searched_ground_is_observed():
    searched = shapely.box(-1e6, 0, -1e6 + 200, 1000)
    coverage = normalise_coverage(footprints(), [2021], "jahr", within=searched)
    assert coverage.geometry.area.tolist() == [200_000.0]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (footprints(), "none of 2023"),
        (footprints().drop(columns="jahr"), "column is missing"),
        (footprints(jahr=["2021", "2022", "2023", "2019"]), "expected: numbers"),
    ],
    ids=["year absent", "no column", "text"],
)
def test_impossible_footprints_are_refused(raw, message):
    with pytest.raises(SchemaError, match=message):
        normalise_coverage(raw, [2021, 2023], "jahr")
