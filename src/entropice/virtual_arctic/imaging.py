"""Which land a mapping campaign saw in each year."""

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio.features
import shapely
import xarray as xr

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.types import BoolArray, FloatArray, Geometries, IntArray
from entropice.units import M2_PER_KM2, M_PER_KM
from entropice.virtual_arctic.fields import power_law_field, rank_uniform
from entropice.virtual_arctic.lattice import Lattice, block_mean, coarse_lattice, lattice_of
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.virtual_arctic.terrain import slope_and_northness

_KM_PER_DEG = 111.2
_OVERLAP_SHARE = 0.05
_LOWEST_LAT_DEG = 55.0
_EDGE_STEP_DEG = 0.25
_INTEREST_LENGTH_KM = 500
_RELIEF_WEIGHT = 0.7
_UNVISITED_LENGTH_KM = 1000


def draw_footprints(terrain: xr.Dataset, world: WorldSpecification) -> gpd.GeoDataFrame:
    """Footprints of every label year: rows ``image_id``, ``year``, ``area_km2``, densified lon/lat rectangles.

    Scenes are taken where relief and a yearly interest are highest until ``imaging.observed_share`` of the coarse units
    of land (rounded to a whole number of them) is seen, or no scene is left that touches none of the unvisited regions,
    which are the same in all years. Relief is a known input, and interest and regions are independent of the slumps, so
    what is missing is missing at random given the features.

    Scenes are rectangles in longitude and latitude, about `scene_km` wide and high, that overlap by 5 % and end at
    ±180° and at `max_lat_deg`. They are ranked by the mean over the coarse units of land in them of 0.7 r + i, r the
    standardised log of slope and i the year's random interest, a `power_law_field` of the exponent 4 and 500 km.
    Unvisited is the `unvisited_share` of these units that is lowest in such a field of 1,000 km. ``image_id`` counts
    from 1, areas are those in EPSG:6931, and geometries are in EPSG:4326, sorted by year.
    """
    lattice = coarse_lattice(world)
    factor = world.coarse_unit_m // world.base_unit_m
    land = block_mean(terrain["land"].to_numpy(), factor) > 0
    slope_deg, _ = slope_and_northness(terrain["elevation_m"].to_numpy(), lattice_of(terrain))
    relief = np.log(block_mean(slope_deg, factor))
    is_unvisited = _is_unvisited(world, lattice, land)
    years = [_footprints_of_year(world, year, lattice, land, relief, is_unvisited) for year in world.label_years]
    footprints = pd.concat(years, ignore_index=True)
    area_km2 = footprints.to_crs(EQUAL_AREA_CRS).area / M2_PER_KM2
    return footprints.assign(image_id=np.arange(1, len(footprints) + 1), area_km2=area_km2)


def observed_units(footprints: gpd.GeoDataFrame, lattice: Lattice, years: tuple[int, ...]) -> BoolArray:
    """Whether a unit's centre lies in a footprint of the year; shape (year, y, x).

    Footprints are as `draw_footprints` makes them, in any CRS; years in the order that is asked for, all False in one
    without footprints.
    """
    polar = footprints.to_crs(POLAR_CRS)
    return np.stack([_covers_centres(polar.geometry[polar["year"] == year], lattice) for year in years])


def _covers_centres(shapes: gpd.GeoSeries, lattice: Lattice) -> BoolArray:
    if shapes.empty:
        return np.zeros(lattice.shape, dtype=bool)
    covered: BoolArray = rasterio.features.rasterize(
        shapes, lattice.shape, transform=lattice.transform, dtype="uint8"
    ).astype(bool)
    return covered


def _is_unvisited(world: WorldSpecification, lattice: Lattice, land: BoolArray) -> BoolArray:
    """Whether each unit of land (n,) lies in a region that no year's campaign touches."""
    random = generator(world.seed, "imaging: unvisited regions")
    appeal = power_law_field(random, lattice.shape, 4.0, _UNVISITED_LENGTH_KM * M_PER_KM / lattice.step_m)[land]
    return rank_uniform(appeal) < world.imaging.unvisited_share


