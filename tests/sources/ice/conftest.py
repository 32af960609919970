"""Small files laid out as their publishers do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ice_files import PIXEL_M, write_netcdf

from entropice.sources.imagery.placing import RasterPlace

NSIDC_NORTH = "EPSG:3411"
OSI_SAF_NORTH = "+proj=laea +lon_0=0 +lat_0=90 +a=6378137 +b=6356752.3142 +units=m"
PLACE = RasterPlace("EPSG:3413", -100_000.0, 100_000.0, PIXEL_M, 8, 8)
CDR_FLAGS = {251: "pole_hole", 252: "lakes", 253: "coastal", 254: "land_mask", 255: "missing_data"}
STATUS_BITS = {
    1: "land",
    2: "lake",
    4: "open_water_filtered",
    8: "land_spill_over",
    16: "high_t2m",
    32: "spatial_interp",
    64: "temporal_interp",
    -128: "max_ice_climo",
}


@pytest.fixture
def place() -> RasterPlace:
    return PLACE


WriteFile = Callable[..., Path]


@pytest.fixture
def cdr(tmp_path: Path) -> WriteFile:
    """Writes a day of the climate data record: 12 × 12 pixels, half of them ice, with every flag."""

    def write(
        day: int = 18_000, *, name: str | None = None, attributes: dict[str, Any] | None = None, **layout: Any
    ) -> Path:
        stored = np.full((1, 12, 12), 50, dtype=np.uint8)
        stored[0, :, :6] = 0
        stored[0, 2, 2:7] = [251, 252, 253, 254, 255]
        flags = {"flag_values": np.array(list(CDR_FLAGS), np.uint8), "flag_meanings": " ".join(CDR_FLAGS.values())}
        said = {"units": "1", "scale_factor": np.float32(0.01), "_FillValue": np.uint8(255)} | flags
        said |= attributes or {}
        said = {key: value for key, value in said.items() if value is not None}
        options = {"crs": NSIDC_NORTH, "days": [day]} | layout
        return write_netcdf(tmp_path / (name or f"seaice_{day}.nc"), {"cdr_seaice_conc": (stored, said)}, **options)

    return write


@pytest.fixture
def osi_saf(tmp_path: Path) -> WriteFile:
    """Writes a day of the OSI SAF record: percent in hundredths, status in bits, kilometres, rows from the north."""

    def write(day: int = 18_000, *, bits: dict[int, str] = STATUS_BITS, **layout: Any) -> Path:
        stored = np.full((1, 12, 12), 8_000, dtype=np.int16)
        status = np.zeros((1, 12, 12), dtype=np.int8)
        stored[0, 6, 6], status[0, 6, 6] = 4_000, 1
        stored[0, 6, 5], status[0, 6, 5] = 7_000, 64
        stored[0, 6, 7], status[0, 6, 7] = 0, -128
        stored[0, 5, 5] = -32767
        said = {"units": "%", "scale_factor": 0.01, "add_offset": 0.0, "_FillValue": np.int16(-32767)}
        meanings = {"flag_masks": np.array(list(bits), np.int8), "flag_meanings": " ".join(bits.values())}
        options = {"crs": OSI_SAF_NORTH, "days": [day], "unit": "km", "pixel": 25.0, "left": -150.0} | layout
        return write_netcdf(
            tmp_path / f"ice_conc_{day}.nc", {"ice_conc": (stored, said), "status_flag": (status, meanings)}, **options
        )

    return write
