"""Parameters of a network: options by the architecture's model, and an encoder where there is one to choose."""

import pytest
from pydantic import ValidationError

from entropice.errors import ConfigError
from entropice.pipelines.training.before_run import require_buildable
from entropice.pipelines.training.parameters import NetworkParameters

FRAMES = {"architecture": "conv_lstm", "options": {"target_bands": ["ice_concentration"], "widths": [8]}}
CLASSES = {"architecture": "classifier", "encoder": "tu-test_resnet", "options": {"n_classes": 3}}


def test_settings_have_the_usual_options_as_plain_values():
    settings = NetworkParameters.model_validate(FRAMES).settings
    assert (settings["widths"], settings["n_frames_in"], settings["target_bands"]) == ([8], 30, ["ice_concentration"])
    assert NetworkParameters.model_validate({"architecture": "unet", "encoder": "resnet18"}).settings == {}


@pytest.mark.parametrize(
    ("changes", "location"),
    [
        ({"options": {"n_classes": 3, "depth": 2}}, ("options", "depth")),
        ({"options": {"n_classes": 3, "widths": [8, 0]}}, ("options", "widths", "1")),
        ({"options": {}}, ("options", "n_classes")),
        ({"encoder": None}, ("encoder",)),
        ({"architecture": "conv_lstm", "options": FRAMES["options"]}, ("encoder",)),
        ({"encoder": None, "encoder_weights": "imagenet_lite0"}, ("encoder_weights",)),
    ],
)
def test_a_wrong_option_is_named_by_its_place(changes, location):
    with pytest.raises(ValidationError) as caught:
        NetworkParameters.model_validate(CLASSES | changes)
    assert caught.value.errors()[0]["ctx"]["location"] == location


def test_bands_and_options_are_checked_together_before_a_run():
    network = NetworkParameters.model_validate(FRAMES)
    require_buildable(network, ("ice_concentration",))
    require_buildable(NetworkParameters.model_validate(CLASSES), ("red",))
    with pytest.raises(ConfigError, match=r"options\.target_bands"):
        require_buildable(network, ("ice_thickness",))
