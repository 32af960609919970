import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from entropice.virtual_lakes.filling import filling_order


def test_water_rises_from_the_lowest_pixel_over_the_lowest_sill():
    elevation_m = np.array([[9.0, 9, 9, 9, 9], [9, 1, 5, 2, 9], [9, 3, 9, 4, 9], [9, 9, 9, 9, 9]], dtype=np.float32)
    everywhere = np.ones(elevation_m.shape, dtype=bool)
    assert filling_order(elevation_m, everywhere, 5).tolist() == [[1, 1], [2, 1], [1, 2], [1, 3], [2, 3]]


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), n_pixels=st.integers(1, 80))
def test_every_stage_is_connected_and_lies_below_its_shore(seed, n_pixels):
    random = np.random.default_rng(seed)
    elevation_m = random.normal(size=(9, 11)).astype(np.float32)
    within = random.uniform(size=elevation_m.shape) < 0.9
    order = filling_order(elevation_m, within, n_pixels)
    wet = np.zeros(within.shape, dtype=bool)
    for row, column in order:
        wet[row, column] = True
        assert label(wet)[1] == 1
    assert within[wet].all()
    assert len(np.unique(order, axis=0)) == len(order) <= n_pixels
    reachable = label(within)[0]
    basin = reachable == reachable[tuple(order[0])]
    assert len(order) == min(n_pixels, basin.sum())
