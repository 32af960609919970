"""Architectures and fusions: shapes, laws, and what is refused before anything is built."""

import pytest
import torch
from torch.nn import functional

from entropice.errors import ConfigError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import ARCHITECTURES, architecture_named, build_network
from entropice.networks.fusion import FUSIONS, places_of
from entropice.networks.machine import Machine, computing
from entropice.networks.two_encoders import TwoEncoders

BANDS = ("nir", "blue", "green", "red", "ndvi")
SMALL = "tu-test_efficientnet"
ON_ANY_ENCODER = ("unet", "unet_plus_plus", "deeplab_v3_plus", "fpn", "segformer")
OF_THE_EXTRA = [architecture.name for architecture in ARCHITECTURES if architecture.needs]
OPTIONS = {
    "multimodal_vit": {
        "sensors": {"optical": ["blue", "green", "red"], "other": ["nir", "ndvi"]},
        **{"width": 32, "depth": 4, "n_heads": 4, "stem_widths": [8, 16]},
    },
    "conv_lstm": {"n_frames_in": 2, "n_frames_out": 2, "target_bands": ["nir"], "widths": [4]},
}
HERE = [architecture for architecture in ARCHITECTURES if not architecture.needs]


def specification(architecture="unet", encoder=SMALL, **changes):
    return NetworkSpecification(architecture, encoder, **({"bands": BANDS, "n_pixels": 64} | changes))


@pytest.mark.parametrize("architecture", ON_ANY_ENCODER)
@pytest.mark.parametrize("fusion", [fusion.name for fusion in FUSIONS])
def test_bands_in_logits_out(architecture, fusion):
    network = build_network(specification(architecture, fusion=fusion, n_outputs=3), 1).eval()
    with torch.no_grad():
        assert network(torch.randn(2, 5, 64, 96)).shape == (2, 3, 64, 96)


@pytest.mark.parametrize("architecture", HERE, ids=lambda architecture: architecture.name)
def test_declarations_name_fusions_that_are_there(architecture):
    assert {*architecture.fusions} <= {fusion.name for fusion in FUSIONS}
    assert architecture.source.startswith(("doi:", "arXiv:"))
    assert architecture_named(architecture.name) is architecture


@pytest.mark.parametrize("name", [architecture.name for architecture in HERE if architecture.encoder is None])
def test_one_without_an_encoder_to_choose_has_its_own_where_it_is_declared(name):
    network = build_network(specification(name, None, options=OPTIONS.get(name, {})), 1)
    assert ("encoder" in dict(network.named_children())) == architecture_named(name).has_encoder


def test_weights_are_a_pure_function_of_specification_and_seed():
    def weights(seed):
        return build_network(specification(), seed).state_dict()

    before = torch.get_rng_state()
    one, same, other = weights(1), weights(1), weights(2)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(one[name], value) for name, value in same.items())
    assert any(not torch.equal(one[name], value) for name, value in other.items())


def test_concatenated_features_begin_as_summed_ones():
    summed, concatenated = (build_network(specification(fusion=name), 1).eval() for name in ("summed", "concatenated"))
    concatenated.load_state_dict(summed.state_dict(), strict=False)
    inputs = torch.randn(1, 5, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(concatenated(inputs), summed(inputs))


def test_late_fusion_shows_each_encoder_its_bands_in_order():
    class Seen(torch.nn.Module):
        out_channels, output_stride = [3, 2], 2

        def forward(self, inputs):
            self.bands = inputs.mean(dim=(0, 2, 3)).tolist()
            return [inputs, inputs[:, :2]]

    rgb, others = Seen(), Seen()
    two = TwoEncoders(rgb, others, places_of(BANDS), [torch.nn.Identity()])
    features = two(torch.arange(5.0).reshape(1, 5, 1, 1).expand(1, 5, 2, 2))
    assert (rgb.bands, others.bands) == ([3.0, 2.0, 1.0], [0.0, 4.0])
    assert [feature.shape[1] for feature in features] == [3, 4]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"architecture": "unett"}, "did you mean unet"),
        ({"encoder": "resnet81"}, "did you mean resnet"),
        ({"encoder": "tu-no_such"}, "There is no encoder"),
        ({"encoder": None}, r"(?s)on an encoder.*name one, for example tu-tf_efficientnet_lite0"),
        ({"architecture": "siamese"}, r"(?s)on no encoder.*leave it out"),
        ({"encoder": "timm-efficientnet-b0"}, "There is no encoder"),
        ({"architecture": "unet_plus_plus", "encoder": "mit_b0"}, "cannot be built on this encoder"),
        ({"fusion": "latest"}, "There is no fusion"),
        ({"architecture": "sam", "encoder": "tu-samvit_base_patch16", "fusion": "summed"}, "cannot join"),
        ({"bands": ("red", "green", "blue"), "fusion": "summed"}, "at least one more"),
        ({"bands": ("red", "green", "nir"), "fusion": "summed"}, "red, green, blue"),
    ],
)
def test_what_cannot_be_built_is_refused(changes, message):
    with pytest.raises(ConfigError, match=message):
        build_network(specification(**changes), 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bands": ()}, "bands"),
        ({"bands": ("red", "red")}, "bands"),
        ({"bands": ("infra",)}, "bands"),
        ({"n_outputs": 0}, "n_outputs"),
    ],
)
def test_specifications_that_cannot_be_are_refused(changes, field):
    with pytest.raises(ConfigError, match=f"field: {field}"):
        specification(**changes)


