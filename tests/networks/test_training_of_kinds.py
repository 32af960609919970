"""Training of classes, changes and frames: resumed anywhere it is the unbroken run; the log says what it should."""

import pytest
import small_kinds

from entropice.networks.state import state_from_files, state_to_files

KINDS = {"class": {"train_accuracy"}, "change": {"train_iou_change"}, "frames": {"train_mse_1", "train_mse_2"}}


@pytest.mark.parametrize("kind", KINDS)
def test_resumed_after_any_step_it_ends_with_the_same_bytes(kind):
    whole = [training.state() for training in small_kinds.training_of(kind)]
    end = state_to_files(whole[-1])
    for state in whole[1:-1:3]:
        *_, last = small_kinds.training_of(kind, state_from_files(state_to_files(state), "state"))
        assert state_to_files(last.state()) == end
    assert {*whole[-1].rows[-1]} == {"epoch", "train_loss", "val_loss"} | KINDS[kind]
