"""A pixel is known where a sensor knows all its bands; a sensor may be missing whole."""

from dataclasses import replace

import numpy as np
import pytest
from band_images import random_image

from entropice.errors import ConfigError
from entropice.imagery.samples import Image
from entropice.imagery.sensor_rules import Sensors, require_sensors
from entropice.imagery.sensors import known_pixels, missing_sensors

BANDS = ("red", "nir", "vv", "elevation")
SENSORS = Sensors({"optical": ("red", "nir"), "radar": ("vv",), "relief": ("elevation",)})


def image_with(valid) -> Image:
    valid = np.asarray(valid, dtype=bool).reshape(4, 1, -1)
    return Image(BANDS, np.zeros(valid.shape, np.float32), valid)


def test_a_pixel_is_known_where_one_sensor_knows_all_its_bands():
    image = image_with([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]])
    assert known_pixels(image, SENSORS)[0].tolist() == [True, False, False, True]


def test_a_cloud_over_ground_that_radar_has_not_seen_is_not_known_by_its_height():
    image = image_with([[1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 1]])
    assert known_pixels(image, SENSORS)[0].tolist() == [True, True, True]
    looking = replace(SENSORS, known_by=("optical", "radar"))
    assert known_pixels(image, looking)[0].tolist() == [True, True, False]
    assert known_pixels(image, replace(SENSORS, known_by=("radar",)))[0].tolist() == [False, True, False]


def test_without_sensors_all_bands_are_of_one():
    image = random_image(3, bands=BANDS)
    assert np.array_equal(known_pixels(image, Sensors()), image.valid.all(axis=0))
    assert np.array_equal(known_pixels(image, Sensors({"all": BANDS})), image.valid.all(axis=0))


def test_each_image_of_several_is_known_by_itself():
    image = random_image(4, bands=BANDS, leading=(2,))
    both = known_pixels(image, SENSORS)
    for number in range(2):
        alone = Image(BANDS, image.values[number], image.valid[number])
        assert np.array_equal(both[number], known_pixels(alone, SENSORS))


def test_a_sensor_that_saw_nothing_is_missing_and_one_that_lacks_a_band_is_not():
    assert missing_sensors(image_with([[1], [0], [0], [1]]), SENSORS.bands) == {"vv"}
    assert missing_sensors(image_with([[0], [0], [0], [1]]), SENSORS.bands) == {"red", "nir", "vv"}


@pytest.mark.parametrize(
    ("sensors", "words"),
    [
        ({"optical": ("red", "nir"), "radar": ("vw",), "relief": ("elevation",)}, "not seen"),
        ({"optical": ("red", "nir"), "radar": ("vv", "red"), "relief": ("elevation",)}, "another one has, too"),
        ({"optical": ("red", "nir"), "radar": ("vv",)}, "no sensor of elevation"),
        ({"optical": BANDS, "radar": ()}, "without bands"),
    ],
)
def test_sensors_share_out_all_bands(sensors, words):
    require_sensors(SENSORS, BANDS)
    require_sensors(Sensors(), BANDS)
    with pytest.raises(ConfigError, match=words):
        require_sensors(Sensors(sensors), BANDS)


@pytest.mark.parametrize("known_by", [("optical", "rader"), (), ("red",)])
def test_pixels_are_known_by_sensors_that_are_there(known_by):
    require_sensors(replace(SENSORS, known_by=("radar",)), BANDS)
    with pytest.raises(ConfigError, match="sensors that are there") as refusal:
        require_sensors(replace(SENSORS, known_by=known_by), BANDS)
    assert refusal.value.field == "samples.known_by"
    with pytest.raises(ConfigError, match="sensors that are there"):
        require_sensors(Sensors(known_by=known_by), BANDS)
