"""Independent random streams of one world."""

import numpy as np


def generator(seed: int, topic: str) -> np.random.Generator:
    """One stream per seed and topic, so that a change to one part of the world leaves the others as they were."""
    return np.random.default_rng([seed, *topic.encode()])
