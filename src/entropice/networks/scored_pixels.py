"""What losses share: labels and means of what is scored."""

import math

import torch
from torch import Tensor


def known_labels(target: Tensor, scored: Tensor) -> Tensor:
    """The target as float32, 0 where it is not scored; both have one shape. A NaN that is not scored does no harm.

    Examples
    --------
    >>> known_labels(torch.tensor([1.0, 1.0, torch.nan]), torch.tensor([True, False, False])).tolist()
    [1.0, 0.0, 0.0]
    """
    return torch.where(scored, target, 0).float()


def scored_mean(values: Tensor, scored: Tensor) -> Tensor:
    """Mean of the scored values, 0 where there are none.

    Both have one shape; what is not scored, NaN too, contributes nothing, and has no gradient. A NaN that is scored
    makes it NaN.

    Examples
    --------
    >>> values = torch.tensor([1.0, 3.0, torch.nan])
    >>> [float(scored_mean(values, torch.tensor(scored))) for scored in ([True, True, False], [False] * 3)]
    [2.0, 0.0]
    """
    # Not values[scored].mean(): its size would wait for the GPU, and an empty one is NaN.
    return torch.where(scored, values, 0).sum() / scored.sum().clamp(min=1)


def hardest_mean(values: Tensor, scored: Tensor, share: float, least: int) -> Tensor:
    """Mean of the highest of the scored values of all samples together, 0 where there are none.

    Only those that are kept have a gradient.

    The result is one number. Values and scored have one shape. Which of equal values at the edge is kept is torch's
    choice; the mean is the same.

    Parameters
    ----------
    share, least
        How many are kept, see `n_hardest`; 1 keeps all of them.

    Notes
    -----
    Online hard example mining (Shrivastava et al. 2016, doi:10.1109/CVPR.2016.89), pixel by pixel.

    Examples
    --------
    >>> values, scored = torch.tensor([1.0, 2.0, 3.0, 9.0]), torch.tensor([True, True, True, False])
    >>> [float(hardest_mean(values, scored, share, 0)) for share in (0.1, 0.5, 1.0)]
    [3.0, 2.5, 2.0]
    """
    if share == 1:
        return scored_mean(values, scored)
    known = values[scored]
    # Chosen among the pixels of the whole batch: by image, easy images would keep theirs.
    n_kept = n_hardest(known.numel(), share, least)
    return known.topk(n_kept, sorted=False).values.sum() / max(n_kept, 1)


def n_hardest(n_scored: int, share: float, least: int) -> int:
    """How many of the scored pixels are kept: their share rounded up, but `least` of them, or all where fewer.

    min(n, max(⌈share · n⌉, least)), with n the number of scored pixels.

    Examples
    --------
    >>> n_hardest(10, 0.25, 0), n_hardest(10, 0.25, 5), n_hardest(4, 0.25, 5), n_hardest(0, 0.25, 5)
    (3, 5, 4, 0)
    """
    return min(n_scored, max(math.ceil(share * n_scored), least))
