"""AlphaEarth's embeddings: a folder of int8 files by year and UTM zone, as published, and the pixel grids they make."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import isclose
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
import rasterio
import shapely
from rasterio.errors import RasterioError

from entropice.crs import POLAR_CRS
from entropice.errors import FeatureError, InputFileError, SchemaError
from entropice.raster.band_header import BandHeader, band_headers, opened
from entropice.raster.ground import report_missed_land
from entropice.raster.utm_zones import (
    N_ZONES,
    NORTH_ZONES_EPSG,
    UtmRaster,
    projected,
    transformer,
    utm_crs,
    zone_lon_deg,
)
from entropice.sources.alphaearth.index import PATH_PARTS, IndexRow, find_index, read_index
from entropice.sources.files.formats import RASTER_FORMATS, check_format
from entropice.types import BoolArray, FloatArray, Geometries, IntArray

N_BANDS: Final = 64
BANDS: Final = tuple(f"A{band:02d}" for band in range(N_BANDS))
MASKED: Final = -128
SUFFIXES: Final = (".tif", ".tiff")
AS_WRITTEN: Final = {"GTIFF_HONOUR_NEGATIVE_SCALEY": "YES"}
"""Without it, GDAL reads some bottom-up files as if their first row were the northern one."""

_TOLERANCE_PX = 1e-3
_OVERLAP_DEG = 0.5
# EPSG:3413 stretches lengths by 1.098 at 50° N, where regions end, and by less north of it.
_POLAR_SCALE = 1.1

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class EmbeddingFile:
    """One file of a year.

    Attributes
    ----------
    raster
        Where its finest pixels lie.
    factors
        How many of them each overview joins in a row.
    block_rows
        Rows that are decoded together.
    """

    path: Path
    year: int
    raster: UtmRaster
    factors: tuple[int, ...]
    block_rows: int

    @property
    def pixel_size_m(self) -> float:
        """Edge of the finest pixels, in metres."""
        return self.raster.transform[0]

    @property
    def exact_factors(self) -> dict[int, int | None]:
        """Number of the overview that joins so many pixels without a remainder; None for the finest pixels, 1.

        Examples
        --------
        Six rows and eight columns make whole twos, but not fours:

        >>> raster = UtmRaster(7, (10, 0, 5e5, 0, -10, 7e6), (6, 8))
        >>> EmbeddingFile(Path("a.tiff"), 2023, raster, factors=(2, 4), block_rows=256).exact_factors
        {1: None, 2: 0}
        """
        numbers = {factor: number for number, factor in enumerate(self.factors)}
        whole = {factor: number for factor, number in numbers.items() if not any(s % factor for s in self.raster.shape)}
        return {1: None, **whole}


@dataclass(frozen=True)
class EmbeddingFiles:
    """Files in order of their paths; no two of a year and zone share ground, those of neighbouring zones may.

    Attributes
    ----------
    is_indexed
        Whether the publisher's index lies beside them.
    absent
        What it lists of the same years without a file here.
    """

    files: tuple[EmbeddingFile, ...]
    is_indexed: bool
    absent: tuple[IndexRow, ...]

    @property
    def years(self) -> list[int]:
        """Years with a file, ascending."""
        return sorted({file.year for file in self.files})


@dataclass(frozen=True)
class EmbeddingLayer:
    """The pixels of one file at one resolution.

    Attributes
    ----------
    overview
        Number of the overview, from 0; None for the finest pixels.
    raster
        Where the pixels lie.
    """

    path: Path
    overview: int | None
    raster: UtmRaster
    block_rows: int


def read_embedding_files(folder: Path | str) -> EmbeddingFiles:
    """Read the index, if there is one, and the headers of all files below a folder; no pixel is read.

    The year is the index's or, without an index, that of ``<year>/<zone>/<name>``. Files are those that end in ``.tif``
    or ``.tiff``, however deep, in order of their paths. Values are codes of int8, which say v = sign(q) · (q / 127.5)²
    (Brown et al. 2025, arXiv:2507.22291); files that touch share no ground.

    Raises
    ------
    InputFileError
        No such folder, no file in it, an index that cannot be read, or a file that is no GeoTIFF.
    SchemaError
        An index that says what cannot be; a file it does not list or places elsewhere, or whose ground leaves the six
        degrees of its zone; a file without the 64 bands of int8 A00 to A63 in a northern UTM zone with −128 for masked
        and neither scale nor mask; or two files of a year and zone on the same ground.
    """
    folder = Path(folder)
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    if not paths:
        raise InputFileError(
            "There are no AlphaEarth files.",
            path=folder,
            field="names of files",
            got="no *.tiff",
            expected="<year>/<zone>/*.tiff below this folder",
            fix="check the path and the parameter data_root",
        )
    index_path = find_index(folder)
    index = {} if index_path is None else read_index(index_path)
    files = tuple(_read_file(path, None if index_path is None else _row(index, path, index_path)) for path in paths)
    _refuse_shared_ground(files)
    found = EmbeddingFiles(files, index_path is not None, _absent(index, files))
    logger.info(
        "AlphaEarth: %d files of %s; the index lists %d more of these years (other regions among them)",
        len(files),
        ", ".join(map(str, found.years)),
        len(found.absent),
    )
    return found


def stack_layers(
    embeddings: EmbeddingFiles, resolution_m: float, years: Collection[int]
) -> dict[UtmRaster, dict[int, EmbeddingLayer]]:
    """Layers of the years by the pixel grid they share, in an order fixed by the files.

    Parameters
    ----------
    embeddings
        As of `read_embedding_files`.
    resolution_m
        Edge of a pixel; a file must have just this one, as it is or as an overview.
    years
        Of the files; others are left out.

    Returns
    -------
    dict
        By grid, in order of zone and corner: the layer of each year that has a file on it. A grid may lack years.

    Raises
    ------
    FeatureError
        A year without any file.
    SchemaError
        A file without this resolution.

    Examples
    --------
    Pixels of 20 m are the first overview of a file of 10 m:

    >>> raster = UtmRaster(7, (10, 0, 5e5, 0, -10, 7e6), (4, 6))
    >>> file = EmbeddingFile(Path("2021/7N/a.tiff"), 2021, raster, factors=(2,), block_rows=256)
    >>> ((grid, layers),) = stack_layers(EmbeddingFiles((file,), False, ()), 20.0, {2021}).items()
    >>> grid.shape, layers[2021].overview
    ((2, 3), 0)
    """
    _require_years(embeddings, years)
    stacks: dict[UtmRaster, dict[int, EmbeddingLayer]] = {}
    for file in embeddings.files:
        if file.year in years:
            layer = _layer(file, resolution_m)
            stacks.setdefault(layer.raster, {})[file.year] = layer
    return dict(sorted(stacks.items(), key=lambda item: (item[0].zone, item[0].transform)))


def report_absent(
    embeddings: EmbeddingFiles, years: Collection[int], polygons: Geometries, land_fraction: FloatArray
) -> int:
    """Warn of files of some years that cells need and that are not here.

    With an index, the file of a square is needed where a cell comes within 1.1 times half the square's diagonal of its
    middle, in EPSG:3413, whose lengths are stretched by no more; there may be no land in that cell. Without an index
    there is no list of files: then cells are named that miss a thousandth of their area or more, the part beside all
    files of the year less the cell's share without land (`missed_land_m2`). The warning goes to the log.

    Parameters
    ----------
    embeddings
        As of `read_embedding_files`.
    years
        Calendar years of the files. With an index, a year of which no file is here counts none.
    polygons
        Cells in EPSG:3413, shape (n_cells,).
    land_fraction
        Of each cell, 0 to 1, shape (n_cells,).

    Returns
    -------
    int
        How many files or, without an index, cells, counted once a year. 0 where none is missed.
    """
    if not embeddings.is_indexed:
        return sum(_report_missed(embeddings, year, polygons, land_fraction) for year in sorted(set(years)))
    rows = [row for row in embeddings.absent if row.year in years]
    near = [row for row, is_near in zip(rows, _are_near(rows, shapely.STRtree(polygons)), strict=True) if is_near]
    if near:
        logger.warning(
            "AlphaEarth: %d files of these years near the cells are in the index but not here, such as %s; "
            "what lies on them stays unknown",
            len(near),
            near[0].place,
        )
    return len(near)


def _report_missed(embeddings: EmbeddingFiles, year: int, polygons: Geometries, land_fraction: FloatArray) -> int:
    rasters = {file.raster for file in embeddings.files if file.year == year}
    grounds = [projected(np.array([raster.ground()]), raster.crs, POLAR_CRS)[0] for raster in rasters]
    return report_missed_land(f"AlphaEarth of {year}", polygons, land_fraction, np.array(grounds))


def _read_file(path: Path, row: IndexRow | None) -> EmbeddingFile:
    check_format(path, RASTER_FORMATS)
    try:
        with rasterio.Env(**AS_WRITTEN), opened(path) as source:
            zone = _require_alphaearth(path, source)
            _require_plain_codes(path, band_headers(source))
            raster = UtmRaster(zone, tuple(source.transform)[:6], source.shape)
            factors, block_rows = tuple(source.overviews(1)), source.block_shapes[0][0]
    except RasterioError as error:
        raise InputFileError(
            f"The AlphaEarth file cannot be opened ({error}).",
            path=path,
            field="format",
            got=f"a file of {path.stat().st_size} bytes",
            expected="a whole GeoTIFF",
            fix="it is truncated or damaged: download it again and compare its size with the source",
        ) from error
    if row is None:
        return EmbeddingFile(path, _year_of(path), raster, factors, block_rows)
    _require_place(path, raster, row)
    return EmbeddingFile(path, row.year, raster, factors, block_rows)


def _require_alphaearth(path: Path, source: rasterio.DatasetReader) -> int:
    """The file's zone."""
    transform = source.transform
    is_upright = transform.b == transform.d == 0 and transform.a == abs(transform.e) > 0
    zone = (source.crs.to_epsg() or 0) - NORTH_ZONES_EPSG if source.crs is not None else 0
    for field, got, is_right, expected in [
        ("bands", source.count, source.count == N_BANDS, N_BANDS),
        ("dtype", ", ".join(sorted(set(source.dtypes))), set(source.dtypes) == {"int8"}, "int8"),
        ("nodata", "none" if source.nodata is None else source.nodata, source.nodata == MASKED, MASKED),
        ("CRS", source.crs or "none", 1 <= zone <= N_ZONES, f"a northern UTM zone, {utm_crs(1)} to {utm_crs(N_ZONES)}"),
        ("orientation", tuple(transform)[:6], is_upright, "square pixels on the CRS's axes, either way up"),
    ]:
        if not is_right:
            raise SchemaError(
                "This is not an AlphaEarth file of the Arctic.",
                path=path,
                field=field,
                got=got,
                expected=expected,
                fix="keep only the files of the annual satellite embedding, as published, below this folder",
            )
    return zone


