"""Keys of tiles name files, so each is a name and none occurs twice."""

import pytest

from entropice.tiles.plan import Tile, TilePlan


def _plan(*keys: str) -> TilePlan:
    return TilePlan("Sums", lambda shared, task: {}, None, tuple(Tile(key, None, 1, 1) for key in keys))


@pytest.mark.parametrize("keys", [("a", "a"), ("a", "b", "a"), ("a/b",), ("",)])
def test_a_key_that_occurs_twice_or_is_no_name_is_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="occur twice or cannot be file names"):
        _plan(*keys)


def test_keys_that_differ_are_taken() -> None:
    assert _plan("a", "b").n_values == 2
