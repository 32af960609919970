"""Footprints: one a year, or one pooled; never a year invented, and nothing seen where a slump has no outline."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import LabelError, SchemaError
from entropice.sources.periods import Period
from entropice.sources.slumps.columns import CoverageColumns
from entropice.sources.slumps.footprints import normalise_coverage, surveyed_area
from entropice.sources.slumps.outlines import SortedOutlines

SQUARES = [shapely.box(-1e6 + x, 0, -1e6 + x + 1000, 1000) for x in (0, 500, 5000, 0)]
YEARS = [Period(2021, 2021), Period(2022, 2022)]
POOLED = [Period(2018, 2021)]


def footprints(**columns):
    return gpd.GeoDataFrame({"jahr": [2021, 2021, 2022, 2019], **columns}, geometry=SQUARES, crs=POLAR_CRS)


def coverage_of(raw, periods, **columns):
    names = {"every_year": None, "any_year": None} | columns
    return normalise_coverage(raw, CoverageColumns.model_validate(names), periods)[0]


def test_every_label_year_is_one_dissolved_footprint_and_the_rows_are_counted():
    coverage, counts = normalise_coverage(footprints(), CoverageColumns(every_year="jahr"), YEARS)
    assert coverage["year"].tolist() == [2021, 2022]
    assert coverage.geometry.area.tolist() == [1_500_000.0, 1_000_000.0]
    assert coverage.crs == POLAR_CRS
    assert coverage["year"].dtype == "int64"
    assert counts.to_numpy().tolist() == [["footprints in the file", 4], ["seen in 2021", 2], ["seen in 2022", 1]]


@pytest.mark.parametrize(
    "years",
    [
        ["2021", "2021, 2022", "2020,2022", "2019"],
        pd.to_datetime(["2021-07-01", "2021-08-01", "2022-07-01", "2019-07-01"]),
        [2021.0, 2021.0, 2022.0, 2019.0],
        ["2021-07-01", "2021-08-01", "2022-07-01", "2019-07-01"],
    ],
    ids=["lists of years", "parsed dates", "floats", "dates"],
)
def test_a_footprint_names_the_years_in_each_of_which_it_was_seen(years):
    coverage = coverage_of(footprints(jahr=years), YEARS, every_year="jahr")
    seen_twice = 2_000_000 if isinstance(years[1], str) and "," in years[1] else 1_000_000
    assert coverage.geometry.area.tolist() == [1_500_000.0, seen_twice]


def test_a_pooled_label_has_seen_what_any_of_its_years_saw():
    coverage = coverage_of(footprints(), POOLED, every_year="jahr")
    assert coverage["year"].tolist() == [2021]
    assert coverage.geometry.area.tolist() == [1_500_000.0]


def test_footprints_without_years_stand_for_one_pooled_year():
    coverage = coverage_of(footprints(), POOLED)
    assert coverage["year"].tolist() == [2021]
    assert coverage.geometry.area.tolist() == [2_500_000.0]
    with pytest.raises(LabelError, match="one pooled label year"):
        coverage_of(footprints(), YEARS)


def test_a_union_of_years_stands_for_a_label_of_all_of_them():
    union = footprints(period="2018,2019,2020,2021")
    assert coverage_of(union, POOLED, any_year="period").geometry.area.tolist() == [2_500_000.0]
    with pytest.raises(LabelError, match=r"longer than that of the label[\s\S]*2018–2021"):
        coverage_of(union, [Period(2019, 2021)], any_year="period")
    with pytest.raises(LabelError, match="cannot label single years"):
        coverage_of(union, YEARS, any_year="period")


def test_rows_without_geometry_are_no_footprints_whatever_their_year():
    raw = footprints(jahr=[2021, None, 2022, 2019])
    raw.geometry = [SQUARES[0], None, *SQUARES[2:]]
    assert coverage_of(raw, YEARS, every_year="jahr").geometry.area.tolist() == [1_000_000.0, 1_000_000.0]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (footprints(), "none of 2023"),
        (footprints(jahr=[2010] * 4), "none of 2021, 2023"),
        (footprints().drop(columns="jahr"), "column is missing"),
        (footprints(jahr=["2021", "spring", "2023", "2019"]), "for example: spring"),
        (footprints(jahr=["2018-2021", "2022", "2023", "2019"]), "for example: 2018-2021"),
        (footprints(jahr=[2021.5, 2021, 2021, 2021]), "whole numbers"),
    ],
    ids=["year absent", "no year", "no column", "words", "a dash", "a fraction"],
)
def test_impossible_footprints_are_refused(raw, message):
    with pytest.raises(SchemaError, match=message):
        coverage_of(raw, [Period(2021, 2021), Period(2023, 2023)], every_year="jahr")


def square(x, size=100.0):
    return shapely.box(-1e6 + x, 0, -1e6 + x + size, size)


def of_2021(*geometries):
    return gpd.GeoDataFrame({"label_year": np.full(len(geometries), 2021)}, geometry=list(geometries), crs=POLAR_CRS)


CELLS = gpd.GeoDataFrame(geometry=[square(0, 500), square(500, 500), square(5000, 500)], crs=POLAR_CRS)
"""Two in the footprint of 2021 and 2022, the third outside."""


def searched(slumps=(), no_outline=(), empty=(), within=None):
    coverage = gpd.GeoDataFrame({"year": [2021, 2022]}, geometry=[square(0, 1000)] * 2, crs=POLAR_CRS)
    rows = SortedOutlines(of_2021(*slumps), of_2021(), of_2021(*no_outline), of_2021(*empty), {})
    return surveyed_area(coverage, rows, CELLS, within)


def test_ground_found_without_slumps_is_seen_and_cells_with_slumps_without_outline_are_not():
    ground = searched(no_outline=[square(100)], empty=[square(5000)])
    assert ground.geometry.area.tolist() == [1_000_000 - 250_000 + 10_000, 1_000_000]
    assert ground.geometry[0].contains(square(5000))
    assert not ground.geometry[0].intersects(shapely.centroid(CELLS.geometry[0]))


def test_ground_without_slumps_does_not_make_an_unknown_cell_known():
    ground = searched(no_outline=[square(5000)], empty=[square(5200)])
    assert ground.geometry.area.tolist() == [1_000_000] * 2


def test_a_box_around_an_outline_takes_nothing_away():
    assert searched(slumps=[square(10, 50)], no_outline=[square(0)]).geometry.area.tolist() == [1_000_000] * 2


def test_nothing_is_seen_outside_the_searched_ground_but_what_was_looked_at_by_itself():
    within = shapely.box(-1e6 - 10, -10, -1e6 + 200, 2000)
    assert searched(within=within, empty=[square(5000)]).geometry.area.tolist() == [210_000, 200_000]


def test_searched_ground_that_only_touches_a_footprint_is_none():
    ground = searched(within=shapely.box(-1e6 - 500, 0, -1e6, 1000))
    assert ground.geometry.is_empty.tolist() == [True, True]
