"""Headers of raster files: what cannot be honoured is refused before a pixel is read."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyproj
import rasterio
from rasterio.errors import RasterioError
from rasterio.transform import Affine

from entropice.errors import InputFileError, SchemaError
from entropice.pipelines.sources.rasters.parameters import RasterFile
from entropice.raster.band_header import BandHeader, band_header, opened, require_values
from entropice.raster.value_units import standard_unit

INEXACT: Final = frozenset({"int64", "uint64"})
"""Float64 does not hold every value of these types."""


@dataclass(frozen=True)
class RasterBand:
    """Where the pixels of a band lie, and how they are read.

    Attributes
    ----------
    crs
        As WKT.
    transform
        (a, b, c, d, e, f), from (column, row) to coordinates.
    shape
        Rows and columns.
    block_rows
        Rows of the file's blocks.
    """

    path: Path
    band: int
    crs: str
    transform: tuple[float, float, float, float, float, float]
    shape: tuple[int, int]
    block_rows: int

    @property
    def pixels(self) -> tuple[Any, ...]:
        """What rasters whose pixels lie on each other share: CRS (WKT), transform and shape (rows, columns)."""
        return self.crs, self.transform, self.shape

    @property
    def affine(self) -> Affine:
        """The transform as rasterio uses it."""
        return Affine(*self.transform)

    @property
    def is_geographic(self) -> bool:
        """Whether its coordinates are longitude and latitude, and not those of a projection."""
        return bool(pyproj.CRS(self.crs).is_geographic)


def read_band(folder: Path, raster: RasterFile) -> RasterBand:
    """Read the header of a file in `folder`; no pixel is read.

    Returns
    -------
    RasterBand
        Place, CRS and shape of the band that the parameters name. Faults are looked for in the path, the file, the
        files that it is made of, the band, its numbers, unit, CRS and place, in this order.

    Raises
    ------
    InputFileError
        No such file, a file that lies or leads outside the folder, or one that GDAL cannot open.
    SchemaError
        Several rasters in one file, or no such band; a band of transparency, of complex numbers or of integers of eight
        bytes; a scale that is none, or another unit than the parameters say; no CRS, or one that is neither projected
        nor of longitude and latitude in degrees; no place, or a place on longitude and latitude that is rotated or
        mirrored.
    """
    path = _path_of(folder, raster.file)
    try:
        with opened(path) as source:
            _require_inside(folder, path, source)
            _require_band(path, source, raster.band)
            header = band_header(source, raster.band)
            _require_exact(path, raster.band, header)
            require_values(path, raster.band, header)
            _require_same_unit(path, header, raster)
            crs = _crs_of(path, source)
            _require_place(path, source, crs)
            return RasterBand(
                path,
                raster.band,
                crs.to_wkt(),
                tuple(source.transform)[:6],
                source.shape,
                source.block_shapes[0][0],
            )
    except RasterioError as error:
        raise InputFileError(
            f"The raster cannot be opened ({error}).",
            path=path,
            field="format",
            got=f"a file of {path.stat().st_size} bytes",
            expected="a raster that GDAL reads",
            fix="name another file; if it is truncated or damaged, get it again",
        ) from error


def _path_of(folder: Path, name: str) -> Path:
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise InputFileError(
            "The file of a raster is named by its path inside the folder of rasters.",
            path=folder,
            field="features.rasters.files.file",
            got=name,
            expected="a path that stays inside",
            fix="put it there, or point raster_files to its folder in the catalog of an environment of your own",
        )
    if not path.is_file():
        present = [item.relative_to(folder).as_posix() for item in folder.rglob("*") if item.is_file()]
        raise InputFileError(
            "There is no such raster.",
            path=path,
            field="features.rasters.files.file",
            got=name,
            expected="the path of a file in the folder",
            sample=difflib.get_close_matches(name, present, n=3, cutoff=0.0),
            fix="correct the name, or put the file into the folder raster_files",
        )
    return path


def _require_inside(folder: Path, path: Path, source: rasterio.DatasetReader) -> None:
    """What a VRT is made of must stand in the folder too: only there is a change of it noticed."""
    root = folder.absolute()
    outside = [name for name in source.files if not Path(name).absolute().is_relative_to(root)]
    if outside:
        raise InputFileError(
            "The raster is made of files outside the folder of rasters, whose changes would go unnoticed.",
            path=path,
            field="files it is made of",
            got=", ".join(outside[:2]),
            expected=f"files below {folder}",
            fix="put them there, or write one file with gdal_translate",
        )


def _require_band(path: Path, source: rasterio.DatasetReader, band: int) -> None:
    if source.subdatasets:
        raise _refused(
            path,
            "The file holds several rasters.",
            field="features.rasters.files.file",
            got=f"{len(source.subdatasets)} subdatasets",
            expected="one raster a file",
            sample=[name.replace(str(path), path.name) for name in source.subdatasets],
            fix="write the one you mean into a file of its own with gdal_translate",
        )
    if band > source.count:
        raise _refused(
            path,
            "The raster has no such band.",
            field="features.rasters.files.band",
            got=band,
            expected=f"1 to {source.count}" if source.count > 1 else "1",
            fix="name a band that the file has",
        )


def _require_exact(path: Path, band: int, header: BandHeader) -> None:
    if header.dtype in INEXACT:
        raise _refused(
            path,
            "Numbers of this type cannot be averaged exactly.",
            field=f"type of band {band}",
            got=header.dtype,
            expected="integers of up to 4 bytes, or floating-point numbers",
            fix="convert it with gdal_translate -ot Float64",
        )


def _require_same_unit(path: Path, header: BandHeader, raster: RasterFile) -> None:
    if raster.unit and header.unit and standard_unit(header.unit) != standard_unit(raster.unit):
        raise _refused(
            path,
            "The file states another unit than the parameters.",
            field="features.rasters.files.unit",
            got=raster.unit,
            expected=f"{header.unit}, as the header of band {raster.band} says",
            fix="correct the parameter or, where the header is wrong, the file with gdal_edit.py -units",
        )


def _crs_of(path: Path, source: rasterio.DatasetReader) -> pyproj.CRS:
    if source.crs is None:
        raise _refused(
            path,
            "The raster has no CRS.",
            field="CRS",
            got="none",
            expected="a projected CRS, or longitude and latitude in degrees",
            fix="state it with gdal_edit.py -a_srs EPSG:<code>",
        )
    crs = pyproj.CRS(source.crs.to_wkt())
    is_in_degrees = crs.is_geographic and not crs.is_derived and crs.axis_info[0].unit_name == "degree"
    if not (crs.is_projected or is_in_degrees):
        raise _refused(
            path,
            "Cells cannot be placed in this CRS.",
            field="CRS",
            got=crs.name,
            expected="a projected CRS, or longitude and latitude in degrees",
            fix="warp it with gdalwarp -t_srs EPSG:6931",
        )
    return crs


def _require_place(path: Path, source: rasterio.DatasetReader, crs: pyproj.CRS) -> None:
    transform = source.transform
    if transform == Affine.identity() or not transform.determinant or not np.isfinite(list(transform)).all():
        raise _refused(
            path,
            "The header does not say where the pixels lie.",
            field="transform",
            got="ground control points" if source.gcps[0] else tuple(transform)[:6],
            expected="an affine transform from pixels to coordinates",
            fix="warp it with gdalwarp, or state its corners with gdal_edit.py -a_ullr",
        )
    if crs.is_geographic and not (transform.b == transform.d == 0 and transform.a > 0):
        raise _refused(
            path,
            "The rows and columns do not follow parallels and meridians.",
            field="transform",
            got=tuple(transform)[:6],
            expected="columns that go east and rows that go north or south",
            fix="warp it with gdalwarp -t_srs EPSG:6931",
        )


def _refused(path: Path, what: str, **facts: Any) -> SchemaError:
    return SchemaError(what, path=path, **facts)
