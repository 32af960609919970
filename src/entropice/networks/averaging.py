"""Averages of weights."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def decay_at(n_steps: int, decay: float) -> float:
    """Decay of the moving average at its step, from 1 on: min(decay, (1 + n) / (10 + n)).

    The average begins with weights that know nothing. With a fixed decay of .999 they would still be a third of it
    after 1,100 steps; with a rising one, as usual since TensorFlow's moving averages, training of any length is
    averaged over its last tenth or over the last 1 / (1 − decay) steps, whichever is less.

    Step 1 has min(decay, 2/11), step 90 min(decay, .91); with .999 it is reached at step 8,990.

    Examples
    --------
    >>> [round(decay_at(n_steps, 0.999), 3) for n_steps in (1, 90, 8990, 100_000)]
    [0.182, 0.91, 0.999, 0.999]
    """
    return min(decay, (1 + n_steps) / (10 + n_steps))


@torch.no_grad()
def move_average(average: Mapping[str, Tensor], weights: Mapping[str, Tensor], decay: float) -> None:
    """Set every average a to d a + (1 − d) w, in place; whole numbers, such as counts of batches, to w.

    Parameters
    ----------
    average, weights
        Parameters and buffers by name, shapes and devices alike; every name of `weights` is in `average`.
    decay
        d in [0, 1]: 1 leaves averages as they are, 0 makes them w.

    Examples
    --------
    >>> average = {"weight": torch.tensor([1.0]), "count": torch.tensor(3)}
    >>> move_average(average, {"weight": torch.tensor([3.0]), "count": torch.tensor(9)}, 0.75)
    >>> average
    {'weight': tensor([1.5000]), 'count': tensor(9)}
    """
    for name, value in weights.items():
        if value.is_floating_point():
            # In place: no second copy of all weights at each step.
            average[name].lerp_(value, 1 - decay)
        else:
            average[name].copy_(value)


def uniform_soup(members: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Mean of the weights of several networks of one kind; whole numbers are the last one's.

    Wortsman et al. 2022, arXiv:2203.05482.

    Networks weigh alike, and the mean is computed in the tensors' own precision. Names and shapes are those of all
    members, at least one; new tensors are given, in the order of the last member's names, and members stay as they are.

    Examples
    --------
    >>> first = {"weight": torch.tensor([1.0, 2.0]), "count": torch.tensor(3)}
    >>> last = {"weight": torch.tensor([3.0, 6.0]), "count": torch.tensor(9)}
    >>> uniform_soup([first, last])
    {'weight': tensor([2., 4.]), 'count': tensor(9)}
    """
    return {
        name: torch.stack([member[name] for member in members]).mean(dim=0)
        if last.is_floating_point()
        else last.clone()
        for name, last in members[-1].items()
    }
