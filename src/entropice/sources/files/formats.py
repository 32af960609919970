"""Formats of external files, detected by their first bytes."""

import os
import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Final

from entropice.errors import InputFileError

HEADER_BYTES: Final = 512
LFS_POINTER_LINE: Final = b"version https://git-lfs"
GEODATABASE_CATALOG: Final = "a00000001.gdbtable"
DELIMITERS: Final = (",", ";", "\t")


class FileFormat(StrEnum):
    """The formats told apart by their first bytes."""

    GEOPACKAGE = "GeoPackage"
    GEOPARQUET = "GeoParquet"
    GEOJSON = "GeoJSON"
    SHAPEFILE = "Shapefile"
    FLATGEOBUF = "FlatGeobuf"
    KML = "KML"
    MAPINFO = "MapInfo"
    FILE_GEODATABASE = "file geodatabase"
    NETCDF3 = "NetCDF 3"
    NETCDF4 = "NetCDF 4"
    GRIB = "GRIB"
    GEOTIFF = "GeoTIFF"
    DELIMITED = "CSV"
    ZIP = "ZIP archive"
    LFS_POINTER = "Git-LFS pointer"
    UNKNOWN = "unknown"


VECTOR_FORMATS: Final = frozenset(
    {
        FileFormat.GEOPACKAGE,
        FileFormat.GEOPARQUET,
        FileFormat.GEOJSON,
        FileFormat.SHAPEFILE,
        FileFormat.FLATGEOBUF,
        FileFormat.KML,
        FileFormat.MAPINFO,
        FileFormat.FILE_GEODATABASE,
        FileFormat.DELIMITED,
    }
)
CLIMATE_FORMATS: Final = frozenset({FileFormat.NETCDF3, FileFormat.NETCDF4, FileFormat.GRIB})
RASTER_FORMATS: Final = frozenset({FileFormat.GEOTIFF})

MAGIC: Final = (
    (b"SQLite format 3\x00", FileFormat.GEOPACKAGE),
    (b"PAR1", FileFormat.GEOPARQUET),
    (b"\x00\x00\x27\x0a", FileFormat.SHAPEFILE),
    (b"fgb", FileFormat.FLATGEOBUF),
    (b"!table", FileFormat.MAPINFO),
    (b"Version ", FileFormat.MAPINFO),
    (b"CDF\x01", FileFormat.NETCDF3),
    (b"CDF\x02", FileFormat.NETCDF3),
    (b"CDF\x05", FileFormat.NETCDF3),
    (b"\x89HDF\r\n\x1a\n", FileFormat.NETCDF4),
    (b"GRIB", FileFormat.GRIB),
    (b"II\x2a\x00", FileFormat.GEOTIFF),
    (b"MM\x00\x2a", FileFormat.GEOTIFF),
    (b"II\x2b\x00", FileFormat.GEOTIFF),
    (b"MM\x00\x2b", FileFormat.GEOTIFF),
    (b"PK\x03\x04", FileFormat.ZIP),
    (b"PK\x05\x06", FileFormat.ZIP),
    (LFS_POINTER_LINE, FileFormat.LFS_POINTER),
)

FIX_BY_FORMAT: Final = {
    FileFormat.LFS_POINTER: "this file only points to the data: run `git lfs pull` where it came from, "
    "or download the file itself",
    FileFormat.ZIP: "unpack it (`unzip`) and give the file inside; save a spreadsheet (.xlsx) as CSV; the Climate Data "
    "Store always zips instantaneous and accumulated variables that are requested together",
    FileFormat.UNKNOWN: "it is damaged or of another kind: download it again and compare its size with the source",
}


