"""Batches of an epoch in which every sample counts alike."""

from collections.abc import Collection

import numpy as np

from entropice.errors import LabelError
from entropice.imagery.curriculum import Keys


def require_batch(n_samples: int, batch_size: int) -> None:
    """Raise LabelError unless there are as many samples as one batch holds."""
    if n_samples < batch_size:
        raise LabelError(
            "There are fewer training samples than one batch holds.",
            field="batch_size",
            got=f"{n_samples:,} samples",
            expected=f"{batch_size:,} or more",
            fix="make more samples, or ask for smaller batches",
        )


def shuffled_batches(keys: Collection[str], batch_size: int, seed: int, epoch: int) -> list[Keys]:
    """Full batches of all samples in an order that is drawn anew each epoch; those that fill no batch are left out.

    Returns
    -------
    list
        Of tuples of `batch_size` keys, no key twice.

    Raises
    ------
    LabelError
        There are fewer samples than one batch holds.

    Notes
    -----
    A pure function of (seed, epoch) and the set of keys, in whichever order they are given. Which samples are left out
    is drawn, too, so that over many epochs all are seen equally often.
    """
    require_batch(len(keys), batch_size)
    order = np.random.default_rng([seed, epoch, *b"shuffled batches"]).permutation(sorted(keys)).tolist()
    n_batches = len(order) // batch_size
    return [tuple(order[number * batch_size : (number + 1) * batch_size]) for number in range(n_batches)]
