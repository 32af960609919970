"""ARTS: an honest guess at the ground that was searched, and what its classes and label types count for."""

import geopandas as gpd
import pytest
import shapely

from entropice.errors import ConfigError, LabelError, SchemaError
from entropice.sources.periods import Period
from entropice.sources.slumps.arts import survey_extent
from entropice.sources.slumps.columns import ArtsFormat
from entropice.sources.slumps.outlines import normalise_outlines, sort_outlines


def arts(**columns):
    """Two neighbours in the west, one slump 400 km east of them, and one of another region."""
    default = {
        "RegionName": ["West", "West Coast", "West", "East"],
        "BaseMapDate": ["2018-01-01,2021-01-01", "2020-07-05", "2020-07-07,2020-08-09", "2011-01-01,2017-01-01"],
        "TrainClass": ["Positive"] * 4,
        "LabelType": ["Polygon"] * 4,
        "UID": ["a", "b", "c", "d"],
        "Area": ["3", None, None, "9"],
    }
    places = [(-1_000_000, 0), (-990_000, 0), (-600_000, 0), (900_000, 0)]
    outlines = [shapely.box(x, y, x + 100, y + 100) for x, y in places]
    return gpd.GeoDataFrame({**default, **columns}, geometry=outlines, crs="EPSG:3413")


def eastings_km(frame):
    return (frame.centroid.x / 1000).round(-1).tolist()


def slumps_of(raw, *years):
    return normalise_outlines(raw, ArtsFormat(), [Period(*years)], 0.1, "ARTS")[0]


def test_slumps_of_the_period_carry_its_last_year():
    assert slumps_of(arts(), 2018, 2021)["year"].tolist() == [2021, 2021, 2021]
    assert len(slumps_of(arts(), 2011, 2021)) == 4


def test_a_period_without_slumps_is_refused():
    with pytest.raises(LabelError, match="outlines of 1990–1999"):
        slumps_of(arts(), 1990, 1999)


def test_ranges_label_no_single_year():
    with pytest.raises(LabelError, match=r"cannot label single years[\s\S]*2018–2021"):
        slumps_of(arts(), 2020, 2020)


def test_a_range_within_a_year_labels_it():
    dates = ["2020-07-05,2020-08-20", "2020-07-07", "2021-07-07", "2019-01-01,2019-12-31"]
    rows = sort_outlines(arts(BaseMapDate=dates), ArtsFormat(), [Period(2019, 2019), Period(2020, 2020)], "ARTS")
    assert rows.slumps["label_year"].tolist() == [2020, 2020, 2019]


def test_negatives_are_looked_at_and_boxes_and_points_are_of_unknown_outline():
    raw = arts(
        TrainClass=["Positive", "Negative", "Positive", "Positive"],
        LabelType=["Polygon", "BoundingBox", "BoundingBox", "Point"],
    )
    raw.loc[3, "geometry"] = raw.geometry[3].centroid
    rows = sort_outlines(raw, ArtsFormat(), [Period(2011, 2021)], "ARTS")
    assert [eastings_km(frame) for frame in (rows.slumps, rows.empty, rows.no_outline)] == [
        [-1000],
        [-990],
        [900, -600],
    ]


def test_negatives_of_other_years_show_nothing():
    raw = arts(TrainClass=["Positive", "Negative", "Negative", "Negative"])
    rows = sort_outlines(raw, ArtsFormat(), [Period(2019, 2021)], "ARTS")
    assert eastings_km(rows.empty) == [-990, -600]


def test_what_a_label_type_counts_for_is_configured_one_by_one():
    boxes_count = ArtsFormat.model_validate(
        {"outline_types": ["Polygon", "BoundingBox"], "no_outline_types": ["Point"]}
    )
    raw = arts(LabelType=["Polygon", "BoundingBox", "BoundingBox", "Polygon"]).drop(columns="UID")
    without_uid = boxes_count.model_copy(update={"columns": type(boxes_count.columns)(id=None)})
    assert len(normalise_outlines(raw, without_uid, [Period(2011, 2021)], 0.1, "ARTS")[0]) == 4


def test_one_uid_is_one_slump():
    assert len(slumps_of(arts(UID=["a", "b", "c", "d"]), 2011, 2021)) == 4
    near = arts(UID=["a", "a", "c", "d"])
    near.loc[1, "geometry"] = shapely.box(-999_800, 0, -999_700, 100)
    assert len(slumps_of(near, 2011, 2021)) == 3


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (arts().drop(columns="TrainClass"), "field: TrainClass"),
        (arts(TrainClass=["Positive", "positive", "Positive", "Positive"]), "for example: positive"),
        (arts(LabelType=["Line"] * 4), "BoundingBox or Point or Polygon"),
        (arts(BaseMapDate=["summer", "2020", "2020", "2020"]), "for example: summer"),
        (arts(BaseMapDate=[None, "2020", "2020", "2020"]), "1 wrong rows"),
    ],
    ids=["missing column", "unknown class", "unknown type", "no date", "null date"],
)
def test_impossible_tables_are_refused(raw, message):
    with pytest.raises(SchemaError, match=message):
        slumps_of(raw, 2011, 2021)


def test_distant_outlines_of_one_area_are_searched_apart_and_other_areas_not_at_all():
    searched = survey_extent(arts(), {"The west": ["West", "West Coast"]}, max_gap_km=50, search_radius_km=10)
    near, far = sorted(shapely.get_parts(searched), key=lambda part: part.bounds[0])
    assert near.bounds == pytest.approx((-1_010_000, -10_000, -979_900, 10_100))
    assert far.bounds == pytest.approx((-610_000, -10_000, -589_900, 10_100))


def test_a_wide_gap_joins_the_searches():
    searched = survey_extent(arts(), {"The west": ["West", "West Coast"]}, max_gap_km=500, search_radius_km=10)
    assert shapely.get_num_geometries(searched) == 1
    assert searched.contains(shapely.Point(-800_000, 0))


def test_points_are_places_too():
    raw = arts(LabelType=["Point", "Polygon", "Polygon", "Polygon"])
    raw.loc[0, "geometry"] = raw.geometry[0].centroid
    searched = survey_extent(raw, {"The west": ["West"]}, max_gap_km=50, search_radius_km=10)
    assert shapely.intersects(searched, shapely.Point(-1_000_000, 0))


@pytest.mark.parametrize(
    ("survey_areas", "message"),
    [({"x": ["Nowhere"]}, "got: Nowhere[\\s\\S]*West; West Coast; East"), ({}, "No survey area")],
    ids=["unknown region", "none"],
)
def test_survey_areas_must_name_regions_of_the_file(survey_areas, message):
    with pytest.raises(ConfigError, match=message):
        survey_extent(arts(), survey_areas, 50, 10)