def _require_plain_codes(path: Path, bands: list[BandHeader]) -> None:
    names = [band.description for band in bands]
    for field, got, is_right, expected in [
        ("nodata of each band", {band.nodata for band in bands}, all(b.nodata == MASKED for b in bands), MASKED),
        ("scale, offset", {(b.scale, b.offset) for b in bands}, not any(b.is_scaled for b in bands), "1, 0"),
        ("mask", "a mask or alpha band", not any(b.has_mask or b.alpha for b in bands), f"{MASKED} where masked"),
        ("names of the bands", f"{names[0]}, …, {names[-1]}", not any(names) or names == list(BANDS), "A00, …, A63"),
    ]:
        if not is_right:
            raise SchemaError(
                "The header says that the numbers of this file are no codes of AlphaEarth.",
                path=path,
                field=field,
                got=", ".join(map(str, sorted(got))) if isinstance(got, set) else got,
                expected=expected,
                fix="keep only the files of the annual satellite embedding, as published, below this folder",
            )


def _place(path: Path) -> PurePosixPath:
    return PurePosixPath(*path.parts[-PATH_PARTS:])


def _row(index: dict[PurePosixPath, IndexRow], path: Path, index_path: Path) -> IndexRow:
    row = index.get(_place(path))
    if row is None:
        raise SchemaError(
            "The index does not list this file.",
            path=path,
            field="path",
            got=_place(path),
            expected=f"a path in {index_path.name} that ends so",
            fix="keep the folders <year>/<zone> as published, and the index of the same release",
        )
    return row


