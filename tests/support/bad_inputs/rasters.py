"""Rasters of the user's own that must be refused, with what the parameters say of them."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
import shapely
import xarray as xr
from raster_files import write_raster
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine, from_origin

from bad_inputs import BadInput
from entropice.pipelines.sources.rasters.dataset import RasterFolderDataset
from entropice.pipelines.sources.rasters.parameters import RasterParameters
from entropice.pipelines.sources.rasters.planning import raster_plan

PIXELS = from_origin(0.0, 40.0, 10.0, 10.0)
DEGREES = from_origin(-45.0, 89.9, 0.1, 0.1)
VALUES = np.arange(16, dtype=np.float32).reshape(4, 4)
CELL = np.array([shapely.box(0, 0, 40, 40)], dtype=object)
SOIL = {"unit": None, "statistic": "fraction", "categorical": {1: "peat"}}
ENGINEERING = 'LOCAL_CS["arbitrary",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
ROTATED_POLE = "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=30 +lon_0=10 +datum=WGS84"


def read(folder: Path, cells: Any = CELL, **changes: Any) -> object:
    """Plan and reduce as a run does."""
    entry = {"file": "a.tif", "name": "ice", "unit": "m", "statistic": "mean"} | changes
    root = RasterFolderDataset(filepath=str(folder)).read(folder)
    plan = raster_plan(root, cells, [2021, 2022], RasterParameters(files=[entry]))
    return [plan.reduce(plan.shared, tile.task) for tile in plan.tiles]


def raster(values: Any = VALUES, entry: Any = None, **profile: Any) -> Callable[[Path], object]:
    """A raster, and what the parameters say of it."""

    def provoke(folder: Path) -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            write_raster(folder / "a.tif", values, **{"transform": PIXELS} | profile)
        return read(folder, **(entry or {}))

    return provoke


def edited(values: Any = VALUES, entry: Any = None, **attributes: Any) -> Callable[[Path], object]:
    """A raster whose header is changed."""

    def provoke(folder: Path) -> object:
        with rasterio.open(write_raster(folder / "a.tif", values, PIXELS), "r+") as target:
            for name, value in attributes.items():
                setattr(target, name, value)
        return read(folder, **(entry or {}))

    return provoke


def content(content: bytes) -> Callable[[Path], object]:
    """A file with other content than a raster's."""

    def provoke(folder: Path) -> object:
        (folder / "a.tif").write_bytes(content)
        return read(folder)

    return provoke


def holding(value: float, dtype: str = "float32", **profile: Any) -> Callable[[Path], object]:
    """A raster with one pixel of a value."""
    values = VALUES.astype(dtype)
    values[1, 2] = value
    return raster(values, **profile)


