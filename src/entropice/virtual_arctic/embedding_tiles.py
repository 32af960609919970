"""Embeddings of the land surface as AlphaEarth's annual files have them: int8 vectors in UTM zones that overlap."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.progress import progress
from entropice.raster.tile import EmbeddingTile
from entropice.raster.utm_zones import N_ZONES, UtmRaster, transformer, utm_crs, zone_lon_deg
from entropice.types import BoolArray, Float32Array, FloatArray
from entropice.units import ZERO_CELSIUS_K
from entropice.virtual_arctic.climate import LAPSE_K_PER_M, build_climate, temperature_k
from entropice.virtual_arctic.lattice import Lattice, coarse_lattice, interpolated, lattice_of
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.virtual_arctic.terrain import slope_and_northness

N_DIMENSIONS = 64
MASKED = -128

_LARGEST_CODE = np.float32(127.5)
_CENTRAL_EASTING_M = 500_000
_SOUTHERNMOST_M, _NORTHERNMOST_M = 6_400_000, 9_400_000
_NORTH_LIMIT_DEG = 82.5
_BEYOND_ZONE_DEG = 0.2
_GAP_SHARE = 0.03
_GAP_WIDTH_PX = 3.0
_N_HIDDEN = 32
_NOISE = 0.15
_SMALLEST_PX = 8
_SUMMER_MONTHS = (6, 7, 8)


@dataclass(frozen=True)
class Surface:
    """What embeddings respond to, on the lattices it is known on.

    Attributes
    ----------
    land, elevation_m, slope_deg, northness, ground_ice
        On base units.
    summer_c
        By year, mean temperature at sea level from June to August, on coarse units.
    """

    base: Lattice
    coarse: Lattice
    land: BoolArray
    elevation_m: Float32Array
    slope_deg: Float32Array
    northness: Float32Array
    ground_ice: Float32Array
    summer_c: dict[int, Float32Array]


@dataclass(frozen=True)
class Places:
    """Pixel centres of a square, row 0 in the north; each of the square's shape."""

    x_m: FloatArray
    y_m: FloatArray
    lon_deg: FloatArray
    lat_deg: FloatArray


def embedding_tiles(terrain: xr.Dataset, world: WorldSpecification) -> Iterator[EmbeddingTile]:
    """Every file with a known pixel, year by year within a square.

    A vector is a seeded random map of height, slope, northness, ground ice and the year's summer, with noise, scaled
    to length 1. Sea, gaps and everything beyond 82.5° N is masked; pixels reach 0.2° into the neighbouring zones.
    Files of even zones run from south to north. Overviews are means of the finest vectors, scaled to length 1 again.

    A vector is B tanh(A d + a) + ε over its length, with d the drivers (height − 300 m) / 300 m, log(slope / 2°),
    northness, ground ice, and (summer − 5 °C) / 3 K at the place's height; A (32, 5), a (32) and B (64, 32) are normal
    numbers, with standard deviations of ½, ½ and 1, drawn once from the seed, and ε, with 0.15 √32, by file and year.
    About 3 % of a square is gaps, drawn anew each year. Files come zone by zone, from south to north; codes are those
    of `quantised`, int8 (64, row, column) a level, −128 where masked. A name is
    ``virtual<zone>x<south>-0000000000-0000000000``, the zone with two digits and the southern edge in whole km, the
    same in all years.
    """
    surface = _surface(terrain, world)
    for raster in progress(_squares(world), "embedding tiles"):
        places = _places(raster)
        known = _known(surface, raster.zone, places)
        if known.any():
            for year in world.label_years:
                yield _tile(raster, places, known, year, surface, world)


def quantised(vectors: Float32Array) -> NDArray[np.int8]:
    """Codes from −127 to 127 of values from −1 to 1; −128 where NaN.

    The nearest to sign(x) · √|x| · 127.5, of which sign(v) · (v / 127.5)² is the inverse.

    Of any shape.

    Examples
    --------
    >>> quantised(np.array([1.0, 0.25, 0.0, -1.0, np.nan], dtype=np.float32)).tolist()
    [127, 64, 0, -127, -128]
    """
    codes = np.clip(np.rint(np.copysign(np.sqrt(np.abs(vectors)), vectors) * _LARGEST_CODE), -127, 127)
    masked: NDArray[np.int8] = np.nan_to_num(codes, nan=MASKED).astype(np.int8)
    return masked


