"""Sensors hidden while learning: how often, never all, and what then still counts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.augmentation import augmented
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.sensors import known_pixels, missing_sensors

BANDS = ("red", "nir", "vv", "elevation")
SENSORS = Sensors({"optical": ("red", "nir"), "radar": ("vv",), "relief": ("elevation",)})
STILL = AugmentationRules.model_validate(dict.fromkeys(AugmentationRules.model_fields, 0.0) | {"elastic_sigma_px": 1.0})
VARIED = STILL.model_copy(update={"symmetry_probability": 0.8, "colour_probability": 0.8, "max_brightness": 0.2})


def hiding(probability, rules=STILL):
    return rules.model_copy(update={"hidden_sensor_probability": probability})


def sample_of(key="a", leading=(), absent=()):
    """Of which some pixels of each band, and all of some, are not known."""
    random = np.random.default_rng([*key.encode()])
    shape = (*leading, len(BANDS), 6, 6)
    valid = random.uniform(size=shape) > 0.2
    for band in absent:
        valid[..., BANDS.index(band), :, :] = False
    image = Image(BANDS, np.where(valid, random.uniform(0.1, 0.4, shape), 0).astype(np.float32), valid)
    known = known_pixels(image, SENSORS).all(axis=tuple(range(len(leading))))
    return Sample(key, image, random.integers(0, 2, (6, 6)).astype(np.uint8), known, Place(0.0, 0.0, 10.0, 6, 2021))


def hidden_in(sample, probability, epoch):
    seen = augmented(sample, hiding(probability), 1, epoch, SENSORS)
    missing = missing_sensors(seen.image, SENSORS.bands) - missing_sensors(sample.image, SENSORS.bands)
    return {name for name, bands in SENSORS.bands.items() if missing.issuperset(bands)}


@given(st.sampled_from(["a", "b", "c"]), st.floats(0.01, 1.0), st.integers(0, 99), st.sampled_from([(), (2,)]))
def test_whole_sensors_are_hidden_and_nothing_else_changes(key, probability, epoch, leading):
    sample = sample_of(key, leading)

    seen = augmented(sample, hiding(probability), 1, epoch, SENSORS)

    hidden = {band for name in hidden_in(sample, probability, epoch) for band in SENSORS.bands[name]}
    for place, band in enumerate(BANDS):
        before, after = (one.image.valid[..., place, :, :] for one in (sample, seen))
        assert np.array_equal(after, np.zeros_like(before) if band in hidden else before)
    assert np.array_equal(seen.image.values, np.where(seen.image.valid, sample.image.values, 0))
    known = known_pixels(seen.image, SENSORS).all(axis=tuple(range(len(leading))))
    assert np.array_equal(seen.scored, sample.scored & known)
    assert np.array_equal(seen.target, sample.target)


@pytest.mark.parametrize("absent", [(), ("red",), ("vv", "elevation")])
def test_of_the_sensors_that_know_something_one_is_left(absent):
    sample = sample_of("b", absent=absent)
    for epoch in range(40):
        assert known_pixels(augmented(sample, hiding(1.0), 1, epoch, SENSORS).image, SENSORS).any()


def test_each_sensor_is_hidden_as_often_as_is_asked_for():
    """Of three at .3 each is hidden in .3 of the samples, but in a third of the .027 where all would be it is left."""
    hidden = [hidden_in(sample_of("c"), 0.3, epoch) for epoch in range(1500)]
    for name in SENSORS.bands:
        assert np.mean([name in one for one in hidden]) == pytest.approx(0.3 - 0.3**3 / 3, abs=0.04)


def test_which_one_is_left_is_a_matter_of_chance():
    left = [set(SENSORS.bands) - hidden_in(sample_of("c"), 1.0, epoch) for epoch in range(300)]
    assert {len(one) for one in left} == {1}
    assert min(sum(name in one for one in left) for name in SENSORS.bands) > 70


def test_what_else_is_drawn_is_drawn_before():
    sample = sample_of("a")
    for epoch in range(10):
        without, seen = (augmented(sample, hiding(each, VARIED), 1, epoch, SENSORS) for each in (0.0, 0.5))
        assert np.array_equal(without.target, seen.target)
        assert np.array_equal(seen.image.values, np.where(seen.image.valid, without.image.values, 0))


def test_a_class_still_counts():
    sample = replace(sample_of("a"), target=np.array(2, np.int64), scored=np.array(True))
    assert augmented(sample, hiding(1.0), 1, 3, SENSORS).scored.item() is True


@pytest.mark.parametrize(("absent", "left"), [((), {"optical", "radar"}), (("vv",), {"optical"})])
def test_what_is_left_makes_pixels_known(absent, left):
    """Where nothing but the height were left, a sample would be shown of which no pixel counts."""
    looking = replace(SENSORS, known_by=("optical", "radar"))
    sample = sample_of("b", absent=absent)
    sample = replace(sample, scored=known_pixels(sample.image, looking))
    seen = [augmented(sample, hiding(1.0), 1, epoch, looking) for epoch in range(40)]
    assert {name for one in seen for name in looking.bands if not _is_missing(one, name)} == left
    assert all(np.array_equal(one.scored, sample.scored & known_pixels(one.image, looking)) for one in seen)
    assert all(one.scored.any() for one in seen)


def _is_missing(sample, name):
    return missing_sensors(sample.image, SENSORS.bands).issuperset(SENSORS.bands[name])
