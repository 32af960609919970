"""What every cell was expected to hold, what was found in it, how that grows, and where to look next."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.learning.two_stage.design import estimate_densities
from entropice.learning.two_stage.gate import Gate
from entropice.learning.two_stage.growth import cell_growth, object_growth
from entropice.types import CellIds, DataFrame
from entropice.units import M2_PER_KM2

FOUND: Final = ("found_per_km2", "found_low_90", "found_high_90")
GROWTH: Final = ("growth_m2_per_year", "growth_low_90", "growth_high_90")


def cell_finds(expected: DataFrame, tiles: DataFrame, growth: DataFrame, gate: Gate, searched: CellIds) -> DataFrame:
    """One row a cell: what was expected, what was found on its tiles, its growth, and when to look at it.

    Parameters
    ----------
    expected
        ``cell_id expected_per_km2`` of the year that was looked at, every cell once.
    tiles
        ``cell_id stratum inclusion expected_found seen_area_m2`` of the tiles looked at in that year: stratum and
        chance as `estimate_densities` takes them, the sum of the chances of the objects found, and the ground seen.
    growth
        Of `growth_on_tiles`.
    gate
        Fitted to densities per km².
    searched
        Cells (n,), uint64, that somebody else has searched in that year.

    Returns
    -------
    DataFrame
        ``cell_id expected_per_km2 passes_gate n_tiles seen_area_m2 found found_per_km2 found_low_90 found_high_90
        growth_m2_per_year growth_low_90 growth_high_90 look_next_rank``, in the order of `expected`. What was not
        looked at is NaN, ``n_tiles`` aside, which is 0; ``passes_gate`` is `Gate.passes`, ``found`` is the sum of
        chances, ``found_per_km2`` the density that `estimate_densities` gives with its 90 % interval.
        ``look_next_rank`` (Int64) counts the cells that pass the gate and that nobody has looked at, by falling
        expectation, from 1; ties go by row, and all others, with those of unknown expectation, are null.

    Raises
    ------
    SchemaError
        As `estimate_densities`.

    Examples
    --------
    A square kilometre of cell 1 was seen; the chances of what was found there sum up to 1.5. Cell 2 is next, cell 3
    does not pass the gate.

    >>> expected = pd.DataFrame({"cell_id": [1, 2, 3], "expected_per_km2": [2.0, 1.0, 0.1]})
    >>> tiles = pd.DataFrame({"cell_id": [1], "stratum": "1", "inclusion": 1.0, "expected_found": 1.5})
    >>> growth = pd.DataFrame(columns=["cell_id", "growth_m2_per_year", "low_90", "high_90"])
    >>> gate = Gate(threshold=0.5, bound=0.1, missed_share=0.05, n_blocks=20)
    >>> tiles, nobody = tiles.assign(seen_area_m2=1e6), np.array([], dtype=np.uint64)
    >>> found = cell_finds(expected, tiles, growth, gate, searched=nobody)
    >>> found["found_per_km2"].tolist(), found["look_next_rank"].tolist()
    ([1.5, nan, nan], [<NA>, 1, <NA>])
    """
    seen = tiles.groupby("cell_id").agg(
        n_tiles=("cell_id", "size"), seen_area_m2=("seen_area_m2", "sum"), found=("expected_found", "sum")
    )
    density = estimate_densities(tiles, "expected_found", "seen_area_m2").set_index("cell_id")
    per_km2 = density[["density", "low_90", "high_90"]].mul(M2_PER_KM2).set_axis(list(FOUND), axis=1)
    named = growth.set_index("cell_id")[["growth_m2_per_year", "low_90", "high_90"]].set_axis(list(GROWTH), axis=1)
    table = expected[["cell_id", "expected_per_km2"]].set_index("cell_id").join([seen, per_km2, named])
    passes = gate.passes(table["expected_per_km2"].to_numpy(np.float64))
    n_tiles = table["n_tiles"].fillna(0).astype(np.int64)
    found = table.assign(passes_gate=passes, n_tiles=n_tiles)
    is_unseen = (n_tiles == 0) & ~found.index.isin(searched)
    found["look_next_rank"] = _ranked(found["expected_per_km2"].where(passes & is_unseen))
    columns = ["expected_per_km2", "passes_gate", "n_tiles", "seen_area_m2", "found", *FOUND, *GROWTH, "look_next_rank"]
    return found[columns].reset_index()


def growth_on_tiles(sightings: DataFrame, tiles: DataFrame, first_year: int, last_year: int) -> DataFrame:
    """Growth of what lies on the tiles looked at in both years, by cell, as `cell_growth` without any other ground.

    Parameters
    ----------
    sightings
        As for `object_growth`, with the ``chance`` that the object is a true one: false ones do not grow. Of an object
        with the chance c (the mean of what its sightings say), growth is c d and its variance c v + c (1 − c) d².
    tiles
        ``tile_id cell_id`` of tiles looked at in both years; sightings elsewhere are left out.
    first_year, last_year
        Between which growth is told, as a mean a year.

    Returns
    -------
    DataFrame
        ``cell_id growth_m2_per_year variance low_90 high_90 n_objects n_tiles`` as of `cell_growth`; a row a cell with
        tiles, but none at all where no object of any cell was seen in both years, for then nothing is known.

    Raises
    ------
    SchemaError
        As `object_growth`.

    Examples
    --------
    An object that is a true one with a chance of 1/2, always seen, grows from 100 to 140 m² in two years.

    >>> sightings = pd.DataFrame({"object_id": 1, "tile_id": 7, "year": [2018, 2020], "area_m2": [100.0, 140.0]})
    >>> sightings = sightings.assign(variance_m4=0.0, detection=1.0, chance=0.5)
    >>> growth = growth_on_tiles(sightings, pd.DataFrame({"tile_id": [7], "cell_id": [3]}), 2018, 2020)
    >>> growth[["cell_id", "growth_m2_per_year", "variance"]].values.tolist()  # 20 / 2, and 1/2 · 1/2 · 20²
    [[3.0, 10.0, 100.0]]
    """
    # π = 1: drawn as few as they are, tiles say next to nothing of the rest of a cell (see `growth`), so nothing is
    # said.
    everything = tiles.assign(stratum="all", inclusion=1.0)
    seen = sightings[sightings["tile_id"].isin(everything["tile_id"])]
    objects = _of_true_ones(object_growth(seen, first_year, last_year), seen)
    growth = cell_growth(objects, everything)
    return growth if len(objects) else growth.iloc[:0]


def _of_true_ones(objects: DataFrame, seen: DataFrame) -> DataFrame:
    chance = objects["object_id"].map(seen.groupby("object_id")["chance"].mean())
    growth, variance = objects["growth_m2_per_year"], objects["variance"]
    # The law of total variance: d where the object is a true one, 0 where it is not.
    return objects.assign(
        growth_m2_per_year=chance * growth, variance=chance * variance + chance * (1 - chance) * growth**2
    )


def _ranked(density: "pd.Series[float]") -> "pd.Series[int]":
    return density.rank(method="first", ascending=False).astype("Int64")
