import numpy as np
import pytest

from entropice.virtual_ice.cover import STRAY, cover_of
from entropice.virtual_ice.floes import NearestFloes
from entropice.virtual_ice.surfaces import floe_thickness_m, inside

SEED = 3
N = 40_000


def floes_anywhere() -> NearestFloes:
    random = np.random.default_rng(1)
    x_m, y_m = random.uniform(-1e6, 1e6, (2, N)).astype(np.float32)
    return NearestFloes(random.integers(0, 10_000, N), random.random(N, dtype=np.float32), x_m, y_m)


@pytest.mark.parametrize("concentration", [0.04, 0.1, 0.3, 0.5, 0.8, 0.95, 1.0])
def test_floes_and_brash_together_cover_what_the_law_says_but_for_strays(concentration: float) -> None:
    floes = floes_anywhere()
    cover = cover_of(np.full(N, concentration, dtype=np.float32), floes, SEED)
    seen = (concentration - STRAY) / (1 - STRAY)
    assert np.mean(cover.is_ice(floes)) == pytest.approx(seen, abs=0.025)
    for share in (cover.of_floes, cover.of_brash):
        assert share.min() >= 0
        assert share.max() <= 1


def test_stray_ice_is_not_seen() -> None:
    floes = floes_anywhere()
    assert not cover_of(np.full(N, 0.039, dtype=np.float32), floes, SEED).is_ice(floes).any()


def test_the_mean_thickness_stays_while_floes_differ() -> None:
    thickness_m = floe_thickness_m(np.full(N, 1.5, dtype=np.float32), floes_anywhere())
    assert thickness_m.mean() == pytest.approx(1.5, rel=0.03)
    assert thickness_m.std() > 0.3


def test_outlines_are_half_inside_and_a_pixel_wide() -> None:
    share = np.array([0.0, 0.3, 0.49, 0.5, 0.51, 0.7], dtype=np.float32)
    seen = inside(share, np.full(6, 0.5, dtype=np.float32), 0.05)
    assert seen[[0, 1, 3, 5]] == pytest.approx([1, 1, 0.5, 0])
    assert np.all(np.diff(seen) <= 0)
    assert not inside(share, np.zeros(6, dtype=np.float32), 0.05).any()
