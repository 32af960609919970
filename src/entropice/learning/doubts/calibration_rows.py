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
        Columns ``cell_id class_ p_none``, (n).
    blocks
        Block by ``cell_id``, of all cells of `out_of_fold`, else KeyError.
    cells
        Columns ``cell_id lon_deg``; all cells of `out_of_fold`, else KeyError.

    Returns
    -------
    DataFrame
        Row by row of `out_of_fold`, indexed from 0: the sector of longitude of the cell (`entropice.dggs.sectors`), its
        block, 1 − ``p_none``, and whether the class is another than none.

    Examples
    --------
    >>> told = pd.DataFrame({"cell_id": [7, 8], "class_": ["none", "few"], "p_none": [0.75, 0.5]})
    >>> cells = pd.DataFrame({"cell_id": [7, 8], "lon_deg": [10.0, -170.0]})
    >>> calibration_rows(told, pd.Series({7: 1, 8: 2}), cells).values.tolist()
    [['0 to 45', 1, 0.25, False], ['-180 to -135', 2, 0.5, True]]
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
