"""Foreign polygons become valid polygons in EPSG:3413, wherever they lie and however they were cut."""

import logging

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.crs import EQUAL_AREA_CRS
from entropice.errors import SchemaError
from entropice.sources.files.polar import to_polar_polygons


def lon_lat(*geometries, crs="EPSG:4326"):
    return gpd.GeoDataFrame({"row": range(len(geometries))}, geometry=list(geometries), crs=crs)


def area_km2(frame):
    return frame.to_crs(EQUAL_AREA_CRS).area.sum() / 1e6


CROSSING = shapely.Polygon([(179.9, 70), (-179.9, 70), (-179.9, 70.1), (179.9, 70.1)])
CUT = shapely.MultiPolygon([shapely.box(179.9, 70, 180, 70.1), shapely.box(-180, 70, -179.9, 70.1)])
EAST_OF_180 = shapely.box(179.9, 70, 180.1, 70.1)


@pytest.mark.parametrize("outline", [CROSSING, CUT, EAST_OF_180], ids=["crossing", "cut", "beyond 180"])
def test_an_outline_across_the_antimeridian_is_one_polygon_of_its_true_area(outline):
    (projected,) = to_polar_polygons(lon_lat(outline), "x").geometry
    (shifted,) = to_polar_polygons(lon_lat(shapely.box(9.9, 70, 10.1, 70.1)), "x").geometry
    assert projected.is_valid
    assert shapely.get_num_geometries(projected) == 1
    assert projected.area == pytest.approx(shifted.area, rel=1e-6)


def test_the_cap_drawn_as_a_rectangle_or_as_a_ring_has_the_area_of_the_ellipsoid():
    """34,415,850.5 km² north of 60°N on WGS 84; the densified ring stays within 1e-6."""
    longitude = np.arange(-180, 180, 30.0)
    ring = shapely.Polygon(np.column_stack([longitude, np.full(len(longitude), 60.0)]))
    for cap in (shapely.box(-180, 60, 180, 90), ring):
        assert area_km2(to_polar_polygons(lon_lat(cap), "x")) == pytest.approx(34_415_850.5, rel=2e-6)


def test_edges_in_degrees_follow_the_parallel():
    """Nowhere is the edge along 61°N nearer to the pole than the parallel is, but for 1.3 m."""
    (projected,) = to_polar_polygons(lon_lat(shapely.box(0, 60, 90, 61)), "x").geometry
    corner_x_m, corner_y_m = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform(0, 61)
    nearest_m = shapely.distance(projected, shapely.Point(0, 0))
    assert nearest_m == pytest.approx(np.hypot(corner_x_m, corner_y_m), abs=1.3)


def test_holes_parts_and_columns_stay():
    holed = shapely.Polygon(shapely.box(0, 70, 1, 71).exterior, [shapely.box(0.4, 70.4, 0.6, 70.6).exterior])
    frame = to_polar_polygons(lon_lat(shapely.MultiPolygon([holed, shapely.box(5, 70, 6, 71)])), "x")
    (projected,) = frame.geometry
    assert frame["row"].tolist() == [0]
    assert [len(part.interiors) for part in projected.geoms] == [1, 0]


def test_a_bow_tie_is_repaired_and_z_is_dropped(caplog):
    bow_tie = shapely.Polygon([(0, 70, 5), (1, 71, 5), (1, 70, 5), (0, 71, 5)])
    with caplog.at_level(logging.INFO):
        (projected,) = to_polar_polygons(lon_lat(bow_tie), "x").geometry
    assert projected.is_valid
    assert not projected.has_z
    assert "1 of 1 outlines were invalid" in caplog.text


def test_rows_without_geometry_or_area_are_dropped_and_counted(caplog):
    sliver = shapely.Polygon([(0, 70), (1, 70), (0, 70)])
    with caplog.at_level(logging.INFO):
        frame = to_polar_polygons(lon_lat(None, shapely.Polygon(), sliver, shapely.box(0, 70, 1, 71)), "x")
    assert frame["row"].tolist() == [3]
    assert "2 of 4 rows without geometry dropped" in caplog.text
    assert "1 of 2 rows without area dropped" in caplog.text


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:32652",
        "EPSG:3995",
        "ESRI:102017",
        "OGC:CRS84",
        "+proj=stere +lat_0=90 +lat_ts=75 +lon_0=-100 +datum=WGS84 +units=m",
    ],
)
def test_one_outline_is_the_same_from_any_crs(crs):
    """A slump of 300 m, small enough for its edges to be straight in all of them within a millimetre."""
    slump = lon_lat(shapely.Point(130, 72).buffer(0.003, quad_segs=4))
    (expected,) = to_polar_polygons(slump, "x").geometry
    (projected,) = to_polar_polygons(slump.to_crs(crs), "x").geometry
    assert shapely.hausdorff_distance(projected, expected) < 0.005


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3413"])
def test_no_rows_stay_no_rows(crs):
    assert to_polar_polygons(lon_lat(None, crs=crs), "x").empty


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (lon_lat(shapely.box(5e5, 8e6, 5.1e5, 8.1e6)), "do not fit the CRS"),
        (lon_lat(shapely.box(10, 70, 11, 71), crs="EPSG:3413"), "do not fit the CRS"),
        (lon_lat(shapely.box(10, -71, 11, -70)), "south of the equator"),
        (lon_lat(shapely.Point(10, 70)), "must be polygons"),
        (lon_lat(shapely.box(1e6, 1e6, 2e6, 2e6), crs="EPSG:4978"), "do not fit the CRS"),
    ],
    ids=["metres as degrees", "degrees as metres", "southern", "point", "geocentric"],
)
def test_impossible_outlines_are_refused(frame, message):
    with pytest.raises(SchemaError, match=message) as caught:
        to_polar_polygons(frame, "x")
    assert caught.value.fix is not None


@given(st.floats(-180, 179), st.floats(55, 89), st.floats(0.001, 1), st.floats(0.001, 0.9))
def test_area_depends_on_latitude_alone(lon, lat, width, height):
    here = to_polar_polygons(lon_lat(shapely.box(lon, lat, lon + width, lat + height)), "x")
    there = to_polar_polygons(lon_lat(shapely.box(0, lat, width, lat + height)), "x")
    assert area_km2(here) == pytest.approx(area_km2(there), rel=1e-3, abs=1e-5)
