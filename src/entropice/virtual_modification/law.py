"""One step of the law of human modification."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.types import Float32Array, FloatArray, IntArray
from entropice.virtual_modification.ground import Ground
from entropice.virtual_modification.roads import Roads, advanced, begun
from entropice.virtual_modification.specification import GrowthLaw, ModificationSpecification, SettlementLaw
from entropice.virtual_modification.surfaces import nearby, smooth_surface

M2_PER_1000_KM2: Final = 1e9


@dataclass(frozen=True)
class State:
    """All that the future depends on, apart from the ground and chance.

    Attributes
    ----------
    modification
        float32, shape (row, column), within 0–1; 0 on water.
    economy
        float32, shape (row, column): mean 0, variance 1; how well each region does.
    """

    modification: Float32Array
    roads: Roads
    economy: Float32Array


def first_state(ground: Ground, specification: ModificationSpecification, random: np.random.Generator) -> State:
    """Settlements on low land, each with the ends of its roads, before all growth.

    As many as `first_per_1000_km2` says, rounded, at least one; places are drawn with chances that go with the ground's
    suitability, with replacement. There are no roads yet.
    """
    law, shape = specification.settlements, ground.is_land.shape
    nothing = State(
        np.zeros(shape, np.float32),
        Roads(np.zeros(shape, dtype=bool), np.empty((0, 3), dtype=np.int64)),
        smooth_surface(random, shape, specification.growth.economy_scale_m / specification.pixel_m),
    )
    expected = law.first_per_1000_km2 * _land_1000_km2(ground, specification.pixel_m)
    places = _places(max(1, round(expected)), ground.suitability.astype(np.float64), random)
    return settled(nothing, places, ground, law, specification.pixel_m, random)


def next_state(
    state: State, ground: Ground, specification: ModificationSpecification, random: np.random.Generator
) -> State:
    """The state one step later; modification never declines.

    The given state stays as it is. New settlements are a Poisson number at `new_per_1000_km2`, mostly beside roads; all
    that is drawn comes from `random`.

    Notes
    -----
    With h the modification, K the capacity, s the suitability of the ground, G the mean under a Gaussian, r the roads
    and e the economy (an autoregressive process of first order, smooth in space)::

        h' = h + (K − h)⁺ [1 − exp(−s exp(σ e) (a h + b G(h) + c G(r)) / K)]

    which is logistic growth for small rates and never passes K. With m = `economy_memory`, e becomes m e + √(1 − m²) z,
    z a new smooth surface, before growth. Roads are built first; ground under a road is modified by `roads.level` at
    least; then new settlements come, to pixels drawn with chances that go with s (G(r) + 0.01), that Gaussian being
    three times as wide as `road_m`.
    """
    pixel_m = specification.pixel_m
    roads = advanced(state.roads, ground, specification.roads, pixel_m, random)
    economy = _next_economy(state.economy, specification.growth, pixel_m, random)
    level = np.where(roads.is_road, np.float32(specification.roads.level), np.float32(0))
    on_roads = np.maximum(state.modification, level)
    grown = grow(on_roads, roads, economy, ground, specification.growth, pixel_m)
    return _with_newcomers(State(grown, roads, economy), ground, specification, random)


def grow(
    modification: Float32Array,
    roads: Roads,
    economy: Float32Array,
    ground: Ground,
    law: GrowthLaw,
    pixel_m: float,
) -> Float32Array:
    """Modification after a step of growth (`next_state`), float32, shape (row, column).

    Parameters
    ----------
    modification, economy
        float32 (row, column), as in `State`; not changed.

    Examples
    --------
    >>> law = GrowthLaw(
    ...     capacity=0.8, within=0.1, from_neighbours=0.0, neighbour_m=1.0, from_roads=0.0, road_m=1.0,
    ...     economy_spread=0.0, economy_scale_m=1.0, economy_memory=0.0,
    ... )
    >>> nothing = np.zeros((1, 3), dtype=np.float32)
    >>> ground = Ground(nothing, np.array([[True, True, False]]), np.array([[1, 1, 0]], dtype=np.float32))
    >>> roads = Roads(nothing > 0, np.empty((0, 3), dtype=np.int64))
    >>> now = np.array([[0.4, 0.9, 0.0]], dtype=np.float32)
    >>> [round(after, 4) for after in grow(now, roads, nothing, ground, law, pixel_m=1.0)[0].tolist()]
    [0.4195, 0.9, 0.0]
    """
    rate = (
        law.within * modification
        + law.from_neighbours * nearby(modification, law.neighbour_m / pixel_m)
        + law.from_roads * nearby(roads.is_road.astype(np.float32), law.road_m / pixel_m)
    )
    exponent = ground.suitability * np.exp(np.float32(law.economy_spread) * economy) * rate / np.float32(law.capacity)
    # Not the differential equation's Euler step, which would pass the capacity where rates are large.
    grown: Float32Array = modification - np.maximum(np.float32(law.capacity) - modification, 0) * np.expm1(-exponent)
    return grown


def settled(
    state: State, places: IntArray, ground: Ground, law: SettlementLaw, pixel_m: float, random: np.random.Generator
) -> State:
    """The state with new settlements at places (n, 2), and the ends of their roads.

    Modification becomes `level` at their middles, less around them as under a Gaussian of `radius_m`, on land alone:
    `level` · min(max(1, 2π r²) G, 1), r the radius in pixels and G what it makes (`nearby`) of a 1 at each middle;
    where more is there already it stays. Places are rows and columns, and may be none. The given state stays as it is.
    """
    middles = np.zeros_like(state.modification)
    middles[places[:, 0], places[:, 1]] = 1
    radius_px = law.radius_m / pixel_m
    outline = nearby(middles, radius_px) * np.float32(max(1.0, 2 * np.pi * radius_px**2))
    level = np.where(ground.is_land, np.float32(law.level) * np.minimum(outline, 1), 0).astype(np.float32)
    roads = begun(state.roads, places, law.n_roads, random)
    return State(np.maximum(state.modification, level), roads, state.economy)


def _with_newcomers(
    state: State, ground: Ground, specification: ModificationSpecification, random: np.random.Generator
) -> State:
    law, pixel_m = specification.settlements, specification.pixel_m
    n_new = random.poisson(law.new_per_1000_km2 * _land_1000_km2(ground, pixel_m))
    beside = nearby(state.roads.is_road.astype(np.float32), 3 * specification.growth.road_m / pixel_m)
    places = _places(n_new, ground.suitability.astype(np.float64) * (beside + 0.01), random)
    return settled(state, places, ground, law, pixel_m, random)


def _next_economy(economy: Float32Array, law: GrowthLaw, pixel_m: float, random: np.random.Generator) -> Float32Array:
    news = smooth_surface(random, economy.shape, law.economy_scale_m / pixel_m)
    memory = np.float32(law.economy_memory)
    following: Float32Array = memory * economy + np.sqrt(1 - memory**2) * news
    return following


def _places(n: int, likelihood: FloatArray, random: np.random.Generator) -> IntArray:
    """Pixels (n, 2) drawn with chances that go with the likelihood (row, column)."""
    cumulative = likelihood.ravel().cumsum()
    # From the right: a place of likelihood 0, which adds nothing to the sum, is never drawn.
    chosen = np.searchsorted(cumulative, random.random(n) * cumulative[-1], side="right")
    return np.column_stack(np.unravel_index(chosen, likelihood.shape)).astype(np.int64)


def _land_1000_km2(ground: Ground, pixel_m: float) -> float:
    return float(ground.is_land.sum()) * pixel_m**2 / M2_PER_1000_KM2
