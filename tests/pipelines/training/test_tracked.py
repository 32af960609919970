"""What trackers are told is the guide's list, and what they need is looked at before a run."""

from pathlib import Path

import pytest
import yaml

from entropice.app.before_run import check_networks
from entropice.app.configuration.environment import Configuration, read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.errors import ConfigError
from entropice.pipelines.kinds.mask.job import noted_of
from entropice.pipelines.training.before_run import require_tracked
from entropice.pipelines.training.parameters import NetworkParameters, TrackingParameters
from entropice.pipelines.training.tracked import tracking_of
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[3] / "conf"
GUIDE = """
architecture backbone pretrained input_channels input_size loss_function focal_gamma focal_alpha boundary_ignore_width
optimizer learning_rate weight_decay gradient_clip_norm scheduler warmup_epochs min_lr freeze_backbone_epochs batch_size
max_epochs early_stopping_patience ema_decay data_version train_pos_neg_ratio curriculum_schedule git_commit
pytorch_version cuda_version gpu_model gpu_count
"""


def published(**training: object) -> Configuration:
    given = {"size": "published", "tasks": {"slumps": {"training": training}}}
    return read_configuration(
        RootedConfigLoader(str(CONF), env="slump_imagery", runtime_params=given, **CONFIG_LOADER_ARGS)
    )


def tracked(**tracking: str):
    task = published(tracking=tracking).parameters.task("slumps")
    noted = noted_of(task.samples)
    return tracking_of(task.bands, 512, task.samples, task.network, task.training, {"layout_version": 1}, noted)


def test_all_of_the_guides_list_is_noted():
    noted = tracked(mlflow="runs", experiment="rts-segmentation-v2").parameters

    assert noted.keys() >= set(GUIDE.split())
    chosen = {name: noted[name] for name in ("backbone", "focal_gamma", "focal_alpha", "batch_size", "ema_decay")}
    assert chosen == {
        **{"backbone": "efficientnet-b7", "focal_gamma": "2.0", "focal_alpha": "0.25", "batch_size": "256"},
        "ema_decay": "0.999",
    }
    assert noted["curriculum_schedule"].startswith("1:1 to epoch 10, 1:5 to epoch 30")
    assert noted["train_pos_neg_ratio"] == "1:20"


def test_files_say_how_it_was_made():
    documents = tracked(wandb="runs").documents

    assert sorted(documents) == ["config.yaml", "normalization_stats.json", "requirements_frozen.txt"]
    config = yaml.safe_load(documents["config.yaml"])
    assert config["training"]["n_epochs"] == 300
    assert "tracking" not in config["training"]
    assert "\ntorch==" in documents["requirements_frozen.txt"]


def test_without_a_place_nothing_is_tracked():
    assert tracked(experiment="mine").places == {}


def test_where_it_is_tracked_says_nothing_about_the_results():
    one, other = published(), published(tracking={"mlflow": "elsewhere"})

    assert one.parameters.model_dump(mode="json") == other.parameters.model_dump(mode="json")
    assert other.parameters.task("slumps").training.tracking.places == {"mlflow": "elsewhere"}


@pytest.mark.parametrize("name", ["mlflow", "wandb"])
def test_a_package_that_is_not_there_stops_the_run_before_its_first_step(monkeypatch, name):
    monkeypatch.setattr("entropice.networks.tracking.tracker.find_spec", lambda module: None)
    configuration = published(tracking={name: "runs"})

    with pytest.raises(ConfigError) as refusal:
        check_networks("slumps", configuration.parameters, configuration.origin)

    assert refusal.value.field == f"tasks.slumps.training.tracking.{name}"
    assert f"entropice[{name}]" in str(refusal.value.fix)


def test_a_server_that_does_not_answer_stops_it_too(monkeypatch):
    monkeypatch.setattr("entropice.networks.tracking.tracker.find_spec", lambda module: module)

    with pytest.raises(ConfigError, match="does not answer") as refusal:
        require_tracked(TrackingParameters(mlflow="http://user:secret@127.0.0.1:1"))

    assert "secret" not in str(refusal.value)


def test_options_and_rules_are_noted_as_they_are():
    network = NetworkParameters.model_validate(
        {"architecture": "classifier", "encoder": "resnet50", "options": {"n_classes": 3}}
    )
    task = published(tracking={"mlflow": "runs"}, weight_decay=0.0, plateau={"factor": 0.5, "patience": 3}).parameters
    section = task.task("slumps")
    noted = tracking_of(section.bands, 256, section.samples, network, section.training, {}, {}).parameters
    assert (noted["n_classes"], noted["widths"], noted["optimizer"]) == ("3", "[512, 128]", "Adam")
    assert noted["scheduler"] == "warm-up and falls at plateaus"
