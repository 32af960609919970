"""Elevation tiles that must be refused."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine, from_origin

from bad_inputs import BadInput
from entropice.sources.arcticdem.gaps import report_gaps
from entropice.sources.arcticdem.tiles import read_tile_index, read_window

NAME = "36_24_32m_v4.1_dem.tif"
PLAIN = np.arange(64, dtype=np.float32).reshape(8, 8)
INDEX = "ArcticDEM_Mosaic_Index_v4_1_32m.parquet"


def write_tile(path: Path, values: Any = PLAIN, left_m: float = 0.0, pixel_m: float = 32.0, **changes: Any) -> Path:
    """One band as published, with changes to what its header says."""
    bands = values if values.ndim == 3 else values[None]
    profile = {
        "driver": "GTiff",
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": bands.dtype,
        "crs": "EPSG:3413",
        "nodata": -9999.0,
        "transform": from_origin(left_m, 0.0, pixel_m, pixel_m),
    } | changes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **profile) as target:
            target.write(bands)
    return path


def edit(path: Path, **attributes: Any) -> None:
    """Change the header of a file."""
    with rasterio.open(path, "r+") as target:
        for name, value in attributes.items():
            setattr(target, name, value)


def read(folder: Path) -> object:
    """Read headers, gaps and pixels as a run does."""
    index = read_tile_index(folder)
    bounds = index.bounds
    cell = shapely.box(bounds.left_m, bounds.bottom_m, bounds.right_m, bounds.top_m)
    report_gaps(index, np.array([cell]), np.ones(1))
    return read_window(index, bounds)


def tile(values: Any = PLAIN, **changes: Any) -> Callable[[Path], object]:
    """A folder with one tile."""

    def provoke(folder: Path) -> object:
        write_tile(folder / NAME, values, **changes)
        return read(folder)

    return provoke


def edited(values: Any = PLAIN, **attributes: Any) -> Callable[[Path], object]:
    """A folder with one tile whose header is changed."""

    def provoke(folder: Path) -> object:
        edit(write_tile(folder / NAME, values), **attributes)
        return read(folder)

    return provoke


def pair(name: str, **changes: Any) -> Callable[[Path], object]:
    """A tile and another raster."""

    def provoke(folder: Path) -> object:
        write_tile(folder / NAME)
        write_tile(folder / name, **changes)
        return read(folder)

    return provoke


def content(content: bytes) -> Callable[[Path], object]:
    """A tile with other content than a raster's."""

    def provoke(folder: Path) -> object:
        (folder / NAME).write_bytes(content)
        return read(folder)

    return provoke


def absent(folder: Path) -> object:
    return read(folder / "arcticdem")


def only_side_rasters(folder: Path) -> object:
    write_tile(folder / "36_24_32m_v4.1_count.tif")
    return read(folder)


def truncated(folder: Path) -> object:
    path = write_tile(folder / NAME, np.random.default_rng(0).random((64, 64)).astype(np.float32))
    path.write_bytes(path.read_bytes()[:8000])
    return read(folder)


def damaged_block(folder: Path) -> object:
    random = np.random.default_rng(0).random((64, 64)).astype(np.float32)
    path = write_tile(folder / NAME, random, compress="deflate")
    with rasterio.open(path) as source:
        first, size = (int(source.get_tag_item(f"BLOCK_{what}_0_0", "TIFF", bidx=1)) for what in ("OFFSET", "SIZE"))
    data = bytearray(path.read_bytes())
    data[first : first + size] = bytes(size)
    path.write_bytes(data)
    return read(folder)


