"""Patches of sea that images are taken of: where, when, and what ice there truly is."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from entropice.imagery.samples import Place
from entropice.virtual_ice.cover import STRAY
from entropice.virtual_ice.scene import IceScenes
from entropice.virtual_ice.tile_rules import IceTypeRules

ICE_TYPES: Final = ("open_water", "thin_ice", "thick_ice")
"""Names of the types, in the order of their numbers."""

_MUCH: Final = 0.1
_N_PROBES: Final = 8


@dataclass(frozen=True)
class Patch:
    """A square of sea on a day.

    Attributes
    ----------
    concentration
        Mean over the square.
    thickness_m
        Mean of its ice; 0 where there is none.
    most
        Greatest concentration within it.
    """

    place: Place
    day: date
    concentration: float
    thickness_m: float
    most: float

    @property
    def key(self) -> str:
        """Names it: ``<YYYYMMDD>_<left_m>_<top_m>``, whole metres."""
        return f"{self.day:%Y%m%d}_{self.place.left_m:.0f}_{self.place.top_m:.0f}"


def patch_of(scenes: IceScenes, place: Place, day: date) -> Patch:
    """What the law says of a place, at 8 by 8 points spread evenly over it.

    The points are the middles of 8 by 8 equal squares. The thickness is weighted by concentration, and `most` the
    greatest concentration at a point.

    Raises
    ------
    ConfigError
        The day lies in no season.
    """
    probes = Place(place.left_m, place.top_m, place.pixel_m * place.n_pixels / _N_PROBES, _N_PROBES, place.year)
    here = scenes.conditions(probes, day)
    volume_m = np.mean(here.concentration * here.thickness_m, dtype=np.float64)
    concentration = np.mean(here.concentration, dtype=np.float64)
    return Patch(
        place,
        day,
        concentration=float(concentration),
        thickness_m=float(volume_m / concentration) if concentration > 0 else 0.0,
        most=float(np.max(here.concentration)),
    )


def ice_type(patch: Patch, rules: IceTypeRules) -> int:
    """Number of the type in `ICE_TYPES`: thresholds on the state of the law, so that borders are honestly ambiguous.

    0 below `open_water_below`; 1 below `thin_below_m`, else 2; a value at a threshold is of the higher type.

    Examples
    --------
    >>> place, day = Place(0.0, 0.0, 250.0, 16, 2020), date(2020, 4, 1)
    >>> patches = [Patch(place, day, concentration, 0.7, concentration) for concentration in (0.1, 0.15)]
    >>> [ice_type(patch, IceTypeRules()) for patch in patches]
    [0, 2]
    """
    if patch.concentration < rules.open_water_below:
        return 0
    return 1 if patch.thickness_m < rules.thin_below_m else 2


def type_named(patch: Patch, rules: IceTypeRules) -> str:
    """Name of its type by `ice_type`: ``open_water``, ``thin_ice`` or ``thick_ice``."""
    return ICE_TYPES[ice_type(patch, rules)]


def ice_type_shares() -> dict[str, float]:
    """As many of each type: a third, by name."""
    return dict.fromkeys(ICE_TYPES, 1 / len(ICE_TYPES))


def group_with_ice(patch: Patch) -> str | None:
    """``ice`` where there is enough of it to see it change, a mean concentration above 0.1; else None."""
    return "ice" if patch.concentration > _MUCH else None


def group_by_ice(patch: Patch) -> str | None:
    """``water`` where no ice is seen, between the points either, ``ice`` where there is enough of it, None between.

    That is ``water`` where no point has 0.02 or more, ``ice`` where the mean is above 0.1.

    Examples
    --------
    >>> place, day = Place(0.0, 0.0, 250.0, 16, 2020), date(2020, 4, 1)
    >>> [group_by_ice(Patch(place, day, mean, 1.0, most)) for mean, most in ((0.0, 0.01), (0.05, 0.3), (0.2, 0.3))]
    ['water', None, 'ice']
    """
    return "water" if patch.most < STRAY / 2 else group_with_ice(patch)
