"""Files of the published Arctic ice pipeline, read by torch and torchvision alone."""

import io
from dataclasses import asdict

import pytest
import torch
from torch import nn

from entropice.exports.ice_pipeline import PUBLISHED, ModelFacts, models_readme, published_content, published_network
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.export import to_torch_bytes
from entropice.networks.torchvision_shim import make_importable

make_importable()
import torchvision  # noqa: E402

RGB = ("red", "green", "blue")
CLASSES = ["open_water", "thin_ice", "thick_ice"]
FACTS = {"class_names": CLASSES, "mean": [0.2, 0.3, 0.4], "std": [0.1, 0.1, 0.1]}
SPECIFICATIONS = {
    "class": NetworkSpecification("classifier", "resnet50", RGB, options={"n_classes": 3}),
    "frames": NetworkSpecification(
        "conv_lstm", None, ("ice_concentration",), options={"target_bands": ["ice_concentration"], "widths": [4, 4]}
    ),
    "change": NetworkSpecification("siamese", None, RGB, options={"widths": [4, 6]}),
}


def published(kind):
    """The network, and its file's content as torch reads it without running anything."""
    network = build_network(SPECIFICATIONS[kind], 1).eval()
    plain = asdict(SPECIFICATIONS[kind]) | {"bands": list(SPECIFICATIONS[kind].bands)}
    content = published_content(kind, network.state_dict(), plain, FACTS)
    return network, torch.load(io.BytesIO(to_torch_bytes(content)), weights_only=True)


def test_torchvision_loads_the_classifier_strictly_and_says_the_same():
    network, content = published("class")
    other = torchvision.models.resnet50()
    other.fc = nn.Sequential(
        *(nn.Linear(2048, 512), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, len(content["class_names"]))),
    )
    other.load_state_dict(content["model_state_dict"], strict=True)
    inputs = torch.randn(1, 3, 96, 96)
    with torch.no_grad():
        torch.testing.assert_close(other.eval()(inputs), network(inputs), rtol=1e-4, atol=1e-5)
    assert content["class_names"] == CLASSES


@pytest.mark.parametrize("kind", ["frames", "change"])
def test_others_hold_their_weights_and_what_they_are_of(kind):
    network, content = published(kind)
    assert content["model_state_dict"].keys() == network.state_dict().keys()
    assert all(torch.equal(content["model_state_dict"][name], value) for name, value in network.state_dict().items())
    assert content["specification"]["options"] == SPECIFICATIONS[kind].options
    assert content["mean"] == FACTS["mean"]


def test_files_have_the_published_names():
    assert [network.file() for network in PUBLISHED] == [
        "ice_classifier_resnet50.pth",
        "ice_movement_lstm.pth",
        "change_detector.pth",
    ]
    assert published_network("class").file("tu-tf_efficientnet_lite0") == "ice_classifier_tf_efficientnet_lite0.pth"
    assert published_network("frames").curves() == "ice_movement_lstm_training_curves.png"


def test_the_readme_says_how_each_is_loaded_and_what_it_is_worth():
    models = [
        ModelFacts("class", "Ice types", "resnet50", "RGB", "3 logits", [("accuracy", "80-85 %", "91 %")], ["clouds"]),
        ModelFacts("change", "Ice change", None, "two RGB", "1 logit", [("precision", "80 %", "70 %")], ["land"]),
    ]
    text = models_readme(models)
    for part in (
        "ice_classifier_resnet50.pth",
        "change_detector.pth",
        "weights_only=True",
        "| accuracy | 80-85 % | 91 % |",
    ):
        assert part in text


def test_what_the_readme_says_loads_the_classifier(tmp_path, monkeypatch):
    network = build_network(SPECIFICATIONS["class"], 1)
    content = published_content("class", network.state_dict(), {}, FACTS)
    (tmp_path / "ice_classifier_resnet50.pth").write_bytes(to_torch_bytes(content))
    monkeypatch.chdir(tmp_path)
    names = {"torch": torch, "torchvision": torchvision}
    exec(published_network("class").loading("resnet50"), names)  # noqa: S102 (readers will run it)
    assert torch.equal(names["network"].fc[5].weight, network.head[5].weight)
    assert "torchvision" not in published_network("class").loading("tu-tf_efficientnet_lite0")
