import numpy as np
import pytest
import shapely
from pyproj import Transformer

from entropice.acquisition.area_of_interest import AreaOfInterest, footprints
from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs import Region

TO_POLAR = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True)


@pytest.mark.parametrize("lon_deg", [-180.0, -135.0, -45.0, 0.0, 93.0, 179.9])
def test_a_cap_holds_its_circle_of_latitude_and_the_margin(lon_deg: float) -> None:
    area = AreaOfInterest.around(Region.north_of(60.0), margin_m=50_000.0)

    inside, outside = (shapely.Point(TO_POLAR.transform(lon_deg, lat)) for lat in (59.6, 59.3))
    assert area.area.contains(inside)
    assert not area.area.contains(outside)
    assert area.min_lat_deg < 59.6


def test_a_region_across_the_antimeridian_finds_tiles_on_both_sides() -> None:
    corners = TO_POLAR.transform([175, -175, -175, 175], [68, 68, 72, 72])
    area = AreaOfInterest.around(Region.inside(shapely.Polygon(np.column_stack(corners))), margin_m=0.0)

    boxes = np.array([shapely.box(176, 69, 179.9, 70), shapely.box(-179.9, 69, -176, 70), shapely.box(0, 69, 5, 70)])
    assert area.meets(footprints(boxes)).tolist() == [True, True, False]


def test_edges_in_degrees_are_curved_in_the_plane() -> None:
    """A parallel bulges towards the south of its chord."""
    polygon = footprints(np.array([shapely.box(0, 60, 6, 61)]))[0]

    assert polygon.contains(shapely.Point(TO_POLAR.transform(3, 60.001)))
    assert not polygon.contains(shapely.Point(TO_POLAR.transform(3, 59.999)))
