import gc
import weakref
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from entropice.errors import ConfigError
from entropice.imagery.samples import Place
from entropice.virtual_ice.scene import IceScenes
from entropice.virtual_ice.specification import IceSpecification

SEED = 5
DAY = date(2011, 5, 10)
PLACE = Place(-50_000.0, -900_000.0, 250.0, 48, 2011)


@pytest.fixture(scope="module")
def scenes(specification: IceSpecification) -> IceScenes:
    return IceScenes(specification, SEED)


def test_images_are_of_true_colour_and_8_bits(scenes: IceScenes) -> None:
    scene = scenes.at(PLACE, DAY)
    assert scene.image.bands == ("red", "green", "blue")
    assert scene.image.values.dtype == np.float32
    assert scene.image.values.shape == (3, 48, 48)
    assert scene.image.valid.all()
    levels = scene.image.values * 255
    assert np.abs(levels - np.round(levels)).max() < 1e-4
    assert levels.min() >= 0
    assert levels.max() <= 255


def test_places_agree_where_they_overlap(scenes: IceScenes) -> None:
    whole = scenes.at(replace(PLACE, n_pixels=64), DAY)
    part = scenes.at(replace(PLACE, left_m=PLACE.left_m + 16 * 250, top_m=PLACE.top_m - 8 * 250), DAY)
    assert np.array_equal(part.image.values, whole.image.values[:, 8:56, 16:])
    assert np.array_equal(part.is_ice, whole.is_ice[8:56, 16:])


def test_equal_names_make_equal_images_and_others_do_not(scenes: IceScenes, specification: IceSpecification) -> None:
    values = scenes.at(PLACE, DAY).image.values
    assert np.array_equal(values, IceScenes(specification, SEED).at(PLACE, DAY).image.values)
    assert not np.array_equal(values, scenes.at(PLACE, date(2011, 5, 11)).image.values)
    assert not np.array_equal(values, scenes.at(PLACE, date(2012, 5, 10)).image.values)


def test_as_many_pixels_are_ice_as_the_law_says(scenes: IceScenes) -> None:
    random = np.random.default_rng(3)
    said, seen = [], []
    for _ in range(24):
        x_m, y_m = random.uniform(-250_000, 150_000), random.uniform(-1_200_000, -800_000)
        place = Place(round(x_m, -3), round(y_m, -3), 500.0, 64, 2011)
        said.append(scenes.conditions(place, DAY).concentration.mean())
        seen.append(scenes.at(place, DAY).is_ice.mean())
    assert np.ptp(said) > 0.3
    assert np.mean(seen) == pytest.approx(np.mean(said), abs=0.05)
    assert np.abs(np.subtract(seen, said)).max() < 0.2


def test_ice_is_brighter_than_water(scenes: IceScenes) -> None:
    place = Place(-250_000.0, -800_000.0, 1000.0, 200, 2011)
    scene = scenes.at(place, DAY)
    brightness = scene.image.values.mean(axis=0)
    assert 0.1 < scene.is_ice.mean() < 0.98
    assert np.median(brightness[scene.is_ice]) > 2 * np.median(brightness[~scene.is_ice])


def test_a_day_of_no_season_is_refused(scenes: IceScenes) -> None:
    with pytest.raises(ConfigError, match="no season"):
        scenes.at(PLACE, date(2011, 8, 1))


def test_seasons_go_with_the_scenes_that_have_made_them(specification: IceSpecification) -> None:
    scenes = IceScenes(specification, 1)
    season = weakref.ref(scenes.season(0))
    gc.disable()
    try:
        del scenes
        assert season() is None
    finally:
        gc.enable()
