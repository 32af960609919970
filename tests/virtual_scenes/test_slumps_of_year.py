import numpy as np
import pytest
import shapely

from entropice.imagery.samples import Place
from entropice.virtual_scenes.ground import WorldFields
from entropice.virtual_scenes.growth import growth_m2_per_year
from entropice.virtual_scenes.pixel_grid import pixel_grid
from entropice.virtual_scenes.slumps_of_year import SlumpsOfYear


@pytest.fixture(scope="module")
def by_year(active, terrain, specification, world):
    fields = WorldFields(terrain)
    return {year: SlumpsOfYear(active, year, fields, specification, world.seed) for year in world.label_years}


def all_of(slumps):
    return [slumps.slump(index) for index in range(len(slumps.slump_id))]


def test_those_active_are_the_worlds(by_year, active):
    for year, slumps in by_year.items():
        expected = set(active.loc[active["year"] == year, "slump_id"])
        assert {slump.slump_id for slump in all_of(slumps) if slump.is_active} == expected
        assert len(slumps.slump_id) == active["slump_id"].nunique()


def test_areas_grow_by_the_law(by_year, active, specification, world):
    reference_m2 = active.drop_duplicates("slump_id").sort_values("slump_id")["area_m2"].to_numpy()
    ids = by_year[2022].slump_id
    np.testing.assert_array_equal(by_year[2022].area_m2, reference_m2)
    growth = growth_m2_per_year(ids, reference_m2, specification.growth, world.seed)
    for year in (2021, 2022):
        np.testing.assert_allclose(by_year[year + 1].area_m2 - by_year[year].area_m2, growth, rtol=1e-9)


def test_outlines_have_these_areas_and_their_toes_stay(by_year):
    for before, after in list(zip(all_of(by_year[2021]), all_of(by_year[2023]), strict=True))[:60]:
        ratio = after.star.outline().area / before.star.outline().area
        assert ratio == pytest.approx(after.area_m2 / before.area_m2, rel=1e-6)
        toes = [
            (one.x_m + one.along_m * one.down_x, one.y_m + one.along_m * one.down_y)
            for one in (before.star, after.star)
        ]
        np.testing.assert_allclose(*toes, atol=1e-6)
        moved = after.star.x_m - before.star.x_m, after.star.y_m - before.star.y_m
        assert np.dot(moved, (after.star.down_x, after.star.down_y)) < 0


def test_the_way_down_is_the_worlds(by_year, active, terrain):
    rise_y, rise_x = np.gradient(terrain["elevation_m"].to_numpy().astype(float), 1000.0)
    places = active.drop_duplicates("slump_id").set_index("slump_id")
    for slump in all_of(by_year[2022])[:200]:
        row = np.abs(terrain["y"].to_numpy() - places["y_m"][slump.slump_id]).argmin()
        column = np.abs(terrain["x"].to_numpy() - places["x_m"][slump.slump_id]).argmin()
        if 0 < row < terrain.sizes["y"] - 1 and 0 < column < terrain.sizes["x"] - 1:
            down = np.array([-rise_x[row, column], rise_y[row, column]]) / np.hypot(rise_x, rise_y)[row, column]
            np.testing.assert_allclose((slump.star.down_x, slump.star.down_y), down, atol=1e-6)


def test_contrast_fades_with_age(by_year, specification):
    look = specification.slumps
    fresh = [slump.contrast for slump in all_of(by_year[2023]) if slump.is_active]
    assert look.least_contrast < min(fresh) < 0.7 < max(fresh) < 1
    for before, after in zip(all_of(by_year[2021]), all_of(by_year[2023]), strict=True):
        if before.is_active and after.is_active:
            assert after.contrast < before.contrast
    assert {slump.contrast for slump in all_of(by_year[2023]) if not slump.is_active} == {look.scar_contrast}


def test_near_misses_none(by_year, active, place_at):
    """Against all slumps in turn."""
    row = active[active["year"] == 2022].iloc[10]
    slumps, grid = by_year[2022], pixel_grid(place_at(row["x_m"], row["y_m"], pixel_m=10.0, n_pixels=900), 0)
    ground = shapely.box(grid.x_m[0], grid.y_m[-1], grid.x_m[-1], grid.y_m[0])
    near = [slump.slump_id for slump in slumps.near(grid)]
    touching = {slump.slump_id for slump in all_of(slumps) if slump.star.outline().intersects(ground)}
    assert row["slump_id"] in touching
    assert touching <= set(near)
    assert near == sorted(near)


def test_the_index_looks_as_far_as_any_trace(active, terrain, specification, world):
    """Also where tongues are long."""
    for tongue_share in (0.0, 0.35, 3.0):
        look = specification.slumps.model_copy(update={"tongue_share": tongue_share})
        long = specification.model_copy(update={"slumps": look})
        slumps = SlumpsOfYear(active.iloc[:400], 2022, WorldFields(terrain), long, world.seed)
        for slump in all_of(slumps):
            reach_m = slumps.drawn_reach_m(slump)
            grid = pixel_grid(Place(slump.star.x_m + reach_m - 6, slump.star.y_m + 96, 3.0, 64, 2022), 0)
            assert slump.slump_id in [near.slump_id for near in slumps.near(grid)]
