"""Coarse rasters of the map, for display far above the cells' scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rasterio

from entropice.crs import POLAR_CRS
from entropice.report.cell_raster import CellRaster, rasterise_cells
from entropice.types import Float32Array, GeoDataFrame

TITLES: Final = {"p_any_rts": "RTS probability", "entropy": "Entropy of the class probabilities"}


@dataclass(frozen=True)
class Overview:
    """One quantity of one year on pixels, EPSG:3413; NaN outside the cells."""

    what: str
    year: int
    title: str
    values: Float32Array
    raster: CellRaster

    @property
    def file_name(self) -> str:
        """Its name in the run folder."""
        return f"overview_{self.what}_{self.year}.tif"

    def description(self) -> dict[str, Any]:
        """Its entry in the manifest."""
        return {
            "file": self.file_name,
            "what": self.what,
            "year": self.year,
            "title": self.title,
            "pixel_size_m": self.raster.pixel_size_m,
        }


def build_overviews(
    tables: Mapping[int, GeoDataFrame], year_names: Mapping[int, str], pixel_size_m: float
) -> tuple[Overview, ...]:
    """Probability and entropy of every year; ``tables`` holds the same cells in the same order each year."""
    raster = rasterise_cells(next(iter(tables.values())), pixel_size_m)
    return tuple(
        Overview(what, year, f"{title} {year_names[year]}", raster.paint(table[what].to_numpy(float)), raster)
        for year, table in tables.items()
        for what, title in TITLES.items()
    )


def write_overview(overview: Overview, path: Path) -> None:
    """Write a cloud-optimised GeoTIFF; the same values give the same bytes."""
    rows, columns = overview.values.shape
    profile: dict[str, Any] = {
        "driver": "COG",
        "dtype": "float32",
        "count": 1,
        "height": rows,
        "width": columns,
        "crs": POLAR_CRS,
        "transform": overview.raster.transform,
        "nodata": float("nan"),
        "compress": "deflate",
        "blocksize": 256,
        "overview_resampling": "average",
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(overview.values, 1)
        file.set_band_description(1, overview.title)
