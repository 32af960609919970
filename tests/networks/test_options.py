"""Options of architectures: checked by their model, kept in checkpoints, and told."""

from dataclasses import replace

import pytest
import small_networks as small
import torch

from entropice.errors import ConfigError, ModelFileError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network, require_buildable
from entropice.networks.describe import described
from entropice.networks.export import Checkpoint, checkpoint_to_bytes, read_checkpoint, require_specification, versions

ICE = ("ice_concentration", "wind_x", "wind_y")
FRAMES = {"target_bands": ["ice_concentration"], "n_frames_in": 4, "n_frames_out": 2, "widths": [3]}


def frames(**changes):
    return NetworkSpecification("conv_lstm", None, ICE, options=FRAMES | changes)


SENSORS = {"optical": ["red", "nir"], "radar": ["vv"]}


def sensors(**changes):
    return NetworkSpecification("multimodal_vit", None, ("red", "vv", "nir"), options={"sensors": SENSORS} | changes)


def classes(encoder="resnet50", **options):
    return NetworkSpecification("classifier", encoder, ("red", "green", "blue"), options=options)


@pytest.mark.parametrize(
    ("specification", "field", "expected"),
    [
        (frames(kernel_px=4), "options.kernel_px", "widths"),
        (frames(widths=[]), "options.widths", "widths"),
        (frames(width=[3]), "options.width", "widths"),
        (frames(n_recalled=4), "options", "n_recalled"),
        (frames(n_recalled=2, is_residual=False), "options", "n_recalled"),
        (frames(attention="all"), "options.attention", "attention"),
        (frames(target_bands=["ice_thickness"]), "options.target_bands", "wind_x"),
        (frames(target_bands=["wind_x", "wind_x"]), "options.target_bands", "each once"),
        (NetworkSpecification("conv_lstm", None, ICE), "options.target_bands", "n_frames_in"),
        (classes(), "options.n_classes", "n_classes"),
        (classes(n_classes=1), "options.n_classes", "n_classes"),
        (NetworkSpecification("unet", "resnet50", ICE, options={"depth": 3}), "options.depth", "no options"),
        (replace(frames(), encoder="resnet50"), "encoder", "null"),
        (sensors(sensors={}), "options.sensors", "patch_px"),
        (sensors(sensors=SENSORS | {"relief": []}), "options.sensors.relief", "sensors"),
        (sensors(sensors={"optical": ["red", "nir"]}), "options.sensors", "once each of red, vv, nir"),
        (sensors(sensors=SENSORS | {"relief": ["vv"]}), "options.sensors", "once each"),
        (sensors(sensors=SENSORS | {"relief": ["elevation"]}), "options.sensors", "once each"),
        (sensors(width=18, n_heads=2), "options", "width"),
        (sensors(width=24, n_heads=5), "options", "width"),
        (sensors(patch_px=6), "options", "patch_px"),
        (sensors(patch_px=4, stem_widths=[4, 4, 4, 4]), "options", "stem_widths"),
        (sensors(depth=3), "options.depth", "depth"),
        (sensors(decoder_widths=[8, 8, 8]), "options.decoder_widths", "decoder_widths"),
        (replace(classes(n_classes=3), encoder=None), "encoder", "resnet50"),
        (classes("mit_b2", n_classes=3), "encoder", "timm"),
        (classes("resnet5", n_classes=3), "encoder", "timm"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(specification, field, expected):
    with pytest.raises(ConfigError, match=rf"(?s)field: {field}.*expected: .*{expected}"):
        require_buildable(specification)


@pytest.mark.parametrize("encoder", ["resnet50", "tu-resnet50", "efficientnet-b7", "tu-tf_efficientnet_lite0"])
def test_encoders_of_classifiers_are_named_as_elsewhere(encoder):
    assert require_buildable(classes(encoder, n_classes=3)).kind == "class"


@pytest.fixture
def path(tmp_path):
    content = Checkpoint(frames(), "ab" * 32, build_network(frames(), 1).state_dict(), versions())
    (tmp_path / "m.pth").write_bytes(checkpoint_to_bytes(content))
    return tmp_path / "m.pth"


def test_a_checkpoint_knows_its_options(path):
    require_specification(read_checkpoint(path), frames(), path)
    with pytest.raises(ModelFileError, match="field: options"):
        require_specification(read_checkpoint(path), frames(n_frames_out=3), path)


def test_a_checkpoint_from_before_there_were_options_is_read(path):
    content = torch.load(path, weights_only=True)
    content["record"]["specification"] |= {"architecture": "unet", "encoder": "resnet18"}
    del content["record"]["specification"]["options"]
    torch.save(content, path)
    assert read_checkpoint(path).specification == NetworkSpecification("unet", "resnet18", ICE)


def test_options_are_told_with_the_usual_ones():
    items = dict(described(frames(), build_network(frames(), 1), small.plan()))
    assert (items["kind"], items["encoder"], items["outputs"]) == ("frames", "none", "2 × 1 (ice_concentration)")
    assert items["input"] == "4 × 3 × 512 × 512"
    assert (items["option widths"], items["option kernel_px"]) == ("3", "3")
    assert dict(described(classes(n_classes=3), torch.nn.Identity(), small.plan()))["outputs"] == "3"
    change = NetworkSpecification("siamese", None, ("red",), n_pixels=64)
    items = dict(described(change, torch.nn.Identity(), small.plan()))
    assert (items["input"], items["outputs"]) == ("2 × 1 × 64 × 64", "1")
