"""Outlines of cells as pages draw them."""

from typing import Final

import numpy as np
import pandas as pd
import shapely

from entropice.report.run_tables import RunTables
from entropice.types import DataFrame, Geometries

MOST_CELLS: Final = 20_000
"""More polygons make a page slow."""
DECIMALS_KM: Final = 1


def has_outlines(run: RunTables) -> bool:
    """Whether maps are drawn cell by cell: where the run has at most 20,000 cells (`MOST_CELLS`).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [has_outlines(SimpleNamespace(frame=lambda _, n=n: range(n))) for n in (MOST_CELLS, MOST_CELLS + 1)]
    [True, False]
    """
    return len(run.frame("cells")) <= MOST_CELLS


def outlined_cells(run: RunTables) -> DataFrame:
    """Every cell once, in the order of the table; equal in every chart, so that a page holds the outlines once.

    Returns
    -------
    DataFrame
        Index ``cell_id``; columns ``cell``, the same as users of the grid spell it; ``geometry`` in km of
        EPSG:3413, rounded to 100 m. No rows where there are more than 20,000 cells.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [255], "geometry": [shapely.box(0, 0, 1040, 960)]})
    >>> run = SimpleNamespace(frame=lambda _: cells, facts=SimpleNamespace(spelt_cell="{:x}".format))
    >>> outlined_cells(run).loc[255, "cell"], outlined_cells(run).loc[255, "geometry"].bounds
    ('ff', (0.0, 0.0, 1.0, 1.0))
    """
    cells = run.frame("cells")
    if not has_outlines(run):
        # No rows, yet the columns: a chart then says why it is missing, and nothing breaks.
        cells = cells.head(0)
    outlines = rounded_km(cells["geometry"].to_numpy())
    ids = cells["cell_id"].to_numpy()
    spelt = pd.Series(map(run.facts.spelt_cell, ids.tolist()), dtype="str").to_numpy()
    return pd.DataFrame({"cell": spelt, "geometry": outlines}, index=pd.Index(ids, name="cell_id"))


def rounded_km(polygons_m: Geometries) -> Geometries:
    """Polygons (n,) in km, vertices rounded to 100 m; one of a single part is a polygon, whatever a file made of it.

    Parameters
    ----------
    polygons_m
        EPSG:3413 metres; not changed.

    Examples
    --------
    >>> shapely.bounds(rounded_km(np.array([shapely.box(0, 0, 1040, 960)])))[0].tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    single = np.where(shapely.get_num_geometries(polygons_m) == 1, shapely.get_geometry(polygons_m, 0), polygons_m)
    rounded: Geometries = shapely.transform(single, lambda xy_m: np.round(xy_m / 1000, DECIMALS_KM))
    return rounded
