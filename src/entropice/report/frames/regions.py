"""Whether forecasts promise too much or too little, region by region."""

from entropice.dggs.sectors import west_deg
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame


def regional_bias(run: RunTables) -> DataFrame:
    """The table of regional calibration from west to east.

    Returns
    -------
    DataFrame
        Columns as those of ``regional_calibration``, ``region n_cell_years n_blocks n_positive mean_p_any frequency
        bias low_95 high_95``, with ``verdict``. It is ``too many slumps promised`` where the interval lies above 0,
        ``too few slumps promised`` below, else ``0 inside the interval``, also with an end at 0; ``no interval`` where
        ``low_95`` is NaN.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"region": ["0 to 90", "-90 to 0"], "low_95": [0.1, None], "high_95": [0.2, None]})
    >>> regional_bias(SimpleNamespace(frame=lambda _: rows))[["region", "verdict"]].to_numpy().tolist()
    [['-90 to 0', 'no interval'], ['0 to 90', 'too many slumps promised']]
    """
    rows = run.frame("regional_calibration")
    verdict = (rows["low_95"] > 0).map({True: "too many slumps promised", False: "0 inside the interval"})
    verdict = verdict.mask(rows["high_95"] < 0, "too few slumps promised").mask(rows["low_95"].isna(), "no interval")
    west = rows["region"].map(west_deg).astype(float)
    ordered = rows.assign(verdict=verdict, west=west).sort_values("west", kind="stable", ignore_index=True)
    return ordered.drop(columns="west")
