"""Slumps given as points label cells with counts and presence; their area stays unknown unless it is given."""

import geopandas as gpd
import label_steps
import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import ConfigError, LabelError, SchemaError
from entropice.learning.classes import DensityClasses, fit_classes
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.report.tables import as_polygons
from entropice.sources.files.vector import read_vector

CELLS = gpd.GeoDataFrame(
    {"cell_id": np.array([1, 2, 3], dtype=np.uint64)},
    geometry=[shapely.box(x, 0, x + 1e4, 1e4) for x in (-1e6, -0.99e6, -0.98e6)],
    crs=POLAR_CRS,
)
LAND = gpd.GeoDataFrame(geometry=[shapely.box(-1e6, 0, -0.97e6, 1e4)], crs=POLAR_CRS)
SEEN = gpd.GeoDataFrame({"year": [2021]}, geometry=LAND.geometry, crs=POLAR_CRS)


def parameters(**polygons):
    return LabelParameters.model_validate({"years": [2021], "polygons": polygons})


def points(xy, **columns):
    places = [shapely.Point(*at) for at in xy]
    return gpd.GeoDataFrame({"year": [2021] * len(xy), **columns}, geometry=places, crs=POLAR_CRS)


def rts_of(raw, **polygons):
    return label_steps.normalise_rts(raw, CELLS, parameters(**polygons), "polygons")[0]


def labels_of(raw, **polygons):
    given = parameters(**polygons)
    coverage, _ = label_steps.correct_coverage(SEEN, raw, CELLS, given, "polygons")
    return label_steps.label_cells(CELLS, LAND, rts_of(raw, **polygons), coverage, given)


WEST, MIDDLE = (-0.995e6, 5e3), (-0.985e6, 5e3)


def test_points_label_counts_and_presence_and_no_area():
    table = labels_of(points([WEST, (WEST[0] + 100, WEST[1]), MIDDLE]))
    assert table["state"].tolist() == ["observed_with", "observed_with", "observed_without"]
    assert table["rts_count"].tolist() == [2, 1, 0]
    assert table["rts_area_m2"].isna().tolist() == table["rts_area_fraction"].isna().tolist() == [True, True, False]
    assert table["rts_per_km2"].to_numpy() == pytest.approx([2 / 106, 1 / 106, 0], rel=0.01)
    assert table["rts_area_m2"].iloc[2] == 0


def test_a_given_area_is_that_of_the_point():
    table = labels_of(points([WEST, MIDDLE], ha=[2_500.0, None]), columns={"area": "ha"})
    assert table["rts_area_m2"].iloc[0] == 2_500
    assert table["rts_area_m2"].isna().tolist() == [False, True, False]


def test_one_slump_of_unknown_area_makes_that_of_its_cell_unknown():
    square = shapely.box(WEST[0] - 2000, 5e3, WEST[0] - 1900, 5.1e3)
    mixed = gpd.GeoDataFrame({"year": [2021] * 3}, geometry=[square, *points([WEST, MIDDLE]).geometry], crs=POLAR_CRS)
    far = mixed.iloc[[0, 2]]
    assert labels_of(mixed)["rts_area_m2"].isna().tolist() == [True, True, False]
    assert labels_of(far)["rts_area_m2"].iloc[0] == pytest.approx(1e4, rel=0.1)


def test_a_point_in_an_outline_of_its_year_is_the_same_slump():
    square = shapely.box(WEST[0], 5e3, WEST[0] + 100, 5.1e3)
    both = gpd.GeoDataFrame({"year": [2021] * 2}, geometry=[square, square.centroid], crs=POLAR_CRS)
    assert rts_of(both)["area_m2"].tolist() == rts_of(both.iloc[:1])["area_m2"].tolist()


@pytest.mark.parametrize(("metres", "n_slumps"), [(0, 1), (25, 1), (35, 2)])
def test_points_nearer_than_the_same_location_are_one_slump(metres, n_slumps):
    assert len(rts_of(points([WEST, (WEST[0] + metres, WEST[1])]))) == n_slumps
    assert len(rts_of(points([WEST, (WEST[0] + metres, WEST[1])]), same_location_m=40.0)) == 1


def test_the_larger_area_of_two_points_of_a_slump_counts():
    raw = points([WEST, WEST, MIDDLE], a=[100.0, 300.0, None])
    areas = rts_of(raw, columns={"area": "a"})["area_m2"]
    assert areas.iloc[0] == 300
    assert np.isnan(areas.iloc[1])


