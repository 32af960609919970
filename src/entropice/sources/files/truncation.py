"""Vector files that are shorter than they say."""

import struct
from pathlib import Path
from typing import Final

from entropice.errors import InputFileError
from entropice.sources.files.formats import FileFormat

PARQUET_TAIL: Final = b"PAR1"
SHAPEFILE_LENGTH_OFFSET: Final = 24
SQLITE_HEADER_BYTES: Final = 100
SQLITE_LARGEST_PAGE: Final = 65536


def refuse_truncated(path: Path, file_format: FileFormat) -> None:
    """Refuse a file whose size or end shows that something is missing; folders pass.

    A GeoPackage and a Shapefile announce their size, and GeoParquet ends in ``PAR1``. Other formats say nothing, and
    pass.

    `file_format` is what its first bytes say.

    Raises
    ------
    InputFileError
        The file is shorter than its header says, or does not end as its format does.
    """
    if path.is_dir():
        return
    n_bytes = path.stat().st_size
    expected = _declared_bytes(path, file_format)
    if expected is not None and n_bytes < expected:
        raise _truncated(path, f"{n_bytes} bytes", f"{expected} bytes, as its header says")
    if file_format is FileFormat.GEOPARQUET and (tail := _tail(path, len(PARQUET_TAIL))) != PARQUET_TAIL:
        raise _truncated(path, f"{tail!r} at its end", "Parquet's closing mark")


def _truncated(path: Path, got: str, expected: str) -> InputFileError:
    return InputFileError(
        "The file is truncated.", path=path, field="size", got=got, expected=expected, fix="download it again"
    )


def _declared_bytes(path: Path, file_format: FileFormat) -> int | None:
    """The file size that the header of a GeoPackage or Shapefile announces."""
    with path.open("rb") as file:
        header = file.read(SQLITE_HEADER_BYTES)
    if file_format is FileFormat.GEOPACKAGE and len(header) == SQLITE_HEADER_BYTES:
        (page_bytes,) = struct.unpack_from(">H", header, 16)
        (n_pages,) = struct.unpack_from(">I", header, 28)
        return int(n_pages) * (SQLITE_LARGEST_PAGE if page_bytes == 1 else int(page_bytes))
    if file_format is FileFormat.SHAPEFILE and len(header) == SQLITE_HEADER_BYTES:
        return 2 * int(struct.unpack_from(">i", header, SHAPEFILE_LENGTH_OFFSET)[0])
    return None


def _tail(path: Path, n_bytes: int) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(n_bytes, path.stat().st_size), 2)
        return file.read()