def _require_place(path: Path, raster: UtmRaster, row: IndexRow) -> None:
    differences_m = np.abs(np.subtract(raster.bounds_m, row.bounds_m))
    if raster.zone != row.zone or differences_m.max() > _TOLERANCE_PX * raster.transform[0]:
        raise SchemaError(
            "The file lies elsewhere than the index says.",
            path=path,
            field="zone and bounds",
            got=f"zone {raster.zone}, {raster.bounds_m}",
            expected=f"zone {row.zone}, {row.bounds_m}",
            fix="download the file and the index again",
        )
    (west_deg, east_deg), (first_deg, last_deg) = zone_lon_deg(row.zone), row.lon_deg
    if first_deg < west_deg - _OVERLAP_DEG or last_deg > east_deg + _OVERLAP_DEG:
        raise SchemaError(
            "The file's ground leaves its zone: this zone is not the usual one, and what lies beyond would be lost.",
            path=path,
            field="wgs84_west, wgs84_east",
            got=f"{first_deg} to {last_deg}",
            expected=f"{west_deg:g} to {east_deg:g}, the six degrees of zone {row.zone}",
            fix="use the index that is published beside the files; if it says so, its zones are not supported",
        )


def _year_of(path: Path) -> int:
    folder = _place(path).parts[0]
    if not (folder.isdecimal() and len(folder) == 4):
        raise SchemaError(
            "The year of this file is not known.",
            path=path,
            field="year",
            got=folder,
            expected="an index beside the files, or folders <year>/<zone>",
            fix="keep the folders as published",
        )
    return int(folder)


