import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.virtual_arctic.digitising import draw_outlines, lon_lat_polygons


@pytest.fixture(scope="module")
def once(found, make_world):
    """Every find drawn once."""
    return draw_outlines(found, make_world(digitising={"repeated_share": 0.0, "identical_share": 0.0}))


def test_layout_is_that_of_darts_level_2(drawn):
    assert drawn.columns.tolist() == ["id", "year", "pval_mean", "pval_max", "pval_std", "geometry"]
    assert drawn.crs.to_epsg() == 4326
    assert drawn.is_valid.all()
    assert drawn["pval_mean"].between(0.5, 1).all()
    assert (drawn["pval_max"] >= drawn["pval_mean"]).all()
    assert drawn["pval_max"].max() <= 1


def test_outlines_have_exactly_the_drawn_area(once, found):
    assert np.allclose(once.to_crs(6931).area, found["area_m2"], rtol=1e-6)
    assert (once["id"] == found["slump_id"]).all()


def test_outlines_lie_at_their_place(once, found):
    places = shapely.points(found["x_m"], found["y_m"])
    distance_m = shapely.distance(places, once.to_crs(3413).geometry.to_numpy())
    assert distance_m.max() < 1


def test_repeats_change_nothing_but_the_number_of_rows(drawn, once, make_world, found):
    assert len(drawn) > 1.25 * len(once)
    first = once.to_crs(6931).geometry.union_all()
    assert drawn.to_crs(6931).geometry.union_all().area == pytest.approx(first.area, rel=1e-9)


def test_second_outlines_lie_inside_the_first(drawn, once):
    first_of = once.set_index(["id", "year"]).geometry
    keys = pd.MultiIndex.from_frame(drawn[["id", "year"]])
    same_id = keys.isin(first_of.index)
    outer, inner = first_of.loc[keys[same_id]].to_numpy(), drawn.geometry.to_numpy()[same_id]
    is_first = shapely.equals(outer, inner)
    assert shapely.contains_properly(outer[~is_first], inner[~is_first]).all()
    assert (~is_first).sum() > 0.1 * len(once)


def test_new_ids_are_unique_and_their_outlines_lie_in_another(drawn, once):
    new = drawn[~drawn["id"].isin(once["id"])]
    assert len(new) > 0.1 * len(once)
    assert new["id"].is_unique
    inner, outer = once.sindex.query(new.geometry, predicate="within")
    same_year = new["year"].to_numpy()[inner] == once["year"].to_numpy()[outer]
    assert set(inner[same_year]) == set(range(len(new)))


def test_some_rows_are_byte_identical(drawn):
    rows = pd.DataFrame(drawn.to_wkb())
    assert 0.01 < rows.duplicated().mean() < 0.03


def square(x_m, y_m, half_m=100.0):
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * half_m + [x_m, y_m]
    return corners[None]


@given(st.floats(-99, 99), st.floats(8e5, 3e6))
def test_an_outline_over_the_antimeridian_is_split_there(x_m, y_m):
    geometry = lon_lat_polygons(square(x_m, y_m))[0]
    assert geometry.geom_type == "MultiPolygon"
    assert geometry.is_valid
    bounds = [part.bounds for part in geometry.geoms]
    assert bounds[0][0] > 179
    assert bounds[0][2] == 180
    assert bounds[1][0] == -180
    assert bounds[1][2] < -179
    back = shapely.transform(geometry, Transformer.from_crs(4326, 6931, always_xy=True).transform, interleaved=False)
    assert back.area == pytest.approx(200.0**2, rel=1e-6)


@pytest.mark.parametrize(
    ("x_m", "y_m"), [pytest.param(101.0, 2e6, id="beside the antimeridian"), pytest.param(0.0, -2e6, id="Greenwich")]
)
def test_other_outlines_stay_whole(x_m, y_m):
    geometry = lon_lat_polygons(square(x_m, y_m))[0]
    assert geometry.geom_type == "Polygon"
    assert geometry.bounds[2] - geometry.bounds[0] < 0.1


def test_the_world_has_outlines_on_both_sides_of_the_antimeridian(drawn):
    assert drawn.bounds["minx"].min() < -175
    assert drawn.bounds["maxx"].max() > 175


def test_nothing_found_is_an_empty_table(found, world):
    assert len(draw_outlines(found.head(0), world)) == 0
