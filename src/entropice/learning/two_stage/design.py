"""Totals and densities of cells from tiles chosen with unequal, known chances.

Tiles are drawn in strata h: nₕ of Nₕ without replacement, each with the chance πᵢ = nₕ / Nₕ; those chosen for certain
are a stratum with π = 1. With yᵢ the value of tile i, 0 outside the cell, and vᵢ the variance of yᵢ itself where it is
only estimated, the Horvitz–Thompson total of a cell (1952, doi:10.1080/01621459.1952.10483446) and its variance are

    T = Σ yᵢ / πᵢ,    V(T) = Σₕ Nₕ² (1 − nₕ / Nₕ) s²ₕ / nₕ + Σ vᵢ / πᵢ,

sums over chosen tiles and s²ₕ the variance of yᵢ over *all* chosen tiles of the stratum. T is unbiased whatever chance
was given to whom, and V(T) for its variance. The density (Hájek's ratio) divides by the area seen, weighted alike:

    D = Σ yᵢ / πᵢ  /  Σ aᵢ / πᵢ,    V(D) = V(T of yᵢ − D aᵢ) / (Σ aᵢ / πᵢ)²,

which is nearly unbiased, and steadier where a tile's value goes with its area. A cell without any chosen tile is not in
the tables, for nothing is known of it. One with none that chance has chosen (``n_random`` 0) tells of its best tiles
alone: its total misses the others, its density is that of the best, and its variance knows nothing of either.

Intervals are Student's: the variance of drawing is itself estimated from mₕ tiles of the cell, so with Vₕ its parts the
degrees of freedom are V² / Σₕ (Vₕ² / (mₕ − 1)), at least 1 (Satterthwaite 1946, doi:10.2307/3002019).
"""

from typing import Final

import numpy as np
from scipy.stats import t

from entropice.errors import SchemaError
from entropice.types import DataFrame, FloatArray, Series

COLUMNS: Final = ("cell_id", "stratum", "inclusion")
LEVEL: Final = 0.9
_SUMS: Final = ("total", "variance", "imprecision", "n_tiles", "n_random")
_INTERVAL: Final = ("variance", "low_90", "high_90", "n_tiles", "n_random")


def estimate_totals(tiles: DataFrame, value: str, variance: str | None = None) -> DataFrame:
    """Horvitz–Thompson totals by cell, ``T = Σ yᵢ / πᵢ``, and their variances.

    Parameters
    ----------
    tiles
        One row per *chosen* tile, also those in which nothing was found: ``cell_id`` (a tile is in one cell),
        ``stratum``, ``inclusion`` (the same within a stratum, more than 0), the value, and its variance if it has one.
    value, variance
        Names of columns; without variance values count as known.

    Returns
    -------
    DataFrame
        ``cell_id total variance low_90 high_90 n_tiles n_random``, by cell: the total in the unit of the value, the
        variance in its square, the 90 % interval, and the chosen tiles, of which ``n_random`` had a chance below 1. All
        but the total and the numbers are NaN where one tile alone was chosen of a stratum with π < 1.

    Raises
    ------
    SchemaError
        A column is missing, a chance is 0, not in 0..1 or differs within a stratum, or a value is not known; looked for
        in this order.

    Notes
    -----
    ``V(T) = Σₕ Nₕ² (1 − nₕ / Nₕ) s²ₕ / nₕ + Σ vᵢ / πᵢ``, with nₕ of Nₕ = nₕ / π tiles chosen in stratum h, s²ₕ the
    variance of the value over *all* chosen tiles of the stratum (0 outside the cell), and v the variance of a value
    itself. Horvitz and Thompson (1952), doi:10.1080/01621459.1952.10483446. The interval is Student's with ``V² / Σₕ
    (Vₕ² / (mₕ − 1))`` degrees of freedom, at least 1, mₕ being the cell's tiles: Satterthwaite (1946),
    doi:10.2307/3002019.

    Examples
    --------
    Two of four tiles hold 1 and 3: twice their sum, and 4² (1 − 2/4) · 2 / 2, for s² is 2.

    >>> import pandas as pd
    >>> tiles = pd.DataFrame({"cell_id": 7, "stratum": "random", "inclusion": 0.5, "found": [1.0, 3.0]})
    >>> estimate_totals(tiles, "found")[["cell_id", "total", "variance", "n_random"]].values.tolist()
    [[7.0, 8.0, 8.0, 2.0]]
    """
    _require(tiles, [value] if variance is None else [value, variance])
    of_tile = tiles.assign(y=tiles[value].astype(float), v=0.0 if variance is None else tiles[variance].astype(float))
    return _with_interval(_cell_sums(of_tile), "total")


