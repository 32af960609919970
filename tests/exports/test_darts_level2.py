"""Found outlines have the layout of DARTS level 2, and stand before the given ones where both have looked."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.exports.darts_level2 import darts_footprints, darts_outlines, updated_campaign


def square(x_m, y_m, edge_m=100.0):
    return shapely.box(x_m, y_m, x_m + edge_m, y_m + edge_m)


@pytest.fixture
def outlines():
    columns = {
        "outline_id": [0, 0, 1],
        "year": [2021, 2023, 2023],
        "chance_mean": [0.7, 0.8, 0.9],
        "chance_max": 0.95,
        "chance_sd": 0.1,
        "p": [0.4, 0.6, 0.9],
    }
    geometry = [square(-2e6, 1e6), square(-2e6, 1e6, 120.0), square(-2e6 + 500, 1e6)]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=POLAR_CRS)


@pytest.fixture
def tiles():
    columns = {"tile": ["a", "a", "b"], "year": [2021, 2023, 2023]}
    geometry = [square(-2e6 - 500, 1e6 - 500, 2000.0), square(-2e6 - 500, 1e6 - 500, 2000.0), shapely.MultiPolygon()]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=POLAR_CRS)


def test_columns_are_those_of_the_published_files(outlines, tiles):
    named = darts_outlines(outlines)
    assert list(named) == ["id", "year", "pval_mean", "pval_max", "pval_std", "probability", "geometry"]
    assert named["probability"].tolist() == [0.4, 0.6, 0.9]
    footprints = darts_footprints(tiles)
    assert list(footprints) == ["year", "image_id", "area_km2", "geometry"]
    assert named.crs == footprints.crs == POLAR_CRS
    assert footprints["image_id"].tolist() == ["a", "a"]
    assert footprints["area_km2"].to_numpy() == pytest.approx(4.0, rel=0.1)


def test_a_given_outline_that_was_looked_at_again_in_its_year_is_left_out(outlines, tiles):
    given = gpd.GeoDataFrame(
        {"rts_id": [5, 5, 9], "year": [2022, 2023, 2023]},
        geometry=[square(-2e6, 1e6), square(-2e6, 1e6), square(-2e6 + 9000, 1e6)],
        crs=POLAR_CRS,
    )
    coverage = gpd.GeoDataFrame({"year": [2022]}, geometry=[square(-2e6, 1e6, 5e4)], crs=POLAR_CRS)
    both, ground = updated_campaign(darts_outlines(outlines), darts_footprints(tiles), given, coverage)
    kept = both[both["id"].isin([5, 9]) & both["pval_mean"].isna()]
    assert sorted(zip(kept["id"], kept["year"], strict=True)) == [(5, 2022), (9, 2023)]
    assert (kept["probability"] == 1).all()
    assert len(both) == 5
    assert set(both.loc[both["pval_mean"].notna(), "id"]) == {10, 11}
    assert ground["year"].tolist() == [2022, 2021, 2023]


def test_without_given_outlines_only_found_ones_are_left(outlines, tiles):
    nothing = gpd.GeoDataFrame(
        {"rts_id": pd.Series(dtype="int64"), "year": pd.Series(dtype="int64")}, geometry=[], crs=POLAR_CRS
    )
    coverage = gpd.GeoDataFrame({"year": pd.Series(dtype="int64")}, geometry=[], crs=POLAR_CRS)
    both, ground = updated_campaign(darts_outlines(outlines), darts_footprints(tiles), nothing, coverage)
    assert both["id"].tolist() == [0, 0, 1]
    assert len(ground) == 2