def control_points(folder: Path) -> object:
    points = [GroundControlPoint(row, column, column, row) for row, column in [(0, 0), (0, 4), (4, 0)]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        path = write_raster(folder / "a.tif", VALUES, None)
        with rasterio.open(path, "r+") as target:
            target.gcps = points, rasterio.CRS.from_epsg(3413)
    return read(folder)


def several_rasters(folder: Path) -> object:
    xr.Dataset(dict.fromkeys(("ice", "soil"), (("y", "x"), VALUES))).to_netcdf(folder / "a.tif", engine="netcdf4")
    return read(folder)


def several_pages(folder: Path) -> object:
    for option in ("NO", "YES"):
        write_raster(folder / "a.tif", VALUES, PIXELS, APPEND_SUBDATASET=option)
    return read(folder)


def made_of_others(folder: Path) -> object:
    inside = folder / "rasters"
    inside.mkdir()
    rasterio.shutil.copy(write_raster(folder / "outside.tif", VALUES, PIXELS), inside / "a.tif", driver="VRT")
    return read(inside)


def truncated(folder: Path) -> object:
    path = write_raster(folder / "a.tif", VALUES, PIXELS)
    path.write_bytes(path.read_bytes()[:100])
    return read(folder)


def truncated_pixels(folder: Path) -> object:
    values = np.random.default_rng(0).random((64, 64)).astype(np.float32)
    path = write_raster(folder / "a.tif", values, from_origin(0, 40, 0.625, 0.625))
    path.write_bytes(path.read_bytes()[:8000])
    return read(folder)


def alpha(folder: Path) -> object:
    bands = np.stack([VALUES, VALUES]).astype(np.uint8)
    with rasterio.open(write_raster(folder / "a.tif", bands, PIXELS), "r+") as target:
        target.colorinterp = ColorInterp.gray, ColorInterp.alpha
    return read(folder, band=2)


def cut_map(folder: Path) -> object:
    write_raster(folder / "a.tif", np.zeros((60, 1740), np.float32), from_origin(-17.4e6, 7.4e6, 2e4, 2e4), "EPSG:6933")
    return read(folder, cells=np.array([shapely.Point(0, 0).buffer(1e5)]))


BAD_INPUTS = (
    BadInput("no folder of rasters", lambda folder: read(folder / "rasters")),
    BadInput("a file in place of the folder", lambda folder: read(write_raster(folder / "a.tif", VALUES, PIXELS))),
    BadInput("a file that is not there", raster(entry={"file": "b.tif"})),
    BadInput("a path that leaves the folder", raster(entry={"file": "../a.tif"})),
    BadInput("an absolute path", raster(entry={"file": "/a.tif"})),
    BadInput("text in place of a raster", content(b"no raster")),
    BadInput("a pointer of Git LFS", content(b"version https://git-lfs.github.com/spec/v1\n")),
    BadInput("an empty file", content(b"")),
    BadInput("a truncated header", truncated),
    BadInput("truncated pixels", truncated_pixels),
    BadInput("several rasters in a NetCDF file", several_rasters),
    BadInput("several pages in a TIFF", several_pages),
    BadInput("a VRT of files outside the folder", made_of_others),
    BadInput("a band that is not there", raster(entry={"band": 2})),
    BadInput("the band of transparency", alpha),
    BadInput("complex numbers", raster(VALUES.astype(np.complex64))),
    BadInput("integers of eight bytes", raster(VALUES.astype(np.int64))),
    BadInput("a scale of 0", edited(VALUES.astype(np.int16), scales=(0.0,))),
    BadInput("a scale that is no number", edited(VALUES.astype(np.int16), scales=(float("nan"),))),
    BadInput("feet where the parameters say metres", edited(units=("ft",))),
    BadInput("kelvin where the parameters say degrees Celsius", edited(entry={"unit": "degC"}, units=("K",))),
    BadInput("metres where the parameters say none", edited(entry={"unit": "1"}, units=("m",))),
    BadInput("a unit that nobody knows", edited(units=("dm above datum",))),
    BadInput("-9999 without a nodata value", holding(-9999.0)),
    BadInput("-9999 beside another nodata value", holding(-9999.0, nodata=-1.0)),
    BadInput("-32768 without a nodata value", holding(-32768, "int16")),
    BadInput("the lowest number of four bytes", holding(-(2**31), "int32")),
    BadInput("the lowest number of float32", holding(float(np.finfo(np.float32).min))),
    BadInput("the filling of NetCDF", holding(9.969209968386869e36)),
    BadInput("1e20 as climate models fill it", holding(1e20)),
    BadInput("fractions where categories are named", raster(VALUES + 0.5, SOIL)),
    BadInput(
        "256 categories",
        raster(np.arange(256, dtype=np.float32).reshape(16, 16), SOIL, transform=from_origin(0, 40, 2.5, 2.5)),
    ),
    BadInput("no CRS", raster(crs=None)),
    BadInput("a CRS without a place on Earth", raster(crs=ENGINEERING)),
    BadInput("a CRS in grads", raster(crs="EPSG:4807", transform=DEGREES)),
    BadInput("a geocentric CRS", raster(crs="EPSG:4978")),
    BadInput("a rotated pole", raster(crs=ROTATED_POLE, transform=DEGREES)),
    BadInput("rotated longitudes", raster(crs="EPSG:4326", transform=Affine(0.1, 0.01, 0, 0.01, -0.1, 80))),
    BadInput("mirrored longitudes", raster(crs="EPSG:4326", transform=Affine(-0.1, 0, 0, 0, -0.1, 80))),
    BadInput("no transform", raster(transform=None)),
    BadInput("a pixel without width", raster(transform=Affine(0, 0, 0, 0, -10, 40))),
    BadInput("ground control points only", control_points),
    BadInput("a map cut through cells", cut_map),
    BadInput("a raster without a cell", raster(transform=from_origin(5e6, 5e6, 10, 10))),
    BadInput("coordinates in kilometres", raster(transform=from_origin(3000.0, -1000.0, 1.0, 1.0))),
    BadInput("a year after all label years", raster(entry={"year": 2023})),
)
