"""One row per slump and year: dissolving is idempotent, independent of order, and loses no ground."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

from entropice.crs import POLAR_CRS
from entropice.errors import SchemaError
from entropice.sources.slumps.dissolve import dissolve_slumps

SQUARES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 6), st.sampled_from([2021, 2022, 2023])),
    min_size=1,
    max_size=25,
)


def square(x, y, size, offset_m=-1e6):
    return shapely.box(offset_m + 100 * x, offset_m + 100 * y, offset_m + 100 * (x + size), offset_m + 100 * (y + size))


def drawn(squares):
    outlines = np.array([square(x, y, size) for x, y, size, _ in squares], dtype=object)
    return outlines, np.array([year for *_, year in squares], dtype=np.int64)


def test_what_overlaps_or_touches_in_one_year_is_one_slump_and_other_years_are_others():
    outlines, year = drawn([(0, 0, 2, 2021), (1, 0, 2, 2021), (3, 0, 1, 2021), (0, 0, 2, 2022), (9, 9, 1, 2021)])
    rts = dissolve_slumps(outlines, year)
    assert rts["year"].tolist() == [2021, 2021, 2022]
    assert rts.geometry.area.tolist() == [70_000.0, 10_000.0, 40_000.0]
    assert rts["rts_id"].tolist() == [1, 2, 1]
    assert rts.dtypes.astype(str).to_dict() == {
        "rts_id": "int64",
        "year": "int64",
        "area_m2": "float64",
        "geometry": "geometry",
    }


def test_areas_are_true_areas():
    """At the pole EPSG:3413 shrinks areas to 0.9406 of their true size (grids.md, section 1)."""
    rts = dissolve_slumps(np.array([shapely.box(0, 0, 100, 100)], dtype=object), np.array([2021]))
    assert 10_000 / rts["area_m2"].item() == pytest.approx(0.9406, rel=1e-4)


def test_one_identity_is_one_slump_a_year_even_in_pieces_and_keeps_its_number():
    outlines, year = drawn([(0, 0, 1, 2021), (5, 0, 1, 2021), (0, 0, 7, 2022), (20, 20, 1, 2021)])
    rts = dissolve_slumps(outlines, year, np.array([7, 7, 7, 3]))
    assert rts[["rts_id", "year"]].to_numpy().tolist() == [[3, 2021], [7, 2021], [7, 2022]]
    assert rts.geometry.area.tolist() == [10_000.0, 20_000.0, 490_000.0]


@pytest.mark.parametrize("years", [[2021, 2021], [2021, 2022]])
def test_identities_that_join_distant_outlines_are_refused(years):
    outlines = np.array([square(0, 0, 1), square(7, 0, 1)], dtype=object)
    assert len(dissolve_slumps(outlines, np.array(years), np.array([5, 5]), max_identity_gap_m=600)) == len(set(years))
    with pytest.raises(SchemaError, match=r"too far apart to be one slump[\s\S]*for example: 5"):
        dissolve_slumps(outlines, np.array(years), np.array([5, 5]))


def ids_by_year(squares, identity=None, min_shared_area=0.5):
    outlines, year = drawn(squares)
    rts = dissolve_slumps(outlines, year, identity, min_shared_area)
    return rts.groupby("year")["rts_id"].apply(list).tolist()


def test_a_slump_that_moves_slowly_stays_the_same():
    assert ids_by_year([(0, 0, 4, 2021), (1, 0, 4, 2022), (2, 0, 4, 2023)]) == [[1], [1], [1]]


def test_outlines_that_share_less_ground_than_asked_for_are_two_slumps():
    outlines = [(0, 0, 4, 2021), (3, 0, 4, 2022)]
    assert ids_by_year(outlines, min_shared_area=0.25) == [[1], [1]]
    assert ids_by_year(outlines, min_shared_area=0.26) == [[1], [2]]
    assert ids_by_year([(0, 0, 1, 2021), (1, 0, 1, 2022)], min_shared_area=1e-9) == [[1], [2]]


def test_slumps_that_grow_together_keep_the_name_of_the_one_they_are_most_like():
    """Two slumps of 9 and 16 units become one of 64, and two again: a chain of neighbours is not one slump."""
    assert ids_by_year([(0, 0, 3, 2021), (4, 4, 4, 2021), (0, 0, 8, 2022), (0, 0, 3, 2023), (4, 4, 4, 2023)]) == [
        [1, 2],
        [2],
        [1, 2],
    ]


def test_a_year_without_an_outline_does_not_end_a_slump():
    assert ids_by_year([(0, 0, 3, 2018), (9, 0, 3, 2019), (0, 0, 3, 2023)]) == [[1], [2], [1]]


def test_one_identity_is_one_slump_even_where_its_outlines_share_no_ground():
    assert ids_by_year([(0, 0, 1, 2021), (5, 0, 1, 2022), (5, 0, 1, 2023)], np.array([7, 7, 8])) == [[7], [7], [7]]
    assert ids_by_year([(0, 0, 1, 2021), (0, 0, 1, 2022), (5, 0, 1, 2022)], np.array([7, 8, 7])) == [[7], [7, 8]]


def test_no_outline_is_no_slump():
    assert dissolve_slumps(np.array([], dtype=object), np.array([], dtype=np.int64)).empty


@given(SQUARES, st.randoms())
def test_dissolving_does_not_depend_on_the_order_of_the_outlines(squares, random):
    shuffled = random.sample(squares, len(squares))
    assert_geodataframe_equal(dissolve_slumps(*drawn(squares)), dissolve_slumps(*drawn(shuffled)))


@given(SQUARES, st.floats(0.01, 1))
def test_no_slump_has_two_rows_in_a_year_and_none_jumps(squares, min_shared_area):
    """Every slump with rows in several years shares that much ground with one of its own rows at least."""
    rts = dissolve_slumps(*drawn(squares), min_shared_area=min_shared_area)
    assert not rts.duplicated(["rts_id", "year"]).any()
    for _, rows in rts.groupby("rts_id"):
        outlines = rows.geometry.to_numpy()
        shared = shapely.area(shapely.intersection(outlines[:, None], outlines))
        is_alike = shared >= min_shared_area * np.minimum.outer(shapely.area(outlines), shapely.area(outlines))
        assert len(rows) == 1 or (is_alike.sum(axis=1) > 1).all()


@given(SQUARES, st.lists(st.integers(1, 8), min_size=25, max_size=25))
def test_outlines_of_one_identity_have_one_name(squares, identities):
    outlines, year = drawn(squares)
    identity = np.array(identities[: len(squares)])
    rts = dissolve_slumps(outlines, year, identity, max_identity_gap_m=1e4)
    assert not rts.duplicated(["rts_id", "year"]).any()
    assert set(rts["rts_id"]) <= set(identity)


@given(SQUARES)
def test_dissolving_twice_changes_nothing(squares):
    once = dissolve_slumps(*drawn(squares))
    twice = dissolve_slumps(once.geometry.to_numpy(), once["year"].to_numpy(), once["rts_id"].to_numpy())
    assert_geodataframe_equal(once, twice)


@given(SQUARES)
def test_every_year_keeps_its_ground_and_draws_it_once(squares):
    outlines, year = drawn(squares)
    rts = dissolve_slumps(outlines, year)
    for one_year, slumps in rts.groupby("year"):
        ground = shapely.union_all(outlines[year == one_year])
        assert slumps.geometry.area.sum() == pytest.approx(ground.area)
        assert gpd.GeoSeries(slumps.geometry, crs=POLAR_CRS).union_all().equals(ground)
