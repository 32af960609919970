"""A folder of maps of human modification, made by hand."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.declaration import StoredUnit
from entropice.sources.series.writing import SeriesFile, stored_numbers, write_series_file

PLACE = RasterPlace("EPSG:3413", -300_000.0, 600_000.0, 300.0, 20, 30)
YEARS = (1990, 1995, 2000)


@dataclass(frozen=True)
class Maps:
    """A folder, and the values (n_steps, row, column) that its maps hold."""

    folder: Path
    values: np.ndarray

    def path(self, year: int) -> Path:
        """File of a year."""
        return self.folder / "hm" / f"HM_{year}.tif"

    def write(self, name: str, numbers: np.ndarray, nodata: float = float("nan"), place: RasterPlace = PLACE) -> None:
        write_series_file(self.folder, SeriesFile(name, numbers, place, nodata))


def make_maps(folder: Path, unit: StoredUnit) -> Maps:
    random = np.random.default_rng(1)
    values = random.integers(0, 10_001, size=(len(YEARS), *PLACE.shape)).astype(np.float32) / np.float32(10_000)
    values[0, 0, 0], values[:, 5, 5] = 1.0, np.nan
    maps = Maps(folder, values)
    for year, of_year in zip(YEARS, values, strict=True):
        numbers, nodata = stored_numbers(of_year, unit)
        maps.write(f"hm/HM_{year}.tif", numbers, nodata)
    maps.write("static/elevation.tif", random.uniform(0, 500, PLACE.shape).astype(np.float32))
    return maps
