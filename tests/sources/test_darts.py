"""DARTS: columns by configuration; what is ignored is counted, what cannot be is refused."""

import logging

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.errors import LabelError, SchemaError
from entropice.sources.columns import DartsColumns
from entropice.sources.darts import normalise_darts

COLUMNS = DartsColumns(year="year", id="id")


def darts(**columns):
    """Four slumps around 130°E 72°N; the second is drawn twice in 2022, across each other."""
    places = [(130.0, 72.0), (130.1, 72.0), (130.1005, 72.0), (130.2, 72.0), (130.3, 72.0)]
    default = {"year": [2021, 2022, 2022, 2022, 2019], "id": [1, 2, 9, 3, 4]}
    outlines = [shapely.box(lon, lat, lon + 0.001, lat + 0.001) for lon, lat in places]
    return gpd.GeoDataFrame({**default, **columns}, geometry=outlines, crs="EPSG:4326")


def test_repeats_are_dissolved_and_other_years_are_ignored_with_a_count(caplog):
    with caplog.at_level(logging.INFO):
        rts = normalise_darts(darts(), COLUMNS, [2021, 2022])
    assert rts[["rts_id", "year"]].to_numpy().tolist() == [[1, 2021], [2, 2022], [3, 2022]]
    assert "1 rows of years outside [2021, 2022] ignored" in caplog.text
    single, merged = rts["area_m2"].iloc[2], rts["area_m2"].iloc[1]
    assert merged == pytest.approx(1.5 * single, rel=1e-3)


def test_columns_are_named_by_configuration():
    renamed = darts().rename(columns={"year": "jahr"}).drop(columns="id")
    assert len(normalise_darts(renamed, DartsColumns(year="jahr", id=None), [2021, 2022])) == 3


def test_improbable_outlines_are_ignored():
    raw = darts(pval_mean=[0.9, 0.4, 0.5, 0.9, 0.9])
    rts = normalise_darts(raw, DartsColumns(id="id", probability="pval_mean"), [2021, 2022], 0.5)
    assert rts["rts_id"].tolist() == [1, 3, 9]


def test_whole_years_may_be_floats():
    raw = darts(year=[2021.0, 2022.0, 2022.0, 2022.0, 2019.0])
    assert len(normalise_darts(raw, COLUMNS, [2021, 2022])) == 3


def test_a_slump_cut_at_the_antimeridian_into_two_rows_is_one():
    outlines = [shapely.box(179.999, 70, 180, 70.001), shapely.box(-180, 70, -179.999, 70.001)]
    raw = gpd.GeoDataFrame({"year": [2021, 2021]}, geometry=outlines, crs="EPSG:4326")
    rts = normalise_darts(raw, DartsColumns(), [2021])
    assert shapely.get_num_geometries(rts.geometry.to_numpy()).tolist() == [1]


def test_a_file_of_other_years_is_refused():
    with pytest.raises(LabelError, match="got: 2019, 2021, 2022\n  expected: 2015"):
        normalise_darts(darts(), COLUMNS, [2015])


@pytest.mark.parametrize(
    ("raw", "columns", "message"),
    [
        (darts().drop(columns="year"), COLUMNS, "column is missing[\\s\\S]*got: id, geometry"),
        (darts(), DartsColumns(probability="pval"), "field: pval"),
        (darts(year=["2021"] * 5), COLUMNS, "expected: numbers"),
        (darts(year=pd.array([2021, 2022, 2022, None, 2019], dtype="Int64")), COLUMNS, "none missing"),
        (darts(year=[2021, np.nan, 2022, 2022, 2019]), COLUMNS, "none missing"),
        (darts(year=[2021.5, 2022, 2022, 2022, 2019]), COLUMNS, "for example: 2021.5"),
        (darts(id=["a"] * 5), COLUMNS, "field: id"),
        (darts(p=[50, 60, 70, 80, 90]), DartsColumns(probability="p"), "fractions from 0 to 1"),
        (darts().set_crs("EPSG:3413", allow_override=True), COLUMNS, "do not fit the CRS"),
    ],
    ids=["no year", "no probability", "text", "null", "NaN", "fraction", "text id", "percent", "wrong CRS"],
)
def test_impossible_tables_are_refused(raw, columns, message):
    with pytest.raises(SchemaError, match=message):
        normalise_darts(raw, columns, [2021, 2022])
