"""TerraMind with a stand-in for terratorch, which has what the real one is asked for, and asks the net for nothing."""

import sys
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import pytest
import torch

from entropice.errors import ConfigError, InputFileError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.terramind import MergedTokens, modalities
from entropice.networks.weights import load_encoder_weights

BANDS = ("elevation", "green", "blue", "vh", "vv")
N_LAYERS, WIDTH, PATCH_PX = 8, 8, 16


class Embedding(torch.nn.Module):
    patch_size = (PATCH_PX, PATCH_PX)

    def __init__(self, n_bands):
        super().__init__()
        self.proj = torch.nn.Conv2d(n_bands, WIDTH, PATCH_PX, PATCH_PX, bias=False)


class StandIn(torch.nn.Module):
    """Names of modules as in terratorch; layers are linear."""

    out_channels = (WIDTH,) * N_LAYERS

    def __init__(self, bands):
        super().__init__()
        self.encoder_embeddings = torch.nn.ModuleDict({name: Embedding(len(each)) for name, each in bands.items()})
        self.encoder = torch.nn.ModuleList(torch.nn.Linear(WIDTH, WIDTH) for _ in range(N_LAYERS))
        self.encoder_norm = torch.nn.LayerNorm(WIDTH)

    def forward(self, given):
        tokens = [self.encoder_embeddings[name].proj(each).flatten(2).mT for name, each in given.items()]
        layers, merged = [], torch.stack(tokens).mean(dim=0)
        for layer in self.encoder:
            merged = layer(merged)
            layers.append(merged)
        return [*layers[:-1], self.encoder_norm(layers[-1])]


class Registry:
    asked: ClassVar = {}

    def __contains__(self, name):
        return name in ("terramind_v1_tiny", "prithvi_eo_v2_300")

    def build(self, name, *, bands, **asked):
        Registry.asked = {"name": name, "bands": bands, **asked}
        return StandIn(bands)


@pytest.fixture(autouse=True)
def _terratorch(monkeypatch):
    monkeypatch.setitem(sys.modules, "terratorch", ModuleType("terratorch"))
    monkeypatch.setitem(sys.modules, "terratorch.registry", SimpleNamespace(BACKBONE_REGISTRY=Registry()))
    monkeypatch.setattr("entropice.networks.architecture.find_spec", lambda module: module)


def network(encoder="terramind_v1_tiny", bands=BANDS, **options):
    return build_network(NetworkSpecification("terramind", encoder, bands, options=options), 1).eval()


def test_bands_go_to_their_modality_in_its_own_order():
    assert modalities(BANDS, "S1RTC") == {
        "S2L2A": {"blue": "BLUE", "green": "GREEN"},
        "S1RTC": {"vv": "VV", "vh": "VH"},
        "DEM": {"elevation": "DEM"},
    }
    assert list(modalities(("vh", "green", "blue", "vv"), "S1GRD")["S1GRD"]) == ["vv", "vh"]


def test_it_is_built_without_weights_and_gives_logits_of_the_inputs_size():
    built = network(decoder_widths=[8, 8, 4, 4])
    assert Registry.asked["pretrained"] is False
    assert Registry.asked["bands"] == {"S2L2A": ["BLUE", "GREEN"], "S1GRD": ["VV", "VH"], "DEM": ["DEM"]}
    with torch.no_grad():
        assert built(torch.randn(1, 5, 32, 48)).shape == (1, 1, 32, 48)


def test_layers_are_equally_far_and_tokens_are_where_their_patch_is():
    class Model(torch.nn.Module):
        def forward(self, given):
            sums = given["DEM"].unflatten(-2, (-1, 16)).unflatten(-1, (-1, 16)).mean(dim=(-3, -1))
            return [sums.flatten(2).mT + 100 * number for number in range(N_LAYERS)]

    inputs = torch.arange(6.0).reshape(1, 1, 2, 3).repeat_interleave(16, -1).repeat_interleave(16, -2)
    features, stem = MergedTokens(Model(), {"DEM": [0]}, PATCH_PX)(inputs)
    assert [int(each[0, 0, 0, 0]) for each in features] == [100, 300, 500, 700]
    assert (features[0][0, 0] - 100).tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert stem == []


def test_weights_come_from_a_file(tmp_path):
    built, other = network(), StandIn({"S2L2A": [0, 0], "S1GRD": [0, 0], "DEM": [0]})
    beside = {"decoder.0.weight": torch.zeros(1)}
    torch.save(other.state_dict() | beside, tmp_path / "TerraMind.pt")
    load_encoder_weights(built, "terramind_v1_tiny", BANDS, tmp_path / "TerraMind.pt")
    for name, value in built.encoder.model.state_dict().items():
        assert torch.equal(value, other.state_dict()[name])
    torch.save(StandIn({"S2L2A": [0]}).state_dict(), tmp_path / "other.pt")
    with pytest.raises(InputFileError, match="another encoder"):
        load_encoder_weights(built, "terramind_v1_tiny", BANDS, tmp_path / "other.pt")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"encoder": "terramind_v9"}, "no such encoder"),
        ({"encoder": "prithvi_eo_v2_300"}, "no such encoder"),
        ({"bands": ("red", "ndvi")}, "not seen the bands ndvi"),
        ({"radar": "S1"}, "options"),
    ],
)
def test_what_terramind_cannot_be_is_refused(changes, message):
    with pytest.raises(ConfigError, match=message):
        network(**changes)
