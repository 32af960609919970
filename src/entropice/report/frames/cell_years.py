"""Cells and years as rows: where they lie, what was seen, and which class that is."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.dggs.sectors import sectors
from entropice.report.out_of_fold import UNOBSERVED, WITH_SLUMPS
from entropice.report.run_tables import RunFacts, RunTables
from entropice.types import DataFrame, FloatArray

M2_PER_KM2: Final = 1e6


def cell_years(run: RunTables) -> DataFrame:
    """Every cell in every year, year after year.

    From the table ``cells``; cells are in its order. Regions are sectors of 45° of longitude, called by their edges,
    such as ``-180 to -135``, the western one inside.

    Returns
    -------
    DataFrame
        ``cell_id year region state density_m2_per_km2``: slump area per observed land area, NaN where it is unknown.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7], "lon_deg": [-100.0], "state_2020": ["observed_with"],
    ...                       "rts_area_fraction_2020": [2e-6]})
    >>> run = SimpleNamespace(frame=lambda _: cells, facts=SimpleNamespace(year_names={2020: "2020"}))
    >>> cell_years(run)[["cell_id", "year", "state", "density_m2_per_km2"]].to_numpy().tolist()
    [[7, 2020, 'observed_with', 2.0]]
    """
    cells = run.frame("cells")
    regions = sectors(cells["lon_deg"].to_numpy(np.float64)).to_numpy()
    parts = [
        pd.DataFrame(
            {
                "cell_id": cells["cell_id"].to_numpy(), "year": year, "region": regions,
                "state": cells[f"state_{year}"].to_numpy(), "density_m2_per_km2": _density_m2_per_km2(cells, year),
            }
        )
        for year in run.facts.year_names
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _density_m2_per_km2(cells: DataFrame, year: int) -> FloatArray:
    unknown = pd.Series(np.nan, cells.index)
    fraction = cells.get(f"rts_area_fraction_{year}", unknown)
    return M2_PER_KM2 * np.asarray(fraction, dtype=np.float64)


def with_classes(rows: DataFrame, facts: RunFacts) -> DataFrame:
    """The rows of `cell_years` whose class was observed, with the column ``class_``.

    Class 0 is what was observed without slumps, then ``1 < edges[0] <= 2 < edges[1] <= 3``. Rows that are unobserved
    are left out, and those of unknown density. Without edges slumps of unknown area have a class, too.

    Parameters
    ----------
    rows
        ``state density_m2_per_km2`` and more; not changed.
    facts
        Names of the classes, and edges as slump area per land area (without unit).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"state": ["observed_with", "observed_with", "observed_without", "unobserved"],
    ...                      "density_m2_per_km2": [5.0, 10.0, 0.0, None]})
    >>> facts = SimpleNamespace(class_names=("none", "few", "many"), class_edges=(1e-5,))
    >>> with_classes(rows, facts)["class_"].tolist()
    ['few', 'many', 'none']
    """
    density = rows["density_m2_per_km2"]
    is_known = (rows["state"] != UNOBSERVED) & (density.notna() | (not facts.class_edges))
    known = rows[is_known]
    edges = M2_PER_KM2 * np.array(facts.class_edges)
    with_slumps = 1 + np.searchsorted(edges, known["density_m2_per_km2"].to_numpy(), side="right")
    codes = np.where(known["state"] == WITH_SLUMPS, with_slumps, 0)
    return known.assign(class_=np.array(facts.class_names, dtype=object)[codes])
