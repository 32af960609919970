"""What is counted while training."""

import math

import torch

from entropice.networks.losses import cross_entropy
from entropice.networks.objective import judged, mask_objective

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
