"""ArcticDEM mosaic tiles: an index of their headers, and windows read across tile borders."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from entropice.crs import POLAR_CRS
from entropice.errors import InputFileError, SchemaError
from entropice.sources.sniff import RASTER_FORMATS, refuse_impostors
from entropice.types import Float32Array
from entropice.zonal.bounds import Bounds

NODATA: Final = -9999.0
MAX_MISALIGNMENT_PX: Final = 1e-3


@dataclass(frozen=True)
class Tile:
    """One file and the rectangle it fills."""

    path: Path
    bounds: Bounds


@dataclass(frozen=True)
class TileIndex:
    """Tiles of one pixel grid, in order of their names.

    Where tiles overlap, the first one by name speaks, and the next fills its gaps: no pixel counts twice.
    """

    tiles: tuple[Tile, ...]
    pixel_size_m: float

    @property
    def bounds(self) -> Bounds:
        """The rectangle around all tiles."""
        every = [tile.bounds for tile in self.tiles]
        return Bounds(
            min(bounds.left_m for bounds in every),
            min(bounds.bottom_m for bounds in every),
            max(bounds.right_m for bounds in every),
            max(bounds.top_m for bounds in every),
        )


def read_tile_index(folder: Path | str) -> TileIndex:
    """Read the headers of every ``*.tif`` in a folder; no pixel is read.

    Raises
    ------
    InputFileError
        No such folder, no tile in it, or a file that is not a GeoTIFF.
    SchemaError
        A tile in another CRS than EPSG:3413, with several bands, rotated or bottom-up, with another nodata value than
        −9999, of another pixel size, off the common pixel grid, or in the place of another tile.
    """
    paths = sorted(Path(folder).glob("*.tif"))
    if not paths:
        raise InputFileError(
            "There are no elevation tiles.",
            path=folder,
            expected="a folder with *.tif",
            fix="check the path and the parameter data_root",
        )
    headers = [_read_header(path) for path in paths]
    pixel_size_m = headers[0][1]
    for tile, found_m in headers:
        _require_same_grid(tile, found_m, headers[0][0], pixel_size_m)
    tiles = tuple(tile for tile, _ in headers)
    _refuse_repeated(tiles)
    return TileIndex(tiles, pixel_size_m)


def plan_blocks(index: TileIndex, block_px: int) -> list[Bounds]:
    """Cut the rectangle around all tiles into blocks on the pixel grid; every pixel lies in exactly one.

    Blocks no tile touches are left out. The cut depends on nothing but the index and `block_px`.
    """
    edge_m = block_px * index.pixel_size_m
    frame = index.bounds
    tops_m = np.arange(frame.top_m, frame.bottom_m, -edge_m)
    lefts_m = np.arange(frame.left_m, frame.right_m, edge_m)
    blocks = [
        Bounds(left, max(top - edge_m, frame.bottom_m), min(left + edge_m, frame.right_m), top)
        for top in tops_m.tolist()
        for left in lefts_m.tolist()
    ]
    return [block for block in blocks if any(tile.bounds.intersection(block) for tile in index.tiles)]


def read_window(index: TileIndex, bounds: Bounds) -> Float32Array:
    """Mosaic all tiles inside a rectangle on the pixel grid.

    Returns
    -------
    Float32Array
        Metres above the WGS 84 ellipsoid, shape ``bounds.shape(index.pixel_size_m)``, row 0 at the top; NaN where no
        tile has data.

    Raises
    ------
    InputFileError
        A tile whose pixels cannot be read.
    """
    values = np.full(bounds.shape(index.pixel_size_m), np.nan, dtype=np.float32)
    for tile in index.tiles:
        shared = tile.bounds.intersection(bounds)
        if shared is not None:
            place = values[_slices(shared, bounds, index.pixel_size_m)]
            np.copyto(place, _read_tile(tile, shared, index.pixel_size_m), where=np.isnan(place))
    return values


def _read_header(path: Path) -> tuple[Tile, float]:
    refuse_impostors(path, RASTER_FORMATS)
    try:
        with rasterio.open(path) as source:
            _require_arcticdem(path, source)
            return Tile(path, Bounds(*source.bounds)), float(source.transform.a)
    except RasterioError as error:
        raise _unreadable(path, error) from error


def _require_arcticdem(path: Path, source: rasterio.DatasetReader) -> None:
    transform = source.transform
    is_upright = transform.b == transform.d == 0 and transform.a == -transform.e > 0
    found_crs = None if source.crs is None else source.crs.to_string()
    for field, got, expected in [
        ("CRS", found_crs, POLAR_CRS),
        ("bands", source.count, 1),
        ("nodata", source.nodata, NODATA),
        ("orientation", "square pixels, north up" if is_upright else transform, "square pixels, north up"),
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


def _require_same_grid(tile: Tile, pixel_size_m: float, first: Tile, expected_m: float) -> None:
    if pixel_size_m != expected_m:
        raise SchemaError(
            "The elevation tiles differ in pixel size.",
            path=tile.path,
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
            got=f"{offsets_px.tolist()} pixels from {first.path.name}",
            expected="whole pixels",
            fix="resample it to the grid of the others with gdalwarp -tap",
        )


def _refuse_repeated(tiles: tuple[Tile, ...]) -> None:
    seen: dict[Bounds, Tile] = {}
    for tile in tiles:
        if tile.bounds in seen:
            raise SchemaError(
                "Two elevation tiles fill the same place.",
                path=tile.path,
                got=f"the bounds of {seen[tile.bounds].path.name}",
                expected="one tile a place",
                fix="remove one of them",
            )
        seen[tile.bounds] = tile


def _read_tile(tile: Tile, bounds: Bounds, pixel_size_m: float) -> Float32Array:
    rows, columns = _slices(bounds, tile.bounds, pixel_size_m)
    try:
        with rasterio.open(tile.path) as source:
            values = source.read(1, window=Window.from_slices(rows, columns), out_dtype="float32")
    except RasterioError as error:
        raise _unreadable(tile.path, error) from error
    return np.where(values == NODATA, np.float32(np.nan), values)


def _unreadable(path: Path, error: RasterioError) -> InputFileError:
    return InputFileError(
        f"The elevation tile cannot be read ({error}).",
        path=path,
        fix="it is truncated or damaged: download it again and compare its size with the source",
    )


def _slices(part: Bounds, whole: Bounds, pixel_size_m: float) -> tuple[slice, slice]:
    n_rows, n_columns = part.shape(pixel_size_m)
    top = round((whole.top_m - part.top_m) / pixel_size_m)
    left = round((part.left_m - whole.left_m) / pixel_size_m)
    return slice(top, top + n_rows), slice(left, left + n_columns)
