"""Growth of objects in m² a year per cell, with its uncertainty.

An object i seen in two years t₁ < t₂ grows by

    dᵢ = (Aᵢ(t₂) − Aᵢ(t₁)) / (t₂ − t₁),    vᵢ = (V(Aᵢ(t₂)) + V(Aᵢ(t₁))) / (t₂ − t₁)²,

Aᵢ its calibrated area, unbiased, with variance V. Objects missed in one of the years say nothing, so those seen in both
stand for them: an object is seen in year t with the chance qᵢ(t), in both with qᵢ = qᵢ(t₁) qᵢ(t₂), and its tile was
looked at with the chance π. The growth of a tile and its variance are

    G = Σ dᵢ / qᵢ,    V(G) = Σ vᵢ / qᵢ + k m,    m = mean over all objects seen of dᵢ² (1 − qᵢ) / qᵢ²,

k the objects seen in it. The first part is the error of the areas, the second that of chance deciding who was seen;
m is taken over all objects because a cell with few has no idea of its own how large a missed one can be. Totals of
cells follow by weighting tiles with 1 / π (`entropice.learning.two_stage.design`): unbiased, whatever tiles were
preferred, if areas are calibrated and chances right. Each cell's variance has m / 2 more (times the mean 1 / π of its
tiles): where k are seen, k + 1/2 is what Jeffreys' prior lets one expect, and not to have seen any is no proof that
there is none.

Estimated is the growth of objects that exist in both years. The error of qᵢ and of the calibration is not in V: it is
shared by all cells. Intervals are those of the design: Student's, normal where all tiles were looked at.
"""

from typing import Final

import pandas as pd

from entropice.errors import SchemaError
from entropice.learning.two_stage.design import estimate_totals
from entropice.types import DataFrame

SIGHTINGS: Final = ("object_id", "tile_id", "year", "area_m2", "variance_m4", "detection")
TILES: Final = ("tile_id", "cell_id", "stratum", "inclusion")
_UNSEEN: Final = 0.5


def object_growth(sightings: DataFrame, first_year: int, last_year: int) -> DataFrame:
    """Growth of every object seen in both years.

    Parameters
    ----------
    sightings
        ``object_id tile_id year area_m2 variance_m4 detection``; pieces of one object in one year add up. The tile is
        where it was looked for, the same in all years; ``detection`` is the chance to see such an object that year,
        more than 0.

    Returns
    -------
    DataFrame
        ``object_id tile_id growth_m2_per_year variance detection``, variance in m⁴ a year², by object.

    Raises
    ------
    SchemaError
        A column is missing, years do not follow one another, a chance is not in 0..1, or an object lies in two tiles.
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
    """Growth of all objects in every cell that was looked at.

    Parameters
    ----------
    objects
        Of `object_growth`.
    tiles
        ``tile_id cell_id stratum inclusion`` of every tile looked at in both years, also of those without objects.

    Returns
    -------
    DataFrame
        ``cell_id growth_m2_per_year variance low_90 high_90 n_tiles n_random n_objects``, by cell.

    Raises
    ------
    SchemaError
        As `estimate_totals`, or an object lies in a tile that is not in the table.
    """
    _require_tiles(objects, tiles)
    detection, growth = objects["detection"], objects["growth_m2_per_year"]
    unseen = float((growth**2 * (1 - detection) / detection**2).mean()) if len(objects) else 0.0
    parts = pd.DataFrame(
        {"growth": growth / detection, "variance": objects["variance"] / detection + unseen, "n_objects": 1}
    )
    by_tile = parts.groupby(objects["tile_id"]).sum().reindex(tiles["tile_id"], fill_value=0).reset_index(drop=True)
    of_tiles = tiles.reset_index(drop=True).join(by_tile)
    tiles_of_cell = of_tiles.groupby("cell_id")["tile_id"].transform("size")
    spread = of_tiles.assign(variance=of_tiles["variance"] + _UNSEEN * unseen / tiles_of_cell)
    totals = estimate_totals(spread, "growth", "variance").rename(columns={"total": "growth_m2_per_year"})
    return totals.assign(n_objects=of_tiles.groupby("cell_id")["n_objects"].sum().to_numpy())


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
