"""Outlines of any source: each row of a file has one meaning, and what cannot be is refused."""

import logging

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from entropice.errors import LabelError, SchemaError
from entropice.sources.periods import Period
from entropice.sources.slumps.columns import OutlineFormat
from entropice.sources.slumps.outlines import ROW_STATUSES, normalise_outlines, sort_outlines

YEARS = [Period(2021, 2021), Period(2022, 2022)]
POOLED = [Period(2018, 2021)]


def outline_format(**fields):
    return OutlineFormat.model_validate(fields)


PLAIN = outline_format(columns={"id": "id"})
DATED = outline_format(columns={"year": None, "date": "date"})
CLASSED = outline_format(
    columns={"label_class": "class", "label_type": "type"},
    slump_classes=["slump"],
    empty_classes=["nothing"],
    other_classes=["lake"],
    outline_types=["Polygon"],
    no_outline_types=["BoundingBox", "Point"],
)


def drawn(geometries=None, **columns):
    """Five squares around 130°E 72°N; the third lies across the second, and both are of 2022."""
    places = [(130.0, 72.0), (130.1, 72.0), (130.1005, 72.0), (130.2, 72.0), (130.3, 72.0)]
    default = {"year": [2021, 2022, 2022, 2022, 2019], "id": [1, 2, 9, 3, 4]}
    squares = [shapely.box(lon, lat, lon + 0.001, lat + 0.001) for lon, lat in places]
    return gpd.GeoDataFrame({**default, **columns}, geometry=geometries or squares, crs="EPSG:4326")


def slumps_of(raw, outline_format, periods=YEARS):
    return normalise_outlines(raw, outline_format, periods, 0.1, "Outlines")[0]


def statuses_of(raw, outline_format, periods=YEARS):
    return {status: n for status, n in sort_outlines(raw, outline_format, periods, "x").n_by_status.items() if n}


def test_repeats_are_dissolved_and_rows_of_other_years_left_out():
    rts, counts = normalise_outlines(drawn(), PLAIN, YEARS, 0.1, "Outlines")
    assert rts[["rts_id", "year"]].to_numpy().tolist() == [[1, 2021], [2, 2022], [3, 2022]]
    assert counts[counts["n"] > 0].to_numpy().tolist() == [
        ["left out: of other years", 1],
        ["outlines of slumps", 4],
        ["slumps and label years", 3],
        ["slumps", 3],
    ]
    single, merged = rts["area_m2"].iloc[2], rts["area_m2"].iloc[1]
    assert merged == pytest.approx(1.5 * single, rel=1e-3)


def test_the_counts_are_logged(caplog):
    with caplog.at_level(logging.INFO):
        slumps_of(drawn(), PLAIN)
    assert "Outlines: 5 rows in the file" in caplog.text
    assert "1 left out: of other years" in caplog.text
    assert "0 of 4 outlines repeat an identity of id" in caplog.text


def test_columns_are_named_by_configuration():
    renamed = drawn().rename(columns={"year": "jahr"}).drop(columns="id")
    assert len(slumps_of(renamed, outline_format(columns={"year": "jahr"}))) == 3


def test_improbable_outlines_are_left_out():
    raw = drawn(pval_mean=[0.9, 0.4, 0.5, 0.9, 0.9])
    probable = outline_format(columns={"id": "id", "probability": "pval_mean"}, min_probability=0.5)
    assert slumps_of(raw, probable)["rts_id"].tolist() == [1, 3, 9]


@pytest.mark.parametrize(
    "years",
    [
        [2021.0, 2022.0, 2022.0, 2022.0, 2019.0],
        ["2021", "2022", " 2022 ", "2022.0", "2019"],
        pd.array([2021, 2022, 2022, 2022, 2019], dtype="Int64"),
        np.array([2021, 2022, 2022, 2022, 2019], dtype=object),
    ],
    ids=["floats", "text", "nullable", "objects"],
)
def test_the_same_column_may_be_of_another_type_in_another_file(years):
    assert slumps_of(drawn(year=years), PLAIN)["year"].tolist() == [2021, 2022, 2022]


def test_identities_may_be_text_and_hold_in_every_year():
    places = [shapely.box(lon, 72, lon + 0.001, 72.001) for lon in (130, 130.002, 130.0025, 130.2, 130.202)]
    raw = drawn(places, year=[2021, 2022, 2022, 2022, 2021], id=["b", "b", "c", "a", "a"])
    rts = slumps_of(raw, PLAIN)
    assert rts[["rts_id", "year"]].to_numpy().tolist() == [[1, 2021], [2, 2021], [1, 2022], [2, 2022]]


