"""Growth of objects in m² a year per cell, with its uncertainty.

An object i seen in two years t₁ < t₂ grows by

    dᵢ = (Aᵢ(t₂) − Aᵢ(t₁)) / (t₂ − t₁),    vᵢ = (V(Aᵢ(t₂)) + V(Aᵢ(t₁))) / (t₂ − t₁)²,

Aᵢ its calibrated area, unbiased, with variance V. Objects missed in one of the years say nothing, so those seen in both
stand for them: an object is seen in year t with the chance qᵢ(t), and its tile was looked at with the chance π, so it
is among those seen in both years with the chance pᵢ = π qᵢ(t₁) qᵢ(t₂). The growth of a cell is the Horvitz–Thompson
total

    G = Σ dᵢ / pᵢ,

unbiased whatever tiles were preferred, if areas are calibrated and chances right. Its variance is

    V(G) = φ [ Σ vᵢ / pᵢ + Σ sᵢ (1 − pᵢ) / pᵢ² + ½ m ],    m = mean of s (1 − p) / p² over all objects seen,

the error of the areas, and chance that decided who was seen. sᵢ is the mean of d² over the objects of all cells that
are about as easy to see: a cell with few objects has no idea of its own how large a missed one can be, and objects that
are often missed are small, and grow less. The half is Jeffreys' prior for a count, for not to have seen any is no proof
that there is none (m at the chances of the cell's tiles). That takes objects as seen independently. Where they cluster,
drawing whole tiles varies more: φ ≥ 1 is by how much the variance of the design, with tiles as units
(`entropice.learning.two_stage.design`), exceeds this one over all cells together; of one cell with a few tiles it would
be too rough. Intervals are normal, ±1.645 √V.

Estimated is the growth of objects that exist in both years. The error of the chances and of the calibration is not in
V: it is shared by all cells. Where chance chose few of a cell's tiles (π below about .1, or none of them) what was seen
says next to nothing of the rest, and neither G nor V can help that: let the tiles looked at be all there is, π = 1, and
call it their growth.
"""

from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from entropice.errors import SchemaError
from entropice.learning.two_stage.design import estimate_totals
from entropice.types import DataFrame, FloatArray, Series

SIGHTINGS: Final = ("object_id", "tile_id", "year", "area_m2", "variance_m4", "detection")
TILES: Final = ("tile_id", "cell_id", "stratum", "inclusion")
LEVEL: Final = 0.9
_GROWTH: Final = ("cell_id", "growth_m2_per_year", "variance", "low_90", "high_90", "n_objects", "n_tiles")
_PRIOR_COUNT: Final = 0.5
_MOST_GROUPS: Final = 10
_LEAST_OF_GROUP: Final = 50


def object_growth(sightings: DataFrame, first_year: int, last_year: int) -> DataFrame:
    """Growth of every object seen in both years.

    ``d = (A₂ − A₁) / (t₂ − t₁)`` with the variance ``(V₂ + V₁) / (t₂ − t₁)²``, A the summed area of its pieces in a
    year.

    Parameters
    ----------
    sightings
        ``object_id tile_id year area_m2 variance_m4 detection``; pieces of one object in one year add up. The tile is
        where it was looked for, the same in all years; ``detection`` is the chance to see such an object that year,
        more than 0; of pieces the largest counts.
    first_year, last_year
        t₁ and t₂; sightings of other years do not matter.

    Returns
    -------
    DataFrame
        ``object_id tile_id growth_m2_per_year variance detection``, variance in m⁴ a year², detection in both years
        (the product), by object. An object seen in one of the years alone has no row.

    Raises
    ------
    SchemaError
        A column is missing, the first year is not before the last, a chance is not in 0..1 or 0, or an object lies in
        two tiles; looked for in this order, in sightings of all years.

    Examples
    --------
    From 100 to 160 m² in three years.

    >>> sightings = pd.DataFrame({"object_id": 1, "tile_id": 7, "year": [2018, 2021], "area_m2": [100.0, 160.0]})
    >>> sightings = sightings.assign(variance_m4=9.0, detection=0.5)
    >>> object_growth(sightings, 2018, 2021).values.tolist()
    [[1.0, 7.0, 20.0, 2.0, 0.25]]
    """
    _require_sightings(sightings, first_year, last_year)
    years = last_year - first_year
    first, last = (_seen_in(sightings, year) for year in (first_year, last_year))
    both = first.merge(last, on="object_id", suffixes=("_first", "_last"), validate="one_to_one")
    return pd.DataFrame(
        {
            "object_id": both["object_id"],
            "tile_id": both["tile_id_first"],
            "growth_m2_per_year": (both["area_m2_last"] - both["area_m2_first"]) / years,
            "variance": (both["variance_m4_last"] + both["variance_m4_first"]) / years**2,
            "detection": both["detection_first"] * both["detection_last"],
        }
    )


