"""Files in AlphaEarth's format for tests."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine

from entropice.io.embedding_files import write_embedding_files
from entropice.raster.tile import EmbeddingTile
from entropice.raster.utm_zones import utm_crs, zone_lon_deg

MASKED = -128


def halved(codes):
    """Every second pixel, down to one: overviews that are easy to tell from the finest pixels."""
    levels = [codes]
    while levels[-1].shape[1] % 2 == 0:
        levels.append(levels[-1][:, ::2, ::2])
    return tuple(levels)


def tile(codes, *, zone=33, year=2021, left_m=500_000.0, south_m=8_000_000.0, pixel_m=1000.0, up=False, name="tile"):
    """A tile of codes of shape (64, n, n) with the northern row first, stored from south to north where `up`."""
    west_deg, east_deg = zone_lon_deg(zone)
    return EmbeddingTile(
        name=name,
        year=year,
        zone=zone,
        crs=utm_crs(zone),
        levels=tuple(level[:, ::-1] if up else level for level in halved(codes)),
        left_m=left_m,
        first_row_m=south_m if up else south_m + pixel_m * codes.shape[1],
        pixel_size_m=pixel_m,
        is_bottom_up=up,
        lon_lat_bounds_deg=(west_deg, 71.0, east_deg, 73.0),
    )


def write(folder: Path, *tiles) -> Path:
    """Write files and index."""
    folder.mkdir(parents=True, exist_ok=True)
    write_embedding_files(tiles, folder)
    return folder


def coded(vectors):
    """Codes of vectors along the first axis."""
    return np.rint(np.sign(vectors) * np.sqrt(np.abs(vectors)) * 127.5).clip(-127, 127).astype(np.int8)


def random_codes(n_px, seed=0):
    """Unit vectors, as codes of shape (64, n, n), a fifth of the pixels masked in all bands."""
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(64, n_px, n_px))
    codes = coded(vectors / np.linalg.norm(vectors, axis=0))
    codes[:, random.random((n_px, n_px)) < 0.2] = MASKED
    return codes


def flat(code, n_px=64):
    """A unit vector everywhere: the code in A05, and the rest of its length in A06."""
    codes = np.zeros((64, n_px, n_px), np.int8)
    codes[5] = code
    codes[6] = coded(np.sqrt(1 - (code / 127.5) ** 4))
    return codes


def write_raw(path: Path, codes, **changes) -> Path:
    """A plain GeoTIFF, with changes to what AlphaEarth's header says."""
    profile = {
        "driver": "GTiff",
        "count": codes.shape[0],
        "height": codes.shape[1],
        "width": codes.shape[2],
        "dtype": "int8",
        "crs": utm_crs(33),
        "nodata": MASKED,
        "transform": Affine(1000, 0, 500_000, 0, -1000, 8_000_000 + 1000 * codes.shape[1]),
    } | changes
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", **profile) as target:
        target.write(codes.astype(profile["dtype"]))
    return path
