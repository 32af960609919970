"""Colours as people see them who lack a kind of cone: the matrices of Machado et al. (2009), severity 1, and CIELAB."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

SIGHTS = {
    "all cones": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def smallest_difference(colours: tuple[str, ...], sight: str) -> float:
    """CIELAB distance of the two colours that are most alike; about 2 can just be told apart side by side."""
    seen = [_lab(np.clip(SIGHTS[sight] @ _linear(colour), 0, 1)) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


def lightness(colour: str, sight: str) -> float:
    """CIELAB L*, 0 to 100."""
    return float(_lab(np.clip(SIGHTS[sight] @ _linear(colour), 0, 1))[0])


def _linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    ratios = _TO_XYZ @ linear / _WHITE
    x, y, z = np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
