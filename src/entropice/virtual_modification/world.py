"""A virtual land in every year that is mapped: a pure function of seed and specification."""

from dataclasses import dataclass

import numpy as np

from entropice.types import BoolArray, Float32Array
from entropice.virtual_modification.ground import Ground, make_ground
from entropice.virtual_modification.law import State, first_state, next_state
from entropice.virtual_modification.specification import ModificationSpecification
from entropice.virtual_modification.surfaces import smooth_surface


@dataclass(frozen=True)
class ModifiedWorld:
    """What lies there, what happened, and what of it is mapped.

    Attributes
    ----------
    states
        One a mapped year.
    is_mapped
        bool, shape (n_steps, row, column): land with data.
    """

    seed: int
    specification: ModificationSpecification
    ground: Ground
    states: tuple[State, ...]
    is_mapped: BoolArray

    def truth(self) -> Float32Array:
        """Modification of every land pixel, shape (n_steps, row, column), NaN on water.

        float32 within 0–1.
        """
        everywhere = np.stack([state.modification for state in self.states])
        return np.where(self.ground.is_land, everywhere, np.float32(np.nan))

    def maps(self) -> Float32Array:
        """As `truth`, NaN also where a map has no data.

        There is no other error: where a map has data they are true.
        """
        return np.where(self.is_mapped, self.truth(), np.float32(np.nan))


def make_modified_world(seed: int, specification: ModificationSpecification) -> ModifiedWorld:
    """The world of a seed.

    The ground, the first settlements and each step are drawn from generators of their own, numpy's ``default_rng`` of
    ``[seed, *b"ground"]``, ``[seed, *b"first"]`` and ``[seed, number, *b"step"]``, the steps before the first map
    counted, too, so that more steps leave the earlier ones as they were. Steps before the first map are not kept. Of
    each map `missing_share` of all pixels has no data, those where a smooth surface of `missing_scale_m`, drawn anew
    for it from ``[seed, number, *b"missing"]``, the number that of the map from 0, is lowest.
    """
    ground = make_ground(seed, specification)
    state = first_state(ground, specification, np.random.default_rng([seed, *b"first"]))
    states = []
    for number in range(specification.n_steps_before + specification.n_steps):
        states.append(state)
        state = next_state(state, ground, specification, np.random.default_rng([seed, number, *b"step"]))
    mapped = tuple(states[specification.n_steps_before :])
    return ModifiedWorld(seed, specification, ground, mapped, _is_mapped(seed, specification, ground.is_land))


def _is_mapped(seed: int, specification: ModificationSpecification, is_land: BoolArray) -> BoolArray:
    scale_px = specification.missing_scale_m / specification.pixel_m
    clouds = [
        smooth_surface(np.random.default_rng([seed, number, *b"missing"]), specification.shape, scale_px)
        for number in range(specification.n_steps)
    ]
    is_known = [cloud >= np.quantile(cloud, specification.missing_share) for cloud in clouds]
    mapped: BoolArray = np.stack(is_known) & is_land
    return mapped
