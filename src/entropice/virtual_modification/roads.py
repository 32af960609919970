"""Roads that reach new land: ends that are built on from pixel to pixel."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.types import BoolArray, FloatArray, IntArray
from entropice.virtual_modification.ground import Ground
from entropice.virtual_modification.specification import RoadLaw

COMPASS: Final = np.array([(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)])
"""Steps (row, column) of the eight headings, clockwise from the upper edge."""

_TURNS: Final = np.array([-1, 0, 1])


@dataclass(frozen=True)
class Roads:
    """All roads of one time.

    Attributes
    ----------
    is_road
        Shape (row, column).
    ends
        int64, shape (n, 3): row, column and heading (0–7) of each end that may be built on.
    """

    is_road: BoolArray
    ends: IntArray


def begun(roads: Roads, places: IntArray, n_roads: int, random: np.random.Generator) -> Roads:
    """Roads with `n_roads` more ends at each of the places (n, 2), headed anywhere.

    The places themselves are no road yet. Headings are 0–7, see `COMPASS`, each as likely as the others; the new ends
    follow those that are there, place by place. Given roads stay as they are.
    """
    headings = random.integers(0, len(COMPASS), size=(len(places) * n_roads, 1))
    ends = np.hstack([np.repeat(places, n_roads, axis=0), headings])
    return Roads(roads.is_road, np.vstack([roads.ends, ends]))


def advanced(roads: Roads, ground: Ground, law: RoadLaw, pixel_m: float, random: np.random.Generator) -> Roads:
    """Roads one step later.

    An end that is worked on is built on by whole pixels, each straight on or turned by 45° to either side, with chances
    that go with exp(−step in height / avoided step); it ends for good at water and at the edge of the grid.

    First each end forks with a chance of `fork`: a second one begins there, turned by 90° to either side. Each end is
    then worked on with a chance of `worked_on`, by round(`advance_m` / `pixel_m`) pixels, at least one. Given roads
    stay as they are.

    Examples
    --------
    >>> from entropice.virtual_modification.ground import ground_of
    >>> ground = ground_of(np.zeros((1, 4), dtype=np.float32), np.array([[True, True, True, False]]), 100.0)
    >>> law = RoadLaw(advance_m=200.0, worked_on=1.0, fork=0.0, level=0.1, avoided_step_m=10.0)
    >>> eastward = Roads(np.zeros((1, 4), dtype=bool), np.array([[0, 0, 2]]))
    >>> built = advanced(eastward, ground, law, pixel_m=100.0, random=np.random.default_rng(0))
    >>> built.is_road.tolist(), built.ends.tolist()
    ([[False, True, True, False]], [[0, 2, 2]])
    >>> advanced(built, ground, law, pixel_m=100.0, random=np.random.default_rng(0)).ends.tolist()
    []
    """
    forks = roads.ends[random.random(len(roads.ends)) < law.fork]
    forks[:, 2] = (forks[:, 2] + random.choice([-2, 2], size=len(forks))) % len(COMPASS)
    ends = np.vstack([roads.ends, forks])
    is_worked_on = random.random(len(ends)) < law.worked_on
    resting, moving, is_road = ends[~is_worked_on], ends[is_worked_on], roads.is_road.copy()
    for _ in range(max(1, round(law.advance_m / pixel_m))):
        moving = _built_on(moving, ground, law.avoided_step_m, random)
        is_road[moving[:, 0], moving[:, 1]] = True
    return Roads(is_road, np.vstack([resting, moving]))


def _built_on(ends: IntArray, ground: Ground, avoided_step_m: float, random: np.random.Generator) -> IntArray:
    headings = (ends[:, 2:] + _TURNS) % len(COMPASS)
    places = ends[:, None, :2] + COMPASS[headings]
    scores = _likelihoods(ends, places, ground, avoided_step_m) + random.gumbel(size=headings.shape)
    # the largest of log-likelihoods with Gumbel noise is a draw from their softmax
    chosen = scores.argmax(axis=1)
    row = np.arange(len(ends))
    onward = np.column_stack([places[row, chosen], headings[row, chosen]])
    is_open = np.isfinite(scores[row, chosen])
    return np.asarray(onward[is_open], dtype=np.int64)


def _likelihoods(ends: IntArray, places: IntArray, ground: Ground, avoided_step_m: float) -> FloatArray:
    """Logarithms, shape (n, 3); −∞ where no road can be."""
    inside: BoolArray = np.all((places >= 0) & (places < ground.elevation_m.shape), axis=-1)
    rows, columns = np.moveaxis(np.where(inside[..., None], places, 0), -1, 0)
    here = ground.elevation_m[ends[:, 0], ends[:, 1]]
    step_m = np.abs(ground.elevation_m[rows, columns] - here[:, None]).astype(np.float64)
    return np.where(inside & ground.is_land[rows, columns], -step_m / avoided_step_m, -np.inf)
