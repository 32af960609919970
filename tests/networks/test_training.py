"""Training: resumed anywhere it is the unbroken run to the last bit; several processes are one; it learns."""

import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import small_networks as small
import torch

from entropice.errors import ConfigError, RunStateError
from entropice.networks.log import EarlyStopping
from entropice.networks.losses import cross_entropy
from entropice.networks.machine import Machine
from entropice.networks.objective import mask_objective
from entropice.networks.schedules import Schedule
from entropice.networks.state import state_from_files, state_to_files
from entropice.networks.training import carry_out

MACHINE = Machine()


def carried_out(plan=None, machine=MACHINE, state=None, network=None, **changes):
    arguments = {"objective": small.OBJECTIVE, "loader": small.DrawnSamples(), "validate": small.validate} | changes
    network = small.small_network() if network is None else network
    return carry_out(plan or small.plan(), network, machine=machine, state=state, **arguments)


def states(**arguments):
    return [training.state() for training in carried_out(**arguments)]


def last_files(**arguments):
    *_, last = carried_out(**arguments)
    return state_to_files(last.state())


@pytest.fixture(scope="module")
def unbroken():
    return states()


@pytest.mark.parametrize("n_workers", [0, 2])
@pytest.mark.parametrize("norm", ["group", "batch"])
def test_resumed_after_any_step_it_ends_with_the_same_bytes(norm, n_workers):
    whole = states(network=small.small_network(norm))
    end, machine = state_to_files(whole[-1]), Machine(n_workers=n_workers)
    for state in whole[:-1] if n_workers == 0 else whole[2:7:4]:
        read = state_from_files(state_to_files(state), "state")
        torch.rand(3)  # the global generator stands elsewhere in the resumed process
        assert last_files(state=read, machine=machine, network=small.small_network(norm)) == end


