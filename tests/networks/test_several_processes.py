"""Two processes with a part of each batch are one process with both."""

import os
import subprocess
import sys

import pytest
import shared_training
import torch
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.networks import several_processes
from entropice.networks.several_processes import add_up, own_parts, told_by_first
from entropice.networks.state import state_from_files

N_PROCESSES = 2


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    environment = os.environ | {"GLOO_SOCKET_IFNAME": "lo0" if sys.platform == "darwin" else "lo"}
    processes = [
        subprocess.Popen(
            [sys.executable, shared_training.__file__, str(rank), str(N_PROCESSES), folder / "meeting", folder],
            env=environment,
            stderr=subprocess.PIPE,
        )
        for rank in range(N_PROCESSES)
    ]
    said = [process.communicate(timeout=120)[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0] * N_PROCESSES, "\n".join(said)
    return folder


def state_of(folder):
    return state_from_files({item.name: item.read_bytes() for item in folder.iterdir()}, str(folder))


@pytest.mark.parametrize("norm", ["group", "batch"])
def test_two_processes_equal_one_with_two_parts(shared, norm):
    alone = shared_training.train(norm)
    for rank in range(N_PROCESSES):
        together = state_of(shared / norm / str(rank))
        for name, value in alone.weights.items():
            if "running" not in name and "num_batches" not in name:
                torch.testing.assert_close(together.weights[name], value, rtol=0, atol=1e-6)
        for one, other in zip(alone.rows, together.rows, strict=True):
            assert one.keys() == other.keys()
            assert one["train_loss"] == pytest.approx(other["train_loss"], abs=1e-6)
        if norm == "group":
            assert alone.rows[-1]["val_loss"] == pytest.approx(together.rows[-1]["val_loss"], abs=1e-6)


@pytest.mark.parametrize("kind", shared_training.KINDS)
def test_networks_of_every_kind_are_trained_together_as_alone(shared, kind):
    """Counts of the log, which are added up over processes, are the same but for rounding, too."""
    alone, together = shared_training.train_kind(kind), state_of(shared / kind / "0")
    assert all(torch.equal(value, state_of(shared / kind / "1").average[name]) for name, value in learned(together))
    for name, value in learned(alone):
        torch.testing.assert_close(dict(learned(together))[name], value, rtol=0, atol=2e-5)
    for one, other in zip(alone.rows, together.rows, strict=True):
        assert one == pytest.approx(other, abs=1e-4)


def learned(state):
    """Averages without what normalisation by batch has seen, which each process keeps of its own parts."""
    seen = ("running", "num_batches")
    return [(name, value) for name, value in state.average.items() if not any(part in name for part in seen)]


def test_all_processes_have_one_log_and_the_same_weights(shared):
    first, second = (state_of(shared / "group" / str(rank)) for rank in range(N_PROCESSES))
    assert first.rows == second.rows
    assert all(torch.equal(first.weights[name], value) for name, value in second.weights.items())
    assert first.made_with["n_processes"] == N_PROCESSES


def test_one_process_adds_nothing_up_and_tells_itself():
    values = torch.tensor([1.0, 2.0])
    add_up([values])
    assert values.tolist() == [1.0, 2.0]
    assert told_by_first({"a": 1.5}, "cpu") == {"a": 1.5}


@given(st.integers(1, 6), st.integers(1, 6))
def test_every_part_is_computed_by_one_process(n_processes, share):
    n_parts = n_processes * share
    with pytest.MonkeyPatch.context() as patched:
        parts = []
        for rank in range(n_processes):
            patched.setattr(several_processes, "rank_and_size", lambda rank=rank: (rank, n_processes))
            parts += own_parts(n_parts)
    assert sorted(parts) == list(range(n_parts))


def test_parts_that_cannot_be_shared_out_are_refused(monkeypatch):
    monkeypatch.setattr(several_processes, "rank_and_size", lambda: (0, 2))
    with pytest.raises(ConfigError, match="a multiple of 2"):
        own_parts(3)