def pyramid(vectors: Float32Array) -> list[Float32Array]:
    """Vectors of shape (64, n, n), n a power of 2, and their overviews down to 8 pixels a row; NaN where masked.

    An overview's pixel is the mean of the finest known vectors below it, scaled to length 1.

    The list begins with the given vectors; each next level has half the rows and columns. A pixel is masked where
    nothing below it is known, or where what is known sums to 0.

    Examples
    --------
    >>> vectors = np.full((64, 16, 16), np.nan, dtype=np.float32)
    >>> vectors[:2, 0, 0], vectors[2:, 0, 0] = (0.6, 0.8), 0.0
    >>> finest, overview = pyramid(vectors)
    >>> overview.shape, overview[:3, 0, 0].astype(float).round(3).tolist(), bool(np.isnan(overview[0, 0, 1]))
    ((64, 8, 8), [0.6, 0.8, 0.0], True)
    """
    sums, levels = np.nan_to_num(vectors), [vectors]
    while sums.shape[1] > _SMALLEST_PX:
        # Sums of the finest vectors, not of scaled ones: every known pixel counts once at all levels.
        sums = sums[:, ::2, ::2] + sums[:, ::2, 1::2] + sums[:, 1::2, ::2] + sums[:, 1::2, 1::2]
        levels.append(_scaled_to_one(sums))
    return levels


