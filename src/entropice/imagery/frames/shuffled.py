"""Batches of an epoch in which every sequence is seen once, in an order of its own."""

from collections.abc import Sequence

import numpy as np

from entropice.errors import ConfigError


def shuffled_batches(
    keys: Sequence[str], batch_size: int, n_steps: int | None, seed: int, epoch: int
) -> list[tuple[str, ...]]:
    """Full batches of shuffled keys; a pure function of keys, seed and epoch.

    Parameters
    ----------
    n_steps
        Batches of an epoch: the first ones, or beyond the end those of another order. None: as many as there are, of
        which the last is left out where it is not full.

    Raises
    ------
    ConfigError
        There are fewer keys than a batch holds.
    """
    if len(keys) < batch_size:
        raise ConfigError(
            "There are fewer sequences to learn from than one batch holds.",
            field="batch_size",
            got=batch_size,
            expected=f"at most {len(keys):,}",
            fix="cut more sequences, or ask for smaller batches",
        )
    n_full = len(keys) // batch_size
    wanted = n_full if n_steps is None else n_steps
    rounds = [np.random.default_rng([seed, epoch, turn, *b"frames"]) for turn in range(-(-wanted // n_full))]
    batches = [batch for random in rounds for batch in _of_round(keys, batch_size, random)]
    return batches[:wanted]


def _of_round(keys: Sequence[str], batch_size: int, random: np.random.Generator) -> list[tuple[str, ...]]:
    order = random.permutation(len(keys))[: len(keys) // batch_size * batch_size]
    return [tuple(keys[place] for place in batch) for batch in order.reshape(-1, batch_size)]
