"""Training in several processes, each on its share of a batch's parts.

Whoever starts them (torchrun, say) joins them with `torch.distributed.init_process_group`; without that there is one.
Gradients are averaged once a step, in one message. So two processes equal one with two parts, but for rounding,
whatever the network normalises by: in both cases one part at a time is seen. Only running statistics of a normalisation
by batch differ: each process moves its own by its own parts, and the first one's are kept.
"""

import json
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, distributed

from entropice.errors import ConfigError


def rank_and_size() -> tuple[int, int]:
    """This process's number, and how many there are.

    Numbers count from 0; (0, 1) where processes have not been joined.
    """
    if not (distributed.is_available() and distributed.is_initialized()):
        return 0, 1
    return distributed.get_rank(), distributed.get_world_size()


def own_parts(n_parts: int) -> range:
    """Which parts of a batch this process computes.

    Numbers from 0 on: of 4 parts in 2 processes the first has 0 and 2, the second 1 and 3.

    Raises
    ------
    ConfigError
        They cannot be shared out equally.

    Examples
    --------
    >>> rank_and_size(), list(own_parts(3))
    ((0, 1), [0, 1, 2])
    """
    rank, size = rank_and_size()
    if n_parts % size:
        raise ConfigError(
            "The parts of a batch cannot be shared out among the processes.",
            field="n_parts",
            got=n_parts,
            expected=f"a multiple of {size}",
        )
    return range(rank, n_parts, size)


def add_up(tensors: Iterable[Tensor]) -> None:
    """Replace tensors by their sums over all processes, in one message; nothing changes where there is one.

    All are of one dtype and on one device, at least one where there are several processes; every process gives the same
    shapes in the same order.
    """
    if rank_and_size()[1] == 1:
        return
    parts = list(tensors)
    together = torch.cat([part.reshape(-1) for part in parts])
    distributed.all_reduce(together)
    # Copied back into the given tensors, which an optimiser holds.
    for part, total in zip(parts, torch.split(together, [part.numel() for part in parts]), strict=True):
        part.copy_(total.view_as(part))


def told_by_first(value: Any, device: str) -> Any:
    """A plain value of the first process, in all of them; that of others is not looked at.

    The value is one that JSON holds, NaN included; tuples come back as lists where there are several processes, and as
    they are where there is one.
    """
    if rank_and_size()[1] == 1:
        return value
    content = torch.tensor(list(json.dumps(value).encode()), dtype=torch.uint8, device=device)
    # Told first: others must hold a tensor of this size before they can receive it.
    length = torch.tensor([content.numel()], device=device)
    distributed.broadcast(length, 0)
    told = content if rank_and_size()[0] == 0 else torch.zeros(int(length), dtype=torch.uint8, device=device)
    distributed.broadcast(told, 0)
    return json.loads(bytes(told.tolist()).decode())
