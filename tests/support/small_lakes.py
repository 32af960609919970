"""Small regions with many lakes."""

from typing import Any

from entropice.virtual_lakes.specification import LakesSpecification

SEED = 3
VALUES: dict[str, Any] = {
    "regions": {"n_regions": 2, "n_blocks": 50, "years": (2017, 2021, 2023)},
    "lakes": {"per_km2": 5.0, "largest_ha": 8.0},
    "radar": {"missing_share": 0.0},
}


def small_lakes(**changes: dict[str, Any]) -> LakesSpecification:
    """Two regions of 3 km, with other values in some sections."""
    return LakesSpecification.model_validate(
        {name: {**VALUES.get(name, {}), **changes.get(name, {})} for name in {*VALUES, *changes}}
    )
