"""How runs are compared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How runs are compared.

    Attributes
    ----------
    unit_level
        HEALPix level of the common units.
    min_observed_fraction
        Of a unit's land, for the unit to be judged in a year.
    min_covered_share
        Of a unit's observed land, or of its land on the map, that a run must speak of.
    n_bootstrap, random_seed
        Of the intervals.
    """

    unit_level: int
    min_observed_fraction: float
    min_covered_share: float
    n_bootstrap: int
    random_seed: int
