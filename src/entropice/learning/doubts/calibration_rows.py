"""What was said and seen out of fold, by region and block: the rows that regional calibration compares."""

import pandas as pd

from entropice.dggs.sectors import sectors
from entropice.learning.classes import NO_SLUMPS
from entropice.types import DataFrame, GeoDataFrame


def calibration_rows(out_of_fold: DataFrame, blocks: "pd.Series[int]", cells: GeoDataFrame) -> DataFrame:
    """``region block p_any is_positive`` of the out-of-fold rows of one model and scheme.

    Parameters
    ----------
    out_of_fold
        Columns ``cell_id class_ p_none``.
    blocks
        Block by ``cell_id``.
    cells
        Columns ``cell_id lon_deg``; all cells of `out_of_fold`, else KeyError.
    """
    lon_deg = cells.set_index("cell_id")["lon_deg"].loc[out_of_fold["cell_id"]].to_numpy()
    return pd.DataFrame(
        {
            "region": sectors(lon_deg).to_numpy(),
            "block": blocks.loc[out_of_fold["cell_id"]].to_numpy(),
            "p_any": 1 - out_of_fold[f"p_{NO_SLUMPS}"].to_numpy(),
            "is_positive": (out_of_fold["class_"] != NO_SLUMPS).to_numpy(),
        }
    )
