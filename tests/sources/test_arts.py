"""ARTS: positives of the pooled period, and an honest guess at the ground that was searched."""

import geopandas as gpd
import pytest
import shapely

from entropice.errors import ConfigError, LabelError, SchemaError
from entropice.sources.arts import normalise_arts, survey_area


def arts(**columns):
    """Two neighbours in the west, one slump 400 km east of them, and one of another region."""
    default = {
        "RegionName": ["West", "West Coast", "West", "East"],
        "BaseMapDate": ["2018-01-01,2021-01-01", "2020-07-05", "2020-07-07,2020-08-09", "2011-01-01,2017-01-01"],
        "TrainClass": ["Positive"] * 4,
        "LabelType": ["Polygon"] * 4,
        "Area": ["3", None, None, "9"],
    }
    places = [(-1_000_000, 0), (-990_000, 0), (-600_000, 0), (900_000, 0)]
    outlines = [shapely.box(x, y, x + 100, y + 100) for x, y in places]
    return gpd.GeoDataFrame({**default, **columns}, geometry=outlines, crs="EPSG:3413")


def test_slumps_of_the_period_carry_its_last_year():
    assert normalise_arts(arts(), 2018, 2021)["year"].tolist() == [2021, 2021, 2021]
    assert len(normalise_arts(arts(), 2011, 2021)) == 4


def test_a_period_without_slumps_is_refused():
    with pytest.raises(LabelError, match="dates within 1990–1999"):
        normalise_arts(arts(), 1990, 1999)


def test_negatives_and_bounding_boxes_are_no_outlines():
    raw = arts(TrainClass=["Positive", "Negative"] * 2, LabelType=["Polygon", "Polygon", "BoundingBox", "Polygon"])
    assert len(normalise_arts(raw, 2011, 2021)) == 1


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (arts().drop(columns="TrainClass"), "field: TrainClass"),
        (arts(TrainClass=["Positive", "positive", "Positive", "Positive"]), "for example: positive"),
        (arts(LabelType=["Point"] * 4), "Polygon or BoundingBox"),
        (arts(BaseMapDate=["summer", "2020", "2020", "2020"]), "for example: summer"),
        (arts(BaseMapDate=[None, "2020", "2020", "2020"]), "unreadable dates"),
    ],
    ids=["missing column", "unknown class", "unknown type", "no date", "null date"],
)
def test_impossible_tables_are_refused(raw, message):
    with pytest.raises(SchemaError, match=message):
        normalise_arts(raw, 2011, 2021)


def test_distant_outlines_of_one_area_are_searched_apart_and_other_areas_not_at_all():
    searched = survey_area(arts(), {"The west": ["West", "West Coast"]}, max_gap_km=50, search_radius_km=10)
    near, far = sorted(shapely.get_parts(searched), key=lambda part: part.bounds[0])
    assert near.bounds == pytest.approx((-1_010_000, -10_000, -979_900, 10_100))
    assert far.bounds == pytest.approx((-610_000, -10_000, -589_900, 10_100))


def test_a_wide_gap_joins_the_searches():
    searched = survey_area(arts(), {"The west": ["West", "West Coast"]}, max_gap_km=500, search_radius_km=10)
    assert shapely.get_num_geometries(searched) == 1
    assert searched.contains(shapely.Point(-800_000, 0))


@pytest.mark.parametrize(
    ("survey_areas", "message"),
    [({"x": ["Nowhere"]}, "got: Nowhere[\\s\\S]*West; West Coast; East"), ({}, "No survey area")],
    ids=["unknown region", "none"],
)
def test_survey_areas_must_name_regions_of_the_file(survey_areas, message):
    with pytest.raises(ConfigError, match=message):
        survey_area(arts(), survey_areas, 50, 10)
