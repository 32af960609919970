import numpy as np
import pytest
import shapely
from pyproj import Transformer

from entropice.virtual_arctic.lattice import Lattice, lattice_of
from entropice.virtual_arctic.terrain import build_terrain, outline_land, slope_and_northness

POLAR = {"left_m": -480000, "bottom_m": -160000, "right_m": 160000, "top_m": 480000}


def test_land_takes_its_share_and_its_outline_is_the_mask(terrain, world):
    land = terrain["land"].to_numpy()
    assert land.mean() == pytest.approx(world.land_share, abs=1e-3)
    outline = outline_land(terrain)
    assert outline.crs.to_epsg() == 3413
    assert outline.is_valid.all()
    assert outline.area.sum() == land.sum() * world.base_unit_m**2
    assert len(outline) < 200


@pytest.mark.parametrize("seed", range(4))
def test_land_holds_the_pole(make_world, seed):
    outline = outline_land(build_terrain(make_world(seed=seed, extent=POLAR)))
    assert outline.contains(shapely.Point(0, 0)).any()


@pytest.mark.parametrize("seed", range(4))
def test_land_crosses_the_antimeridian(make_world, seed):
    polar = make_world(seed=seed, extent={"left_m": -1600000, "top_m": 1600000, "right_m": -960000, "bottom_m": 960000})
    outline = outline_land(build_terrain(polar))
    meridian = [Transformer.from_crs(4326, 3413, always_xy=True).transform(180, lat) for lat in np.linspace(65, 90, 9)]
    assert outline.intersects(shapely.LineString(meridian)).any()


def test_elevation_is_defined_under_the_sea(terrain):
    assert np.isfinite(terrain["elevation_m"]).all()
    assert terrain["elevation_m"].dtype == np.float32
    assert lattice_of(terrain).step_m == 1000


@pytest.mark.parametrize(
    ("fall_x", "fall_y", "northness"),
    [
        pytest.param(0.0, -1.0, 1.0, id="down to the pole"),
        pytest.param(0.0, 1.0, -1.0, id="away from the pole"),
        pytest.param(1.0, 0.0, 0.0, id="along the parallel"),
        pytest.param(3.0, -4.0, 0.8, id="in between"),
    ],
)
def test_slope_and_northness_of_a_plane(fall_x, fall_y, northness):
    """Above the pole (x ≈ 0, y > 0) true north is the way down the picture."""
    lattice = Lattice(-1500, 1_001_500, 1000, n_rows=3, n_columns=3)
    x_m, y_m = np.meshgrid(lattice.x_m, lattice.y_m)
    elevation_m = (-0.1 * (fall_x * x_m + fall_y * y_m) / np.hypot(fall_x, fall_y)).astype(np.float32)
    slope_deg, cosine = slope_and_northness(elevation_m, lattice)
    assert slope_deg[1, 1] == pytest.approx(np.degrees(np.arctan(0.1)), rel=1e-3)
    assert cosine[1, 1] == pytest.approx(northness, abs=2e-3)


def test_flat_ground_faces_nowhere():
    slope_deg, northness = slope_and_northness(np.zeros((3, 3), np.float32), Lattice(0, 3000, 1000, 3, 3))
    assert not slope_deg.any()
    assert not northness.any()
