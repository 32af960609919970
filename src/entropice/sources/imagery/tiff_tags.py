"""Tags of a TIFF that lie beyond the end of its file, which GDAL leaves out with a warning."""

import struct
from pathlib import Path
from typing import BinaryIO, Final

_BYTE_ORDERS: Final = {b"II": "<", b"MM": ">"}
_CLASSIC: Final = 42
_BYTES_OF_TYPE: Final = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8,
}  # fmt: skip


def announced_bytes(path: Path) -> int:
    """Bytes that a file must have for the tags of its first image; 0 where it is no TIFF.

    Pixels are not counted, whose place the tags may give beyond that.

    Raises
    ------
    OSError
        There is no such file.

    Notes
    -----
    TIFF 6.0, section 2, and BigTIFF: an entry holds a tag, a type, a count, and the value or where it lies.
    """
    with path.open("rb") as file:
        head = file.read(16)
        if len(head) < 16 or head[:2] not in _BYTE_ORDERS:
            return 0
        order = _BYTE_ORDERS[head[:2]]
        (version,) = struct.unpack_from(f"{order}H", head, 2)
        if version == _CLASSIC:
            (directory,) = struct.unpack_from(f"{order}I", head, 4)
            return _end_of_tags(file, directory, f"{order}H", f"{order}HHI4s", f"{order}I")
        (directory,) = struct.unpack_from(f"{order}Q", head, 8)
        return _end_of_tags(file, directory, f"{order}Q", f"{order}HHQ8s", f"{order}Q")


def _end_of_tags(file: BinaryIO, directory: int, count: str, entry: str, offset: str) -> int:
    file.seek(directory)
    start = directory + struct.calcsize(count)
    counted = file.read(struct.calcsize(count))
    if len(counted) < struct.calcsize(count):
        return start
    n_entries = int(struct.unpack(count, counted)[0])
    end: int = start + n_entries * struct.calcsize(entry)
    entries = file.read(end - start)
    if len(entries) < end - start:
        return end
    values = [_end_of_value(kind, n, value, offset) for _, kind, n, value in struct.iter_unpack(entry, entries)]
    return max(end, *values, 0)


def _end_of_value(kind: int, n_values: int, value: bytes, offset: str) -> int:
    n_bytes = n_values * _BYTES_OF_TYPE.get(kind, 1)
    return int(struct.unpack(offset, value)[0]) + n_bytes if n_bytes > len(value) else 0
