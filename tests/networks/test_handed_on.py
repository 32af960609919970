"""Networks that are loaded elsewhere, strictly, say the same there."""

import io
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from small_kinds import RGB, SPECIFICATIONS

from entropice.errors import ConfigError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.export import Checkpoint, to_torch_bytes
from entropice.networks.handed_on import handed_on

INPUTS = {"class": (2, 3, 64, 64), "change": (2, 2, 3, 32, 32), "frames": (2, 3, 2, 8, 8), "mask": (2, 3, 16, 24)}
SENSORS = NetworkSpecification(
    "multimodal_vit",
    None,
    ("red", "vv", "vh"),
    options={
        "sensors": {"radar": ["vv", "vh"], "optical": ["red"]},
        **{"patch_px": 8, "width": 8, "depth": 4, "n_heads": 2, "decoder_widths": [8, 8, 4, 4], "stem_widths": [4]},
    },
)
RESNET = NetworkSpecification("classifier", "resnet18", RGB, options={"n_classes": 3, "widths": [8, 6]})


def network_of(specification):
    """A network in which no weight is zero, such as those of a readout that has not learned."""
    network = build_network(specification, 1).eval()
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for value in network.parameters():
            value.add_(0.05 * torch.randn(value.shape, generator=generator))
    return network


def loaded_elsewhere(checkpoint, folder, monkeypatch):
    """What the lines that come with a network make of its file, in a folder with nothing else of ours."""
    handed = handed_on(checkpoint)
    (folder / "weights.pth").write_bytes(to_torch_bytes(handed.content))
    for name, source in handed.modules.items():
        assert "entropice.networks" not in [line.split()[1] for line in source.splitlines() if line[:4] == "from"]
        (folder / name).write_text(source, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name.removesuffix(".py"), raising=False)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    names = {}
    exec(handed.loading("weights.pth"), names)  # noqa: S102 (readers will run it)
    return handed, names["network"].eval()


@pytest.mark.parametrize(
    ("kind", "specification"),
    [
        *SPECIFICATIONS.items(),
        ("class", RESNET),
        ("class", replace(SPECIFICATIONS["class"], encoder="tu-test_efficientnet")),
        ("frames", replace(SPECIFICATIONS["frames"], options=SPECIFICATIONS["frames"].options | {"attention": "none"})),
        ("mask", SENSORS),
    ],
    ids=["timm", "siamese", "attention", "torchvision", "other last layer", "frames", "sensors"],
)
def test_the_lines_load_the_weights_strictly_and_the_network_says_the_same(kind, specification, tmp_path, monkeypatch):
    network = network_of(specification)
    _, other = loaded_elsewhere(Checkpoint(specification, "", network.state_dict(), {}), tmp_path, monkeypatch)
    inputs = torch.randn(INPUTS[kind], generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        ours, theirs = network(inputs), other(inputs)
    torch.testing.assert_close(theirs, ours, rtol=1e-4, atol=1e-5)
    assert ours.std() > 0
    assert type(other).__module__.split(".")[0] != "entropice"


def test_torchvision_is_named_where_it_has_the_encoder_and_timm_elsewhere():
    def imports(specification):
        return handed_on(Checkpoint(specification, "", build_network(specification, 1).state_dict(), {})).imports

    assert imports(RESNET) == "import torch, torchvision"
    assert imports(replace(RESNET, bands=("red",))) == "import torch, timm"


def test_a_sensor_may_be_missing_elsewhere_too(tmp_path, monkeypatch):
    network = network_of(SENSORS)
    _, other = loaded_elsewhere(Checkpoint(SENSORS, "", network.state_dict(), {}), tmp_path, monkeypatch)
    inputs = torch.randn(INPUTS["mask"], generator=torch.Generator().manual_seed(3))
    inputs[:, 1:] = torch.nan
    with torch.no_grad():
        ours, theirs = network(inputs), other(inputs)
    assert ours.isfinite().all()
    torch.testing.assert_close(theirs, ours)


@pytest.mark.parametrize("specification", [SPECIFICATIONS["frames"], SENSORS], ids=["frames", "sensors"])
def test_modules_that_are_handed_on_import_nothing_of_ours(specification, tmp_path):
    handed = handed_on(Checkpoint(specification, "", build_network(specification, 1).state_dict(), {}))
    for name, source in handed.modules.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    said = "import sys; print([name for name in sys.modules if name.startswith('entropice')])"
    code = f"{handed.imports}\n{said}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_equal_networks_are_equal_bytes_in_whatever_order_their_weights_come():
    specification = SPECIFICATIONS["change"]
    weights = build_network(specification, 1).state_dict()
    turned = dict(reversed(weights.items()))
    checkpoints = [Checkpoint(specification, "", each, {}) for each in (weights, turned)]
    one, other = (to_torch_bytes(handed_on(checkpoint).content) for checkpoint in checkpoints)
    assert one == other
    assert "arguments" in torch.load(io.BytesIO(one), weights_only=True)


def test_an_architecture_that_nobody_can_load_elsewhere_is_named():
    with pytest.raises(ConfigError, match="unet") as refused:
        handed_on(Checkpoint(NetworkSpecification("unet", "resnet18", RGB), "", {}, {}))
    assert refused.value.expected == "classifier, siamese, conv_lstm, multimodal_vit"
