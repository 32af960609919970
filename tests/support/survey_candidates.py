"""Made-up cells that nobody has looked at, for survey plans."""

import dataclasses
from typing import Any

from qgis_plugin.entropice.core.survey_cells import Candidate, Place


def cell(number: int, **changes: Any) -> Candidate:
    """A cell of 300 km² of land, each 1° east of the one before."""
    plain = Candidate(
        cell_id=number,
        place=Place(float(number), 70.0),
        p_any=0.4,
        p_low=0.2,
        p_high=0.7,
        is_inside=True,
        land_km2=300.0,
        land_fraction=1.0,
        seen_share=0.0,
        cost_km2=300.0,
        information_bits=0.1,
        find_bits=0.4,
    )
    return dataclasses.replace(plain, **changes)
