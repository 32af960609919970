"""Rates: the published numbers, laws between them, and who learns at which."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_networks import small_network

from entropice.errors import ConfigError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.parameter_groups import branch_of, layer_of, parameter_groups
from entropice.networks.plateaus import Plateau
from entropice.networks.schedules import Schedule, is_frozen, rate_at

PUBLISHED = Schedule(300)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (0, 1e-6),
        (2.5, (1e-6 + 3e-4) / 2),
        (5, 3e-4),
        (9.999, 3e-4),
        (10, 1e-4),
        (155, (1e-4 + 1e-6) / 2),  # half of the way from 10 to 300
        (300, 1e-6),
    ],
)
def test_the_published_schedule(position, expected):
    assert rate_at(PUBLISHED, position) == pytest.approx(expected)


def test_the_cosine_is_torchs():
    schedule = Schedule(20, 1e-2, warmup_epochs=0, frozen_epochs=0)
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-2)
    other = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 20, eta_min=1e-6)
    for epoch in range(20):
        assert rate_at(schedule, epoch) == pytest.approx(other.get_last_lr()[0])
        optimiser.step()
        other.step()


@st.composite
def schedules(draw):
    n_epochs = draw(st.integers(1, 50))
    epochs = st.integers(0, n_epochs)
    return Schedule(n_epochs, draw(st.floats(1e-5, 1e-2)), warmup_epochs=draw(epochs), frozen_epochs=draw(epochs))


@given(schedules(), st.floats(0, 1), st.floats(0, 1))
def test_rates_stay_between_the_lowest_and_the_highest_and_fall_once_both_phases_are_over(schedule, one, other):
    early, late = sorted((one * schedule.n_epochs, other * schedule.n_epochs))
    highest = max(schedule.rate, schedule.frozen_rate)
    assert schedule.lowest_rate * (1 - 1e-9) <= rate_at(schedule, early) <= highest
    if early >= max(schedule.warmup_epochs, schedule.frozen_epochs):
        assert rate_at(schedule, late) <= rate_at(schedule, early)
    assert is_frozen(schedule, early) == (early < schedule.frozen_epochs)
    assert math.isclose(rate_at(schedule, 0.0), schedule.lowest_rate) or schedule.warmup_epochs == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"lowest_rate": 0.0},
        {"lowest_rate": 1e-3},
        {"warmup_epochs": 301},
        {"frozen_epochs": -1},
        {"layer_decay": 0.0},
        {"encoder_share": 1.1},
    ],
)
def test_schedules_that_cannot_be_are_refused(changes):
    with pytest.raises(ConfigError, match=next(iter(changes))):
        Schedule(300, **changes)


def test_the_encoder_learns_at_its_share_and_every_parameter_is_in_one_group():
    network = small_network()
    decoder, encoder = parameter_groups(network, Schedule(10, encoder_share=0.1, warmup_epochs=5))
    assert (decoder.share, encoder.share) == (1.0, 0.1)
    assert all(name.startswith("encoder.") for name in encoder.names)
    assert sorted(decoder.names + encoder.names) == sorted(name for name, _ in network.named_parameters())


def test_rates_fall_layer_by_layer_towards_the_input():
    groups = parameter_groups(small_network(), Schedule(10, encoder_share=0.1, layer_decay=0.5))
    assert [(group.names[0], group.share) for group in groups[1:]] == [
        ("encoder.0.weight", 0.05),
        ("encoder.1.weight", 0.1),
    ]


@pytest.mark.parametrize(
    ("name", "layer", "branch"),
    [
        ("encoder.model.conv_stem.weight", "encoder.model.conv_stem", "encoder."),
        ("encoder.model.blocks.3.0.conv_pw.weight", "encoder.model.blocks.3", "encoder."),
        ("encoder.model.layers_1.blocks.0.norm1.weight", "encoder.model.layers_1", "encoder."),
        ("encoder.rgb.layer2.0.conv1.weight", "encoder.rgb.layer2.0", "encoder.rgb."),
        ("encoder.others._blocks.7._bn0.bias", "encoder.others._blocks.7", "encoder.others."),
        ("encoder.embeddings.sensors.2.stem.0.0.bias", "encoder.embeddings", "encoder."),
        ("encoder.model.encoder_embeddings.untok_dem@224.proj.weight", "encoder.model.encoder_embeddings", "encoder."),
    ],
)
def test_layers_and_branches_of_the_libraries_names(name, layer, branch):
    assert layer_of(name) == layer
    assert branch_of(name) == branch


def test_a_transformer_of_sensors_is_its_embeddings_and_then_layer_by_layer():
    options = {"sensors": {"optical": ["red"], "radar": ["vv"]}, "width": 8, "depth": 4, "n_heads": 2}
    specification = NetworkSpecification("multimodal_vit", None, ("red", "vv"), options=options)
    decoder, *encoder = parameter_groups(
        build_network(specification, 1), Schedule(10, encoder_share=1, layer_decay=0.5)
    )
    assert {name.split(".")[0] for name in decoder.names} == {"neck", "decoder"}
    assert [(name_of(group), group.share) for group in encoder] == [
        ("encoder.embeddings", 1 / 16),
        *((f"encoder.blocks.{number}", 0.5 ** (3 - number)) for number in range(4)),
    ]


def name_of(group):
    """Of the one layer of a group."""
    (layer,) = {layer_of(name) for name in group.names}
    return layer


def test_without_an_encoder_all_learn_at_one_rate():
    assert [group.share for group in parameter_groups(torch.nn.Linear(2, 1), PUBLISHED)] == [1.0]


def test_with_restarts_each_cycle_is_a_schedule_of_its_own():
    """The published 30 + 30 epochs: the second half begins anew, without its frozen epochs."""
    two = Schedule(60, warmup_epochs=5, frozen_epochs=10, restarts=(30,))
    first = Schedule(30, warmup_epochs=5, frozen_epochs=10)
    second = Schedule(30, warmup_epochs=5, frozen_epochs=0)
    for position in (0.0, 2.5, 5.0, 9.9, 10.0, 20.25, 29.75):
        assert rate_at(two, position) == rate_at(first, position)
        assert rate_at(two, 30 + position) == rate_at(second, position)
    assert rate_at(two, 60) == pytest.approx(two.lowest_rate)
    assert not is_frozen(two, 30.0)


def test_the_cosine_with_restarts_is_torchs():
    schedule = Schedule(21, 1e-2, warmup_epochs=0, frozen_epochs=0, restarts=(7, 14))
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-2)
    other = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimiser, 7, eta_min=1e-6)
    for step in range(210):
        other.step(step / 10)
        assert rate_at(schedule, step / 10) == pytest.approx(other.get_last_lr()[0])


@pytest.mark.parametrize("restarts", [(0, 30), (30, 30), (40, 20), (60,), (3,), (30, 57), (8,)])
def test_restarts_without_room_for_their_cycles_are_refused(restarts):
    with pytest.raises(ConfigError, match="restarts"):
        Schedule(60, warmup_epochs=5, frozen_epochs=10, restarts=restarts)


def test_restarts_go_with_a_cosine_alone():
    with pytest.raises(ConfigError, match="restarts, plateau"):
        Schedule(60, restarts=(30,), plateau=Plateau())


def test_a_schedule_without_restarts_is_told_as_before():
    assert "restarts" not in Schedule(60).record()
    assert Schedule(60, restarts=(30,)).record()["restarts"] == [30]
