"""Times with offsets, ranges in two columns, classes of any type and encodings: honoured by one rule, or refused."""

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from entropice.errors import ConfigError, InputFileError, LabelError, SchemaError
from entropice.sources.files.vector import read_vector
from entropice.sources.periods import Period
from entropice.sources.slumps.columns import CoverageColumns, OutlineFormat
from entropice.sources.slumps.footprints import normalise_coverage
from entropice.sources.slumps.outlines import normalise_outlines, sort_outlines

YEARS = [Period(2021, 2021), Period(2022, 2022)]
POOLED = [Period(2019, 2022)]


def slumps(n=2, **columns):
    squares = [shapely.box(-120 + 0.02 * k, 72, -119.998 + 0.02 * k, 72.0007) for k in range(n)]
    return gpd.GeoDataFrame(columns, geometry=squares, crs="EPSG:4326")


def given(**fields):
    return OutlineFormat.model_validate(fields)


DATED = given(columns={"year": None, "date": "seen"})
EVENING = ["2021-12-31T23:00:00-05:00", "2022-01-01T01:00:00+03:00"]
"""The first is 2022 in UTC, the second 2021."""


def years_of(raw, outline_format=DATED, periods=YEARS):
    rts, _ = normalise_outlines(raw, outline_format, periods, 0.1, "x")
    return rts.set_index(rts.geometry.centroid.y.round())["year"].sort_index(ascending=False).tolist()


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet", ".shp", ".fgb"])
def test_a_time_with_an_offset_counts_in_utc_in_every_format(tmp_path, suffix):
    frame, path = slumps(seen=EVENING), tmp_path / f"slumps{suffix}"
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    raw = read_vector(path)
    assert dict(zip(raw.bounds["minx"].round(2), _label_years(raw), strict=True)) == {-120: 2022, -119.98: 2021}


def _label_years(raw):
    rows = sort_outlines(raw, DATED, YEARS, "x").slumps
    return rows["label_year"].tolist()


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (pd.to_datetime(EVENING, utc=True), [2022, 2021]),
        (pd.to_datetime([EVENING[0]] * 2), [2022, 2022]),
        (["2021-12-31T23:00:00", EVENING[0]], [2021, 2022]),
        (["2021-12-31 23:30:00Z", "2021-12-31"], [2021, 2021]),
    ],
    ids=["parsed", "of one offset", "with and without", "UTC and day"],
)
def test_times_parsed_or_not_follow_the_same_rule(seen, expected):
    assert _label_years(slumps(seen=seen)) == expected


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ([2019, 2021], [2020, 2022]),
        (["2019-05-01", "2021"], ["2020-01-01", "2022-07-01"]),
        ([2019.0, 2021.0], [2020, 2022]),
    ],
)
def test_ranges_may_stand_in_two_columns(first, last):
    raw = slumps(year_start=first, year_end=last)
    ranged = given(columns={"year": None, "date": ["year_start", "year_end"]})
    assert [len(sort_outlines(raw, ranged, POOLED, "x").slumps), years_of(raw, ranged, POOLED)] == [2, [2022, 2022]]
    narrower = sort_outlines(raw, ranged, [Period(2020, 2022)], "x")
    assert [len(narrower.slumps), len(narrower.no_outline)] == [1, 1]
    with pytest.raises(LabelError, match="cannot label single years"):
        sort_outlines(raw, ranged, YEARS, "x")


def test_a_range_that_ends_before_it_begins_is_refused():
    ranged = given(columns={"year": None, "date": ["a", "b"]})
    with pytest.raises(SchemaError, match=r"field: b[\s\S]*nothing earlier than a"):
        sort_outlines(slumps(a=[2021, 2022], b=[2021, 2021]), ranged, POOLED, "x")


def test_a_missing_end_of_a_range_is_refused():
    ranged = given(columns={"year": None, "date": ["a", "b"]})
    with pytest.raises(SchemaError, match="field: b"):
        sort_outlines(slumps(a=[2021, 2022]), ranged, POOLED, "x")
    with pytest.raises(SchemaError, match=r"field: b[\s\S]*none missing"):
        sort_outlines(slumps(a=[2021, 2022], b=[2021, None]), ranged, POOLED, "x")


def test_footprints_may_have_ranges_in_two_columns():
    columns = CoverageColumns.model_validate({"every_year": None, "any_year": ["a", "b"]})
    raw = slumps(a=[2019, 2020], b=[2021, 2022])
    assert len(normalise_coverage(raw, columns, POOLED)[0]) == 1
    with pytest.raises(LabelError, match=r"longer than that of the label[\s\S]*2019–2021"):
        normalise_coverage(raw, columns, [Period(2020, 2022)])


