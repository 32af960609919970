import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entropice.virtual_scenes.hashing import bell, stream, uniform

KEY = stream(7, "test")
WHOLE = st.integers(-(2**40), 2**40)


@given(row=WHOLE, column=WHOLE)
def test_a_number_depends_on_its_coordinates_alone(row, column):
    around = np.arange(-3, 4)
    block = uniform(KEY, (row + around)[:, None], (column + around)[None, :])
    alone = uniform(KEY, np.array([row]), np.array([column]))
    assert block[3, 3] == alone[0]
    assert len(np.unique(block)) == block.size


def test_streams_of_other_seeds_topics_and_years_differ():
    keys = {stream(7, "test"), stream(8, "test"), stream(7, "tests"), stream(7, "test", 2021), stream(7, "test", 2022)}
    assert len(keys) == 5


def test_numbers_are_even_and_independent_of_their_neighbours():
    numbers = uniform(KEY, np.arange(400)[:, None], np.arange(400)[None, :])
    share, _ = np.histogram(numbers, bins=16, range=(0, 1))
    np.testing.assert_allclose(share / numbers.size, 1 / 16, rtol=0.05)
    for axis in (0, 1):
        neighbours = np.corrcoef(numbers.ravel(), np.roll(numbers, 1, axis).ravel())[0, 1]
        assert abs(neighbours) < 0.01


def test_bell_numbers_are_standard():
    numbers = bell(KEY, np.arange(400)[:, None], np.arange(400)[None, :])
    assert numbers.shape == (400, 400)
    assert abs(numbers.mean()) < 0.01
    assert abs(numbers.std() - 1) < 0.01
    assert np.abs(numbers).max() < 3.5
