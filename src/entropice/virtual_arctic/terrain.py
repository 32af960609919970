"""Coasts, relief and ground ice on base units."""

import geopandas as gpd
import numpy as np
import rasterio.features
import xarray as xr
from pyproj import Transformer
from shapely.geometry import shape

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.types import BoolArray, Float32Array, FloatArray
from entropice.units import M_PER_KM
from entropice.virtual_arctic.fields import power_law_field, rank_gaussian, rank_uniform
from entropice.virtual_arctic.lattice import Lattice, base_lattice, coarse_lattice, lattice_of, upsampled
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import WorldSpecification

ALWAYS_LAND_LON_LAT_DEG = ((0.0, 90.0), (180.0, 74.0), (180.0, 68.0))
"""The pole and two places on the antimeridian: what projections get wrong must be there to be tested."""

_ISLAND_RADIUS_KM = 120.0
_PLAIN_HEIGHT_M = 60.0
_MOUNTAIN_HEIGHT_M = 900.0
_PLAIN_RELIEF_M = 12.0
_MOUNTAIN_RELIEF_M = 420.0


def build_terrain(world: WorldSpecification) -> xr.Dataset:
    """Everything about a world that does not change with time, on base units.

    Coordinates are centres of base units (m, EPSG:3413). Land is the highest `land_share` of coarse units of a random
    field with islands at `ALWAYS_LAND_LON_LAT_DEG`. Height is 60 + 900 M + (12 + 420 M) R in m, with M in (0, 1) the
    square of a smooth field of even margins and R a rough one of mean 0 and variance 1. Ground ice is standard normal
    on coarse units and interpolated between them. All fields follow from the world's seed: they are `power_law_field`
    of the exponent 4 and the lengths 900, 600 and 250 km on coarse units, by `generator` of the topics ``coasts``,
    ``mountains`` and ``ground ice``, and R of 3.6 and 80 km on base units, of the topic ``relief``. To that of the
    coasts 10 exp(−(d / 120 km)²) is added for each island, d the distance from it.

    Returns
    -------
    xr.Dataset
        Dimensions ``y`` (descending) and ``x``; ``land`` (bool), ``elevation_m`` (float32, defined under the sea too,
        so that coasts interpolate) and ``ground_ice`` (float32, standard normal).
    """
    base, coarse = base_lattice(world), coarse_lattice(world)
    factor = world.coarse_unit_m // world.base_unit_m
    land = _land_mask(world, coarse)
    ice = rank_gaussian(_smooth_field(world, coarse, "ground ice", longest_km=250))
    return xr.Dataset(
        {
            "land": (("y", "x"), land.repeat(factor, axis=0).repeat(factor, axis=1)),
            "elevation_m": (("y", "x"), _elevation_m(world, base, coarse)),
            "ground_ice": (("y", "x"), upsampled(ice, factor)),
        },
        coords={"y": base.y_m, "x": base.x_m},
        attrs={"crs": POLAR_CRS, "seed": world.seed},
    )


def outline_land(terrain: xr.Dataset) -> gpd.GeoDataFrame:
    """Polygons of the land in EPSG:3413, equal to its base units as a set of points.

    Rows are ``piece``, from 1 on, and ``geometry``, a polygon with holes for each piece of units that share edges.
    """
    land = terrain["land"].to_numpy()
    outlines = rasterio.features.shapes(land.astype(np.uint8), mask=land, transform=lattice_of(terrain).transform)
    pieces = [shape(outline) for outline, _ in outlines]
    return gpd.GeoDataFrame({"piece": np.arange(1, len(pieces) + 1)}, geometry=pieces, crs=POLAR_CRS)


def slope_and_northness(elevation_m: Float32Array, lattice: Lattice) -> tuple[Float32Array, Float32Array]:
    """Slope (degrees) and the cosine of its true aspect: 1 where the ground falls towards the North Pole.

    Both float32 of the shape of `elevation_m` (m, row 0 at the top), by differences of the neighbours on both sides,
    one side at edges. NaN spreads to the neighbours.

    Notes
    -----
    In a polar projection the way to true north is the way to the origin, so no longitude is needed. Flat ground and
    the pole have northness 0.

    Examples
    --------
    >>> lattice = Lattice(left_m=-150, top_m=-1000, step_m=100, n_rows=3, n_columns=3)
    >>> falling_north = np.repeat(np.array([[0.0], [100.0], [200.0]], dtype=np.float32), 3, axis=1)
    >>> slope_deg, northness = slope_and_northness(falling_north, lattice)
    >>> float(slope_deg[1, 1].round(3)), float(northness[1, 1])
    (45.0, 1.0)
    """
    down_rows, across_columns = np.gradient(elevation_m, np.float32(lattice.step_m))
    fall_x, fall_y = -across_columns, down_rows
    x_m, y_m = lattice.x_m.astype(np.float32)[None, :], lattice.y_m.astype(np.float32)[:, None]
    gradient = np.hypot(fall_x, fall_y)
    # The scalar product with the way to the origin; no angle is needed, which flat ground has not.
    northward_fall = -(fall_x * x_m + fall_y * y_m)
    length = gradient * np.hypot(x_m, y_m)
    northness = np.divide(northward_fall, length, out=np.zeros_like(gradient), where=length > 0)
    return np.degrees(np.arctan(gradient)), northness


def _land_mask(world: WorldSpecification, coarse: Lattice) -> BoolArray:
    height = _smooth_field(world, coarse, "coasts", longest_km=900) + _islands(coarse)
    return height > np.quantile(height, 1 - world.land_share)


def _islands(coarse: Lattice) -> FloatArray:
    to_polar = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True)
    x_m, y_m = np.meshgrid(coarse.x_m, coarse.y_m)
    peaks = np.zeros(coarse.shape)
    for lon_deg, lat_deg in ALWAYS_LAND_LON_LAT_DEG:
        peak_x_m, peak_y_m = to_polar.transform(lon_deg, lat_deg)
        distance_km = np.hypot(x_m - peak_x_m, y_m - peak_y_m) / M_PER_KM
        peaks += 10 * np.exp(-((distance_km / _ISLAND_RADIUS_KM) ** 2))
    return peaks


def _elevation_m(world: WorldSpecification, base: Lattice, coarse: Lattice) -> Float32Array:
    factor = coarse.step_m // base.step_m
    mountains = upsampled(rank_uniform(_smooth_field(world, coarse, "mountains", longest_km=600)) ** 2, factor)
    longest_px = 80 * M_PER_KM / base.step_m
    relief = power_law_field(generator(world.seed, "relief"), base.shape, 3.6, longest_px)
    height_m = _PLAIN_HEIGHT_M + _MOUNTAIN_HEIGHT_M * mountains
    return (height_m + (_PLAIN_RELIEF_M + _MOUNTAIN_RELIEF_M * mountains) * relief).astype(np.float32)


def _smooth_field(world: WorldSpecification, coarse: Lattice, topic: str, longest_km: float) -> Float32Array:
    return power_law_field(generator(world.seed, topic), coarse.shape, 4.0, longest_km * M_PER_KM / coarse.step_m)
