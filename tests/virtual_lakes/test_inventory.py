from itertools import pairwise

import numpy as np
import pytest
from pyproj import Proj
from small_lakes import SEED, small_lakes

from entropice.crs import POLAR_CRS
from entropice.dggs.polar import unproject
from entropice.virtual_lakes.chips import true_mask
from entropice.virtual_lakes.inventory import lakes_of
from entropice.virtual_lakes.lake_years import CONDITIONS


def test_lakes_are_a_table_of_outlines_by_region_and_year(lakes, specification):
    assert list(lakes.columns) == ["lake_id", "region", "year", "condition", "area_m2", "geometry"]
    assert lakes.crs == POLAR_CRS
    assert set(lakes["year"]) == set(specification.regions.years)
    assert set(lakes["condition"]) <= set(CONDITIONS)
    assert not lakes.duplicated(["lake_id", "year"]).any()
    assert (lakes.geom_type == "Polygon").all()
    assert lakes.is_valid.all()


def test_areas_are_on_the_ground_and_agree_with_masks(lakes, scenes):
    for region in scenes.regions:
        place = region.place(2021)
        rows = lakes[(lakes["region"] == region.name) & (lakes["year"] == 2021)]
        target = scenes.at(place).target
        np.testing.assert_array_equal(true_mask(lakes, place), target)
        lon_deg, lat_deg = unproject(np.array([place.centre_m]))
        scale = Proj(POLAR_CRS).get_factors(lon_deg[0], lat_deg[0]).meridional_scale
        assert rows["area_m2"].sum() == pytest.approx(100 * target.sum() / scale**2, rel=1e-3)
        centres = np.column_stack([rows.geometry.centroid.x, rows.geometry.centroid.y])
        scales = [
            Proj(POLAR_CRS).get_factors(*point).meridional_scale for point in zip(*unproject(centres), strict=True)
        ]
        np.testing.assert_allclose(rows["area_m2"], rows.area / np.array(scales) ** 2, rtol=1e-3)


def test_areas_are_those_of_the_law_but_for_half_a_pixel(lakes, scenes):
    for region in scenes.regions:
        waters = scenes.ground(region.number).waters
        assert len(waters) > 10
        for number, year in enumerate(scenes.specification.regions.years):
            rows = lakes[(lakes["region"] == region.name) & (lakes["year"] == year)].set_index("lake_id")["area_m2"]
            for water in waters:
                got = rows.get(f"{region.name}_{water.hollow.number:03d}", 0.0)
                assert abs(got - water.hollow.area_m2[number]) <= 50 / water.hollow.scale**2 + 1e-6


def test_a_lake_lies_within_itself_when_it_is_larger(lakes):
    for _, years in lakes.groupby("lake_id"):
        by_area = years.sort_values("area_m2")["geometry"].to_list()
        for smaller, larger in pairwise(by_area):
            assert larger.buffer(0.01).contains(smaller)


def test_lakes_keep_apart(lakes):
    of_year = lakes[lakes["year"] == 2023]
    grown = of_year.buffer(10)
    left, right = grown.sindex.query(grown, predicate="intersects")
    assert (left == right).all()


def test_conditions_in_the_table_are_those_of_pixels(lakes, scenes):
    for region in scenes.regions:
        place = region.place(2023)
        condition = scenes.conditions(place)
        rows = lakes[lakes["year"] == 2023]
        for number, name in enumerate(CONDITIONS, start=1):
            np.testing.assert_array_equal(true_mask(rows[rows["condition"] == name], place) == 1, condition == number)


def test_ice_lies_on_the_stated_share_of_lakes_rather_in_the_heights():
    icy = small_lakes(
        regions={"n_regions": 4, "n_blocks": 70, "years": (2021, 2022)},
        lakes={"frozen_share": 0.25, "largest_ha": 1.0},
    )
    lakes = lakes_of(icy, SEED)
    is_frozen = lakes["condition"] == "frozen"
    assert is_frozen.mean() == pytest.approx(0.25, abs=0.06)
    assert len(lakes) > 250


def test_a_land_without_lakes():
    assert lakes_of(small_lakes(lakes={"per_km2": 0.0}), SEED).empty
