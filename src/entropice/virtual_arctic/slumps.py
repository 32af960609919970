"""True slumps, and which of them a mapping campaign finds."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from entropice.crs import POLAR_CRS
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray
from entropice.virtual_arctic.areas import draw_areas_m2
from entropice.virtual_arctic.lattice import lattice_of
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import WorldSpecification


def active_slumps(truth: xr.Dataset, world: WorldSpecification) -> pd.DataFrame:
    """One row per true slump and year in which it is active: ``slump_id year x_m y_m area_m2``.

    A unit holds a Poisson number of potential slumps at its highest yearly rate. Each has a mark v ~ U(0, 1) and is
    active when v is below the year's share of that highest rate, so counts of every year are exactly Poisson and a
    slump keeps its identity, place and area over the years.

    Places are uniform in their unit (EPSG:3413), areas are drawn by `draw_areas_m2` and in m². Rows are sorted by year
    and id; ids count from 1, and those of slumps that are never active are missing. A unit's rate is exp(known log rate
    + effect of its block), the effect normal with mean 0 and the variance `unseen_variance`. Everything follows from
    the world's seed, by `generator` of the topics ``slumps`` and, of the effects, ``unseen``.
    """
    random = generator(world.seed, "slumps")
    land = truth["land"].to_numpy()
    rates = np.exp(truth["known_log_rate"].to_numpy()[:, land] + _unseen_effect(truth, world)[land])
    unit, shares = _potential_slumps(random, rates)
    year_index, slump = np.nonzero(random.uniform(size=len(unit)) < shares)
    x_m, y_m = _places(random, truth, np.flatnonzero(land)[unit])
    area_m2 = draw_areas_m2(world.slumps.areas, random, len(unit))
    years = truth["year"].to_numpy()[year_index]
    return _slump_years(slump + 1, years, x_m[slump], y_m[slump], area_m2[slump])


def false_positives(truth: xr.Dataset, world: WorldSpecification, first_id: int) -> pd.DataFrame:
    """What is taken for a slump and is none: as ``active_slumps``, each in one year only, ids from ``first_id``.

    A unit has a Poisson number of them each year at ``false_positive_rate``, none at sea.
    """
    random = generator(world.seed, "false positives")
    rate = np.nan_to_num(truth["false_positive_rate"].to_numpy()).ravel()
    counts = random.poisson(rate, size=(truth.sizes["year"], rate.size))
    year_index, unit = np.nonzero(counts)
    repeats = counts[year_index, unit]
    years, unit = truth["year"].to_numpy()[year_index].repeat(repeats), unit.repeat(repeats)
    x_m, y_m = _places(random, truth, unit)
    area_m2 = draw_areas_m2(world.slumps.areas, random, len(unit))
    return _slump_years(first_id + np.arange(len(unit)), years, x_m, y_m, area_m2)


def find_slumps(truth: xr.Dataset, footprints: gpd.GeoDataFrame, world: WorldSpecification) -> pd.DataFrame:
    """What the campaign draws: detected slumps and false positives whose place lies in a footprint of the year.

    Columns are those of `active_slumps`, sorted by year and id. A place on the edge of a footprint lies in it.

    Truth is as `entropice.virtual_arctic.truth.build_truth` makes it, footprints as
    `entropice.virtual_arctic.imaging.draw_footprints`.
    """
    candidates = all_finds(truth, world)
    found = candidates[_lies_in_footprint(candidates, footprints)]
    return found.sort_values(["year", "slump_id"], ignore_index=True)


def all_finds(truth: xr.Dataset, world: WorldSpecification) -> pd.DataFrame:
    """What the campaign would draw that had images of all land in every year, as ``active_slumps``.

    Each active slump is found with `detection_probability`, independently in each year. Detected ones come first, then
    false positives, whose ids follow the highest of all active slumps.
    """
    active = active_slumps(truth, world)
    is_detected = generator(world.seed, "detection").uniform(size=len(active)) < world.slumps.detection_probability
    mistaken = false_positives(truth, world, first_id=int(active["slump_id"].max()) + 1 if len(active) else 1)
    return pd.concat([active[is_detected], mistaken], ignore_index=True)


def _potential_slumps(random: np.random.Generator, rates: Float32Array) -> tuple[IntArray, Float32Array]:
    """Unit of each potential slump, and its yearly rates as shares of the highest; shapes (n,) and (year, n)."""
    highest = rates.max(axis=0)
    # Thinning: a Poisson number at the highest rate, kept with a chance of r / highest, is Poisson at r.
    unit = np.repeat(np.arange(len(highest)), random.poisson(highest))
    return unit, rates[:, unit] / highest[unit]


def _unseen_effect(truth: xr.Dataset, world: WorldSpecification) -> Float32Array:
    """The Gaussian effect of each unit's block, constant over years; shape (y, x)."""
    blocks = lattice_of(truth).blocks(world.slumps.block_m)
    by_block = generator(world.seed, "unseen").standard_normal(int(blocks.max()) + 1)
    effect: Float32Array = (np.sqrt(world.slumps.unseen_variance) * by_block).astype(np.float32)[blocks]
    return effect


def _places(random: np.random.Generator, truth: xr.Dataset, unit: IntArray) -> tuple[FloatArray, FloatArray]:
    """A uniform place in each unit, given by its number in the flattened lattice."""
    lattice = lattice_of(truth)
    row, column = np.divmod(unit, lattice.n_columns)
    offset_m = (random.uniform(size=(2, len(unit))) - 0.5) * lattice.step_m
    return lattice.x_m[column] + offset_m[0], lattice.y_m[row] + offset_m[1]


def _lies_in_footprint(slumps: pd.DataFrame, footprints: gpd.GeoDataFrame) -> BoolArray:
    polar = footprints.to_crs(POLAR_CRS)
    places = shapely.points(slumps["x_m"], slumps["y_m"])
    place, image = polar.sindex.query(places, predicate="intersects")
    is_same_year = slumps["year"].to_numpy()[place] == polar["year"].to_numpy()[image]
    lies_in = np.zeros(len(slumps), dtype=bool)
    lies_in[place[is_same_year]] = True
    return lies_in


def _slump_years(
    slump_id: IntArray, year: IntArray, x_m: FloatArray, y_m: FloatArray, area_m2: FloatArray
) -> pd.DataFrame:
    columns = {"slump_id": slump_id, "year": year, "x_m": x_m, "y_m": y_m, "area_m2": area_m2}
    return pd.DataFrame(columns).astype({"slump_id": np.int64, "year": np.int64})