def _footprints_of_year(
    world: WorldSpecification,
    year: int,
    lattice: Lattice,
    land: BoolArray,
    relief: FloatArray,
    is_unvisited: BoolArray,
) -> gpd.GeoDataFrame:
    random = generator(world.seed, f"imaging {year}")
    interest = power_law_field(random, lattice.shape, 4.0, _INTEREST_LENGTH_KM * M_PER_KM / lattice.step_m)
    score = _RELIEF_WEIGHT * _standardised(relief, land) + interest
    lon_deg, lat_deg = lattice.lon_lat_deg()
    points = shapely.points(lon_deg[land], lat_deg[land])
    scenes = _touching_none_of(points[is_unvisited], _candidate_scenes(random, world))
    point, scene = shapely.STRtree(scenes).query(points, predicate="intersects")
    n_wanted = round(world.imaging.observed_share * len(points))
    chosen = scenes[_best_scenes(point, scene, score[land], len(scenes), n_wanted)]
    return gpd.GeoDataFrame(
        {"year": np.full(len(chosen), year)}, geometry=shapely.segmentize(chosen, _EDGE_STEP_DEG), crs=LON_LAT_CRS
    )


def _touching_none_of(points: Geometries, scenes: Geometries) -> Geometries:
    _, touching = shapely.STRtree(scenes).query(points, predicate="intersects")
    return np.delete(scenes, touching)


def _best_scenes(point: IntArray, scene: IntArray, score: FloatArray, n_scenes: int, n_wanted: int) -> IntArray:
    """Scenes by descending mean score, as few as see ``n_wanted`` points (all that see any, where too few do)."""
    n_points_seen = np.bincount(scene, minlength=n_scenes)
    total = np.bincount(scene, weights=score[point], minlength=n_scenes)
    candidates = np.flatnonzero(n_points_seen)
    order = candidates[np.argsort(-total[candidates] / n_points_seen[candidates], kind="stable")]
    rank = np.full(n_scenes, n_scenes)
    rank[order] = np.arange(len(order))
    first_rank = np.full(len(score), n_scenes)
    # A point is seen with its best scene: so counts by rank say what each further scene adds.
    np.minimum.at(first_rank, point, rank[scene])
    n_seen = np.cumsum(np.bincount(first_rank, minlength=n_scenes + 1)[: len(order)])
    return order[: np.searchsorted(n_seen, n_wanted) + 1]


def _candidate_scenes(random: np.random.Generator, world: WorldSpecification) -> Geometries:
    """Rectangles over the whole cap, cut at ±180° and at the highest imaged latitude, slightly overlapping."""
    height_deg = world.imaging.scene_km / _KM_PER_DEG
    bottoms = np.arange(_LOWEST_LAT_DEG - random.uniform(0, height_deg), world.imaging.max_lat_deg, height_deg)
    return np.concatenate([_band_of_scenes(random, world, bottom, bottom + height_deg) for bottom in bottoms])


def _band_of_scenes(
    random: np.random.Generator, world: WorldSpecification, bottom_deg: float, top_deg: float
) -> Geometries:
    km_around = 360 * _KM_PER_DEG * np.cos(np.radians((bottom_deg + top_deg) / 2))
    width_deg = 360 / max(4, round(km_around / world.imaging.scene_km))
    left_deg = np.arange(-180 - random.uniform(0, width_deg), 180, width_deg)
    margin_lon_deg, margin_lat_deg = _OVERLAP_SHARE * width_deg, _OVERLAP_SHARE * (top_deg - bottom_deg)
    scenes: Geometries = shapely.box(
        np.maximum(left_deg - margin_lon_deg, -180),
        bottom_deg - margin_lat_deg,
        np.minimum(left_deg + width_deg + margin_lon_deg, 180),
        min(top_deg + margin_lat_deg, world.imaging.max_lat_deg),
    )
    return scenes


def _standardised(field: FloatArray, where: BoolArray) -> FloatArray:
    standardised: FloatArray = (field - field[where].mean()) / field[where].std()
    return standardised
