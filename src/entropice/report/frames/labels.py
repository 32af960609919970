"""What was seen where, and how dense slumps are."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.dggs.sectors import west_deg
from entropice.report.frames.cell_years import cell_years
from entropice.report.out_of_fold import WITH_SLUMPS
from entropice.report.palettes import STATE_LABELS
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame

BINS_PER_DECADE: Final = 5


def label_counts(run: RunTables) -> DataFrame:
    """Number of cells by region, from west to east, year and what was observed.

    Returns
    -------
    DataFrame
        ``region year state n``: regions as in `cell_years`, years and states under their titles; without a row where no
        cell is. States are observed with slumps, observed without, unobserved, in this order.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7, 8], "lon_deg": [-100.0, -100.0], "state_2020": "observed_with"})
    >>> run = SimpleNamespace(frame=lambda _: cells, facts=SimpleNamespace(year_names={2020: "summer 2020"}))
    >>> label_counts(run)[["year", "state", "n"]].to_numpy().tolist()
    [['summer 2020', 'observed, with slumps', 2]]
    """
    counts = cell_years(run).groupby(["region", "year", "state"], sort=False).size().rename("n").reset_index()
    order = pd.DataFrame(
        {
            "west": counts["region"].map(west_deg),
            "year": counts["year"],
            "state": counts["state"].map(list(STATE_LABELS).index),
        }
    ).sort_values(["west", "year", "state"])
    ordered = counts.loc[order.index].reset_index(drop=True)
    return ordered.assign(
        year=ordered["year"].map(dict(run.facts.year_names)), state=ordered["state"].map(STATE_LABELS)
    )


def density_bins(run: RunTables) -> DataFrame:
    """Cells and years with slumps by slump area per observed land area.

    Those of unknown density are left out.

    Returns
    -------
    DataFrame
        ``low high n``: bins of a fifth of a decade, in m² per km², from the first to the last with any; a bin holds its
        lower edge. No rows without such cells.

    Examples
    --------
    Densities of 1, 1 and 2 m² per km²; 10 to the power of 0.2 is 1.585:

    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7, 8, 9], "lon_deg": 0.0, "state_2020": "observed_with",
    ...                       "rts_area_fraction_2020": [1e-6, 1e-6, 2e-6]})
    >>> run = SimpleNamespace(frame=lambda _: cells, facts=SimpleNamespace(year_names={2020: "2020"}))
    >>> density_bins(run).round(3).to_numpy().tolist()
    [[1.0, 1.585, 2.0], [1.585, 2.512, 1.0]]
    """
    rows = cell_years(run)
    density = rows.loc[rows["state"] == WITH_SLUMPS, "density_m2_per_km2"].to_numpy()
    places = np.floor(BINS_PER_DECADE * np.log10(density[density > 0])).astype(int)
    if not len(places):
        return pd.DataFrame(columns=["low", "high", "n"])
    bins = np.arange(places.min(), places.max() + 1)
    low, high = (10.0 ** ((bins + end) / BINS_PER_DECADE) for end in (0, 1))
    return pd.DataFrame({"low": low, "high": high, "n": np.bincount(places - places.min())})
