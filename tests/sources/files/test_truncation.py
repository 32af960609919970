"""A file that is shorter than its header says is refused, down to the header alone."""

import struct
from pathlib import Path

import pytest

from entropice.errors import InputFileError
from entropice.sources.files.formats import FileFormat
from entropice.sources.files.truncation import refuse_truncated


def geopackage(page_bytes: int, n_pages: int, n_bytes: int) -> bytes:
    header = bytearray(100)
    header[16:18], header[28:32] = struct.pack(">H", page_bytes), struct.pack(">I", n_pages)
    return bytes(header).ljust(n_bytes, b"\0")[:n_bytes]


def shapefile(n_words: int, n_bytes: int) -> bytes:
    return (bytes(24) + struct.pack(">i", n_words)).ljust(n_bytes, b"\0")


def in_words(value: object) -> str:
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)


GEOPACKAGE, SHAPEFILE, GEOPARQUET = FileFormat.GEOPACKAGE, FileFormat.SHAPEFILE, FileFormat.GEOPARQUET


@pytest.mark.parametrize(
    ("content", "file_format", "expected"),
    [
        (geopackage(512, 2, 1023), GEOPACKAGE, "1024 bytes"),
        (geopackage(512, 2, 100), GEOPACKAGE, "1024 bytes"),
        (geopackage(1, 1, 65535), GEOPACKAGE, "65536 bytes"),  # 1 stands for a page that two bytes cannot say
        (shapefile(51, 101), SHAPEFILE, "102 bytes"),
        (shapefile(51, 100), SHAPEFILE, "102 bytes"),
        (b"PAR1 and no end", GEOPARQUET, "closing mark"),
        (b"PA", GEOPARQUET, "closing mark"),
    ],
    ids=in_words,
)
def test_what_is_missing_is_told(content: bytes, file_format: FileFormat, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(InputFileError, match=f"(?s)truncated.*expected: .*{expected}"):
        refuse_truncated(path, file_format)


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        (geopackage(512, 2, 1024), GEOPACKAGE),
        (geopackage(1, 1, 65536), GEOPACKAGE),
        (shapefile(50, 100), SHAPEFILE),
        (shapefile(50, 101), SHAPEFILE),
        (b"PAR1...PAR1", GEOPARQUET),
    ],
    ids=in_words,
)
def test_a_whole_file_passes_and_so_does_a_longer_one(content: bytes, file_format: FileFormat, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    refuse_truncated(path, file_format)
    refuse_truncated(tmp_path, file_format)