def test_a_location_keeps_its_identity_over_years():
    raw = points([WEST, WEST, MIDDLE]).assign(year=[2021, 2022, 2022])
    rules = LabelParameters.model_validate({"years": [2021, 2022]})
    assert label_steps.normalise_rts(raw, CELLS, rules, "polygons")[0]["rts_id"].tolist() == [1, 1, 3]


def lon_lat_of(xy, crs="EPSG:4326"):
    return points(xy).to_crs(crs).get_coordinates().to_numpy()


@pytest.mark.parametrize(
    ("header", "delimiter"), [("lon,lat,year", ","), (" Longitude ; Latitude;year", ";"), ("LONG\tLAT\tyear", "\t")]
)
def test_a_csv_of_longitudes_and_latitudes_gives_the_same_labels(tmp_path, header, delimiter):
    rows = [delimiter.join(map(repr, [float(x), float(y), 2021])) for x, y in lon_lat_of([WEST, MIDDLE])]
    path = tmp_path / "slumps.csv"
    path.write_text("\ufeff" + "\r\n".join([header, *rows, ""]), encoding="utf-8")
    assert labels_of(read_vector(path))["rts_count"].tolist() == [1, 1, 0]


def test_a_csv_in_any_crs_is_told_where_its_coordinates_are(tmp_path):
    frame = pd.DataFrame(lon_lat_of([WEST, MIDDLE], "EPSG:3995"), columns=["east", "north"]).assign(year="2021")
    frame.to_csv(tmp_path / "slumps.csv")
    raw = read_vector(tmp_path / "slumps.csv", points={"x": "east", "y": "north", "crs": "EPSG:3995"})
    assert labels_of(raw)["rts_count"].tolist() == [1, 1, 0]
    with pytest.raises(ConfigError, match=r"one column called lon[\s\S]*points: \{x: …"):
        read_vector(tmp_path / "slumps.csv")


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".geojson", ".shp"])
def test_files_of_points_in_any_format_are_inventories(tmp_path, suffix):
    frame = points([WEST, MIDDLE]).to_crs("EPSG:4326")
    path = tmp_path / f"slumps{suffix}"
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    assert labels_of(read_vector(path))["rts_count"].tolist() == [1, 1, 0]


def test_a_row_without_coordinates_is_counted_as_without_geometry(tmp_path):
    (tmp_path / "slumps.csv").write_text("lon,lat,year\n-130,72,2021\n,,\n")
    _, counts = label_steps.normalise_rts(read_vector(tmp_path / "slumps.csv"), CELLS, parameters(), "polygons")
    assert counts.set_index("what")["n"].loc[["left out: no geometry", "slumps given as points"]].tolist() == [1, 1]


def test_several_points_in_a_row_are_refused():
    several = gpd.GeoDataFrame({"year": [2021]}, geometry=[shapely.MultiPoint([WEST, MIDDLE])], crs=POLAR_CRS)
    with pytest.raises(SchemaError, match=r"several points[\s\S]*explodecollections"):
        rts_of(several)


def test_presence_needs_no_area_and_density_refuses_to_go_without():
    fractions = np.array([0.0, np.nan, 0.2, np.nan])
    classes = fit_classes(fractions, 2)
    assert classes.names == ("none", "some")
    assert classes.assign(fractions).tolist() == [0, 1, 1, 1]
    assert np.isnan(classes.mean_rts_area_fraction[1])
    assert DensityClasses.from_json(classes.to_json()).to_json() == classes.to_json()
    for n_classes in (3, 4):
        with pytest.raises(LabelError, match=r"no density class[\s\S]*2 of 3 cells[\s\S]*n_classes to 2"):
            fit_classes(fractions, n_classes)


def test_the_map_package_draws_points_as_discs():
    rts = rts_of(points([WEST, MIDDLE], a=[100.0, None]), columns={"area": "a"})
    drawn = as_polygons(rts)
    assert drawn.geometry.geom_type.tolist() == ["Polygon"] * 2
    assert drawn["area_m2"].isna().tolist() == [False, True]


def test_the_log_says_what_slumps_of_unknown_area_ask_for(caplog):
    rts_of(points([WEST, MIDDLE]))
    assert "2 of 2 slumps and label years have no known area" in caplog.text
    assert "modelling.n_classes: 2" in caplog.text