def estimate_densities(tiles: DataFrame, value: str, area: str) -> DataFrame:
    """Values per area by cell, ``D = Σ yᵢ / πᵢ`` over ``Σ aᵢ / πᵢ`` (Hájek's ratio).

    Its variance is ``V(T of yᵢ − D aᵢ) / (Σ aᵢ / πᵢ)²``, V(T) being that of `estimate_totals`, and so is the interval.

    Parameters
    ----------
    tiles
        As for `estimate_totals`, with a column of the area of each tile that lies in the cell and was seen.
    value, area
        Names of columns.

    Returns
    -------
    DataFrame
        ``cell_id density variance low_90 high_90 n_tiles n_random``, by cell: the density in units of the value per
        unit of area, the variance in its square. NaN where no area was seen; variance and interval also as in
        `estimate_totals`. Ends may lie below 0.

    Raises
    ------
    SchemaError
        As `estimate_totals`, the area being a value.

    Examples
    --------
    Two of four tiles of area 1 hold 1 and 3: 2 per area. Residuals are −1 and 1, so the variance is 8 / (2 · 2)².

    >>> import pandas as pd
    >>> tiles = pd.DataFrame({"cell_id": 7, "stratum": "random", "inclusion": 0.5, "found": [1.0, 3.0], "area": 1.0})
    >>> estimate_densities(tiles, "found", "area")[["cell_id", "density", "variance"]].values.tolist()
    [[7.0, 2.0, 0.5]]
    """
    _require(tiles, [value, area])
    weighted = tiles[[value, area]].astype(float).div(tiles["inclusion"], axis=0).groupby(tiles["cell_id"]).sum()
    seen = weighted[area].where(weighted[area] > 0)
    density = weighted[value] / seen
    residual = tiles[value] - tiles["cell_id"].map(density) * tiles[area]
    sums = _cell_sums(tiles.assign(y=residual.astype(float), v=0.0))
    variance, imprecision = sums["variance"] / seen**2, sums["imprecision"] / seen**4
    return _with_interval(sums.assign(density=density, variance=variance, imprecision=imprecision), "density")


def _with_interval(estimates: DataFrame, name: str) -> DataFrame:
    variance, imprecision = (estimates[column].to_numpy(np.float64) for column in ("variance", "imprecision"))
    is_drawn = imprecision > 0
    freedom = np.divide(variance**2, imprecision, out=np.full(len(variance), np.inf), where=is_drawn)
    reach = t.ppf((1 + LEVEL) / 2, np.maximum(freedom, 1.0)) * np.sqrt(variance)
    value = estimates[name]
    return estimates.assign(low_90=value - reach, high_90=value + reach)[[name, *_INTERVAL]].reset_index()


def _cell_sums(tiles: DataFrame) -> DataFrame:
    """``total variance imprecision n_tiles n_random`` by cell, of tiles with value ``y`` and its own variance ``v``."""
    inclusion = tiles["inclusion"]
    parts = tiles.assign(y2=tiles["y"] ** 2, total=tiles["y"] / inclusion, own=tiles["v"] / inclusion)
    by_stratum = parts.assign(n_tiles=1, n_random=(inclusion < 1).astype(int)).groupby(["cell_id", "stratum"])
    sums = by_stratum[["y", "y2", "total", "own", "n_tiles", "n_random"]].sum().reset_index("stratum")
    strata = tiles.groupby("stratum")["inclusion"].agg(["first", "size"]).loc[sums["stratum"]].to_numpy(np.float64)
    # Over all chosen tiles of the stratum, 0 in those outside the cell: how many of them fall into the cell is chance,
    # too.
    drawn = _variance_of_drawing(sums["y"].to_numpy(), sums["y2"].to_numpy(), strata[:, 1], strata[:, 0])
    imprecision = drawn**2 / np.maximum(sums["n_tiles"].to_numpy() - 1, 1)
    return sums.assign(variance=drawn + sums["own"], imprecision=imprecision).groupby("cell_id")[list(_SUMS)].agg(_sum)


def _sum(values: "Series[float]") -> float:
    """A sum that is not known where a part is not."""
    return float(values.sum(skipna=False))


def _variance_of_drawing(y: FloatArray, y2: FloatArray, n: FloatArray, inclusion: FloatArray) -> FloatArray:
    """Nₕ² (1 − nₕ / Nₕ) s²ₕ / nₕ of every cell and stratum, by its sums of y and y²; 0 where all tiles were chosen."""
    spread = (y2 - y**2 / n) / np.where(n > 1, n - 1, np.nan)
    return np.where(inclusion < 1, n * (1 - inclusion) / inclusion**2 * spread, 0.0)


def _require(tiles: DataFrame, values: list[str]) -> None:
    missing = [name for name in (*COLUMNS, *values) if name not in tiles]
    if missing:
        raise SchemaError("The table of tiles lacks columns.", field=", ".join(missing), got=list(tiles.columns))
    inclusion = tiles["inclusion"]
    strata = tiles.groupby("stratum")["inclusion"]
    if not ((inclusion > 0) & (inclusion <= 1)).all() or (strata.min() < strata.max()).any():
        raise SchemaError(
            "Chances of tiles to be chosen are not those of strata.",
            field="inclusion",
            expected="more than 0, at most 1, and one within a stratum",
            sample=inclusion.unique(),
        )
    unknown = tiles[values].isna().any(axis=1)
    if unknown.any():
        raise SchemaError(
            "Some chosen tiles have no value.",
            field=", ".join(values),
            sample=tiles.loc[unknown, "cell_id"],
            fix="leave out tiles that could not be looked at, and lower the chances of their stratum to match",
        )
