"""Where the pixels of an image file lie."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rasterio
from affine import Affine
from rasterio.crs import CRS

from entropice.crs import POLAR_CRS
from entropice.errors import InputFileError
from entropice.imagery.samples import Place

_SAME: Final = 1e-6
"""Share of an edge within which numbers are equal."""


@dataclass(frozen=True)
class RasterPlace:
    """Upright square pixels in a projected CRS in metres.

    Attributes
    ----------
    crs
        As text, an EPSG code where there is one.
    left_m, top_m
        Outer corner of the top-left pixel.
    pixel_m
        Edge of a pixel; the mean of both where they may differ.
    max_oblong
        By how much they may differ, as a share.
    """

    crs: str
    left_m: float
    top_m: float
    pixel_m: float
    n_rows: int
    n_columns: int
    max_oblong: float = _SAME

    def __str__(self) -> str:
        corner = f"{self.left_m:.0f}, {self.top_m:.0f}"
        return f"{self.n_rows} × {self.n_columns} pixels of {self.pixel_m:g} m from {corner} in {self.crs}"

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, in this order."""
        return self.n_rows, self.n_columns

    @property
    def transform(self) -> Affine:
        """From (column, row) to coordinates in metres.

        Whole numbers are outer corners of pixels, (0.5, 0.5) is the middle of the first one.

        Examples
        --------
        >>> place = RasterPlace("EPSG:3413", left_m=100.0, top_m=500.0, pixel_m=10.0, n_rows=2, n_columns=3)
        >>> place.transform * (0.5, 0.5)
        (105.0, 495.0)
        """
        return Affine(self.pixel_m, 0, self.left_m, 0, -self.pixel_m, self.top_m)

    def in_year(self, year: int, path: Path) -> Place:
        """The place of a square tile in EPSG:3413, in that calendar year.

        `path` is the file, for the message.

        Raises
        ------
        InputFileError
            The file is no square in EPSG:3413.
        """
        for field, is_right, got, expected, fix in (
            (
                "CRS",
                self.crs == POLAR_CRS,
                self.crs,
                POLAR_CRS,
                f"gdalwarp -t_srs {POLAR_CRS} -r bilinear (labels: -r near)",
            ),
            ("size", self.n_rows == self.n_columns, self.shape, "as many rows as columns", "cut square tiles"),
        ):
            _require(is_right, path, field, got, expected, fix)
        return Place(self.left_m, self.top_m, self.pixel_m, self.n_columns, year)


def raster_place(source: rasterio.DatasetReader, path: Path, max_oblong: float = _SAME) -> RasterPlace:
    """Where an open file's pixels lie.

    `path` is named in messages. The CRS may be any projected one in metres.

    Parameters
    ----------
    max_oblong
        By how much one edge of a pixel may be longer than the other, as a share.

    Raises
    ------
    InputFileError
        No CRS, one not in metres, no geotransform, a rotated one, rows that run north, or pixels that are not square.

    Examples
    --------
    >>> from rasterio.io import MemoryFile
    >>> profile = {"driver": "GTiff", "width": 3, "height": 2, "count": 1, "dtype": "uint8", "crs": "EPSG:3413"}
    >>> with MemoryFile() as memory, memory.open(**profile, transform=Affine(10, 0, 100, 0, -10, 500)) as source:
    ...     str(raster_place(source, Path("tile.tif")))
    '2 × 3 pixels of 10 m from 100, 500 in EPSG:3413'
    """
    at: Affine = source.transform
    warp = "gdalwarp onto upright square pixels in metres"
    _require(source.crs is not None, path, "CRS", "none", "a projected CRS", "state it with gdal_edit.py -a_srs")
    _require(not at.is_identity, path, "geotransform", "none", "corner and size of pixels", "gdal_edit.py -a_ullr")
    _require(_is_metric(source.crs), path, "CRS", source.crs.to_string(), "a projected CRS in metres", warp)
    _require(at.b == at.d == 0, path, "geotransform", f"rotated by {at.b:g}, {at.d:g}", "upright pixels", warp)
    _require(at.e < 0 < at.a, path, "geotransform", f"steps {at.a:g}, {at.e:g}", "row 0 in the north", warp)
    is_square = abs(at.a + at.e) <= max_oblong * at.a
    _require(is_square, path, "size of pixels", f"{at.a:g} × {-at.e:g} m", "square pixels", warp)
    pixel_m = (at.a - at.e) / 2
    return RasterPlace(source.crs.to_string(), at.c, at.f, pixel_m, source.height, source.width, max_oblong)


def require_same_place(got: RasterPlace, expected: RasterPlace, path: Path) -> None:
    """Refuse a file whose pixels are not those of the image that it belongs to.

    Corners and the longer edge, in metres, may differ by a millionth of the image's longer edge; CRSs are compared as
    text.

    `got` is where the file lies, `expected` where the image does; `path` is the file.

    Raises
    ------
    InputFileError
        Another CRS, corner, size of pixels, or number of them.
    """
    near = _SAME * expected.pixel_m * max(expected.shape)
    numbers = [
        (got.left_m, expected.left_m),
        (got.top_m, expected.top_m),
        (got.pixel_m * max(got.shape), expected.pixel_m * max(expected.shape)),
    ]
    is_same = got.crs == expected.crs and got.shape == expected.shape and all(abs(a - b) <= near for a, b in numbers)
    _require(is_same, path, "grid", got, f"that of the image: {expected}", "gdalwarp -te … -ts … onto the image's grid")


def _is_metric(crs: CRS) -> bool:
    return bool(crs.is_projected) and crs.linear_units_factor[1] == 1.0


def _require(is_right: bool, path: Path, field: str, got: object, expected: object, fix: str) -> None:
    if not is_right:
        raise InputFileError(
            "The file does not lie where an image must.", path=path, field=field, got=got, expected=expected, fix=fix
        )
