import pytest

from entropice.errors import ConfigError
from entropice.virtual_scenes.scene import Scenes
from entropice.virtual_scenes.sensors import SENSORS, sensors_of


@pytest.mark.parametrize(
    ("year", "names"),
    [
        (2014, ["Dove Classic"]),
        (2020, ["Dove Classic", "SuperDove"]),
        (2022, ["Dove Classic", "SuperDove", "SuperDove, second series"]),
        (2023, ["SuperDove", "SuperDove, second series"]),
    ],
)
def test_sensors_take_images_in_their_years(year, names):
    assert [sensor.name for sensor in sensors_of(year)] == names


def test_years_without_a_sensor_are_refused_before_anything_is_drawn(terrain, truth, world, specification):
    early = world.model_copy(update={"label_years": (2012, 2022)})
    with pytest.raises(ConfigError, match="No sensor") as caught:
        Scenes(terrain, truth, early, specification)
    assert (caught.value.field, caught.value.got) == ("label_years", 2012)
    assert SENSORS[0].name in str(caught.value.expected)
    assert caught.value.fix
