"""Edges longer than 180°: one rule for region, land, coverage and slumps, and refused where either way is possible."""

import geopandas as gpd
import label_steps
import numpy as np
import pytest
import shapely
from pyproj import Geod

from entropice.errors import SchemaError
from entropice.pipelines.grids import nodes as grids
from entropice.pipelines.grids.parameters import RegionParameters
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.sources.files.polar import to_polar_polygons
from entropice.sources.land import normalise_land
from entropice.sources.periods import Period
from entropice.sources.slumps.columns import CoverageColumns
from entropice.sources.slumps.footprints import normalise_coverage

WIDE = {
    "nearly": (-179.99, 60, 179.99, 90),
    "340": (-170, 65, 170, 80),
    "200": (-10, 65, 190, 80),
    "201": (-110, 66, 91, 80),
}
M_KM2 = {"nearly": 34.41, "340": 19.05, "200": 11.21, "201": 10.22}


def lon_lat(*geometries):
    return gpd.GeoDataFrame({"year": [2021] * len(geometries)}, geometry=list(geometries), crs="EPSG:4326")


def with_vertices_between(west, south, east, north):
    """The same box, its long edges in three parts."""
    longitude = np.linspace(west, east, 4)
    bottom, top = ([(lon, lat) for lon in longitude] for lat in (south, north))
    return shapely.Polygon([*bottom, *top[::-1]])


def area_m_km2(frame):
    """Edges between pieces of land are straight in EPSG:3413 alone."""
    return frame.segmentize(5_000).to_crs("EPSG:6931").area.sum() / 1e12


def true_m_km2(west, south, east, north):
    """Of a box in degrees on WGS 84: a share of the belt between two parallels."""
    belt = [
        abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(shapely.box(0, 0, 120, lat), 0.05))[0])
        for lat in (north, south)
    ]
    return (belt[0] - belt[1]) * (east - west) / 120 / 1e12


READERS = {
    "coverage": lambda raw: normalise_coverage(raw, CoverageColumns(), [Period(2021, 2021)])[0],
    "land": normalise_land,
    "slumps": lambda raw: to_polar_polygons(raw, "slumps"),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("box", WIDE.values(), ids=WIDE)
def test_wide_boxes_are_refused_and_right_with_vertices_between(reader, box):
    with pytest.raises(SchemaError, match=r"could go either way[\s\S]*wrapdateline[\s\S]*vertices between"):
        reader(lon_lat(shapely.box(*box)))
    area = area_m_km2(reader(lon_lat(with_vertices_between(*box))))
    assert area == pytest.approx(true_m_km2(*box), rel=1e-4)


@pytest.mark.parametrize("case", WIDE)
def test_the_areas_are_those_that_are_known(case):
    assert true_m_km2(*WIDE[case]) == pytest.approx(M_KM2[case], abs=0.006)


@pytest.mark.parametrize("box", [(-180, 60, 180, 90), (0, 60, 360, 90), (-90, 65, 90, 80), (100, 65, 280, 80)])
def test_half_a_turn_and_a_full_one_are_as_they_are_drawn(box):
    assert area_m_km2(READERS["coverage"](lon_lat(shapely.box(*box)))) == pytest.approx(true_m_km2(*box), rel=1e-4)


@pytest.mark.parametrize(
    "corners", [[(-170, 65), (170, 65), (170, 80), (-170, 80)], [(170, 66), (-170, 66), (-170, 72), (170, 72)]]
)
def test_a_region_is_refused_too(tmp_path, corners):
    with pytest.raises(SchemaError, match=r"grids.region.polygon: edges[\s\S]*of up to 340°"):
        grids.region_from(RegionParameters(polygon=tuple(corners)))
    lon_lat(shapely.Polygon(corners)).to_file(tmp_path / "region.gpkg")
    with pytest.raises(SchemaError, match=r"grids.region.file: edges[\s\S]*region.gpkg"):
        grids.region_from(RegionParameters(file=str(tmp_path / "region.gpkg")))


@pytest.mark.parametrize(("width_deg", "height_deg"), [(0.002, 0.001), (0.9, 0.2)])
def test_a_slump_or_scene_across_the_antimeridian_jumps_there(width_deg, height_deg):
    half = width_deg / 2
    jumping = [(180 - half, 70), (half - 180, 70), (half - 180, 70 + height_deg), (180 - half, 70 + height_deg)]
    area = area_m_km2(to_polar_polygons(lon_lat(shapely.Polygon(jumping)), "x"))
    assert area == pytest.approx(true_m_km2(0, 70, width_deg, 70 + height_deg), rel=1e-3)


@pytest.mark.parametrize(("width_deg", "height_deg"), [(0.02, 30), (1.2, 0.2), (0.9, 0.3)])
def test_what_is_larger_than_a_scene_is_refused(width_deg, height_deg):
    half = width_deg / 2
    jumping = [(180 - half, 60), (half - 180, 60), (half - 180, 60 + height_deg), (180 - half, 60 + height_deg)]
    with pytest.raises(SchemaError, match="could go either way"):
        to_polar_polygons(lon_lat(shapely.Polygon(jumping)), "x")


@pytest.mark.parametrize("first_deg", [-180, -170])
@pytest.mark.parametrize("way", [1, -1])
def test_a_ring_that_goes_once_round_the_pole_holds_it(first_deg, way):
    ring = shapely.Polygon([(lon, 60) for lon in np.arange(first_deg, first_deg + 360, 30)[::way] if lon <= 180])
    assert area_m_km2(to_polar_polygons(lon_lat(ring), "x")) == pytest.approx(34.416, rel=1e-3)


def test_a_file_with_one_such_edge_is_named(tmp_path):
    frame = lon_lat(shapely.box(0, 70, 1, 71), shapely.box(-170, 65, 170, 80))
    frame.attrs["path"] = str(tmp_path / "coverage.gpkg")
    with pytest.raises(SchemaError, match=r"1 such|2 such") as refusal:
        label_steps.normalise_coverage(frame, frame, LabelParameters.model_validate({"years": [2021]}))
    assert refusal.value.path == str(tmp_path / "coverage.gpkg")


def test_land_cut_in_the_south_keeps_the_long_way():
    land = normalise_land(lon_lat(with_vertices_between(-170, 30, 170, 80)))
    assert area_m_km2(land) == pytest.approx(true_m_km2(-170, 45, 170, 80), rel=1e-4)