@pytest.mark.parametrize("name", OF_THE_EXTRA)
def test_networks_of_the_extra_name_it_and_the_command(name, monkeypatch):
    monkeypatch.setattr("entropice.networks.architecture.find_spec", lambda module: None)
    with pytest.raises(ConfigError, match=r"(?s)extra foundation.*pip install .entropice\[foundation\]"):
        build_network(specification(name, architecture_named(name).encoder), 1)


def loss_of(network, inputs, target):
    torch.manual_seed(0)  # what dropout leaves out is the same before and after
    return functional.binary_cross_entropy_with_logits(network(inputs), target)


@pytest.mark.slow
@pytest.mark.parametrize(
    "architecture", [one for one in ARCHITECTURES if one.kind == "mask"], ids=lambda architecture: architecture.name
)
def test_every_architecture_of_masks_learns_on_its_own_encoder(architecture):
    """A step along the gradient that promises a fall by a thousandth gives about that."""
    if architecture.needs:
        pytest.importorskip(architecture.needs)
    encoder = "tu-tf_efficientnet_lite0" if architecture.name == "unet_plus_plus" else architecture.encoder
    options = OPTIONS.get(architecture.name, {})
    network = build_network(specification(architecture.name, encoder, options=options), 1).train()
    inputs, target = torch.randn(2, len(BANDS), 64, 64), (torch.rand(2, 1, 64, 64) < 0.2).float()
    with computing(Machine()), torch.random.fork_rng():
        before = loss_of(network, inputs, target)
        before.backward()
        gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
        steepness = sum(float((gradient**2).sum()) for gradient in gradients)
        promised = 1e-3 * before.item()
        torch.optim.SGD(network.parameters(), promised / steepness).step()
        after = loss_of(network, inputs, target)
    assert all(parameter.grad is not None for parameter in network.decoder.parameters())
    assert before.item() - after.item() == pytest.approx(promised, rel=0.5)


@pytest.mark.slow
def test_the_published_network_learns_at_its_published_size():
    """UNet++ on EfficientNet-B7, 512 × 512, one tile: the shape test of the size `published`."""
    published = NetworkSpecification("unet_plus_plus", "efficientnet-b7", ("red", "green", "blue"))
    network = build_network(published, 1)
    inputs, target = torch.randn(1, 3, 512, 512), torch.zeros(1, 1, 512, 512)
    optimiser = torch.optim.AdamW(network.parameters(), 1e-4)
    logits = network(inputs)
    assert logits.shape == target.shape
    functional.binary_cross_entropy_with_logits(logits, target).backward()
    optimiser.step()
    assert all(torch.isfinite(value).all() for value in network.state_dict().values())


def test_a_network_that_does_not_see_what_is_unknown_is_given_the_mean():
    specification = NetworkSpecification("unet", "tu-test_resnet", ("red", "green", "blue"), n_pixels=64)
    network = build_network(specification, seed=0).eval()
    inputs = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    gaps = inputs.clone()
    gaps[:, 1, :20] = torch.nan
    with torch.no_grad():
        assert torch.equal(network(gaps), network(gaps.nan_to_num(nan=0.0)))
