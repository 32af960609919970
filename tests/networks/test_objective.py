"""What is counted while training."""

import math

import torch

from entropice.networks.losses import cross_entropy
from entropice.networks.objective import class_objective, frames_objective, judged, mask_objective

OBJECTIVE = mask_objective(cross_entropy, "lake")

# said: 1 1 0 0; true: 1 0 1 0; a fifth pixel, said and true, and a sixth, said and not true, are not scored
LOGITS = torch.tensor([2.0, 3.0, -1.0, -2.0, 5.0, 5.0]).reshape(1, 1, 2, 3)
TARGET = torch.tensor([1, 0, 1, 0, 1, 0]).reshape(1, 2, 3)
SCORED = torch.tensor([True, True, True, True, False, False]).reshape(1, 2, 3)


def test_intersection_and_union_by_hand():
    _, counts = judged(OBJECTIVE, LOGITS, TARGET, SCORED)
    assert {name: int(value) for name, value in counts.items()} == {"intersection": 1, "union": 3}
    assert OBJECTIVE.row({"intersection": 1.0, "union": 3.0}) == {"train_iou_lake": 1 / 3}
    assert math.isnan(OBJECTIVE.row({"intersection": 0.0, "union": 0.0})["train_iou_lake"])


def test_losses_are_taken_in_float32_whatever_was_computed_in():
    loss, _ = judged(OBJECTIVE, LOGITS.bfloat16(), TARGET, SCORED)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, cross_entropy(LOGITS[:, 0], TARGET, SCORED))


def test_accuracy_by_hand():
    objective = class_objective(mean_of_logits)
    logits = torch.tensor([[0.1, 0.2, 0.0], [1.0, 0.0, 0.5], [0.0, 0.0, 3.0], [2.0, 0.0, 0.0]])
    _, counts = judged(objective, logits, torch.tensor([1, 2, 2, 0]), torch.tensor([True, True, True, False]))
    assert {name: int(value) for name, value in counts.items()} == {"right": 2, "scored": 3}
    assert objective.row({"right": 2.0, "scored": 3.0}) == {"train_accuracy": 2 / 3}
    assert math.isnan(objective.row({"right": 0.0, "scored": 0.0})["train_accuracy"])


def test_squares_of_each_horizon_by_hand():
    objective = frames_objective(mean_of_logits, 2)
    outputs = torch.tensor([1.0, 2.0, 3.0, 4.0]).reshape(1, 2, 1, 1, 2)
    target = torch.tensor([0.0, 4.0, 3.5, math.nan]).reshape(outputs.shape)
    _, counts = judged(objective, outputs, target, ~target.isnan())
    assert {name: float(value) for name, value in counts.items()} == {
        **{"squares_1": 5.0, "squares_2": 0.25},
        **{"scored_1": 2.0, "scored_2": 1.0},
    }
    row = objective.row({"squares_1": 5.0, "squares_2": 0.0, "scored_1": 2.0, "scored_2": 0.0})
    assert row["train_mse_1"] == 2.5
    assert math.isnan(row["train_mse_2"])


def mean_of_logits(outputs, _target, _scored):
    return outputs.mean()
