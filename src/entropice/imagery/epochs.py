"""Batches of an epoch in which every sample counts alike, in an order of its own."""

from collections.abc import Sequence

import numpy as np

from entropice.errors import LabelError
from entropice.imagery.curriculum import Keys


def require_batch(n_samples: int, batch_size: int) -> None:
    """Pass only where there are as many samples as one batch holds.

    Raises
    ------
    LabelError
        There are fewer.
    """
    if n_samples < batch_size:
        raise LabelError(
            "There are fewer training samples than one batch holds.",
            field="batch_size",
            got=f"{n_samples:,} samples",
            expected=f"{batch_size:,} or more",
            fix="make more samples, or ask for smaller batches",
        )


def shuffled_batches(keys: Sequence[str], batch_size: int, n_steps: int | None, seed: int, epoch: int) -> list[Keys]:
    """Full batches of shuffled keys; a pure function of keys, seed and epoch.

    Parameters
    ----------
    n_steps
        Batches of an epoch: the first ones, or beyond the end those of another order. None: as many as there are, of
        which the last is left out where it is not full.

    Raises
    ------
    LabelError
        There are fewer keys than a batch holds.

    Notes
    -----
    Which keys fill no batch is drawn, too, so that over many epochs all are seen equally often. Order t, from 0, is the
    keys as given, permuted by ``np.random.default_rng([seed, epoch, t, *b"frames"])``.

    Examples
    --------
    Five keys fill two batches; a third one is of another order, so that keys may come again.

    >>> batches = shuffled_batches(list("abcde"), 2, None, seed=0, epoch=1)
    >>> len(batches), len({key for batch in batches for key in batch})
    (2, 4)
    >>> more = shuffled_batches(list("abcde"), 2, 3, seed=0, epoch=1)
    >>> len(more), more[:2] == batches
    (3, True)
    """
    require_batch(len(keys), batch_size)
    n_full = len(keys) // batch_size
    wanted = n_full if n_steps is None else n_steps
    rounds = [np.random.default_rng([seed, epoch, turn, *b"frames"]) for turn in range(-(-wanted // n_full))]
    batches = [batch for random in rounds for batch in _of_round(keys, batch_size, random)]
    return batches[:wanted]


def _of_round(keys: Sequence[str], batch_size: int, random: np.random.Generator) -> list[Keys]:
    order = random.permutation(len(keys))[: len(keys) // batch_size * batch_size]
    return [tuple(keys[place] for place in batch) for batch in order.reshape(-1, batch_size)]
