"""What was observed on the units: the same truth for every run."""

from collections.abc import Sequence
from typing import Final

from entropice.derive.labels import UNOBSERVED, label_cells
from entropice.runs import Run
from entropice.types import DataFrame, GeoDataFrame

CONTEXT: Final = {"land": "land", "rts": "slumps", "coverage": "searched_ground"}
"""Tables of a run folder by the dataset that they hold."""


def observed_density(units: GeoDataFrame, run: Run, years: Sequence[int], min_observed_fraction: float) -> DataFrame:
    """Slump area over observed land area by unit and year, from the slumps and searched ground of a run.

    Labels are made for the units as for cells (`entropice.derive.labels.label_cells`), of the run's polygons ``land``,
    ``slumps`` and ``searched_ground``.

    Parameters
    ----------
    units
        ``cell_id area_m2 land_fraction`` and outlines, EPSG:3413.
    min_observed_fraction
        Of a unit's land.

    Returns
    -------
    DataFrame
        ``cell_id year observed_land_area_m2 rts_area_fraction``, one row for each unit and year, years within units;
        the fraction is NaN where less than `min_observed_fraction` of the unit's land was observed.

    Raises
    ------
    LabelError
        No slump was observed in any unit.
    """
    land, rts, coverage = (run.context(table) for table in CONTEXT.values())
    labels = label_cells(units, land, rts, coverage, years, min_observed_fraction)
    known = labels["rts_area_fraction"].where(labels["state"] != UNOBSERVED)
    return labels[["cell_id", "year", "observed_land_area_m2"]].assign(rts_area_fraction=known)
