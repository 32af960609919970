"""Independent random streams of one world."""

import numpy as np


def generator(seed: int, topic: str) -> np.random.Generator:
    """One stream per seed and topic, so that a change to one part of the world leaves the others as they were.

    It is numpy's ``default_rng([seed, *bytes of the topic in UTF-8])``; the seed is 0 or more, `topic` any text. Asked
    twice, it begins anew with the same numbers.

    Raises
    ------
    ValueError
        The seed is negative (of numpy).

    Examples
    --------
    >>> first, again, other = (generator(1, topic).integers(1000) for topic in ("coasts", "coasts", "relief"))
    >>> bool(first == again), bool(first == other)
    (True, False)
    """
    return np.random.default_rng([seed, *topic.encode()])