def test_images_of_a_year_are_dissolved_to_its_greatest_extent():
    """Level 1 holds an outline per image; level 2 one per year, of everything any of its images showed."""
    squares = [shapely.box(130, 72, 130 + size, 72 + size) for size in (0.001, 0.002, 0.003)]
    images = gpd.GeoDataFrame(
        {"image": ["20210710_220011_1044", "20210818_223141_62_2459", "20220801_101010_aa"]},
        geometry=squares,
        crs="EPSG:4326",
    )
    level1 = slumps_of(images, outline_format(columns={"year": None, "date": "image"}))
    level2 = slumps_of(images.iloc[1:].assign(year=[2021, 2022]), outline_format())
    assert level1["rts_id"].tolist() == [1, 1]
    assert level1["year"].tolist() == level2["year"].tolist() == [2021, 2022]
    assert level1["area_m2"].to_numpy() == pytest.approx(level2["area_m2"].to_numpy(), rel=1e-6)


@pytest.mark.parametrize(
    "dates",
    [
        ["2021-07-18", "2022-08-01", "2022-08-01,2022-09-30", "2022", "2019-01-01"],
        pd.to_datetime(["2021-07-18", "2022-08-01", "2022-09-01", "2022-12-31", "2019-01-01"]),
        [20210718, 20220801, 20220901, 20221231, 20190101],
    ],
    ids=["text", "parsed by the reader", "numbers"],
)
def test_dates_say_the_year(dates):
    assert slumps_of(drawn(date=dates), DATED)["year"].tolist() == [2021, 2022, 2022]


def test_ranges_of_several_years_label_no_single_year():
    raw = drawn(date=["2021-07-18", "2018-01-01,2021-01-01", "2022", "2022", "2022"])
    with pytest.raises(LabelError, match=r"cannot label single years[\s\S]*2018–2021[\s\S]*pooled_from"):
        slumps_of(raw, DATED)


def test_only_what_lies_within_the_pooled_period_is_an_outline_of_it():
    raw = drawn(date=["2018-01-01,2021-01-01", "2017,2019", "2020", "2021,2022", "2011,2017"])
    assert slumps_of(raw, DATED, POOLED)["year"].tolist() == [2021, 2021]
    assert statuses_of(raw, DATED, POOLED) == {
        "left out: of other years": 1,
        "slumps without an outline of the label year": 2,
        "outlines of slumps": 2,
    }


def test_outlines_without_any_year_are_of_the_pooled_period():
    timeless = outline_format(columns={"year": None})
    assert slumps_of(drawn(), timeless, POOLED)["year"].tolist() == [2021] * 4


def test_classes_and_label_types_say_what_a_row_stands_for():
    raw = drawn(
        year=[2021] * 5,
        **{
            "class": ["slump", "nothing", "slump", "lake", "slump"],
            "type": ["Polygon", "BoundingBox", "BoundingBox", "Polygon", "Point"],
        },
    )
    raw.geometry = raw.geometry.where(raw["type"] != "Point", raw.geometry.representative_point())
    rows = sort_outlines(raw, CLASSED, YEARS, "x")
    assert [len(frame) for frame in (rows.slumps, rows.no_outline, rows.empty)] == [1, 2, 1]
    assert rows.n_by_status["left out: of another class"] == 1
    assert rows.no_outline.crs == rows.slumps.crs == "EPSG:3413"
    assert rows.no_outline.area.max() == pytest.approx(np.pi * CLASSED.point_radius_m**2, rel=0.01)


def test_a_point_without_a_slump_shows_no_ground():
    raw = drawn(
        [shapely.box(130, 72, 130.001, 72.001), shapely.Point(130.1, 72)],
        year=[2021] * 2,
        id=[1, 2],
        **{"class": ["slump", "nothing"], "type": ["Polygon", "Point"]},
    )
    rows = sort_outlines(raw, CLASSED, YEARS, "x")
    assert rows.empty.empty
    assert rows.n_by_status["left out: no area"] == 1


def test_rows_that_hold_nothing_are_left_out_whatever_their_columns_say():
    holed = [None, shapely.GeometryCollection(), *drawn().geometry[2:]]
    raw = drawn(holed, year=[None, np.nan, 2021, 2021, 2021])
    assert statuses_of(raw, PLAIN) == {"left out: no geometry": 2, "outlines of slumps": 3}


def test_a_slump_cut_at_the_antimeridian_into_two_rows_is_one():
    outlines = [shapely.box(179.999, 70, 180, 70.001), shapely.box(-180, 70, -179.999, 70.001)]
    raw = gpd.GeoDataFrame({"year": [2021, 2021]}, geometry=outlines, crs="EPSG:4326")
    rts = slumps_of(raw, outline_format())
    assert shapely.get_num_geometries(rts.geometry.to_numpy()).tolist() == [1]


def test_a_file_of_other_years_is_refused():
    with pytest.raises(LabelError, match="got: 5 left out: of other years\n  expected: outlines of 2015"):
        slumps_of(drawn(), PLAIN, [Period(2015, 2015)])


def test_numbering_that_begins_anew_every_year_is_no_identity():
    places = [shapely.box(lon, 72, lon + 0.001, 72.001) for lon in (130, 131, 140, 141)]
    raw = gpd.GeoDataFrame({"year": [2021, 2021, 2022, 2022], "id": [1, 2] * 2}, geometry=places, crs="EPSG:4326")
    with pytest.raises(SchemaError, match=r"carry the same identity[\s\S]*for example: 1, 2[\s\S]*set it to null"):
        slumps_of(raw, PLAIN)
    assert slumps_of(raw, outline_format())["rts_id"].is_unique