def test_the_global_generator_is_left_as_it_was():
    before = torch.get_rng_state()
    last_files(machine=Machine(n_workers=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_torch_is_set_as_before_between_steps():
    n_threads = torch.get_num_threads()
    for _ in islice(carried_out(machine=Machine(n_threads=n_threads + 1)), 2):
        assert torch.get_num_threads() == n_threads
        assert not torch.are_deterministic_algorithms_enabled()


def test_dropout_draws_anew_at_every_step_and_follows_the_seed(unbroken):
    assert last_files(plan=replace(small.plan(), seed=6)) != state_to_files(unbroken[-1])
    without = states(network=small.small_network(dropout=0.0))
    assert without[0].sums["loss"] != unbroken[0].sums["loss"]


def test_no_two_parts_leave_the_same_out():
    class Recorded(small.SmallNetwork):
        def forward(self, inputs):
            if self.training:
                masks.append(tuple(torch.nn.functional.dropout(torch.ones(64)).tolist()))
            return super().forward(inputs)

    masks = []
    *_, last = carried_out(plan=small.plan(2, n_parts=2), network=Recorded())
    assert len(masks) == len(set(masks)) == 2 * last.n_steps


def test_a_finished_state_has_no_further_step(unbroken):
    assert states(state=unbroken[-1]) == []
    assert [row["epoch"] for row in unbroken[-1].rows] == [1, 2, 3]
    assert unbroken[-1].rows[0]["train_loss"] == pytest.approx(unbroken[2].sums["loss"] / 3, rel=0.3)
    assert [len(small.batches(epoch)) for epoch in range(3)] == [4, 5, 4]
    assert [(state.epoch, state.step) for state in unbroken[:6]] == [(0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2)]


def test_a_frozen_encoder_keeps_weights_and_running_statistics_and_then_learns():
    first = small.small_network("batch").state_dict()
    whole = states(network=small.small_network("batch"))
    for name, value in first.items():
        if name.startswith("encoder."):
            assert torch.equal(whole[3].weights[name], value)
        else:
            assert not torch.equal(whole[3].weights[name], value)
    assert not any(name.startswith("encoder.") for name in whole[3].moments)
    assert not torch.equal(whole[-1].weights["encoder.0.weight"], first["encoder.0.weight"])


def test_it_learns_what_can_be_seen():
    schedule = Schedule(20, 3e-2, warmup_epochs=1, frozen_epochs=0, encoder_share=1.0)
    *_, last = carried_out(plan=small.plan(schedule=schedule), network=small.small_network(dropout=0.0))
    assert last.rows[-1]["val_loss"] < 0.5 * last.rows[0]["val_loss"]
    assert last.rows[-1]["train_iou_square"] > 0.5


def test_two_steps_are_those_of_torch_alone(monkeypatch):
    """AdamW, the clipped gradient of the mean loss of two parts, and the average, worked without this package."""
    network, samples = small.small_network(dropout=0.0), small.DrawnSamples()
    schedule = Schedule(3, 1e-2, lowest_rate=1e-3, warmup_epochs=1, frozen_epochs=0, encoder_share=0.5)
    plan = small.plan(schedule=schedule, n_parts=2, clip_norm=0.01)
    average, norms = {name: value.clone() for name, value in network.state_dict().items()}, []
    clip = torch.nn.utils.clip_grad_norm_
    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", lambda *given: norms.append(clip(*given).item()))
    *_, state = (training.state() for training in islice(carried_out(plan=plan, network=network), 2))

    other = small.small_network(dropout=0.0)
    optimiser = torch.optim.AdamW([{"params": other.decoder.parameters()}, {"params": other.encoder.parameters()}])
    for step, rate in enumerate((1e-3, 1e-3 + 9e-3 / 4)):
        optimiser.param_groups[0]["lr"], optimiser.param_groups[1]["lr"] = rate, rate / 2
        keys = small.batches(0)[step]
        loss = sum(mean_loss(other, *samples.load(part, 0)) / 2 for part in (keys[:2], keys[2:]))
        optimiser.zero_grad()
        loss.backward()
        assert norms[step] == pytest.approx(clip(other.parameters(), 0.01).item(), rel=1e-5)
        optimiser.step()
        decay = (2 + step) / (11 + step)
        average = {name: decay * average[name] + (1 - decay) * value for name, value in other.state_dict().items()}
    for name, value in other.state_dict().items():
        torch.testing.assert_close(state.weights[name], value, rtol=0, atol=1e-6)
        torch.testing.assert_close(state.average[name], average[name], rtol=0, atol=1e-6)


def mean_loss(network, inputs, target, scored):
    logits, truth = network(torch.as_tensor(inputs))[:, 0], torch.as_tensor(target).float()
    raw = torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    return raw[torch.as_tensor(scored)].mean()


def test_early_stopping_ends_it_and_is_remembered():
    plan = small.plan(8, stopping=EarlyStopping("val_loss", patience=2, min_delta=10.0, bigger_is_better=False))
    whole = states(plan=plan)
    assert [row["epoch"] for row in whole[-1].rows] == [1, 2, 3]
    assert states(plan=plan, state=whole[-1]) == []


def test_validation_comes_every_few_epochs_and_at_the_end():
    rows = states(plan=small.plan(5, validated_every=2))[-1].rows
    assert ["val_loss" in row for row in rows] == [False, True, False, True, True]


def test_bf16_computes_otherwise_and_keeps_weights_in_float32(unbroken):
    state = next(carried_out(machine=Machine(precision="bf16"))).state()
    assert {value.dtype for value in state.weights.values()} == {torch.float32}
    assert state.sums["loss"] == pytest.approx(unbroken[0].sums["loss"], rel=0.02)
    assert state.sums["loss"] != unbroken[0].sums["loss"]


@pytest.mark.parametrize(
    ("plan", "machine", "field"),
    [
        (small.plan(), Machine(n_threads=2), "n_threads"),
        (small.plan(), Machine(is_deterministic=False), "is_deterministic"),
        (small.plan(weight_decay=0.1), MACHINE, "weight_decay"),
        (small.plan(4), MACHINE, "schedule"),
    ],
)
def test_what_was_begun_otherwise_is_not_continued(unbroken, plan, machine, field):
    with pytest.raises(RunStateError, match=field):
        next(carried_out(plan=plan, machine=machine, state=unbroken[2]))


def test_workers_are_no_part_of_the_record(unbroken):
    assert next(carried_out(machine=Machine(n_workers=1), state=unbroken[2])).state() is not None


def test_a_measure_that_validation_does_not_give_is_named():
    with pytest.raises(ConfigError, match="did you mean val_loss"):
        states(plan=small.plan(stopping=EarlyStopping("val_los")))


def test_a_batch_that_cannot_be_cut_is_refused_before_a_step():
    with pytest.raises(ConfigError, match="3 equal parts"):
        next(carried_out(plan=small.plan(n_parts=3)))


def test_a_loss_that_is_not_finite_ends_it():
    def broken(logits, target, scored):
        return cross_entropy(logits, target, scored) * math.inf

    with pytest.raises(RunStateError, match="epoch 1, step 1"):
        next(carried_out(objective=mask_objective(broken, "square")))


@pytest.mark.parametrize("n_workers", [0, 1])
def test_an_error_of_a_loader_reaches_the_caller_with_all_it_says(n_workers):
    class Absent(small.DrawnSamples):
        def load(self, keys, epoch):
            raise RunStateError("no such tile", field=keys[0], fix="make it")

    with pytest.raises(RunStateError, match="no such tile") as caught:
        next(carried_out(loader=Absent(), machine=Machine(n_workers=n_workers)))
    assert caught.value.fix == "make it"


def test_logits_of_validation_are_those_of_the_averaged_weights():
    seen = []

    def validate(predict, epoch):
        seen.append(predict(np.ones((3, 2, 8, 8), np.float32)))
        return {"val_loss": 0.0}

    network = small.small_network()
    state = states(network=network, validate=validate)[-1]
    network.load_state_dict(dict(state.average))
    with torch.no_grad():
        expected = network.eval()(torch.ones(3, 2, 8, 8)).numpy()
    assert seen[-1] == pytest.approx(expected, abs=1e-6)
