"""States in files: there and back, and what is no state."""

import json
import math
from dataclasses import replace

import pytest
import torch

from entropice.errors import InputFileError, RunStateError
from entropice.networks.state import DOCUMENT, TrainingState, require_same, state_from_files, state_to_files

STATE = TrainingState(
    epoch=2,
    step=5,
    n_steps=13,
    weights={"w": torch.tensor([0.1, -0.0]), "n": torch.tensor(3)},
    average={"w": torch.tensor([0.2, math.inf]), "n": torch.tensor(3)},
    moments={"w/step": torch.tensor(13.0), "w/exp_avg": torch.randn(2, 2).T},
    sums={"loss": 0.1 + 0.2},
    rows=({"epoch": 1, "loss": 1 / 3, "ap": math.nan}, {"epoch": 2, "loss": 1e-300}),
    scaler={},
    made_with={"n_threads": 1},
)


def test_a_state_comes_back_to_the_last_bit_and_gives_the_same_files():
    files = state_to_files(STATE)
    back = state_from_files(files, "here")
    assert state_to_files(back) == files
    assert back.sums == STATE.sums
    assert back.rows[1] == STATE.rows[1]
    assert math.isnan(back.rows[0]["ap"])
    for name in ("weights", "average", "moments"):
        one, other = getattr(STATE, name), getattr(back, name)
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) and one[key].dtype == other[key].dtype for key in one)


def test_names_of_states_are_in_their_order():
    later = [(2, 5), (2, 12), (3, 0), (10, 1), (11, 100)]
    names = [replace(STATE, epoch=epoch, step=step).name for epoch, step in later]
    assert names == sorted(names)


@pytest.mark.parametrize("name", sorted(state_to_files(STATE)))
def test_a_missing_file_is_named(name):
    files = {other: content for other, content in state_to_files(STATE).items() if other != name}
    with pytest.raises(RunStateError, match=name):
        state_from_files(files, "here")


def test_a_damaged_file_is_named():
    files = state_to_files(STATE)
    with pytest.raises(InputFileError, match=r"here/average\.safetensors"):
        state_from_files(files | {"average.safetensors": files["average.safetensors"][:-3]}, "here")


@pytest.mark.parametrize("content", [b"", b'{"epoch": 2', b"\xff\xfe"], ids=["empty", "cut", "no_text"])
def test_a_damaged_document_is_named(content):
    with pytest.raises(InputFileError, match=r"damaged") as caught:
        state_from_files({**state_to_files(STATE), DOCUMENT: content}, "runs/0002-000005")
    assert caught.value.path == f"runs/0002-000005/{DOCUMENT}"


def test_another_layout_is_refused():
    files = state_to_files(STATE)
    document = json.loads(files[DOCUMENT]) | {"layout_version": 99}
    with pytest.raises(RunStateError, match="layout_version"):
        state_from_files(files | {DOCUMENT: json.dumps(document).encode()}, "here")


def test_what_was_made_otherwise_is_told():
    require_same(STATE, {"n_threads": 1})
    with pytest.raises(RunStateError, match=r"(?s)n_threads.*got: \[2\].*expected: \[1\]"):
        require_same(STATE, {"n_threads": 2})
