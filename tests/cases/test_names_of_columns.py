"""A file's own columns may be called what they will: only those that are configured mean anything."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.sources.files.vector import read_vector
from entropice.sources.land import normalise_land
from entropice.sources.periods import Period
from entropice.sources.slumps.arts import survey_extent
from entropice.sources.slumps.columns import CoverageColumns, OutlineFormat
from entropice.sources.slumps.footprints import normalise_coverage
from entropice.sources.slumps.outlines import normalise_outlines, sort_outlines

OURS = ("source_id", "label_year", "rts_id", "row", "area_m2", "geometry_1", "label_class", "label_type", "index")
YEARS = [Period(2021, 2021)]


def slumps(**columns):
    squares = [shapely.box(-120 + 0.02 * n, 72, -119.998 + 0.02 * n, 72.0007) for n in range(2)]
    return gpd.GeoDataFrame({"year": [2021, 2021], **columns}, geometry=squares, crs="EPSG:4326")


def n_slumps(raw, **fields):
    return len(normalise_outlines(raw, OutlineFormat.model_validate(fields), YEARS, 0.1, "x")[0])


@pytest.mark.parametrize("column", OURS)
@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".shp"])
def test_a_column_called_as_ours_means_nothing(tmp_path, column, suffix):
    """A Shapefile's names have ten letters at most."""
    frame, path = slumps(**{column[:10]: [1, 1]}), tmp_path / f"slumps{suffix}"
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    assert n_slumps(read_vector(path)) == 2


@pytest.mark.parametrize("column", OURS)
def test_a_column_called_as_ours_can_be_configured(column):
    assert n_slumps(slumps(**{column: [5, 6]}), columns={"id": column}) == 2
    assert n_slumps(slumps(**{column: [2021, 2020]}), columns={"year": column}) == 1


@pytest.mark.parametrize("column", OURS)
def test_footprints_and_land_may_have_them_too(column):
    raw = slumps(**{column: [1, 1]})
    coverage, _ = normalise_coverage(raw, CoverageColumns(), YEARS)
    assert coverage.geometry.area.sum() == pytest.approx(normalise_land(raw).area.sum())
    assert list(coverage) == ["year", "geometry"]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".shp"])
def test_an_attribute_called_geometry_is_kept(tmp_path, suffix):
    frame = slumps().rename_geometry("geom").assign(geometry=["Polygon", "box"])
    frame.to_file(tmp_path / f"slumps{suffix}")
    raw = read_vector(tmp_path / f"slumps{suffix}")
    assert sorted(raw["geometry"]) == ["Polygon", "box"]
    typed = {"columns": {"label_type": "geometry"}, "outline_types": ["Polygon"], "no_outline_types": ["box"]}
    assert n_slumps(raw, **typed) == 1
    rows = sort_outlines(raw, OutlineFormat.model_validate(typed), YEARS, "x")
    assert [len(rows.slumps), len(rows.no_outline)] == [1, 1]


@pytest.mark.parametrize("name", ["geom", "outline", "wkb_geometry"])
def test_the_primary_geometry_of_geoparquet_is_used_whatever_its_name(tmp_path, name):
    frame = slumps().rename_geometry(name)
    frame["geometry"] = gpd.GeoSeries([shapely.Point(0, 0)] * 2, crs="EPSG:4326")
    frame.to_parquet(tmp_path / "slumps.parquet")
    raw = read_vector(tmp_path / "slumps.parquet")
    assert raw.geometry.name == name
    assert n_slumps(raw) == 2
    assert normalise_coverage(raw, CoverageColumns(), YEARS)[0].geometry.area.item() > 0
    assert normalise_land(raw).area.sum() > 0


def test_a_survey_area_is_found_beside_a_column_of_points():
    raw = slumps(RegionName=["West", "West"]).rename_geometry("geom")
    raw["geometry"] = gpd.GeoSeries([shapely.Point(0, 0)] * 2, crs="EPSG:4326")
    extent = gpd.GeoSeries([survey_extent(raw, {"West": ["West"]}, 50.0, 1.0)], crs=POLAR_CRS)
    assert np.allclose(extent.centroid.to_crs("EPSG:4326").x, -119.989, atol=0.01)