def _squares(world: WorldSpecification) -> list[UtmRaster]:
    """Squares of every zone that may reach into the world."""
    pixel_m, tile_px = world.embedding_tiles.pixel_m, world.embedding_tiles.tile_px
    edge_m = pixel_m * tile_px
    tops_m = range(-(-_SOUTHERNMOST_M // edge_m) * edge_m, _NORTHERNMOST_M + edge_m, edge_m)
    rasters = (
        UtmRaster(zone, (pixel_m, 0.0, _CENTRAL_EASTING_M - edge_m / 2, 0.0, -pixel_m, top_m), (tile_px, tile_px))
        for zone in range(1, N_ZONES + 1)
        for top_m in tops_m
    )
    return [raster for raster in rasters if _may_reach(raster, world)]


def _may_reach(raster: UtmRaster, world: WorldSpecification) -> bool:
    west_m, south_m, east_m, north_m = raster.bounds_m
    x, y = np.meshgrid(np.linspace(west_m, east_m, 9), np.linspace(south_m, north_m, 9))
    x_m, y_m = transformer(raster.crs, POLAR_CRS).transform(x, y)
    extent, margin_m = world.extent, raster.transform[0] * raster.shape[0] / 8
    inside_x = (x_m > extent.left_m - margin_m) & (x_m < extent.right_m + margin_m)
    inside_y = (y_m > extent.bottom_m - margin_m) & (y_m < extent.top_m + margin_m)
    return bool((inside_x & inside_y).any())


def _surface(terrain: xr.Dataset, world: WorldSpecification) -> Surface:
    base, elevation_m = lattice_of(terrain), terrain["elevation_m"].to_numpy()
    slope_deg, northness = slope_and_northness(elevation_m, base)
    return Surface(
        base=base,
        coarse=coarse_lattice(world),
        land=terrain["land"].to_numpy(),
        elevation_m=elevation_m,
        slope_deg=slope_deg,
        northness=northness,
        ground_ice=terrain["ground_ice"].to_numpy(),
        summer_c=_summers_c(world),
    )


def _summers_c(world: WorldSpecification) -> dict[int, Float32Array]:
    coarse, climate = coarse_lattice(world), build_climate(world)
    lon_deg, lat_deg = (axis.ravel() for axis in coarse.lon_lat_deg())
    temperature_c = temperature_k(climate, lon_deg, lat_deg, np.zeros_like(lat_deg)) - ZERO_CELSIUS_K
    is_summer = np.isin(climate.months_of_year, _SUMMER_MONTHS)
    return {
        year: temperature_c[is_summer & (climate.years == year)].mean(axis=0).reshape(coarse.shape).astype(np.float32)
        for year in world.label_years
    }


def _places(raster: UtmRaster) -> Places:
    n_rows, n_columns = raster.shape
    columns, rows = np.meshgrid(np.arange(n_columns) + 0.5, np.arange(n_rows) + 0.5)
    x, y = raster.affine * (columns, rows)
    return Places(
        *transformer(raster.crs, POLAR_CRS).transform(x, y),
        *transformer(raster.crs, LON_LAT_CRS).transform(x, y),
    )


def _known(surface: Surface, zone: int, places: Places) -> BoolArray:
    west_deg, east_deg = zone_lon_deg(zone)
    middle_deg, half_deg = (west_deg + east_deg) / 2, (east_deg - west_deg) / 2
    # The short way round, over the antimeridian too.
    from_middle_deg = np.abs((places.lon_deg - middle_deg + 180) % 360 - 180)
    rows, columns = (np.rint(at).astype(np.int64) for at in surface.base.rows_and_columns(places.x_m, places.y_m))
    n_rows, n_columns = surface.base.shape
    is_inside = (rows >= 0) & (rows < n_rows) & (columns >= 0) & (columns < n_columns)
    is_land = is_inside & surface.land[np.where(is_inside, rows, 0), np.where(is_inside, columns, 0)]
    return is_land & (from_middle_deg <= half_deg + _BEYOND_ZONE_DEG) & (places.lat_deg <= _NORTH_LIMIT_DEG)


def _tile(
    raster: UtmRaster, places: Places, known: BoolArray, year: int, surface: Surface, world: WorldSpecification
) -> EmbeddingTile:
    _, south_m, _, north_m = raster.bounds_m
    name = f"virtual{raster.zone:02d}x{south_m // 1000:.0f}-0000000000-0000000000"
    random = generator(world.seed, f"embeddings {name} {year}")
    visible = known & ~_gaps(random, raster.shape)
    vectors = np.full((N_DIMENSIONS, *raster.shape), np.nan, dtype=np.float32)
    vectors[:, visible] = _vectors(surface, places, visible, year, world, random)
    levels = [quantised(level) for level in pyramid(vectors)]
    is_bottom_up = raster.zone % 2 == 0
    pixel_m, _, left_m, *_ = raster.transform
    return EmbeddingTile(
        name=name,
        year=year,
        zone=raster.zone,
        crs=utm_crs(raster.zone),
        levels=tuple(level[:, ::-1] if is_bottom_up else level for level in levels),
        left_m=left_m,
        first_row_m=south_m if is_bottom_up else north_m,
        pixel_size_m=pixel_m,
        is_bottom_up=is_bottom_up,
        lon_lat_bounds_deg=_clipped_bounds(raster.zone, places),
    )


def _gaps(random: np.random.Generator, shape: tuple[int, int]) -> BoolArray:
    """Clouds and failures: blobs over a small share of the pixels."""
    blobs = gaussian_filter(random.standard_normal(shape), _GAP_WIDTH_PX)
    return np.asarray(blobs > np.quantile(blobs, 1 - _GAP_SHARE))


def _vectors(
    surface: Surface,
    places: Places,
    visible: BoolArray,
    year: int,
    world: WorldSpecification,
    random: np.random.Generator,
) -> Float32Array:
    """Unit vectors, shape (64, n_pixels)."""
    x_m, y_m = places.x_m[visible], places.y_m[visible]
    height_m = interpolated(surface.elevation_m, surface.base, x_m, y_m)
    summer_c = interpolated(surface.summer_c[year], surface.coarse, x_m, y_m) - LAPSE_K_PER_M * height_m
    drivers = np.stack(
        [
            (height_m - 300) / 300,
            np.log(np.maximum(interpolated(surface.slope_deg, surface.base, x_m, y_m), 0.1) / 2),
            interpolated(surface.northness, surface.base, x_m, y_m),
            interpolated(surface.ground_ice, surface.base, x_m, y_m),
            (summer_c - 5) / 3,
        ]
    )
    draw = generator(world.seed, "embeddings")
    into_hidden = draw.standard_normal((_N_HIDDEN, len(drivers))) / 2
    offsets = draw.standard_normal((_N_HIDDEN, 1)) / 2
    out_of_hidden = draw.standard_normal((N_DIMENSIONS, _N_HIDDEN))
    hidden = np.tanh(into_hidden @ drivers + offsets)
    noise = _NOISE * np.sqrt(_N_HIDDEN) * random.standard_normal((N_DIMENSIONS, len(x_m)))
    vectors = (out_of_hidden @ hidden + noise).astype(np.float32)
    return _scaled_to_one(vectors[:, :, None])[:, :, 0]


def _scaled_to_one(vectors: Float32Array) -> Float32Array:
    """Vectors along the first axis, of length 1; NaN where they have none."""
    lengths = np.sqrt(np.einsum("bij,bij->ij", vectors, vectors))
    scaled: Float32Array = np.divide(vectors, lengths, out=np.full_like(vectors, np.nan), where=lengths > 0)
    return scaled


def _clipped_bounds(zone: int, places: Places) -> tuple[float, float, float, float]:
    """West, south, east and north, inside the zone's meridians."""
    west_deg, east_deg = zone_lon_deg(zone)
    near_zone = places.lon_deg[np.abs((places.lon_deg - west_deg) % 360) < east_deg - west_deg]
    lon_deg = np.clip(near_zone, west_deg, east_deg)
    return float(lon_deg.min()), float(places.lat_deg.min()), float(lon_deg.max()), float(places.lat_deg.max())
