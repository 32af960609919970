"""Chips of three sensors, as a sound file has them, and files of them with something wrong."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from entropice.imagery.samples import Image, Place
from entropice.sources.imagery.products import OPTICAL, RADAR, RELIEF
from entropice.sources.imagery.tiles import LabelledTile, write_tiles

PRODUCT = "sentinel_1_2_relief"
N_PIXELS = 24
SENSORS = {"optical": tuple(OPTICAL), "radar": tuple(RADAR), "relief": tuple(RELIEF)}
BANDS = tuple(band for bands in SENSORS.values() for band in bands)


def chip_image(seed: int = 1, without: tuple[str, ...] = ()) -> Image:
    """Reflectances in whole 1/10,000, VH about 7 dB below VV, heights; a hole in each sensor, and sensors left out."""
    random = np.random.default_rng(seed)
    shape = (N_PIXELS, N_PIXELS)
    reflectance = random.integers(200, 4000, size=(len(OPTICAL), *shape)) * 1e-4
    vv_db = random.normal(-12.0, 2.0, size=shape)
    vh_db = vv_db - random.normal(7.0, 1.0, size=shape)
    heights_m = random.uniform(4800.0, 5200.0, size=shape)
    values = np.concatenate([reflectance, [vv_db, vh_db, heights_m]]).astype(np.float32)
    valid = np.ones(values.shape, dtype=bool)
    valid[:12, 3:9, 5:7] = valid[12:14, 0, :4] = valid[14, 0, 0] = False
    for sensor in without:
        valid[[BANDS.index(band) for band in SENSORS[sensor]]] = False
    return Image(BANDS, np.where(valid, values, np.float32(0)), valid)


def chip_label() -> Any:
    mask = np.zeros((N_PIXELS, N_PIXELS), dtype=np.uint8)
    mask[10:14, 8:20], mask[14, 8:20] = 1, 255
    return mask


def chip_place(number: int = 0, year: int = 2021) -> Place:
    return Place(2_000_000.0 + 240.0 * number, 3_000_000.0, 10.0, N_PIXELS, year)


def chip(number: int = 0, year: int = 2021, region: str = "pamir", without: tuple[str, ...] = ()) -> LabelledTile:
    key = f"{region}_{number}_{year}"
    return LabelledTile(key, chip_place(number, year), chip_image(number, without), chip_label(), region)


def write_chips(folder: Path, *chips: LabelledTile) -> Path:
    """A folder of chips as somebody gives it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tiles(chips, folder, PRODUCT)
    return folder


def rewritten(path: Path, change: Any = None, names: Any = None, **profile: Any) -> Path:
    """The same file with its numbers (band, row, column), names of bands or header changed."""
    with rasterio.open(path) as source:
        numbers, old, descriptions = source.read(), source.profile, source.descriptions
    numbers = numbers if change is None else change(numbers)
    descriptions = descriptions if names is None else names
    path.unlink()
    with rasterio.open(path, "w", **{**old, "count": len(numbers), "dtype": numbers.dtype, **profile}) as file:
        file.write(numbers)
        file.descriptions = tuple(descriptions)[: len(numbers)]
    return path
