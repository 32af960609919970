"""Rates that fall at plateaus: torch's, without its state; and modules that never learn."""

import math
from dataclasses import replace

import pytest
import small_networks as small
import torch
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.networks.describe import count_parameters
from entropice.networks.libraries import timm
from entropice.networks.log import EarlyStopping
from entropice.networks.machine import Machine
from entropice.networks.parameter_groups import fixed_modules
from entropice.networks.plateaus import Plateau, n_falls
from entropice.networks.schedules import Schedule, rate_at
from entropice.networks.state import state_from_files, state_to_files
from entropice.networks.training import carry_out

VALUES = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.5, 0.8]), min_size=1, max_size=30)


@given(VALUES, st.sampled_from([0.5, 0.1]), st.integers(0, 4), st.sampled_from([0.0, 0.15]), st.booleans())
def test_rates_are_those_of_torch(values, factor, patience, min_delta, bigger_is_better):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    other = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser,
        "max" if bigger_is_better else "min",
        factor=factor,
        patience=patience,
        threshold=min_delta,
        threshold_mode="abs",
        min_lr=1e-3,
        eps=0.0,
    )
    plateau, stopping = Plateau(factor, patience), EarlyStopping("m", 99, min_delta, bigger_is_better)
    schedule = Schedule(99, 1.0, 1e-3, warmup_epochs=0, frozen_epochs=0, plateau=plateau)
    rows = []
    for epoch, value in enumerate(values, 1):
        other.step(value)
        rows.append({"epoch": epoch, "m": value})
        assert rate_at(schedule, epoch, n_falls(rows, stopping, plateau)) == pytest.approx(other.get_last_lr()[0])


def test_epochs_without_a_validation_are_passed_over():
    rows = [{"epoch": 1, "m": 0.5}, {"epoch": 2}, {"epoch": 3, "m": math.nan}, {"epoch": 4, "m": 0.5}]
    assert n_falls(rows, EarlyStopping("m"), Plateau(0.5, 1)) == 0
    assert n_falls(rows, EarlyStopping("m"), Plateau(0.5, 0)) == 1


@pytest.mark.parametrize(("factor", "patience"), [(0.0, 1), (1.0, 1), (0.5, -1)])
def test_plateaus_that_cannot_be_are_refused(factor, patience):
    with pytest.raises(ConfigError, match="plateau"):
        Plateau(factor, patience)


SCHEDULE = Schedule(4, 1e-2, 1e-4, warmup_epochs=0, frozen_epochs=0, plateau=Plateau(0.1, 0), n_trainable_modules=1)
PLAN = small.plan(schedule=SCHEDULE, weight_decay=0.0, stopping=EarlyStopping("never", 9, 0.0))


def flat(_predict, epoch):
    return {"never": -epoch}


def states(state=None, plan=PLAN):
    network = small.small_network("batch")
    arguments = plan, network, small.OBJECTIVE, small.DrawnSamples(), flat, Machine(), state
    return [training.state() for training in carry_out(*arguments)]


@pytest.fixture(scope="module")
def unbroken():
    return states()


def test_resumed_after_any_step_the_rate_is_the_same(unbroken):
    end = state_to_files(unbroken[-1])
    for state in unbroken[2:-1:3]:
        assert state_to_files(states(state_from_files(state_to_files(state), "state"))[-1]) == end


def test_the_rate_falls_by_the_log(unbroken):
    """A second epoch at a tenth of the rate, and another plan without plateaus goes another way."""
    other = states(plan=replace(PLAN, schedule=replace(SCHEDULE, plateau=Plateau(0.1, 3))))
    assert state_to_files(other[3])["weights.safetensors"] == state_to_files(unbroken[3])["weights.safetensors"]
    moved, freely = (
        (run[-1].weights["decoder.0.weight"] - run[8].weights["decoder.0.weight"]).abs().mean()
        for run in (unbroken, other)
    )
    assert moved < 0.2 * freely


def test_what_never_learns_keeps_weights_and_running_statistics(unbroken):
    first, last = small.small_network("batch").state_dict(), unbroken[-1].weights
    for name in ("encoder.0.weight", "encoder.0.bias"):
        assert torch.equal(first[name], last[name])
        assert f"{name}/step" not in unbroken[-1].moments
    assert not torch.equal(first["encoder.1.weight"], last["encoder.1.weight"])
    none = states(plan=replace(PLAN, schedule=replace(SCHEDULE, n_trainable_modules=0)))[-1].weights
    assert all(torch.equal(first[name], none[name]) for name in first if name.startswith("encoder."))
    assert not torch.equal(first["encoder.1.running_mean"], last["encoder.1.running_mean"])


def test_the_last_thirty_of_resnet50():
    """From the second convolution of the fifth block of the third stage on all learns."""
    with torch.device("meta"):
        network = torch.nn.Module()
        network.encoder = timm.create_model("resnet50", pretrained=False, num_classes=0)
    fixed, modules = fixed_modules(network, 30), dict(network.named_modules())
    with_parameters = [name for name, module in modules.items() if [*module.parameters(recurse=False)]]
    assert len(with_parameters) - len(fixed) == 30
    assert with_parameters[-30:][0] == "encoder.layer3.4.conv2"
    counted = count_parameters(network, 30)
    assert counted.trainable == sum(
        parameter.numel() for name in with_parameters[-30:] for parameter in modules[name].parameters(recurse=False)
    )
    assert fixed_modules(network, None) == frozenset()
    assert fixed_modules(network, 500) == frozenset()


@pytest.mark.parametrize("changes", [{"frozen_epochs": 1}, {"n_trainable_modules": 3}])
def test_a_network_without_an_encoder_cannot_keep_it(changes):
    schedule = replace(Schedule(4, warmup_epochs=0, frozen_epochs=0), **changes)
    arguments = small.OBJECTIVE, small.DrawnSamples(), flat, Machine()
    with pytest.raises(ConfigError, match="without an encoder"):
        next(carry_out(small.plan(schedule=schedule), torch.nn.Conv2d(2, 1, 1), *arguments))


def test_without_weight_decay_the_optimiser_is_adam():
    network, other = (small.small_network(dropout=0.0) for _ in range(2))
    schedule = Schedule(1, 1e-2, warmup_epochs=0, frozen_epochs=0, encoder_share=1.0, plateau=Plateau())
    plan = small.plan(schedule=schedule, weight_decay=0.0, clip_norm=1e9, stopping=EarlyStopping("never"))
    *_, last = carry_out(plan, network, small.OBJECTIVE, small.DrawnSamples(), flat, Machine())
    optimiser = torch.optim.Adam(other.parameters(), 1e-2)
    for keys in small.batches(0):
        inputs, target, scored = (torch.as_tensor(part) for part in small.DrawnSamples().load(keys, 0))
        optimiser.zero_grad()
        small.OBJECTIVE.loss(other(inputs), target, scored).backward()
        optimiser.step()
    for name, value in other.state_dict().items():
        torch.testing.assert_close(last.state().weights[name], value, rtol=0, atol=1e-6)
