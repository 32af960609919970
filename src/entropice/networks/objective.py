"""What training asks of a network's outputs, and what its log says of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from entropice.networks.losses import Loss


@dataclass(frozen=True)
class Objective:
    """A loss, and what is counted beside it while training.

    Numbers that are counted are tensors of one number; the log's are floats, NaN where a divisor is 0.

    Attributes
    ----------
    loss
        One number of outputs, target and scored.
    counts
        Sums over a batch that an epoch's are added up from, of the same three.
    row
        What the log says of an epoch, of these sums.
    """

    loss: Loss
    counts: Callable[[Tensor, Tensor, Tensor], dict[str, Tensor]]
    row: Callable[[Mapping[str, float]], dict[str, float]]


def mask_objective(loss: Loss, positive: str) -> Objective:
    """Of one logit a pixel, (n, 1, row, column), against a mask (n, row, column); also of what has changed.

    Where the loss learns from distances, too, the target is float32 (n, 2, row, column): the mask, then the distances.

    The log says ``train_iou_<positive>``: intersection over union of mask and logits above 0, summed over the epoch's
    scored pixels as they were trained on; NaN where both are empty.

    A logit of exactly 0 says no; any label above 0 is a positive. `positive` is the name of what is looked for, as the
    column of the log has it. Counts of a batch are ``intersection`` and ``union``, in pixels.

    Examples
    --------
    Of three scored pixels one is said and true, one missed, one wrong.

    >>> objective = mask_objective(lambda logits, *_: logits.sum(), "slump")
    >>> logits, mask = torch.tensor([[[[2.0, 0.0, 3.0, 9.0]]]]), torch.tensor([[[1, 1, 0, 1]]])
    >>> objective.counts(logits, mask, torch.tensor([[[True, True, True, False]]]))
    {'intersection': tensor(1), 'union': tensor(3)}
    >>> objective.row({"intersection": 1, "union": 4}), objective.row({"intersection": 0, "union": 0})
    ({'train_iou_slump': 0.25}, {'train_iou_slump': nan})
    """

    def counts(logits: Tensor, target: Tensor, scored: Tensor) -> dict[str, Tensor]:
        mask = target if target.ndim == scored.ndim else target[:, 0]
        said, true = (logits[:, 0] > 0) & scored, (mask > 0) & scored
        return {"intersection": (said & true).sum(), "union": (said | true).sum()}

    def row(sums: Mapping[str, float]) -> dict[str, float]:
        return {f"train_iou_{positive}": _ratio(sums["intersection"], sums["union"])}

    return Objective(lambda logits, target, scored: loss(logits[:, 0], target, scored), counts, row)


def class_objective(loss: Loss) -> Objective:
    """Of logits (n, class) against classes (n,).

    The log says ``train_accuracy``: the share of the epoch's scored images whose class has the highest logit, as they
    were trained on; NaN where none is scored.

    Of equal highest logits the first class counts. Counts of a batch are ``right`` and ``scored``, in images.

    Examples
    --------
    >>> objective = class_objective(lambda logits, *_: logits.sum())
    >>> logits, classes = torch.tensor([[1.0, 1.0], [0.0, 2.0], [3.0, 0.0]]), torch.tensor([0, 0, 1])
    >>> objective.counts(logits, classes, torch.tensor([True, True, False]))
    {'right': tensor(1), 'scored': tensor(2)}
    """

    def counts(logits: Tensor, target: Tensor, scored: Tensor) -> dict[str, Tensor]:
        return {"right": ((logits.argmax(dim=1) == target) & scored).sum(), "scored": scored.sum()}

    def row(sums: Mapping[str, float]) -> dict[str, float]:
        return {"train_accuracy": _ratio(sums["right"], sums["scored"])}

    return Objective(loss, counts, row)


def frames_objective(loss: Loss, n_frames: int) -> Objective:
    """Of frames (n, time, band, row, column) against later ones, both standardised.

    The log says ``train_mse_1`` to ``train_mse_<n_frames>``: the mean square of output less target over the epoch's
    scored pixels of the frame so many steps ahead; NaN where none is scored.

    All three of outputs, target and scored are (n, time, band, row, column). Counts of a batch are ``squares_<k>``,
    float64 in squared standard deviations, and ``scored_<k>``, for k = 1 … n_frames; a target may be NaN where it is
    not scored.

    Examples
    --------
    >>> objective = frames_objective(lambda outputs, *_: outputs.sum(), n_frames=2)
    >>> outputs, target, scored = (
    ...     torch.tensor(each).reshape(1, 2, 1, 1, 1) for each in ([1.0, 3.0], [3.0, torch.nan], [True, False])
    ... )
    >>> sums = objective.counts(outputs, target, scored)
    >>> objective.row({name: float(value) for name, value in sums.items()})
    {'train_mse_1': 4.0, 'train_mse_2': nan}
    """

    def counts(outputs: Tensor, target: Tensor, scored: Tensor) -> dict[str, Tensor]:
        squares = (torch.where(scored, outputs - target, 0) ** 2).sum(dim=(0, 2, 3, 4), dtype=torch.float64)
        n_scored = scored.sum(dim=(0, 2, 3, 4))
        return {
            f"{name}_{frame + 1}": sums[frame]
            for name, sums in (("squares", squares), ("scored", n_scored))
            for frame in range(n_frames)
        }

    def row(sums: Mapping[str, float]) -> dict[str, float]:
        return {
            f"train_mse_{frame}": _ratio(sums[f"squares_{frame}"], sums[f"scored_{frame}"])
            for frame in range(1, n_frames + 1)
        }

    return Objective(loss, counts, row)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def judged(objective: Objective, outputs: Tensor, target: Tensor, scored: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Loss and counts, in float32 whatever the network has computed in.

    The loss is one number with a gradient; counts have none.

    Examples
    --------
    >>> objective = frames_objective(lambda outputs, target, _: (outputs - target).abs().sum(), n_frames=1)
    >>> outputs, target = torch.full((1, 1, 1, 1, 1), 3.0, dtype=torch.bfloat16), torch.ones(1, 1, 1, 1, 1)
    >>> loss, counts = judged(objective, outputs, target, target.bool())
    >>> loss, counts["squares_1"]
    (tensor(2.), tensor(4., dtype=torch.float64))
    """
    # Sums over millions of pixels in half precision would stop growing.
    outputs = outputs.float()
    with torch.no_grad():
        counts = objective.counts(outputs, target, scored)
    return objective.loss(outputs, target, scored), counts
