from datetime import date

import numpy as np
import pytest

from entropice.errors import ConfigError
from entropice.imagery.places import place_of
from entropice.imagery.samples import Place
from entropice.types import DataFrame
from entropice.virtual_ice.chosen_patches import place_tiles
from entropice.virtual_ice.patches import (
    ICE_TYPES,
    Patch,
    group_by_ice,
    group_with_ice,
    ice_type,
    ice_type_shares,
    patch_of,
    type_named,
)
from entropice.virtual_ice.scene import IceScenes
from entropice.virtual_ice.specification import IceSeasons, IceSpecification
from entropice.virtual_ice.tile_rules import IceTileLayout, IceTypeRules

SEED = 5
LAYOUT = IceTileLayout(n_samples=30, n_pixels=64, pixel_m=250)
RULES = IceTypeRules()
PLACE = Place(0.0, 0.0, 250.0, 64, 2011)


@pytest.fixture(scope="module")
def scenes(specification: IceSpecification) -> IceScenes:
    seasons = IceSeasons(first_day=date(2011, 5, 1), n_days=60, n_seasons=2, n_spin_up_days=10)
    return IceScenes(specification.model_copy(update={"seasons": seasons}), SEED)


@pytest.fixture(scope="module")
def tiles(scenes: IceScenes) -> DataFrame:
    return place_tiles(scenes, LAYOUT, lambda patch: type_named(patch, RULES), ice_type_shares())


def patches(scenes: IceScenes, tiles: DataFrame) -> list[Patch]:
    return [patch_of(scenes, place_of(row), row["day"].date()) for _, row in tiles.iterrows()]


@pytest.mark.parametrize(
    ("concentration", "thickness_m", "name"),
    [(0.149, 3.0, "open_water"), (0.15, 0.69, "thin_ice"), (0.9, 0.7, "thick_ice"), (0.0, 0.0, "open_water")],
)
def test_types_by_hand(concentration: float, thickness_m: float, name: str) -> None:
    patch = Patch(PLACE, date(2011, 5, 1), concentration, thickness_m, concentration)
    assert type_named(patch, RULES) == name
    assert ICE_TYPES[ice_type(patch, RULES)] == name


@pytest.mark.parametrize(("mean", "most", "group"), [(0.0, 0.01, "water"), (0.05, 0.2, None), (0.11, 0.2, "ice")])
def test_groups_by_hand(mean: float, most: float, group: str | None) -> None:
    assert group_by_ice(Patch(PLACE, date(2011, 5, 1), mean, 1.0, most)) == group


def test_tiles_have_the_columns_of_tiles_and_a_day(tiles: DataFrame) -> None:
    columns = ["key", "left_m", "top_m", "pixel_m", "n_pixels", "year", "is_around", "day"]
    assert list(tiles.columns) == columns
    assert tiles["key"].is_unique
    assert tiles["key"].is_monotonic_increasing
    assert (tiles["year"] == tiles["day"].dt.year).all()
    assert not tiles["is_around"].any()


def test_types_and_seasons_are_equally_many(scenes: IceScenes, tiles: DataFrame) -> None:
    kinds = [ice_type(patch, RULES) for patch in patches(scenes, tiles)]
    assert np.bincount(kinds).tolist() == [10, 10, 10]
    assert tiles["year"].value_counts().to_dict() == {2011: 15, 2012: 15}


def test_tiles_lie_on_water_on_days_of_a_season(scenes: IceScenes, tiles: DataFrame) -> None:
    region, sea = scenes.specification.region, scenes.season(0).ground.sea
    edge_m = LAYOUT.edge_m
    for along in (0.0, edge_m - 1):
        for down in (0.0, edge_m - 1):
            column = ((tiles["left_m"] + along - region.left_m) // region.pixel_m).to_numpy(dtype=int)
            row = ((region.top_m - tiles["top_m"] + down) // region.pixel_m).to_numpy(dtype=int)
            assert sea[row, column].all()
    assert ((tiles["left_m"] - region.left_m) % LAYOUT.pixel_m == 0).all()
    assert tiles["day"].dt.day_of_year.between(121, 121 + 60).all()


def test_tiles_spread_over_the_region(tiles: DataFrame) -> None:
    assert np.ptp(tiles["left_m"]) > 300_000
    assert np.ptp(tiles["top_m"]) > 300_000


def test_open_water_shows_no_ice_and_ice_does(scenes: IceScenes) -> None:
    shares = {"water": 0.5, "ice": 0.5}
    chosen = place_tiles(scenes, LAYOUT.model_copy(update={"n_samples": 12}), group_by_ice, shares)
    masks = [scenes.at(patch.place, patch.day).is_ice for patch in patches(scenes, chosen)]
    assert sum(not mask.any() for mask in masks) == 6
    assert sum(mask.mean() > 0.02 for mask in masks) == 6


def test_days_after_stay_in_the_season(scenes: IceScenes) -> None:
    chosen = place_tiles(scenes, LAYOUT, group_with_ice, {"ice": 1.0}, 50)
    assert chosen["day"].dt.day_of_year.between(121, 131).all()


def test_images_that_have_no_room_are_refused(scenes: IceScenes) -> None:
    wide = LAYOUT.model_copy(update={"pixel_m": 20_000.0})
    with pytest.raises(ConfigError, match="larger than the region"):
        place_tiles(scenes, wide, group_with_ice, {"ice": 1.0})
    with pytest.raises(ConfigError, match="beyond its season"):
        place_tiles(scenes, LAYOUT, group_with_ice, {"ice": 1.0}, 60)


def test_too_little_of_a_group_is_an_error(scenes: IceScenes) -> None:
    few = LAYOUT.model_copy(update={"n_samples": 4})
    with pytest.raises(ConfigError, match="too few patches"):
        place_tiles(scenes, few, lambda patch: "molten" if patch.thickness_m > 100 else None, {"molten": 1.0})