def control_points(folder: Path) -> object:
    points = [GroundControlPoint(row, column, column, row) for row, column in [(0, 0), (0, 8), (8, 0)]]
    path = write_tile(folder / NAME, crs=None, transform=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        edit(path, gcps=(points, rasterio.CRS.from_epsg(3413)))
    return read(folder)


def index(**changes: Any) -> Callable[[Path], object]:
    """A tile beside an index of the publisher."""

    def provoke(folder: Path) -> object:
        write_tile(folder / NAME)
        columns = {"dem_id": ["36_24_32m_v4.1"], "gsd": [32.0]} | changes
        rows = {name: values for name, values in columns.items() if values}
        square = shapely.box(0, -256, 256, 0)
        n_rows = len(next(iter(rows.values())))
        gpd.GeoDataFrame(rows, geometry=[square] * n_rows, crs="EPSG:3413").to_parquet(folder / INDEX)
        return read(folder)

    return provoke


def spike(height_m: float) -> np.ndarray:
    values = PLAIN.copy()
    values[3, 3] = height_m
    return values


BAD_INPUTS = (
    BadInput("no folder of tiles", absent),
    BadInput("an empty folder", read),
    BadInput("only rasters that are published beside tiles", only_side_rasters),
    BadInput("a raster of another name beside *_dem.tif", pair("slope_percent.tif", left_m=256.0)),
    BadInput("a pointer of Git LFS", content(b"version https://git-lfs.github.com/spec/v1\n")),
    BadInput("an error page saved as a tile", content(b"<!DOCTYPE html><title>503 Slow Down</title>")),
    BadInput("an empty file", content(b"")),
    BadInput("a truncated tile", truncated),
    BadInput("a damaged block", damaged_block),
    BadInput("no CRS", tile(crs=None)),
    BadInput("a UTM zone", tile(crs="EPSG:32608")),
    BadInput("Antarctica's polar CRS", tile(crs="EPSG:3031")),
    BadInput("tiles of two CRS", pair("36_25_32m_v4.1_dem.tif", crs="EPSG:5936", left_m=256.0)),
    BadInput("ground control points only", control_points),
    BadInput("two bands", tile(np.stack([PLAIN, PLAIN]))),
    BadInput("no nodata value", tile(nodata=None)),
    BadInput("another nodata value", tile(nodata=0.0)),
    BadInput("a rotated transform", tile(transform=Affine(32, 1, 0, 1, -32, 0))),
    BadInput("rows from south to north", tile(transform=Affine(32, 0, 0, 0, 32, -256))),
    BadInput("oblong pixels", tile(transform=Affine(32, 0, 0, 0, -16, 0))),
    BadInput("no transform", tile(transform=None)),
    BadInput("pixels of 10 m beside those of 32 m", pair("36_25_32m_v4.1_dem.tif", pixel_m=10.0, left_m=256.0)),
    BadInput("a tile half a pixel off", pair("36_25_32m_v4.1_dem.tif", left_m=272.0)),
    BadInput("a tile twice", pair("36_24_32m_v4.1_copy_dem.tif")),
    BadInput("a mask elsewhere", pair("36_24_32m_v4.1_datamask.tif", left_m=32.0, dtype="uint8", nodata=None)),
    BadInput("a mask of another type", pair("36_24_32m_v4.1_datamask.tif")),
    BadInput("degrees as unit", edited(units=("degree",))),
    BadInput("kelvin as unit", edited(units=("K",))),
    BadInput("a band called slope", edited(descriptions=("Slope",))),
    BadInput("a band called terrain aspect", edited(descriptions=("terrain aspect",))),
    BadInput("colours", edited(PLAIN.astype(np.int16), colorinterp=(ColorInterp.red,))),
    BadInput("a scale of 0", edited(PLAIN.astype(np.int16), scales=(0.0,))),
    BadInput("complex numbers", tile(PLAIN.astype(np.complex64))),
    BadInput("nothing but nodata", tile(np.full((8, 8), -9999.0, np.float32))),
    BadInput("-32767 as a height", tile(spike(-32767.0))),
    BadInput("the lowest number of float32 as a height", tile(spike(float(np.finfo(np.float32).min)))),
    BadInput("a spike of 12,000 m", tile(spike(12_000.0))),
    BadInput("a pit of -2,000 m", tile(spike(-2_000.0))),
    BadInput("centimetres without a unit", tile(PLAIN + 30_000)),
    BadInput("an index without dem_id", index(dem_id=[])),
    BadInput("an index that lists a tile twice", index(dem_id=["36_24_32m_v4.1"] * 2, gsd=[32.0] * 2)),
)