@pytest.mark.parametrize(
    ("values", "slump", "empty"),
    [
        ([1, 0], 1, 0),
        ([True, False], True, False),
        ([1.0, 0.0], 1, 0),
        (["1", "0"], 1, 0),
        (["True", "False"], True, False),
        (pd.array([1, 0], dtype="Int8"), "1", "0"),
        (pd.array([True, False], dtype="boolean"), True, False),
    ],
    ids=["int", "bool", "float", "text of numbers", "text of truth", "nullable", "nullable truth"],
)
def test_classes_may_be_numbers_or_truth_values(values, slump, empty):
    raw = slumps(year=[2021, 2021], kind=values)
    classed = given(columns={"label_class": "kind"}, slump_classes=[slump], empty_classes=[empty])
    rows = sort_outlines(raw, classed, YEARS, "x")
    assert [len(rows.slumps), len(rows.empty)] == [1, 1]


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".geojson", ".shp"])
def test_truth_values_of_a_file_are_classes(tmp_path, suffix):
    frame, path = slumps(year=[2021, 2021], is_rts=[True, False]), tmp_path / f"slumps{suffix}"
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    classed = given(columns={"label_class": "is_rts"}, slump_classes=[True], empty_classes=[False])
    assert len(sort_outlines(read_vector(path), classed, YEARS, "x").slumps) == 1


def test_true_is_not_one():
    classed = given(columns={"label_class": "kind"}, slump_classes=[1], empty_classes=[0])
    with pytest.raises(SchemaError, match=r"expected: 0 or 1[\s\S]*for example: True"):
        sort_outlines(slumps(year=[2021, 2021], kind=[True, False]), classed, YEARS, "x")


def dbf_without_word_of_its_encoding(folder, encoding):
    path = folder / "slumps.shp"
    pyogrio.write_dataframe(slumps(year=[2021, 2021], kind=["Озеро", "оползень"]), path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    content[29] = 0
    path.with_suffix(".dbf").write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8"])
def test_the_encoding_of_a_dbf_can_be_said(tmp_path, encoding):
    path = dbf_without_word_of_its_encoding(tmp_path, encoding)
    assert read_vector(path, encoding=encoding)["kind"].tolist() == ["Озеро", "оползень"]
    classed = given(columns={"label_class": "kind"}, slump_classes=["оползень"], other_classes=["Озеро"])
    assert len(sort_outlines(read_vector(path, encoding=encoding), classed, YEARS, "x").slumps) == 1
    with pytest.raises(SchemaError, match="values that are not known"):
        sort_outlines(read_vector(path), classed, YEARS, "x")


def test_another_encoding_than_the_file_has_is_refused(tmp_path):
    path = dbf_without_word_of_its_encoding(tmp_path, "cp1251")
    with pytest.raises(InputFileError, match=r"another encoding[\s\S]*encoding: cp1252"):
        read_vector(path, encoding="utf-8")
    with pytest.raises(ConfigError, match="no such encoding"):
        read_vector(path, encoding="cp-1251-2")


def test_a_csv_says_which_encoding_it_is_not_in(tmp_path):
    (tmp_path / "slumps.csv").write_bytes("lon,lat,kind\n-130,72,Größe\n".encode("cp1252"))
    assert read_vector(tmp_path / "slumps.csv", encoding="cp1252")["kind"].tolist() == ["Größe"]
    with pytest.raises(InputFileError, match=r"field: encoding[\s\S]*encoding: cp1252"):
        read_vector(tmp_path / "slumps.csv")


def test_wkb_in_plain_parquet_is_named(tmp_path):
    frame = slumps(year=[2021, 2021])
    pd.DataFrame({"year": frame["year"], "geometry": shapely.to_wkb(frame.geometry)}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(SchemaError, match=r"which column is the geometry[\s\S]*geometry \(binary\)[\s\S]*from_wkb"):
        read_vector(tmp_path / "a.parquet")


def test_lines_are_named():
    lines = gpd.GeoDataFrame({"year": [2021]}, geometry=[shapely.LineString([(0, 70), (1, 71)])], crs="EPSG:4326")
    with pytest.raises(SchemaError, match=r"must be polygons[\s\S]*LineString"):
        sort_outlines(lines, given(), YEARS, "x")


def test_a_path_that_is_not_utf_8_is_named(tmp_path):
    frame, path = slumps(year=[2021, 2021]), tmp_path / "slumps.gpkg"
    frame.to_file(path)
    renamed = path.rename(tmp_path / b"slumps\xfc.gpkg".decode(errors="surrogateescape"))
    with pytest.raises(InputFileError, match=r"not UTF-8[\s\S]*byte 0xfc[\s\S]*rename"):
        read_vector(renamed)
