"""NSIDC's Sea Ice Index (G02135): concentration as GeoTIFF, a file a day or a month, flags above 100 %."""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd
import rasterio

from entropice.errors import InputFileError
from entropice.sources.ice.fields import DAY, MONTH, DatedField
from entropice.sources.ice.shares import Coding, shares_of
from entropice.sources.imagery.judging import require_one_band
from entropice.sources.imagery.opening import from_raster, numbers_of
from entropice.sources.imagery.placing import RasterPlace, raster_place
from entropice.types import Float32Array

TITLE: Final = "NSIDC Sea Ice Index (G02135), concentration"
CODING: Final = Coding(0.001, 0.0, {2510: "pole hole", 2530: "coast", 2540: "land", 2550: "missing"})
"""Tenths of a percent, as the product's user guide has them."""
_NAMES: Final = {r"[NS]_(\d{8})_concentration_v.+": ("%Y%m%d", DAY), r"[NS]_(\d{6})_concentration_v.+": ("%Y%m", MONTH)}


def read_index_file(path: Path) -> DatedField:
    """One file, on its own grid.

    Raises
    ------
    InputFileError
        A name without a date, another type of numbers or undeclared flags, or no place.
    """
    day, step = _date(path)
    shares, place = from_raster(path, lambda source: _shares(source, path))
    return DatedField(day, step, shares, place, path)


def _shares(source: rasterio.DatasetReader, path: Path) -> tuple[Float32Array, RasterPlace]:
    require_one_band(source, path)
    stored = numbers_of(source, [1], ("uint16", "int16"), path)[0]
    return shares_of(stored, CODING, path), raster_place(source, path)


def _date(path: Path) -> tuple[pd.Timestamp, str]:
    for name, (form, step) in _NAMES.items():
        found = re.fullmatch(name, path.stem)
        if found is not None:
            try:
                return pd.Timestamp(datetime.strptime(found[1], form)), step
            except ValueError:
                break
    raise InputFileError(
        "The file's name does not say its date.",
        path=path,
        field="name",
        got=path.name,
        expected="N_20190501_concentration_v3.0.tif (a day) or N_201905_concentration_v3.0.tif (a month)",
        fix="keep the publisher's name",
    )