def cell_growth(objects: DataFrame, tiles: DataFrame) -> DataFrame:
    """Growth of all objects in every cell that was looked at, ``G = Σ dᵢ / pᵢ``.

    Parameters
    ----------
    objects
        ``object_id tile_id growth_m2_per_year variance detection`` of `object_growth`.
    tiles
        ``tile_id cell_id stratum inclusion`` of every tile looked at in both years, also of those without objects.

    Returns
    -------
    DataFrame
        ``cell_id growth_m2_per_year variance low_90 high_90 n_objects n_tiles``, by cell: m² a year, m⁴ a year², the
        normal 90 % interval, objects seen in both years, tiles looked at. A cell without such objects has a growth of
        0, whose variance is what one half of an object not seen may have grown.

    Raises
    ------
    SchemaError
        A column of the tiles is missing, an object lies in a tile that is not in the table, or as `estimate_totals`.

    Notes
    -----
    p is the inclusion of the tile times the detection of the object. ``V(G) = φ [Σ vᵢ / pᵢ + Σ sᵢ (1 − pᵢ) / pᵢ² + ½
    m]``, v the variance of d, s the mean of d² over objects about as easy to see (one of ⌊n / 50⌋ groups of the n
    objects of all cells by the rank of their detection, from 1 to 10 groups), m the mean of s (1 − p) / p² over all
    objects seen, at the chances of the cell's tiles, and φ ≥ 1 by how much the variance with tiles as units exceeds the
    rest over all cells. Horvitz and Thompson (1952), doi:10.1080/01621459.1952.10483446.

    Examples
    --------
    Seen in both years with a chance of 1/2, so it stands for two. The variance is 2 / ½ + 20² ½ / ½² + ½ · 800.

    >>> objects = pd.DataFrame({"object_id": [1], "tile_id": 7, "growth_m2_per_year": 20.0, "variance": 2.0})
    >>> tiles = pd.DataFrame({"tile_id": [7], "cell_id": 3, "stratum": "all", "inclusion": 1.0})
    >>> growth = cell_growth(objects.assign(detection=0.5), tiles)
    >>> growth[["cell_id", "growth_m2_per_year", "variance"]].values.tolist()
    [[3.0, 40.0, 1204.0]]
    """
    _require_tiles(objects, tiles)
    seen = objects.merge(tiles, on="tile_id", validate="many_to_one")
    squares = _squares(seen)
    totals = _by_tile_totals(seen, tiles, squares)
    chance = seen["detection"] * seen["inclusion"]
    parts = pd.DataFrame({"error": seen["variance"] / chance, "unseen": squares * _odds(chance), "n_objects": 1})
    sums = parts.groupby(seen["cell_id"]).sum().reindex(totals["cell_id"], fill_value=0).reset_index(drop=True)
    variance = sums["error"] + sums["unseen"] + _PRIOR_COUNT * _mean_unseen(seen, tiles, squares)
    inflated = variance * _clustering(totals["variance"], variance)
    table = totals[["cell_id", "n_tiles"]].assign(growth_m2_per_year=totals["total"], variance=inflated)
    return _with_interval(table.assign(n_objects=sums["n_objects"]))


def _with_interval(table: DataFrame) -> DataFrame:
    growth, reach = table["growth_m2_per_year"], norm.ppf((1 + LEVEL) / 2) * np.sqrt(table["variance"])
    return table.assign(low_90=growth - reach, high_90=growth + reach)[[*_GROWTH]]


