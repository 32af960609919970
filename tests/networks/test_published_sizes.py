"""One optimiser step of each network of the size `published`: shapes fit, and all that learns moves."""

import pytest
import torch

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.describe import count_parameters
from entropice.networks.log import EarlyStopping
from entropice.networks.loss_registry import LossTerm, loss_of
from entropice.networks.losses import cross_entropy
from entropice.networks.machine import Machine, computing
from entropice.networks.objective import class_objective, frames_objective, mask_objective
from entropice.networks.plan import Plan
from entropice.networks.plateaus import Plateau
from entropice.networks.schedules import Schedule
from entropice.networks.training_steps import Training

RGB = ("red", "green", "blue")
TYPES = NetworkSpecification("classifier", "resnet50", RGB, n_pixels=256, options={"n_classes": 3})
MOTION = NetworkSpecification(
    "conv_lstm", None, ("ice_concentration",), options={"target_bands": ["ice_concentration"], "recomputed_every": 6}
)
CHANGE = NetworkSpecification("siamese", None, RGB)
OPTICAL = ("coastal", "blue", "green", "red", "red_edge", "red_edge_2", "red_edge_3")
OPTICAL += ("nir", "nir_narrow", "water_vapour", "swir_1", "swir_2")
SENSORS = {"optical": OPTICAL, "radar": ("vv", "vh"), "relief": ("elevation",)}
LAKES = NetworkSpecification(
    "multimodal_vit", None, (*OPTICAL, "vv", "vh", "elevation"), n_pixels=224, options={"sensors": SENSORS}
)
CHARTS = NetworkSpecification("unet", "tu-tf_efficientnet_lite0", RGB, n_pixels=256)


def after_a_step(specification, objective, parts, **rules):
    """A network before and after a step of Adam at the published rate."""
    network = build_network(specification, 1)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    schedule = Schedule(20, 1e-3, warmup_epochs=0, frozen_epochs=0, encoder_share=1.0, plateau=Plateau(), **rules)
    plan = Plan(lambda _: [], schedule, 1, EarlyStopping("m"), n_parts=len(parts), weight_decay=0.0, clip_norm=1.0)
    training = Training(plan, network, objective, Machine())
    with computing(training.machine):
        training.advance(parts, 1)
    assert all(torch.isfinite(value).all() for value in network.state_dict().values())
    return {name: not torch.equal(before[name], parameter) for name, parameter in network.named_parameters()}


def everywhere(shape):
    return torch.ones(shape, dtype=torch.bool)


@pytest.mark.slow
def test_ice_types():
    """ResNet50, 256 × 256, a batch of 32 in 4 parts; the last 30 modules of the encoder and the head learn."""
    objective = class_objective(loss_of([LossTerm("class_cross_entropy")], "class", {"n_of_class": [30, 20, 20]}))
    parts = [(torch.randn(8, 3, 256, 256), torch.arange(8) % 3, everywhere(8)) for _ in range(4)]
    moved = after_a_step(TYPES, objective, parts, n_trainable_modules=30)
    # timm's residual branches begin at 0: their normalisations are the first that move
    assert all(moved[name] for name in ("encoder.layer3.4.bn3.weight", "encoder.layer4.2.bn3.weight"))
    assert not any(
        moved[name] for name in moved if name.startswith(("encoder.conv1", "encoder.layer1", "encoder.layer2"))
    )
    assert moved["head.0.weight"]


@pytest.mark.slow
def test_ice_motion():
    """Two layers of 32, 256 × 256, 30 days to 7, one sequence. At first the readout, which is 0, moves alone."""
    objective = frames_objective(loss_of([LossTerm("mean_squared_error")], "frames"), 7)
    parts = [(torch.randn(1, 30, 1, 256, 256), torch.randn(1, 7, 1, 256, 256), everywhere((1, 7, 1, 256, 256)))]
    moved = after_a_step(MOTION, objective, parts)
    assert moved["readout.weight"]


@pytest.mark.slow
def test_ice_change():
    """Four shared blocks and three convolutions, 256 × 256, a batch of 8."""
    parts = [(torch.randn(8, 2, 3, 256, 256), torch.rand(8, 256, 256) < 0.2, everywhere((8, 256, 256)))]
    moved = after_a_step(CHANGE, mask_objective(cross_entropy, "change"), parts)
    assert all(moved[name] for name in moved if name.endswith("weight"))


@pytest.mark.slow
def test_ice_charts():
    """A U-Net, 256 × 256, a batch of 8."""
    parts = [(torch.randn(8, 3, 256, 256), torch.rand(8, 256, 256) < 0.2, everywhere((8, 256, 256)))]
    moved = after_a_step(CHARTS, mask_objective(cross_entropy, "ice"), parts)
    assert all(moved[name] for name in moved if name.endswith("weight"))


def test_the_encoder_of_lakes_has_a_third_of_the_parameters_that_are_said_of_it():
    """24 layers of 1024 and the embeddings of three sensors: 310 million; the card says 1.1 billion."""
    with torch.device("meta"):
        n = count_parameters(build_network(LAKES, 1))
    # of a layer: attention 4 (w² + w), perceptron 8 w² + 5 w, two norms of 2 w
    assert 24 * (12 * 1024**2 + 13 * 1024) == 302_309_376
    assert (n.encoder, n.total) == (310_180_864, 318_670_273)


@pytest.mark.slow
def test_lakes():
    """A transformer of 24 × 1024 with UPerNet 256-128-64-32, three sensors of 15 bands, 224 × 224, one chip.

    On one thread 25 CPU s with imports, and 8.2 GB at most, of which weights, their average, gradients, AdamW's moments
    and the copy of the weights that is compared are 7.6.
    """
    objective = mask_objective(loss_of([LossTerm("cross_entropy")], "mask"), "lake")
    parts = [(torch.randn(1, 15, 224, 224), torch.rand(1, 224, 224) < 0.05, everywhere((1, 224, 224)))]
    moved = after_a_step(LAKES, objective, parts)
    assert all(moved[name] for name in moved if name.endswith("weight"))
