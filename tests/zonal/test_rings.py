import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import GridError
from entropice.zonal.rings import rings_of

SIMPLE = shapely.Polygon([(0, 0), (0, 2), (3, 2), (3, 0)])
HOLED = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)], [(5, 5), (5, 6), (6, 5)]])
PARTS = shapely.MultiPolygon([SIMPLE, HOLED])
ANY = st.lists(st.sampled_from([SIMPLE, HOLED, PARTS, shapely.Polygon(), shapely.MultiPolygon()]), max_size=6)


@given(ANY)
def test_rings_are_those_of_the_oriented_polygons_in_their_order(polygons):
    rings = rings_of(np.array(polygons, dtype=object))

    assert len(rings.first_rings) == len(polygons) + 1
    for polygon, first, stop in zip(polygons, rings.first_rings[:-1], rings.first_rings[1:], strict=True):
        expected = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(polygon)))
        found = [rings.points[slice(*rings.ring_starts[ring : ring + 2])] for ring in range(first, stop)]
        assert len(found) == len(expected)
        for points, ring in zip(found, expected, strict=True):
            assert shapely.is_ccw(shapely.LinearRing(points)) == shapely.is_ccw(ring)
            assert shapely.LinearRing(points).normalize() == ring.normalize()
            np.testing.assert_array_equal(points[0], points[-1])


def test_polygons_given_are_left_as_they_were():
    before = shapely.to_wkb(SIMPLE)

    rings_of(np.array([SIMPLE], dtype=object))

    assert shapely.to_wkb(SIMPLE) == before


@pytest.mark.parametrize("geometry", [shapely.Point(0, 0), None, shapely.GeometryCollection([SIMPLE])])
def test_what_is_no_polygon_is_refused(geometry):
    with pytest.raises(GridError, match="position 1"):
        rings_of(np.array([SIMPLE, geometry], dtype=object))
