"""IMS, the daily snow and ice chart of the US National Ice Center (1 km and 4 km), as NetCDF or GeoTIFF."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio.warp
from rasterio.enums import Resampling

from entropice.errors import InputFileError
from entropice.sources.files.formats import CLIMATE_FORMATS, RASTER_FORMATS, check_format
from entropice.sources.ice.netcdf import opened_netcdf
from entropice.sources.ice.placed import axes_of, upright
from entropice.sources.imagery.judging import require_one_band
from entropice.sources.imagery.labels import IGNORED, Mask
from entropice.sources.imagery.opening import from_raster, numbers_of
from entropice.sources.imagery.placing import RasterPlace, raster_place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Surface = NDArray[Any]
else:
    Surface = Any

VARIABLE: Final = "IMS_Surface_Values"
CRS: Final = "+proj=stere +lat_0=90 +lat_ts=60 +lon_0=-80 +a=6378137 +b=6356257 +units=m"
"""Of the grid, as the product's user guide has it, with an ellipsoid of its own."""
OUTSIDE: Final = 0
MEANINGS: Final = {OUTSIDE: "outside", 1: "sea or lake", 2: "land", 3: "sea or lake ice", 4: "snow on land"}
LABELS: Final = {1: 0, 3: 1}
"""What is water and what is ice; all else is not scored. Ice of lakes is ice."""


def ims_mask(path: Path, place: RasterPlace) -> Mask:
    """Mask of a day on the pixels of an image, each that of the nearest one of the chart.

    Returns
    -------
    Mask
        uint8 (row, column): 1 ice, 0 water, 255 land, snow and outside the chart.

    Raises
    ------
    InputFileError
        Neither NetCDF nor GeoTIFF, other values than IMS has, or no place.
    """
    surface, lies = read_ims(path)
    labels = np.full(max(MEANINGS) + 1, IGNORED, dtype=np.uint8)
    labels[list(LABELS)] = list(LABELS.values())
    mask = np.full(place.shape, IGNORED, dtype=np.uint8)
    rasterio.warp.reproject(
        labels[surface],
        mask,
        src_transform=lies.transform,
        src_crs=lies.crs,
        dst_transform=place.transform,
        dst_crs=place.crs,
        init_dest_nodata=False,
        resampling=Resampling.nearest,
    )
    return mask


def read_ims(path: Path) -> tuple[Surface, RasterPlace]:
    """What a chart shows, uint8 (row, column), row 0 in the north of the grid, and where its pixels lie.

    0 is outside, 1 sea or lake, 2 land, 3 ice, 4 snow (`MEANINGS`). Of a NetCDF file it is the first day.

    Raises
    ------
    InputFileError
        Neither NetCDF nor GeoTIFF, other values than IMS has, or no place.
    """
    found = check_format(path, CLIMATE_FORMATS | RASTER_FORMATS)
    surface, place = _from_tiff(path) if found in RASTER_FORMATS else _from_netcdf(path)
    others = sorted(set(np.unique(surface).tolist()) - set(MEANINGS))
    if others:
        raise InputFileError(
            "The file holds numbers that IMS has not.",
            path=path,
            field="values",
            got=", ".join(map(str, others)),
            expected=", ".join(f"{number} {meaning}" for number, meaning in MEANINGS.items()),
            fix="take the unpacked daily chart, not a picture of it",
        )
    return surface.astype(np.uint8), place


def _from_tiff(path: Path) -> tuple[Surface, RasterPlace]:
    def read(source: rasterio.DatasetReader) -> tuple[Surface, RasterPlace]:
        require_one_band(source, path)
        return numbers_of(source, [1], ("uint8", "int8"), path)[0], raster_place(source, path)

    return from_raster(path, read)


def _from_netcdf(path: Path) -> tuple[Surface, RasterPlace]:
    with opened_netcdf(path) as file:
        if VARIABLE not in file.variables:
            raise InputFileError(
                "The file holds no surface of IMS.",
                path=path,
                field="variable",
                got=", ".join(map(str, file.variables)),
                expected=VARIABLE,
                fix="take the daily chart (ims<year><day>_<resolution>_v<version>.nc)",
            )
        axes = axes_of(file, VARIABLE, path, (CRS,))
        return upright(file[VARIABLE].isel({axes.time: 0}), axes), axes.place