def _refuse_shared_ground(files: Iterable[EmbeddingFile]) -> None:
    groups: dict[tuple[int, int], list[EmbeddingFile]] = {}
    for file in files:
        groups.setdefault((file.year, file.raster.zone), []).append(file)
    for group in groups.values():
        shrunk = shapely.box(*(np.array([file.raster.bounds_m for file in group]) + _inwards_m(group)).T)
        first, second = shapely.STRtree(shrunk).query(shrunk, predicate="intersects")
        shared = np.flatnonzero(first < second)
        if len(shared):
            one, other = group[first[shared[0]]], group[second[shared[0]]]
            raise SchemaError(
                "Two AlphaEarth files of the same year and zone share ground, which would count twice.",
                path=other.path,
                field="bounds",
                got=f"bounds {other.raster.bounds_m}",
                expected=f"none of {one.path.name}, {one.raster.bounds_m}",
                fix="remove one of them",
            )


def _inwards_m(files: list[EmbeddingFile]) -> FloatArray:
    """Moves the edges of each file's bounds in by a tolerance, so that files which only touch share nothing."""
    step_m = _TOLERANCE_PX * np.array([file.pixel_size_m for file in files])
    moves: FloatArray = step_m[:, None] * np.array([1.0, 1.0, -1.0, -1.0])
    return moves


def _absent(index: dict[PurePosixPath, IndexRow], files: Iterable[EmbeddingFile]) -> tuple[IndexRow, ...]:
    here, years = {_place(file.path) for file in files}, {file.year for file in files}
    return tuple(row for place, row in index.items() if place not in here and row.year in years)


def _require_years(embeddings: EmbeddingFiles, years: Collection[int]) -> None:
    missing = sorted(set(years) - set(embeddings.years))
    if missing:
        raise FeatureError(
            "There are no AlphaEarth files of a year that is needed.",
            path=embeddings.files[0].path.parents[PATH_PARTS - 1],
            field="years",
            got=f"files of {', '.join(map(str, embeddings.years))}",
            expected=", ".join(map(str, sorted(years))),
            sample=missing,
            fix="get the files of these years, drop the label years from features.years, or raise "
            "features.embeddings.year_lag",
        )


def _layer(file: EmbeddingFile, resolution_m: float) -> EmbeddingLayer:
    exact = [factor for factor in file.exact_factors if isclose(file.pixel_size_m * factor, resolution_m)]
    if not exact:
        raise SchemaError(
            "An AlphaEarth file does not have the resolution that is asked for.",
            path=file.path,
            field="features.embeddings.resolution_m",
            got=resolution_m,
            expected=", ".join(f"{file.pixel_size_m * factor:g}" for factor in file.exact_factors),
            fix="set resolution_m to one of these",
        )
    overview, raster = file.exact_factors[exact[0]], file.raster.coarsened(exact[0])
    return EmbeddingLayer(file.path, overview, raster, file.block_rows)


def _are_near(rows: list[IndexRow], cells: shapely.STRtree) -> BoolArray:
    """Whether each square may hold a cell, from its middle and half its diagonal."""
    middle_x_m, middle_y_m, radius_m = np.empty((3, len(rows)))
    bounds_m = np.array([row.bounds_m for row in rows]).reshape(-1, 4)
    zones: IntArray = np.array([row.zone for row in rows], dtype=np.int64)
    for zone in np.unique(zones).tolist():
        of_zone = zones == zone
        west, south, east, north = bounds_m[of_zone].T
        middle = transformer(utm_crs(zone), POLAR_CRS).transform((west + east) / 2, (south + north) / 2)
        middle_x_m[of_zone], middle_y_m[of_zone] = middle
        radius_m[of_zone] = _POLAR_SCALE * np.hypot(east - west, north - south) / 2
    near, _ = cells.query(shapely.points(middle_x_m, middle_y_m), predicate="dwithin", distance=radius_m)
    are_near: BoolArray = np.isin(np.arange(len(rows)), near)
    return are_near
