"""What training asks of a network's outputs, and what its log says of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from entropice.networks.losses import Loss


@dataclass(frozen=True)
class Objective:
    """A loss, and what is counted beside it while training.

    Attributes
    ----------
    loss
        One number of logits, target and scored.
    counts
        Sums over a batch that an epoch's are added up from, of the same three.
    row
        What the log says of an epoch, of these sums.
    """

    loss: Loss
    counts: Callable[[Tensor, Tensor, Tensor], dict[str, Tensor]]
    row: Callable[[Mapping[str, float]], dict[str, float]]


def mask_objective(loss: Loss, positive: str) -> Objective:
    """Of one logit a pixel, (n, 1, row, column), against a mask (n, row, column).

    The log says ``train_iou_<positive>``: intersection over union of mask and logits above 0, summed over the epoch's
    scored pixels as they were trained on; NaN where both are empty.
    """

    def counts(logits: Tensor, target: Tensor, scored: Tensor) -> dict[str, Tensor]:
        said, true = (logits[:, 0] > 0) & scored, (target > 0) & scored
        return {"intersection": (said & true).sum(), "union": (said | true).sum()}

    def row(sums: Mapping[str, float]) -> dict[str, float]:
        iou = sums["intersection"] / sums["union"] if sums["union"] else float("nan")
        return {f"train_iou_{positive}": iou}

    return Objective(lambda logits, target, scored: loss(logits[:, 0], target, scored), counts, row)


def judged(objective: Objective, logits: Tensor, target: Tensor, scored: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Loss and counts, in float32 whatever the network has computed in."""
    logits = logits.float()
    with torch.no_grad():
        counts = objective.counts(logits, target, scored)
    return objective.loss(logits, target, scored), counts