def _squares(seen: DataFrame) -> "Series[float]":
    """Mean of d² of the objects with about the chance of each to be seen: of as many groups as chances tell apart."""
    # Groups of some fifty objects at least: growth is so skewed that the mean square of a few is that of the largest
    # among them.
    n_groups = min(_MOST_GROUPS, max(1, len(seen) // _LEAST_OF_GROUP))
    group = np.ceil(seen["detection"].rank(pct=True) * n_groups)
    return (seen["growth_m2_per_year"] ** 2).groupby(group).transform("mean")


def _mean_unseen(seen: DataFrame, tiles: DataFrame, squares: "Series[float]") -> FloatArray:
    """m of each cell: mean over its tiles, at the chance π of each, of s (1 − π q) / (π q)²."""
    if seen.empty:
        return np.zeros(tiles["cell_id"].nunique())
    detection, inclusion = seen["detection"], tiles["inclusion"]
    of_tile = float((squares / detection**2).mean()) / inclusion**2 - float((squares / detection).mean()) / inclusion
    return np.asarray(of_tile.groupby(tiles["cell_id"]).mean(), dtype=np.float64)


def _by_tile_totals(seen: DataFrame, tiles: DataFrame, squares: "Series[float]") -> DataFrame:
    """Totals and variances of cells with tiles as units."""
    detection = seen["detection"]
    variance = seen["variance"] / detection + squares * _odds(detection)
    parts = pd.DataFrame({"growth": seen["growth_m2_per_year"] / detection, "variance": variance})
    by_tile = parts.groupby(seen["tile_id"]).sum().reindex(tiles["tile_id"], fill_value=0).reset_index(drop=True)
    return estimate_totals(tiles.reset_index(drop=True).join(by_tile), "growth", "variance")


def _odds(chance: "Series[float]") -> "Series[float]":
    """(1 − p) / p²: what one object seen adds for those that are not."""
    return (1 - chance) / chance**2


def _clustering(of_tiles: "Series[float]", of_objects: "Series[float]") -> float:
    """φ: variance with tiles as units over that with objects as units, of all cells that have both; at least 1."""
    both = of_tiles.notna()
    total = float(of_objects[both].sum())
    return max(1.0, float(of_tiles[both].sum()) / total) if total > 0 else 1.0


def _seen_in(sightings: DataFrame, year: int) -> DataFrame:
    """What is seen of each object in a year, its pieces added up."""
    of_year = sightings[sightings["year"] == year].groupby("object_id")
    return of_year.agg({"tile_id": "first", "area_m2": "sum", "variance_m4": "sum", "detection": "max"}).reset_index()


def _require_sightings(sightings: DataFrame, first_year: int, last_year: int) -> None:
    missing = [name for name in SIGHTINGS if name not in sightings]
    if missing:
        raise SchemaError("The table of sightings lacks columns.", field=", ".join(missing), got=list(sightings))
    if not first_year < last_year:
        raise SchemaError("Growth needs two years.", field="year", got=f"{first_year}, {last_year}")
    wrong = sightings[~((sightings["detection"] > 0) & (sightings["detection"] <= 1))]
    if len(wrong):
        raise SchemaError(
            "A chance to see an object is none.", field="detection", sample=wrong["detection"], expected="0..1, above 0"
        )
    tiles = sightings.groupby("object_id")["tile_id"]
    moved = tiles.first()[tiles.min() < tiles.max()]
    if len(moved):
        raise SchemaError("Some objects lie in two tiles.", field="tile_id", sample=moved.index, expected="one")


def _require_tiles(objects: DataFrame, tiles: DataFrame) -> None:
    missing = [name for name in TILES if name not in tiles]
    if missing:
        raise SchemaError("The table of tiles lacks columns.", field=", ".join(missing), got=list(tiles))
    unknown = ~objects["tile_id"].isin(tiles["tile_id"])
    if unknown.any():
        raise SchemaError(
            "Some objects lie in tiles that were not looked at.",
            field="tile_id",
            sample=objects.loc[unknown, "tile_id"],
            fix="leave out objects of tiles that were not looked at in both years",
        )
