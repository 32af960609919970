"""Found outlines have the layout of DARTS level 2, and add to a campaign what it had not searched."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.exports.darts_level2 import darts_footprints, darts_outlines, extended_campaign


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


def test_what_the_campaign_has_searched_stays_as_it_is(outlines, tiles):
    """In 2023 half of the tile had been searched, the first of its two outlines among it; in 2021 nothing."""
    given = gpd.GeoDataFrame({"rts_id": [5], "year": [2023]}, geometry=[square(-2e6, 1e6)], crs=POLAR_CRS)
    half = shapely.box(-2e6 - 500, 1e6 - 500, -2e6 + 400, 1e6 + 1500)
    coverage = gpd.GeoDataFrame({"year": [2023]}, geometry=[half], crs=POLAR_CRS)
    both, ground = extended_campaign(darts_outlines(outlines), darts_footprints(tiles), given, coverage)
    assert sorted(zip(both["id"], both["year"], both["probability"], strict=True)) == [
        (5, 2023, 1.0), (6, 2021, 0.4), (7, 2023, 0.9),
    ]  # fmt: skip
    assert ground["year"].tolist() == [2023, 2021, 2023]
    assert ground.geometry.area.to_numpy() == pytest.approx([900 * 2000, 2000 * 2000, 1100 * 2000])
    assert ground["area_km2"].iloc[2] == pytest.approx(2.2, rel=0.1)


def test_tiles_on_searched_ground_add_nothing(outlines, tiles):
    no_numbers = pd.Series(dtype="int64")
    given = gpd.GeoDataFrame({"rts_id": no_numbers, "year": no_numbers}, geometry=[], crs=POLAR_CRS)
    coverage = gpd.GeoDataFrame(
        {"year": [2021, 2023]}, geometry=[square(-2e6 - 1e4, 1e6 - 1e4, 5e4)] * 2, crs=POLAR_CRS
    )
    both, ground = extended_campaign(darts_outlines(outlines), darts_footprints(tiles), given, coverage)
    assert both.empty
    assert ground["image_id"].tolist() == ["given", "given"]


def test_without_given_outlines_only_found_ones_are_left(outlines, tiles):
    nothing = gpd.GeoDataFrame(
        {"rts_id": pd.Series(dtype="int64"), "year": pd.Series(dtype="int64")}, geometry=[], crs=POLAR_CRS
    )
    coverage = gpd.GeoDataFrame({"year": pd.Series(dtype="int64")}, geometry=[], crs=POLAR_CRS)
    both, ground = extended_campaign(darts_outlines(outlines), darts_footprints(tiles), nothing, coverage)
    assert both["id"].tolist() == [0, 0, 1]
    assert len(ground) == 2
