"""Labels of all land: what a campaign would have found that had imaged every cell in every year."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from entropice.virtual_arctic.slumps import all_finds
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.zonal.polygons import OUTSIDE, locate


def complete_labels(truth: xr.Dataset, world: WorldSpecification, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Slump area per land area of every cell and label year, detection and false positives as in the real campaign.

    A slump lies whole in the cell that holds its centre, while labels divide it where it crosses a border.

    A find whose place lies in no cell does not count. Rows are sorted by cell, as given, and year; 0 where nothing is
    found.

    Parameters
    ----------
    cells
        ``cell_id area_m2 land_fraction geometry`` (EPSG:3413).

    Returns
    -------
    DataFrame
        ``cell_id year rts_area_fraction``, a row for each cell and label year; NaN in a cell without land.
    """
    finds, years = all_finds(truth, world), truth["year"].to_numpy()
    cell = locate(cells.geometry.to_numpy(), shapely.points(finds["x_m"], finds["y_m"]))
    is_inside = cell != OUTSIDE
    column = np.searchsorted(years, finds["year"].to_numpy())
    area_m2 = np.zeros((len(cells), len(years)))
    np.add.at(area_m2, (cell[is_inside], column[is_inside]), finds["area_m2"].to_numpy()[is_inside])
    land_m2 = (cells["area_m2"] * cells["land_fraction"]).where(cells["land_fraction"] > 0).to_numpy()
    return pd.DataFrame(
        {
            "cell_id": np.repeat(cells["cell_id"].to_numpy(), len(years)),
            "year": np.tile(years, len(cells)),
            "rts_area_fraction": (area_m2 / land_m2[:, None]).ravel(),
        }
    )
