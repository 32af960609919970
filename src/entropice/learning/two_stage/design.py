"""Totals and densities of cells from tiles chosen with unequal, known chances.

Tiles are drawn in strata h: nₕ of Nₕ without replacement, each with the chance πᵢ = nₕ / Nₕ; those chosen for certain
are a stratum with π = 1. With yᵢ the value of tile i, 0 outside the cell, and vᵢ the variance of yᵢ itself where it is
only estimated, the Horvitz–Thompson total of a cell (1952, doi:10.1080/01621459.1952.10483446) and its variance are

    T = Σ yᵢ / πᵢ,    V(T) = Σₕ Nₕ² (1 − nₕ / Nₕ) s²ₕ / nₕ + Σ vᵢ / πᵢ,

sums over chosen tiles and s²ₕ the variance of yᵢ over *all* chosen tiles of the stratum. T is unbiased whatever chance
was given to whom, and V(T) for its variance. The density (Hájek's ratio) divides by the area seen, weighted alike:

    D = Σ yᵢ / πᵢ  /  Σ aᵢ / πᵢ,    V(D) = V(T of yᵢ − D aᵢ) / (Σ aᵢ / πᵢ)²,

which is far steadier where few tiles of a cell were chosen. A cell without any chosen tile is not in the tables: nothing
is known of it. Estimates of cells with one or two random tiles are as rough as that, and their variance too.
"""

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.types import DataFrame, FloatArray, Series

COLUMNS = ("cell_id", "stratum", "inclusion")


def estimate_totals(tiles: DataFrame, value: str, variance: str | None = None) -> DataFrame:
    """Totals by cell.

    Parameters
    ----------
    tiles
        One row per *chosen* tile, also those in which nothing was found: ``cell_id``, ``stratum``, ``inclusion`` (the
        same within a stratum, more than 0), the value, and the variance of the value where there is one.
    value, variance
        Names of columns; without variance values count as known.

    Returns
    -------
    DataFrame
        ``cell_id total variance n_tiles``, by cell. The variance is NaN where a stratum with π < 1 has one chosen tile.

    Raises
    ------
    SchemaError
        A column is missing, a chance is not in 0..1 or differs within a stratum, or a value is not known.
    """
    _require(tiles, [value] if variance is None else [value, variance])
    of_tile = tiles.assign(y=tiles[value].astype(float), v=0.0 if variance is None else tiles[variance].astype(float))
    sums = _cell_sums(of_tile)
    return pd.DataFrame(
        {"cell_id": sums.index, "total": sums["total"], "variance": sums["variance"], "n_tiles": sums["n_tiles"]}
    ).reset_index(drop=True)


def estimate_densities(tiles: DataFrame, value: str, area: str) -> DataFrame:
    """Values per area by cell.

    Parameters
    ----------
    tiles
        As for `estimate_totals`, with a column of the area of each tile that lies in the cell and was seen.
    value, area
        Names of columns.

    Returns
    -------
    DataFrame
        ``cell_id density variance n_tiles``, by cell; NaN where no area was seen.

    Raises
    ------
    SchemaError
        As `estimate_totals`.
    """
    _require(tiles, [value, area])
    weighted = tiles[[value, area]].astype(float).div(tiles["inclusion"], axis=0).groupby(tiles["cell_id"]).sum()
    seen = weighted[area].where(weighted[area] > 0)
    density = weighted[value] / seen
    residual = tiles[value] - tiles["cell_id"].map(density) * tiles[area]
    sums = _cell_sums(tiles.assign(y=residual, v=0.0))
    return pd.DataFrame(
        {"cell_id": sums.index, "density": density, "variance": sums["variance"] / seen**2, "n_tiles": sums["n_tiles"]}
    ).reset_index(drop=True)


def _cell_sums(tiles: DataFrame) -> DataFrame:
    """``total variance n_tiles`` by cell, of tiles with value ``y`` and its own variance ``v``."""
    squares = tiles.assign(
        y2=tiles["y"] ** 2, total=tiles["y"] / tiles["inclusion"], own=tiles["v"] / tiles["inclusion"]
    )
    by_stratum = squares.groupby(["cell_id", "stratum"]).agg(
        y=("y", "sum"), y2=("y2", "sum"), total=("total", "sum"), own=("own", "sum"), n_tiles=("y", "size")
    )
    strata = tiles.groupby("stratum")["inclusion"].agg(["first", "size"]).loc[by_stratum.index.get_level_values(1)]
    drawn = _variance_of_drawing(by_stratum, strata["size"].to_numpy(float), strata["first"].to_numpy(float))
    variance = drawn + by_stratum["own"]
    return (
        by_stratum.assign(variance=variance)[["total", "variance", "n_tiles"]]
        .groupby("cell_id")
        .agg({"total": "sum", "variance": lambda values: values.sum(skipna=False), "n_tiles": "sum"})
    )


def _variance_of_drawing(sums: DataFrame, n: FloatArray, inclusion: FloatArray) -> "Series[float]":
    """Nₕ² (1 − nₕ / Nₕ) s²ₕ / nₕ of every cell and stratum; 0 where all tiles were chosen."""
    spread = (sums["y2"] - sums["y"] ** 2 / n) / np.where(n > 1, n - 1, np.nan)
    return (n * (1 - inclusion) / inclusion**2 * spread).where(inclusion < 1, 0.0)


def _require(tiles: DataFrame, values: list[str]) -> None:
    missing = [name for name in (*COLUMNS, *values) if name not in tiles]
    if missing:
        raise SchemaError("The table of tiles lacks columns.", field=", ".join(missing), got=list(tiles.columns))
    inclusion = tiles["inclusion"]
    if not ((inclusion > 0) & (inclusion <= 1)).all() or (tiles.groupby("stratum")["inclusion"].nunique() > 1).any():
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
            fix="leave out tiles that could not be looked at, and give the others of their stratum the chance that is left",
        )
