from dataclasses import replace

import numpy as np
import pytest

from entropice.imagery.samples import Place
from entropice.virtual_ice.floes import LIFETIME_DAYS, Floes, floes_of
from entropice.virtual_ice.seasons import Season
from entropice.virtual_ice.specification import IceSpecification
from entropice.virtual_scenes.pixel_grid import pixel_grid

SEED = 5


@pytest.fixture(scope="module")
def floes(specification: IceSpecification, season: Season) -> Floes:
    return floes_of(season, specification.region, 8000.0, SEED)


def middle(specification: IceSpecification, n_pixels: int = 64) -> Place:
    region = specification.region
    half_m = region.n_pixels * region.pixel_m / 2
    return Place(region.left_m + half_m, region.top_m - half_m, 1000.0, n_pixels, 2011)


def test_there_is_one_for_each_square_and_they_stay_in_the_region(
    floes: Floes, specification: IceSpecification
) -> None:
    region = specification.region
    assert len(floes.home_m) == 100**2
    assert floes.position_m.shape == (40, 100**2, 2)
    assert np.all(floes.position_m[..., 0] >= region.left_m)
    assert np.all(floes.position_m[..., 1] <= region.top_m)
    assert np.all(floes.life[1:] >= floes.life[:-1])


def test_they_move_with_the_drift(specification: IceSpecification, season: Season) -> None:
    steady = np.zeros_like(season.drift_m)
    steady[0], steady[1] = 700.0, -300.0
    floes = floes_of(replace(season, drift_m=steady), specification.region, 20_000.0, SEED)
    is_new = floes.life[3] > floes.life[0]
    assert 0 < np.sum(is_new) < 0.1 * len(is_new)
    region = specification.region
    is_same = ~is_new & (floes.home_m[:, 0] < region.left_m + 700_000) & (floes.home_m[:, 1] > region.top_m - 700_000)
    moved_m = floes.position_m[3] - floes.position_m[0]
    assert moved_m[is_same] == pytest.approx(np.broadcast_to([2100.0, -900.0], (np.sum(is_same), 2)), abs=0.2)


def test_few_are_replaced_in_a_week(floes: Floes) -> None:
    replaced = np.mean(floes.life[7] != floes.life[0])
    assert replaced == pytest.approx(7 / LIFETIME_DAYS, abs=0.02)
    assert floes.life.max() == 1


def test_as_much_of_the_plane_lies_deeper_as_is_said(floes: Floes, specification: IceSpecification) -> None:
    share = floes.nearest(pixel_grid(middle(specification, 200), 0), 0).share
    for cover in (0.2, 0.5, 0.8):
        assert np.mean(share < cover) == pytest.approx(cover, abs=0.05)


def test_a_floe_is_the_same_floe_where_it_has_drifted_to(specification: IceSpecification, season: Season) -> None:
    steady = np.zeros_like(season.drift_m)
    steady[0] = 3000.0
    floes = floes_of(replace(season, drift_m=steady), specification.region, 8000.0, SEED)
    here = middle(specification)
    there = replace(here, left_m=here.left_m + 3000.0)
    before, after = (floes.nearest(pixel_grid(place, 0), day) for place, day in ((here, 10), (there, 11)))
    is_same = before.key == after.key
    assert np.mean(is_same) > 0.9
    inside = is_same & (before.share < 0.5) & (after.share < 0.5)
    assert np.mean(np.abs(before.share - after.share)[inside] < 0.01) > 0.9
    assert after.x_m[inside] == pytest.approx(before.x_m[inside], abs=1.0)
    assert after.y_m[inside] == pytest.approx(before.y_m[inside], abs=1.0)


def test_floes_far_away_are_none_of_the_nearest(floes: Floes, specification: IceSpecification) -> None:
    grid = pixel_grid(middle(specification, 24), 0)
    x_m, y_m = np.meshgrid(grid.x_m, grid.y_m)
    to_all_m = np.hypot(*(np.stack([x_m, y_m])[..., None] - floes.position_m[7].T[:, None, None]))
    expected = np.argmin(to_all_m, axis=-1)
    assert np.array_equal(floes.nearest(grid, 7).key % len(floes.home_m), expected)
