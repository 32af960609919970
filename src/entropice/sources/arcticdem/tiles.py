"""ArcticDEM mosaic tiles: an index of their headers, and windows read across tile borders."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from entropice.crs import POLAR_CRS
from entropice.errors import InputFileError, SchemaError
from entropice.raster.band_header import PICTURES, BandHeader, band_header, opened, read_values, require_values
from entropice.raster.bounds import Bounds
from entropice.raster.value_units import METRES, metres_of
from entropice.sources.arcticdem.index import find_index
from entropice.sources.arcticdem.naming import DERIVED, elevation_files, mask_of
from entropice.sources.files.formats import RASTER_FORMATS, check_format
from entropice.types import Float32Array, FloatArray

logger = logging.getLogger(__name__)

NODATA: Final = -9999.0
MAX_MISALIGNMENT_PX: Final = 1e-3
HEIGHTS_M: Final = (-1_000.0, 10_000.0)
SEARCHED_ROWS: Final = 256


@dataclass(frozen=True)
class ElevationTile:
    """One file.

    Attributes
    ----------
    metres
        In the unit of its values.
    mask
        Published beside it, 0 where there is no data.
    """

    path: Path
    bounds: Bounds
    metres: float = 1.0
    mask: Path | None = None


@dataclass(frozen=True)
class TileIndex:
    """Tiles of one pixel grid, in order of their names.

    Where tiles overlap, values are those of the first tile by name, then of the next where that has no data: no pixel
    counts twice.

    Attributes
    ----------
    published
        The publisher's index of all tiles, where it lies beside them.
    """

    tiles: tuple[ElevationTile, ...]
    pixel_size_m: float
    published: Path | None = None

    @cached_property
    def edges_m(self) -> FloatArray:
        """Left, bottom, right and top edges of all tiles (m, EPSG:3413), in their order: shape (4, n_tiles)."""
        every = [tile.bounds for tile in self.tiles]
        return np.array([(bounds.left_m, bounds.bottom_m, bounds.right_m, bounds.top_m) for bounds in every]).T

    @property
    def bounds(self) -> Bounds:
        """The rectangle around all tiles, which may hold ground without any."""
        left_m, bottom_m, right_m, top_m = self.edges_m
        return Bounds(float(left_m.min()), float(bottom_m.min()), float(right_m.max()), float(top_m.max()))


def read_tile_index(folder: Path | str) -> TileIndex:
    """Read the headers of the elevation tiles in a folder and those inside it (`naming.elevation_files`).

    Values become metres, whatever scale, offset and unit of length a header states; without a unit they are metres. No
    pixel is read. Tiles may overlap, but no two may fill the same rectangle. Pixel sizes are equal exactly, and grids
    are one where corners lie whole pixels apart, to a thousandth of a pixel. A mask, ``<name>_datamask.tif`` beside
    ``<name>_dem.tif``, is uint8 on the tile's own pixels.

    Raises
    ------
    InputFileError
        No such folder, no tile in it, or a file that is not a GeoTIFF.
    SchemaError
        A raster that may be a tile or not; a tile in another CRS than EPSG:3413, with several bands, rotated or
        bottom-up, with another nodata value than −9999, with colours, complex numbers or a quantity derived from
        elevation, in a unit that is no length, of another pixel size, off the common pixel grid, or in the place of
        another tile; a mask that does not fit its tile.
    """
    paths, n_others = elevation_files(Path(folder))
    headers = [_read_header(path) for path in paths]
    pixel_size_m = headers[0][1]
    for tile, found_m in headers:
        _require_same_grid(tile, found_m, headers[0][0], pixel_size_m)
    tiles = tuple(tile for tile, _ in headers)
    _refuse_repeated(tiles)
    n_masks = sum(tile.mask is not None for tile in tiles)
    logger.info(
        "ArcticDEM: %d tiles of %g m pixels, %d with a mask; %d of %d rasters are neither",
        len(tiles),
        pixel_size_m,
        n_masks,
        n_others - n_masks,
        len(tiles) + n_others,
    )
    return TileIndex(tiles, pixel_size_m, find_index(Path(folder)))


def plan_blocks(index: TileIndex, block_px: int) -> list[Bounds]:
    """Cut the rectangle around all tiles into blocks on the pixel grid; every pixel lies in exactly one.

    Blocks no tile touches are left out. The cut depends on nothing but the index and `block_px`.

    They are `block_px` pixels wide and high, less at the right and lower edge of the rectangle, and go by rows from the
    north, in a row from the west.

    Examples
    --------
    Two tiles of 2 × 2 pixels of 10 m, with as much ground without a tile between them:

    >>> tiles = tuple(ElevationTile(Path(f"{x}.tif"), Bounds(x, 0.0, x + 20.0, 20.0)) for x in (0.0, 40.0))
    >>> [(block.left_m, block.right_m) for block in plan_blocks(TileIndex(tiles, 10.0), block_px=2)]
    [(0.0, 20.0), (40.0, 60.0)]
    """
    pixel_size_m, frame = index.pixel_size_m, index.bounds
    n_rows, n_columns = frame.shape(pixel_size_m)
    is_touched = np.zeros((-(-n_rows // block_px), -(-n_columns // block_px)), dtype=bool)
    for tile in index.tiles:
        rows, columns = _slices(tile.bounds, frame, pixel_size_m)
        is_touched[_blocks_along(rows, block_px), _blocks_along(columns, block_px)] = True
    corners = np.argwhere(is_touched) * block_px
    return [_block(frame, row, column, block_px, pixel_size_m) for row, column in corners.tolist()]


def read_window(index: TileIndex, bounds: Bounds) -> Float32Array:
    """Mosaic all tiles inside a rectangle on the pixel grid.

    `bounds` is a rectangle in EPSG:3413 on the grid of the tiles; it may reach beyond them.

    Returns
    -------
    Float32Array
        Metres above the WGS 84 ellipsoid, shape ``bounds.shape(index.pixel_size_m)``, row 0 at the top; NaN where no
        tile has data.

    Raises
    ------
    InputFileError
        A tile whose pixels cannot be read, or whose values are no heights: below −1,000 or above 10,000 m.
    SchemaError
        A number that everywhere stands for "unknown", of which a header says nothing (`read_values`).
    """
    values = np.full(bounds.shape(index.pixel_size_m), np.nan, dtype=np.float32)
    for tile in _touching(index, bounds):
        shared = tile.bounds.intersection(bounds)
        if shared is not None:
            place = values[_slices(shared, bounds, index.pixel_size_m)]
            np.copyto(place, _read_tile(tile, shared, index.pixel_size_m), where=np.isnan(place))
    return values


def holds_heights(tile: ElevationTile, pixel_size_m: float) -> bool:
    """Whether any pixel of a tile is known; rows are read until one is.

    `pixel_size_m` is that of the tile's index.

    Raises
    ------
    InputFileError
        Pixels cannot be read, or are no heights.
    SchemaError
        A number that everywhere stands for "unknown", of which the header says nothing.
    """
    edge_m, bounds = SEARCHED_ROWS * pixel_size_m, tile.bounds
    tops_m = np.arange(bounds.top_m, bounds.bottom_m, -edge_m)
    strips = (Bounds(bounds.left_m, max(top_m - edge_m, bounds.bottom_m), bounds.right_m, top_m) for top_m in tops_m)
    return any(np.isfinite(_read_tile(tile, strip, pixel_size_m)).any() for strip in strips)


def _blocks_along(pixels: slice, block_px: int) -> slice:
    return slice(pixels.start // block_px, -(-pixels.stop // block_px))


def _block(frame: Bounds, first_row: int, first_column: int, block_px: int, pixel_size_m: float) -> Bounds:
    edge_m = block_px * pixel_size_m
    left_m, top_m = frame.left_m + first_column * pixel_size_m, frame.top_m - first_row * pixel_size_m
    return Bounds(left_m, max(top_m - edge_m, frame.bottom_m), min(left_m + edge_m, frame.right_m), top_m)


def _touching(index: TileIndex, bounds: Bounds) -> Iterable[ElevationTile]:
    left_m, bottom_m, right_m, top_m = index.edges_m
    is_beside = (left_m >= bounds.right_m) | (right_m <= bounds.left_m)
    is_near = ~(is_beside | (bottom_m >= bounds.top_m) | (top_m <= bounds.bottom_m))
    return (index.tiles[number] for number in np.flatnonzero(is_near))


def _read_header(path: Path) -> tuple[ElevationTile, float]:
    check_format(path, RASTER_FORMATS)
    try:
        with opened(path) as source:
            header = band_header(source, 1)
            _require_arcticdem(path, source)
            require_values(path, 1, header)
            _require_heights_only(path, header)
            metres = metres_of(header.unit or "m") or 1.0
            tile = ElevationTile(path, Bounds(*source.bounds), metres, _fitting_mask(path, source))
            return tile, float(source.transform.a)
    except RasterioError as error:
        raise _unreadable(path, error) from error


def _fitting_mask(path: Path, elevation: rasterio.DatasetReader) -> Path | None:
    mask = mask_of(path)
    if mask is None:
        return None
    check_format(mask, RASTER_FORMATS)
    with rasterio.open(mask) as source:
        got = source.transform, source.shape, source.count, source.dtypes[0]
    expected = elevation.transform, elevation.shape, 1, "uint8"
    if got != expected:
        raise SchemaError(
            "The mask of an elevation tile does not fit it.",
            path=mask,
            field="transform, shape, bands, dtype",
            got=_in_words(*got),
            expected=_in_words(*expected),
            fix="download it again, or remove it: unknown elevations have a nodata value, too",
        )
    return mask


def _in_words(transform: rasterio.Affine, shape: tuple[int, int], n_bands: int, dtype: str) -> str:
    return f"{tuple(transform)[:6]}, {shape}, {n_bands}, {dtype}"


def _require_arcticdem(path: Path, source: rasterio.DatasetReader) -> None:
    transform = source.transform
    is_upright = transform.b == transform.d == 0 and transform.a == -transform.e > 0
    found_crs = "none" if source.crs is None else source.crs.to_string()
    for field, got, expected in [
        ("CRS", found_crs, POLAR_CRS),
        ("bands", source.count, 1),
        ("nodata", "none" if source.nodata is None else source.nodata, NODATA),
        ("orientation", "square pixels, north up" if is_upright else tuple(transform)[:6], "square pixels, north up"),
    ]:
        if got != expected:
            raise SchemaError(
                "This is not an ArcticDEM elevation tile.",
                path=path,
                field=field,
                got=got,
                expected=expected,
                fix="keep only ArcticDEM mosaic elevations (*_dem.tif) in the folder, or convert it with gdalwarp",
            )


def _require_heights_only(path: Path, header: BandHeader) -> None:
    is_derived = header.description.lower().replace(" ", "_").endswith(DERIVED)
    for field, is_right, got, expected in [
        ("unit", not header.unit or metres_of(header.unit) is not None, header.unit, ", ".join(METRES)),
        ("colour interpretation", header.colour not in PICTURES, header.colour, "gray or undefined"),
        ("name of the band", not is_derived, header.description, "elevation, or none"),
    ]:
        if not is_right:
            raise SchemaError(
                "The header says that these are no heights.",
                path=path,
                field=field,
                got=got,
                expected=expected,
                fix="move the raster out of the folder or, where the header is wrong, correct it with gdal_edit.py",
            )


def _require_same_grid(tile: ElevationTile, pixel_size_m: float, first: ElevationTile, expected_m: float) -> None:
    if pixel_size_m != expected_m:
        raise SchemaError(
            "The elevation tiles differ in pixel size.",
            path=tile.path,
            field="pixel size",
            got=f"{pixel_size_m:g} m",
            expected=f"{expected_m:g} m, as {first.path.name}",
            fix="keep one resolution a folder",
        )
    offsets_px = np.array([tile.bounds.left_m - first.bounds.left_m, tile.bounds.top_m - first.bounds.top_m])
    offsets_px /= pixel_size_m
    if np.abs(offsets_px - offsets_px.round()).max() > MAX_MISALIGNMENT_PX:
        raise SchemaError(
            "An elevation tile is off the common pixel grid.",
            path=tile.path,
            field="transform",
            got=f"{offsets_px.tolist()} pixels from {first.path.name}",
            expected="whole pixels",
            fix="resample it to the grid of the others with gdalwarp -tap",
        )


def _refuse_repeated(tiles: tuple[ElevationTile, ...]) -> None:
    seen: dict[Bounds, ElevationTile] = {}
    for tile in tiles:
        if tile.bounds in seen:
            raise SchemaError(
                "Two elevation tiles fill the same place.",
                path=tile.path,
                field="bounds",
                got=f"the bounds of {seen[tile.bounds].path.name}",
                expected="one tile a place",
                fix="remove one of them",
            )
        seen[tile.bounds] = tile


def _read_tile(tile: ElevationTile, bounds: Bounds, pixel_size_m: float) -> Float32Array:
    window = Window.from_slices(*_slices(bounds, tile.bounds, pixel_size_m))
    values = (_read_band(tile.path, window) * tile.metres).astype(np.float32, copy=False)
    if tile.mask is not None:
        values[~(_read_band(tile.mask, window) > 0)] = np.nan
    _require_heights(tile.path, values)
    return values


def _read_band(path: Path, window: Window) -> Float32Array | FloatArray:
    try:
        with rasterio.open(path) as source:
            return read_values(source, 1, window)
    except RasterioError as error:
        raise _unreadable(path, error) from error


def _require_heights(path: Path, values: Float32Array) -> None:
    lowest_m, highest_m = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    if lowest_m < HEIGHTS_M[0] or highest_m > HEIGHTS_M[1]:
        raise InputFileError(
            "The elevation tile holds values that are no heights.",
            path=path,
            field="values of band 1",
            got=f"{lowest_m:g} to {highest_m:g} m",
            expected=f"{HEIGHTS_M[0]:g} to {HEIGHTS_M[1]:g} m, or {NODATA:g} where unknown",
            fix="it is damaged, or marks unknown pixels by another value: download it again, or set them to -9999",
        )


def _unreadable(path: Path, error: RasterioError) -> InputFileError:
    return InputFileError(
        f"The elevation tile cannot be read ({error}).",
        path=path,
        field="format",
        got=f"a file of {path.stat().st_size} bytes",
        expected="a whole GeoTIFF",
        fix="it is truncated or damaged: download it again and compare its size with the source",
    )


def _slices(part: Bounds, whole: Bounds, pixel_size_m: float) -> tuple[slice, slice]:
    n_rows, n_columns = part.shape(pixel_size_m)
    top = round((whole.top_m - part.top_m) / pixel_size_m)
    left = round((part.left_m - whole.left_m) / pixel_size_m)
    return slice(top, top + n_rows), slice(left, left + n_columns)
