import numpy as np
import pytest

from entropice.errors import ConfigError
from entropice.imagery.bands import band_named
from entropice.virtual_scenes.covers import COVERS, OPTICAL, SPECTRA
from entropice.virtual_scenes.ground import WorldFields
from entropice.virtual_scenes.lookalikes import KINDS, check_kinds, draw_lookalike, lookalikes
from entropice.virtual_scenes.pixel_grid import pixel_grid


@pytest.fixture(scope="module")
def fields(terrain):
    return WorldFields(terrain)


@pytest.fixture(scope="module")
def grid(active, place_at):
    return pixel_grid(place_at(*active[["x_m", "y_m"]].iloc[0], pixel_m=10.0, n_pixels=400), 0)


def test_kinds_and_covers_are_declared_once():
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    assert {kind.cover for kind in KINDS} <= set(SPECTRA)
    for cover in COVERS:
        for band, reflectance in zip(OPTICAL, cover.reflectance, strict=True):
            assert band_named(band).low < reflectance < 1


@pytest.mark.parametrize("change", [{"pond": None}, {"crater": 1.0}])
def test_densities_must_fit_the_kinds(specification, change):
    densities = {**specification.lookalikes_per_km2, **change}
    with pytest.raises(ConfigError, match="do not fit") as caught:
        check_kinds({name: density for name, density in densities.items() if density is not None})
    assert caught.value.field == "lookalikes_per_km2"
    assert "pond" in caught.value.expected


def test_density_is_as_asked_for(fields, active, place_at):
    """Of a kind that occurs on all of this world's slopes and heights."""
    n_found = area_km2 = 0.0
    everywhere = {kind.name: 0.0 for kind in KINDS} | {"bare patch": 8.0}
    for _, row in active.iloc[:200:20].iterrows():
        grid = pixel_grid(place_at(row["x_m"], row["y_m"], pixel_m=10.0, n_pixels=500), 0)
        left_m, right_m, bottom_m, top_m = grid.x_m[0], grid.x_m[-1], grid.y_m[-1], grid.y_m[0]
        for one in lookalikes(grid, fields, everywhere, 1):
            rise = fields.downhill(np.array([one.star.x_m]), np.array([one.star.y_m]))[2].item()
            assert one.kind.rises[0] <= rise <= one.kind.rises[1]
            n_found += left_m <= one.star.x_m <= right_m and bottom_m <= one.star.y_m <= top_m
        area_km2 += 25
    assert n_found / area_km2 == pytest.approx(8, rel=0.15)


def test_none_is_drawn_where_none_is_wanted(fields, grid):
    assert not list(lookalikes(grid, fields, {kind.name: 0.0 for kind in KINDS}, 1))


def test_all_that_reach_into_a_part_are_found_from_there(fields, grid, specification):
    part = grid.part(slice(100, 160), slice(200, 260))
    whole = {one.key for one in lookalikes(grid, fields, specification.lookalikes_per_km2, 1) if reaches(one, part)}
    some = {one.key for one in lookalikes(part, fields, specification.lookalikes_per_km2, 1) if reaches(one, part)}
    assert whole == some
    assert len(some) > 1


def reaches(one, grid):
    return 0 not in grid.part(*grid.around(one.star.x_m, one.star.y_m, 1.4 * one.star.reach_m)).shape


def test_drawing_changes_only_what_is_near_and_towards_the_cover(fields, grid):
    only = {kind.name: 0.0 for kind in KINDS}
    for kind in KINDS:
        for one in list(lookalikes(grid, fields, only | {kind.name: 4.0}, 1))[:3]:
            elevation_m, reflectance = np.full(grid.shape, 50.0, np.float32), np.full((5, *grid.shape), 0.3, np.float32)
            draw_lookalike(one, grid, elevation_m, reflectance)
            rows, columns = grid.around(one.star.x_m, one.star.y_m, 1.4 * one.star.reach_m)
            outside = np.ones(grid.shape, dtype=bool)
            outside[rows, columns] = False
            assert (reflectance[:, outside] == np.float32(0.3)).all()
            assert (elevation_m[outside] == 50).all()
            towards = (reflectance - np.float32(0.3)) * np.sign(SPECTRA[kind.cover] - np.float32(0.3))
            assert towards.min() >= 0