@pytest.mark.parametrize(
    ("raw", "given_format", "message"),
    [
        (drawn().drop(columns="year"), PLAIN, "column is missing[\\s\\S]*got: id, geometry"),
        (drawn(), outline_format(columns={"probability": "pval"}), "field: pval"),
        (drawn(year=["this year"] * 5), PLAIN, "field: year[\\s\\S]*expected: numbers"),
        (drawn(year=[True] * 5), PLAIN, "field: year"),
        (drawn(year=pd.array([2021, 2022, 2022, None, 2019], dtype="Int64")), PLAIN, "none missing"),
        (drawn(year=[2021, np.nan, 2022, 2022, 2019]), PLAIN, "none missing"),
        (drawn(year=[2021.5, 2022, 2022, 2022, 2019]), PLAIN, "for example: 2021.5"),
        (drawn(id=["a", None, "b", "c", "d"]), PLAIN, "field: id[\\s\\S]*none missing"),
        (drawn(p=[50, 60, 70, 80, 90]), outline_format(columns={"probability": "p"}), "fractions from 0 to 1"),
        (drawn().set_crs("EPSG:3413", allow_override=True), PLAIN, "do not fit the CRS"),
        (drawn(date=["2021-02-30"] * 5), DATED, "for example: 2021-02-30"),
        (drawn(date=["2021-13-01"] * 5), DATED, "years or dates"),
        (drawn(date=["2022-01-01,2021-01-01"] * 5), DATED, "earlier date first"),
        (drawn(date=["2020,2021,2022"] * 5), DATED, "earlier date first"),
        (drawn(date=[None, "2021", "2021", "2021", "2021"]), DATED, "1 wrong rows"),
        (drawn(**{"class": ["Slump"] * 5, "type": "Polygon"}), CLASSED, "for example: Slump"),
        (drawn(**{"class": ["slump", None] * 2 + ["slump"], "type": "Polygon"}), CLASSED, "field: class"),
        (drawn(**{"class": "slump", "type": ["Line"] * 5}), CLASSED, "BoundingBox or Point or Polygon"),
    ],
    ids=[
        "no year", "no probability", "words", "booleans", "null", "NaN", "fraction", "null id", "percent", "wrong CRS",
        "no such day", "no such month", "backwards", "three dates", "null date", "unknown class", "null class",
        "unknown type",
    ],
)  # fmt: skip
def test_impossible_tables_are_refused(raw, given_format, message):
    with pytest.raises(SchemaError, match=message):
        slumps_of(raw, given_format)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"columns": {"year": "year", "date": "date"}}, "column of years or that of dates"),
        ({"columns": {"label_class": "class"}}, "slump_classes must be listed"),
        ({"slump_classes": ["slump"]}, "slump_classes must be listed"),
        ({"columns": {"label_type": "type"}}, "outline_types must be listed"),
    ],
    ids=["two times", "class without classes", "classes without column", "type without types"],
)
def test_contradictions_in_a_format_are_refused(fields, message):
    with pytest.raises(ValidationError, match=message):
        outline_format(**fields)


ROW = st.fixed_dictionaries(
    {
        "class": st.sampled_from(["slump", "nothing", "lake"]),
        "type": st.sampled_from(["Polygon", "BoundingBox", "Point"]),
        "year": st.integers(2016, 2023),
        "shape": st.sampled_from(["square", "point", "null", "empty", "line"]),
        "x": st.integers(0, 20),
    }
)
SHAPES = {
    "square": lambda x: shapely.box(130 + x / 100, 72, 130.01 + x / 100, 72.01),
    "point": lambda x: shapely.Point(130 + x / 100, 72),
    "null": lambda x: None,
    "empty": lambda x: shapely.Polygon(),
    "line": lambda x: shapely.Polygon([(130 + x / 100, 72), (131, 72), (130 + x / 100, 72)]),
}


@given(st.lists(ROW, min_size=1, max_size=12))
def test_every_row_has_one_status(rows):
    table = pd.DataFrame(rows)
    table.loc[table["shape"] == "point", "type"] = "Point"
    table.loc[table["type"] == "Point", "class"] = table["class"].where(table["class"] != "slump", "nothing")
    geometries = [SHAPES[shape](x) for shape, x in zip(table["shape"], table["x"], strict=True)]
    raw = gpd.GeoDataFrame(table.drop(columns="shape"), geometry=geometries, crs="EPSG:4326")
    sorted_rows = sort_outlines(raw, CLASSED, [Period(2018, 2021)], "x")
    assert set(sorted_rows.n_by_status) == set(ROW_STATUSES)
    assert min(sorted_rows.n_by_status.values()) >= 0
    assert sum(sorted_rows.n_by_status.values()) == len(raw)
