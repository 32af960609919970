"""Plans and machines: what they say, and what cannot be carried out."""

import json
import os
from dataclasses import replace

import pytest
import small_networks as small
import torch
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.networks.log import EarlyStopping
from entropice.networks.machine import Machine, best_precision, computing, device_named
from entropice.networks.schedules import Schedule


def test_a_plan_is_told_item_by_item():
    items = dict(small.plan(3, n_parts=2).items())
    assert items["steps"] == "13, from 4 to 5 an epoch"
    assert items["encoder frozen"] == "1 epochs, others at 0.02"
    assert items["early stopping"] == "20 epochs without 0.001 more val_loss"


@given(st.integers(1, 5), st.integers(1, 6))
def test_parts_are_equal_and_together_the_batch(n_parts, size):
    keys = [f"k{number}" for number in range(n_parts * size)]
    parts = small.plan(n_parts=n_parts).parts(keys)
    assert [key for part in parts for key in part] == keys
    assert {len(part) for part in parts} == {size}
    assert len(parts) == n_parts


@pytest.mark.parametrize("steps", [[], [[]], [["a", "b"], ["c"]]], ids=["no batch", "an empty one", "an odd one"])
def test_batches_that_cannot_be_cut_are_refused(steps):
    with pytest.raises(ConfigError, match="Epoch 4"):
        replace(small.plan(n_parts=2), batches=lambda epoch: steps).steps(3)


def test_records_are_plain_values_and_tell_all_that_decides_bits():
    record = small.plan().record() | Machine(n_workers=2).record()
    assert json.loads(json.dumps(record)) == record
    assert {"seed", "schedule", "average_decay", "n_threads", "precision", "torch_version"} <= {*record}
    assert "n_workers" not in record


@pytest.mark.parametrize(("every", "expected"), [(1, [0, 1, 2, 3, 4]), (2, [1, 3, 4]), (9, [4])])
def test_epochs_that_end_with_a_validation(every, expected):
    plan = small.plan(schedule=Schedule(5, warmup_epochs=0, frozen_epochs=0), validated_every=every)
    assert [epoch for epoch in range(5) if plan.is_validated(epoch)] == expected


def test_epochs_of_a_soup_end_with_a_validation():
    plan = small.plan(6, validated_every=4, soup_epochs=(2, 5))
    assert [epoch + 1 for epoch in range(6) if plan.is_validated(epoch)] == [2, 4, 5, 6]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"precision": "fp8"}, "precision"), ({"precision": "fp16"}, "fp16 needs a GPU"), ({"n_threads": 0}, "n_threads")],
)
def test_machines_that_cannot_be_are_refused(changes, field):
    with pytest.raises(ConfigError, match=field):
        Machine(**changes)


@pytest.mark.parametrize("has_gpu", [True, False])
def test_a_device_is_chosen_where_it_is_left_open(monkeypatch, has_gpu):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_gpu)
    assert device_named("auto") == ("cuda" if has_gpu else "cpu")
    assert device_named("cuda:1") == "cuda:1"


def test_a_processor_computes_in_fp32_and_casts_nothing():
    assert best_precision("cpu") == "fp32"
    values = torch.randn(4, 4)
    with Machine().casting:
        assert torch.equal(values @ values, torch.mm(values, values))
        assert (values @ values).dtype == torch.float32
    with Machine(precision="bf16").casting:
        assert (values @ values).dtype == torch.bfloat16


def test_a_deterministic_machine_tells_the_gpus_library_so(monkeypatch):
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    with computing(Machine(is_deterministic=False)):
        assert "CUBLAS_WORKSPACE_CONFIG" not in os.environ
    with computing(Machine()):
        assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"


@pytest.mark.parametrize("is_deterministic", [True, False])
def test_torch_computes_as_the_machine_says_and_is_set_back_after_an_error(is_deterministic):
    before = torch.backends.cudnn.benchmark, torch.get_num_threads()

    def broken():
        assert torch.are_deterministic_algorithms_enabled() == is_deterministic
        assert torch.backends.cudnn.benchmark == (not is_deterministic)
        assert torch.get_num_threads() == 3
        raise KeyError

    with pytest.raises(KeyError), computing(Machine(n_threads=3, is_deterministic=is_deterministic)):
        broken()
    assert (torch.backends.cudnn.benchmark, torch.get_num_threads()) == before
    assert not torch.are_deterministic_algorithms_enabled()


def rows(*values):
    return [{"epoch": number, "val_loss": value} for number, value in enumerate(values, 1)]


IMPATIENT = EarlyStopping("val_loss", patience=2, min_delta=0.01, bigger_is_better=False)


def test_patience_begins_anew_at_the_last_restart():
    schedule = Schedule(9, warmup_epochs=0, frozen_epochs=0, restarts=(3, 5))
    plan, without = (small.plan(schedule=one, stopping=IMPATIENT) for one in (schedule, replace(schedule, restarts=())))
    # the best epoch is the first; after the restart the loss falls from .9 on, and then no more
    values = (0.1, 0.5, 0.5, 0.5, 0.5, 0.9, 0.8, 0.8, 0.8)
    assert [plan.is_ended(rows(*values[:n])) for n in range(1, 10)] == [False] * 8 + [True]
    assert [without.is_ended(rows(*values[:n])) for n in range(1, 4)] == [False, False, True]


def test_no_epoch_of_a_soup_is_left_out_by_an_early_end():
    plan = small.plan(9, stopping=IMPATIENT, soup_epochs=(2, 6))
    values = (0.1, *[0.5] * 8)
    assert [plan.is_ended(rows(*values[:n])) for n in range(1, 8)] == [False] * 5 + [True] * 2


@given(st.sets(st.integers(1, 40), max_size=5), st.integers(0, 40))
def test_epochs_of_a_soup_are_kept_beside_the_usual_ones_from_when_they_are_made_on(soup, n):
    values = [abs(epoch - 17) / 40 for epoch in range(1, n + 1)]
    usual, kept = (
        small.plan(40, soup_epochs=epochs).kept_epochs(rows(*values)) for epochs in ((), tuple(sorted(soup)))
    )
    assert kept == usual | {epoch for epoch in soup if epoch <= n}


@pytest.mark.parametrize("soup", [(0, 1), (2, 2), (3, 1), (4,)])
def test_epochs_of_a_soup_are_epochs_of_the_plan(soup):
    with pytest.raises(ConfigError, match="soup_epochs"):
        small.plan(3, soup_epochs=soup)


def test_restarts_and_soups_are_told_where_there_are_any():
    schedule = Schedule(6, warmup_epochs=0, frozen_epochs=0, restarts=(3,))
    items = dict(small.plan(schedule=schedule, soup_epochs=(4, 6)).items())
    assert items["warm-up and cosine anew after epochs"] == "3"
    assert items["handed on is the mean of epochs"] == "4, 6"
    assert len(items) == len(dict(small.plan().items())) + 2
    record = small.plan(schedule=schedule, soup_epochs=(4, 6)).record()
    assert json.loads(json.dumps(record)) == record
    assert "soup_epochs" not in small.plan().record()
