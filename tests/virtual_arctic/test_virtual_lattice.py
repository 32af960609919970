import numpy as np
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from entropice.virtual_arctic.lattice import (
    Lattice,
    base_lattice,
    block_mean,
    coarse_lattice,
    interpolated,
    lattice_of,
    upsampled,
)

lattices = st.builds(
    Lattice,
    left_m=st.integers(-3000, 3000).map(lambda km: km * 1000),
    top_m=st.integers(-3000, 3000).map(lambda km: km * 1000),
    step_m=st.sampled_from([500, 1000, 8000]),
    n_rows=st.integers(2, 12),
    n_columns=st.integers(2, 12),
)


@given(lattices)
def test_lattice_is_recovered_from_its_centres(lattice):
    dataset = xr.Dataset(coords={"y": lattice.y_m, "x": lattice.x_m})
    assert lattice_of(dataset) == lattice


@given(lattices)
def test_centres_have_whole_positions(lattice):
    rows, columns = lattice.rows_and_columns(lattice.x_m[-1], lattice.y_m[-1])
    assert (rows, columns) == (lattice.n_rows - 1, lattice.n_columns - 1)


def test_blocks_are_counted_along_rows_from_the_top_left():
    blocks = Lattice(0, 4000, 1000, n_rows=4, n_columns=5).blocks(2000)
    assert blocks.tolist() == [[0, 0, 1, 1, 2], [0, 0, 1, 1, 2], [3, 3, 4, 4, 5], [3, 3, 4, 4, 5]]


def test_lattices_share_the_box(world):
    base, coarse = base_lattice(world), coarse_lattice(world)
    assert base.n_columns * base.step_m == coarse.n_columns * coarse.step_m == 640_000
    assert (base.left_m, base.top_m) == (coarse.left_m, coarse.top_m)


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 4, 8]))
def test_block_mean_keeps_the_mean_and_undoes_a_plane_upsampled(seed, factor):
    coarse = np.random.default_rng(seed).standard_normal((6, 7)).astype(np.float32)
    plane = np.add.outer(np.arange(6), np.arange(7)).astype(np.float32)
    assert np.isclose(block_mean(coarse.repeat(factor, 0).repeat(factor, 1), factor), coarse).all()
    inner = (slice(1, -1), slice(1, -1))
    assert np.allclose(block_mean(upsampled(plane, factor), factor)[inner], plane[inner], atol=1e-5)


def test_interpolation_is_exact_at_centres_and_linear_between():
    lattice = Lattice(0, 3000, 1000, n_rows=3, n_columns=3)
    values = np.arange(9, dtype=np.float32).reshape(3, 3)
    at = interpolated(values, lattice, np.array([500.0, 1000.0, 2500.0]), np.array([2500.0, 2000.0, 500.0]))
    assert at.tolist() == [0.0, 2.0, 8.0]