def detect_format(path: Path | str) -> FileFormat:
    """Detect a file's format by its first bytes, whatever its name. A file geodatabase is a folder.

    First bytes are those of `MAGIC`; else text that begins with ``{`` is GeoJSON, with ``<kml`` in its first 512 bytes
    KML, and with a delimiter in its first line CSV (`looks_delimited`). All else is `UNKNOWN`, which is no error. A
    zipped file geodatabase is a ZIP archive.

    Raises
    ------
    InputFileError
        If there is no such file, it is a folder, it cannot be read, or it is empty.

    Examples
    --------
    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile(suffix=".shp") as file:
    ...     _ = file.write(b"GRIB....")
    ...     file.flush()
    ...     detect_format(file.name).value
    'GRIB'
    """
    if (Path(path) / GEODATABASE_CATALOG).is_file():
        return FileFormat.FILE_GEODATABASE
    header = read_header(Path(path))
    known = (file_format for magic, file_format in MAGIC if header.startswith(magic))
    return next(known, _text_format(header))


def check_format(path: Path | str, expected: Collection[FileFormat]) -> FileFormat:
    """Return the file's format if it is one of `expected`; raise otherwise.

    Raises
    ------
    InputFileError
        For a missing file, a folder, an empty file, a Git-LFS pointer, a ZIP archive, or any other format
        that is not expected.
    """
    found = detect_format(path)
    if found in expected:
        return found
    names = " or ".join(sorted(expected))
    raise InputFileError(
        f"This is not a {names} file.",
        path=path,
        field="format",
        got=found.value,
        expected=names,
        fix=FIX_BY_FORMAT.get(found, "give a file of an expected format, or correct the path in the catalog"),
    )


def _text_format(header: bytes) -> FileFormat:
    if looks_like_json(header):
        return FileFormat.GEOJSON
    if b"<kml" in header:
        return FileFormat.KML
    return FileFormat.DELIMITED if looks_delimited(header) else FileFormat.UNKNOWN


def looks_delimited(header: bytes) -> bool:
    """Tell whether a line of text with a comma, semicolon or tab in it begins the file.

    `header` is the file's first bytes.

    Examples
    --------
    >>> [looks_delimited(header) for header in (b"lon;lat", b"<a,b>", b"one word", b"a,\\x00")]
    [True, False, False, False]
    """
    first_line = re.split(rb"[\r\n]", header.lstrip(), maxsplit=1)[0]
    is_text = not re.search(rb"[\x00-\x08\x0e-\x1f]", header) and not first_line.startswith(b"<")
    return is_text and any(delimiter.encode() in first_line for delimiter in DELIMITERS)


def looks_like_json(header: bytes) -> bool:
    """Tell whether the first visible character opens a JSON object.

    A byte-order mark may stand before it.

    Examples
    --------
    >>> looks_like_json(b" {}"), looks_like_json(b"[1]")
    (True, False)
    """
    return header.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read_header(path: Path) -> bytes:
    """Read the first bytes of an existing, readable, non-empty file, whose path every library can spell.

    They are 512 at most, fewer of a shorter file.

    Raises
    ------
    InputFileError
        There is no such file, it is a folder, it cannot be read, it is empty, or its path is not UTF-8.
    """
    _refuse_unspeakable(path)
    if not path.exists():
        raise InputFileError(
            "There is no such file.",
            path=path,
            field="filepath",
            got="nothing at this path",
            expected="a file",
            fix="check the path in the catalog, and the parameter data_root",
        )
    if path.is_dir():
        raise InputFileError(
            "This is a folder, not a file.",
            path=path,
            field="filepath",
            got="a folder",
            expected="a file",
            fix="name the file inside the folder",
        )
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError as error:
        raise InputFileError(
            "The file cannot be read.",
            path=path,
            field="filepath",
            got=error.strerror,
            expected="a readable file",
            fix="check its permissions and the disk",
        ) from error
    if not header:
        raise InputFileError(
            "The file is empty.",
            path=path,
            field="size",
            got="0 bytes",
            expected="a whole file",
            fix="download it again: the transfer was interrupted",
        )
    return header


def _refuse_unspeakable(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise InputFileError(
            "The path is not UTF-8, which libraries cannot open.",
            path=os.fsencode(path).decode(errors="backslashreplace"),
            field="filepath",
            got=f"byte {ord(str(path)[error.start]) - 0xDC00:#x} in the name",
            expected="a name in UTF-8",
            fix="rename the file or folder",
        ) from error
