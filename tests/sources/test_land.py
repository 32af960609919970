"""Land from any CRS: nothing lost, nothing twice, right at ±180° and at the pole."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs import equal_area_m2
from entropice.dggs.polar import project
from entropice.errors import SchemaError
from entropice.sources.land import MAX_VERTICES, normalise_land


def lon_lat_land(*polygons):
    return gpd.GeoDataFrame({"name": ["land"] * len(polygons)}, geometry=list(polygons), crs=LON_LAT_CRS)


def polar_land(*polygons):
    return gpd.GeoDataFrame(geometry=list(polygons), crs=POLAR_CRS)


def area_km2(land):
    return equal_area_m2(land.geometry.to_numpy()).sum() / 1e6


def has_land(land, lon_deg, lat_deg):
    point = shapely.points(project(np.array([lon_deg]), np.array([lat_deg])))
    return bool(shapely.intersects(land.union_all(), point)[0])


def belt_km2(south_deg, north_deg, width_deg):
    """Area between two parallels on WGS 84, from the authalic integral (Snyder 1987, eq. 3-12, 10.3133/pp1395)."""
    e = 0.0818191908426215

    def q(lat_deg):
        s = np.sin(np.radians(lat_deg))
        return (1 - e**2) * (s / (1 - (e * s) ** 2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))

    return np.radians(width_deg) * 6378.137**2 / 2 * (q(north_deg) - q(south_deg))


@given(
    west_deg=st.floats(-180.0, 170.0),
    south_deg=st.floats(46.0, 80.0),
    width_deg=st.floats(1.0, 10.0),
    height_deg=st.floats(1.0, 9.0),
)
def test_a_belt_between_parallels_has_the_area_of_the_ellipsoid(west_deg, south_deg, width_deg, height_deg):
    land = normalise_land(lon_lat_land(shapely.box(west_deg, south_deg, west_deg + width_deg, south_deg + height_deg)))
    expected_km2 = belt_km2(south_deg, south_deg + height_deg, width_deg)
    assert area_km2(land) == pytest.approx(expected_km2, rel=1e-4)


def test_land_cut_at_180_degrees_is_joined_again():
    cut = shapely.MultiPolygon([shapely.box(170, 65, 180, 70), shapely.box(-180, 65, -170, 70)])
    land = normalise_land(lon_lat_land(cut))
    assert area_km2(land) == pytest.approx(belt_km2(65, 70, 20), rel=1e-5)
    assert land.union_all().geom_type == "Polygon"
    assert not land.union_all().interiors
    assert has_land(land, 180.0, 67.5)
    assert not has_land(land, 0.0, 67.5)


@pytest.mark.parametrize(
    "ring",
    [
        [(170, 65), (190, 65), (190, 70), (170, 70)],
        [(-190, 65), (-170, 65), (-170, 70), (-190, 70)],
    ],
    ids=["beyond 180", "beyond -180"],
)
def test_land_drawn_across_180_degrees_stays_small(ring):
    land = normalise_land(lon_lat_land(shapely.Polygon(ring)))
    assert area_km2(land) == pytest.approx(belt_km2(65, 70, 20), rel=1e-5)
    assert has_land(land, 180.0, 67.5)


def test_land_all_round_the_pole_contains_it():
    land = normalise_land(lon_lat_land(shapely.box(-180, 60, 180, 90)))
    assert area_km2(land) == pytest.approx(34_415_850.5, rel=1e-5)
    assert shapely.contains_properly(land.union_all(), shapely.Point(0, 0))


def test_the_south_is_cut_off_and_antarctica_does_no_harm():
    antarctica = shapely.box(-180, -90, 180, -65)
    continent = shapely.box(20, -30, 40, 70)
    land = normalise_land(lon_lat_land(antarctica, continent))
    assert area_km2(land) == pytest.approx(belt_km2(45, 70, 20), rel=1e-5)


def test_overlapping_countries_count_once():
    land = normalise_land(lon_lat_land(shapely.box(20, 60, 30, 70), shapely.box(25, 60, 35, 70)))
    assert area_km2(land) == pytest.approx(belt_km2(60, 70, 15), rel=1e-5)


def test_lakes_stay_water():
    lake = shapely.box(24, 64, 26, 66)
    land = normalise_land(lon_lat_land(shapely.box(20, 60, 30, 70) - lake))
    assert area_km2(land) == pytest.approx(belt_km2(60, 70, 10) - belt_km2(64, 66, 2), rel=1e-5)
    assert not has_land(land, 25.0, 65.0)


def test_an_invalid_outline_is_repaired():
    bow_tie = shapely.Polygon([(20, 60), (30, 70), (30, 60), (20, 70)])
    land = normalise_land(lon_lat_land(bow_tie))
    assert land.is_valid.all()
    assert 0.4 < area_km2(land) / belt_km2(60, 70, 10) < 0.6


def test_projected_land_keeps_its_place():
    island = shapely.box(-500_000, 0, 0, 500_000)
    np.testing.assert_allclose(normalise_land(polar_land(island)).total_bounds, island.bounds, atol=1e-3)
    other_crs = polar_land(island.segmentize(1_000)).to_crs("EPSG:6931")
    assert area_km2(normalise_land(other_crs)) == pytest.approx(float(equal_area_m2(island)) / 1e6, rel=1e-6)


def test_pieces_are_small_disjoint_and_sum_to_the_land():
    angle = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    radius_m = 800_000 + 200_000 * np.sin(40 * angle)
    star = shapely.Polygon(np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)]))
    land = normalise_land(polar_land(star))
    assert len(land) > 50
    assert land.is_valid.all()
    assert set(land.geom_type) == {"Polygon"}
    assert land.count_coordinates().max() <= MAX_VERTICES
    assert land.area.sum() == pytest.approx(star.area, rel=1e-9)
    assert land.union_all().area == pytest.approx(star.area, rel=1e-9)
    assert list(land.columns) == ["geometry"]
    assert land.crs == POLAR_CRS


def test_no_land_in_the_north_is_refused():
    with pytest.raises(SchemaError, match="no land in the north"):
        normalise_land(lon_lat_land(shapely.box(20, -30, 40, 30)))


def test_outlines_that_are_no_polygons_are_refused():
    with pytest.raises(SchemaError, match="must be polygons"):
        normalise_land(lon_lat_land(shapely.LineString([(0, 60), (10, 70)])))


def test_land_that_jumps_across_180_and_reaches_the_cut_is_refused():
    jumping = shapely.Polygon([(170, 40), (-170, 40), (-170, 70), (170, 70)])
    with pytest.raises(SchemaError, match="could go either way"):
        normalise_land(lon_lat_land(jumping))
