import numpy as np

from entropice.imagery.classes.image_statistics import character_columns, image_columns


def test_columns_of_a_ramp_by_hand() -> None:
    ramp = np.broadcast_to(np.arange(5, dtype=np.float32), (5, 5))
    columns = image_columns(np.stack([ramp, np.ones((5, 5))])[None])

    assert columns.shape == (1, 18)
    np.testing.assert_allclose(columns[0, :8], [2, np.sqrt(2), 0, 1, 2, 3, 4, 1], atol=1e-6)
    np.testing.assert_allclose(columns[0, 9:], [1, 0, 1, 1, 1, 1, 1, 0, 0], atol=1e-6)


def test_a_spread_twice_as_large_is_one_step_in_logarithms() -> None:
    noise = np.random.default_rng(0).normal(size=(1, 1, 32, 32)).astype(np.float32)

    once, twice = (character_columns(factor * noise + 3)[0] for factor in (10, 20))

    np.testing.assert_allclose(twice[1:] - once[1:], np.log(2), atol=0.01)
    assert once.shape == (4,)


def test_one_value_throughout_has_the_least_spread() -> None:
    columns = character_columns(np.full((2, 3, 8, 8), 1.5, np.float32))

    np.testing.assert_allclose(columns.reshape(2, 3, 4)[..., 0], 1.5)
    np.testing.assert_allclose(columns.reshape(2, 3, 4)[..., 1:], np.log(0.01))
