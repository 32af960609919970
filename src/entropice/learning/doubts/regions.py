"""Calibration region by region: a map that is right on average may still be wrong everywhere.

For a region the bias is the mean of P(any) minus the frequency of slumps, both out of fold. Its interval comes from a
bootstrap of the region's blocks (Künsch 1989, doi:10.1214/aos/1176347265): with Bᵢ the sum of P(any) − slump over block
i and nᵢ its rows, a replicate is Σ mᵢ Bᵢ / Σ mᵢ nᵢ, where multiplicities m are multinomial.
"""

import numpy as np
import pandas as pd

from entropice.learning.scores.interval import QUANTILES
from entropice.learning.scores.table import block_replicates


def regional_calibration(calibration: pd.DataFrame, random_seed: int, n_replicates: int) -> pd.DataFrame:
    """Compare what was said with what was seen.

    Each region's draws begin with the seed anew; the ends are the 2.5 % and 97.5 % quantiles of the replicates, linear
    between them. Of no rows there is a frame without columns.

    Parameters
    ----------
    calibration
        Columns ``region block p_any is_positive``, one row per out-of-fold row of one model and scheme.
    random_seed, n_replicates
        Of the bootstrap of blocks, region by region.

    Returns
    -------
    DataFrame
        Columns ``region n_cell_years n_blocks n_positive mean_p_any frequency bias low_95 high_95``, by region in the
        order of their names: rows, blocks, rows with slumps, the mean of P(any), the share of rows with slumps, the one
        minus the other, and the central 95 % of the bias; the interval is NaN with fewer than two blocks.

    Notes
    -----
    ``bias = Σ (p − y) / n``; bootstrap of whole blocks: Künsch (1989), doi:10.1214/aos/1176347265.

    Examples
    --------
    >>> import pandas as pd
    >>> told = pd.DataFrame(
    ...     {"region": "0 to 45", "block": [1, 1, 2], "p_any": [0.5, 0.5, 0.2], "is_positive": [True, False, False]}
    ... )
    >>> found = regional_calibration(told, random_seed=0, n_replicates=100)
    >>> found.loc[0, ["mean_p_any", "frequency", "bias"]].astype(float).round(4).tolist()
    [0.4, 0.3333, 0.0667]
    """
    rows = [
        {"region": region, **_row(members, random_seed, n_replicates)}
        for region, members in calibration.groupby("region", sort=True)
    ]
    return pd.DataFrame(rows)


def _row(members: pd.DataFrame, random_seed: int, n_replicates: int) -> dict[str, float]:
    # Replicates of a ratio: sums and sizes are drawn together, as blocks differ in how many rows they hold.
    excess = members["p_any"] - members["is_positive"]
    by_block = excess.groupby(members["block"]).agg(["sum", "size"]).to_numpy(dtype=np.float64)
    weights = block_replicates(len(by_block), random_seed, n_replicates)
    sums, sizes = (weights @ by_block).T
    low, high = np.quantile(sums / sizes, QUANTILES) if len(weights) else (np.nan, np.nan)
    return {
        "n_cell_years": len(members),
        "n_blocks": len(by_block),
        "n_positive": int(members["is_positive"].sum()),
        "mean_p_any": float(members["p_any"].mean()),
        "frequency": float(members["is_positive"].mean()),
        "bias": float(excess.mean()),
        "low_95": float(low),
        "high_95": float(high),
    }
