"""Parameters of a network: options by the architecture's model, and an encoder where there is one to choose."""

import pytest
import torch
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from entropice.errors import ConfigError, InputFileError
from entropice.pipelines.training.before_run import require_buildable
from entropice.pipelines.training.job import plan_of
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters, require_together

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
        ({"encoder_weights": "imagenet_lite0", "begun_from": "last.ckpt"}, ("encoder_weights",)),
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


def test_weights_of_another_network_are_refused_before_a_run(tmp_path):
    torch.save({"state_dict": {"readout.weight": torch.zeros(1)}}, tmp_path / "last.ckpt")
    network = NetworkParameters.model_validate(FRAMES | {"begun_from": str(tmp_path / "last.ckpt")})
    with pytest.raises(InputFileError, match=r"(?s)another network.*field: begun_from"):
        require_buildable(network, ("ice_concentration",))


TRAINING = {
    **{"losses": [{"name": "class_cross_entropy"}], "n_epochs": 20, "batch_size": 32, "n_parts": 4, "rate": 1e-3},
    **{"lowest_rate": 1e-6, "warmup_epochs": 0, "frozen_epochs": 0, "frozen_rate": 1e-3, "encoder_share": 1.0},
    **{"layer_decay": 1.0, "weight_decay": 0.0, "clip_norm": 1.0, "average_decay": 0.999, "validated_every": 1},
    **{"metric": "val_accuracy", "patience": 20, "min_delta": 0.001, "seed": 1, "device": "cpu", "precision": "fp32"},
    **{"n_threads": 1, "n_workers": 0, "is_deterministic": True},
}


def training(**changes):
    return TrainingParameters.model_validate(TRAINING | changes)


def test_the_published_rules_of_ice_types_can_be_given():
    schedule = training(n_trainable_modules=30, plateau={"factor": 0.5, "patience": 3}).schedule
    assert (schedule.n_trainable_modules, schedule.plateau.factor, schedule.plateau.patience) == (30, 0.5, 3)
    assert training().schedule.plateau is None


@pytest.mark.parametrize(
    ("network", "kind", "changes", "location"),
    [
        (CLASSES, "mask", {}, ("network", "architecture")),
        (CLASSES, "class", {"losses": [{"name": "focal"}]}, ("training", "losses", "0", "name")),
        (FRAMES, "frames", {}, ("training", "losses", "0", "name")),
        (FRAMES, "frames", {"losses": [{"name": "huber"}], "frozen_epochs": 2}, ("training", "frozen_epochs")),
        (
            FRAMES,
            "frames",
            {"losses": [{"name": "huber"}], "n_trainable_modules": 2},
            ("training", "n_trainable_modules"),
        ),
    ],
)
def test_a_training_that_the_network_cannot_have_is_refused(network, kind, changes, location):
    with pytest.raises(PydanticCustomError) as caught:
        require_together(NetworkParameters.model_validate(network), training(**changes), kind)
    assert caught.value.context["location"] == location


def test_a_training_that_the_network_can_have_passes():
    require_together(
        NetworkParameters.model_validate(CLASSES), training(frozen_epochs=3, n_trainable_modules=3), "class"
    )
    require_together(NetworkParameters.model_validate(FRAMES), training(losses=[{"name": "huber"}]), "frames")


@pytest.mark.parametrize("rules", [{"frozen_epochs": 3}, {"n_trainable_modules": 3}])
def test_an_encoder_that_is_not_to_be_chosen_can_be_kept_from_learning(rules):
    sensors = {"sensors": {"optical": ["red"], "radar": ["vv"]}, "patch_px": 8, "width": 16, "depth": 4, "n_heads": 2}
    network = NetworkParameters.model_validate({"architecture": "multimodal_vit", "options": sensors})
    require_together(network, training(losses=[{"name": "focal"}], **rules), "mask")


def test_the_published_rules_of_lakes_can_be_given():
    given = training(n_epochs=60, warmup_epochs=2, restarts=[30], soup_epochs=[12, 14, 17, 22, 30])
    plan = plan_of(lambda epoch: [["a"]], given)
    assert (plan.schedule.restarts, plan.soup_epochs) == ((30,), (12, 14, 17, 22, 30))
    assert plan_of(lambda epoch: [["a"]], training()).soup_epochs == ()
    assert not given.needs_distances
    assert training(losses=[{"name": "dice"}, {"name": "boundary"}]).needs_distances


@pytest.mark.parametrize(
    ("changes", "location"),
    [
        ({"restarts": [20]}, ("restarts",)),
        ({"restarts": [10], "plateau": {}}, ("restarts",)),
        ({"soup_epochs": [21]}, ("soup_epochs",)),
        ({"soup_epochs": [5, 3]}, ("soup_epochs",)),
    ],
)
def test_restarts_and_soups_beyond_the_training_are_named(changes, location):
    with pytest.raises(ValidationError) as caught:
        training(**changes)
    assert caught.value.errors()[0]["ctx"]["location"] == location
