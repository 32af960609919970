"""ZIP archives of climate files, unpacked with care."""

import atexit
import shutil
import stat
import tempfile
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from entropice.errors import InputFileError

MAX_RATIO: Final = 100
"""Of unpacked to packed size; climate fields compress far less."""
MAX_MEMBERS: Final = 1000
UNPACK_FIX: Final = "download it again; `unzip -t` tells whether the archive is whole"


def unpacked_members(path: Path) -> list[Path]:
    """Every file of an archive, in a temporary folder of this process that goes when the process ends.

    In the order of the archive, folders left out. An archive of the same size and time is unpacked once a process. More
    than 1,000 members (`MAX_MEMBERS`), or more than 100 times the packed size (`MAX_RATIO`), are refused.

    Raises
    ------
    InputFileError
        A damaged, encrypted or empty archive, a name with a folder or a dot in front, one that comes twice, a link,
        sizes that no climate file has, or more than the temporary folder has room for.
    OSError
        There is no such file.
    """
    status = path.stat()
    return list(_unpacked(path, status.st_size, status.st_mtime_ns))


@cache
def _unpacked(path: Path, n_bytes: int, mtime_ns: int) -> tuple[Path, ...]:  # noqa: ARG001 - tells versions apart
    folder = Path(tempfile.mkdtemp(prefix="entropice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _require_harmless(path, members, shutil.disk_usage(folder).free)
            return tuple(_unpack(archive, member, folder) for member in members)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputFileError(
            "The ZIP archive cannot be unpacked.",
            path=path,
            field="ZIP archive",
            got=error,
            expected="an archive that is whole and not encrypted",
            fix=UNPACK_FIX,
        ) from error


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    target = folder / member.filename
    with archive.open(member) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)
    return target


def _require_harmless(path: Path, members: list[zipfile.ZipInfo], free_bytes: int) -> None:
    n_bytes = sum(member.file_size for member in members)
    n_packed = sum(member.compress_size for member in members)
    doubts = {
        "no member": not members,
        f"{len(members)} members": len(members) > MAX_MEMBERS,
        f"{n_bytes} bytes packed into {n_packed}": n_bytes > MAX_RATIO * max(n_packed, 1),
        f"{n_bytes} bytes, {free_bytes} free where they would be unpacked": n_bytes > free_bytes,
        "a name that is no plain file name": any(not _is_plain(member) for member in members),
        "a name that occurs twice": len({member.filename for member in members}) < len(members),
    }
    found = [doubt for doubt, applies in doubts.items() if applies]
    if found:
        raise InputFileError(
            "The ZIP archive is not one of climate files.",
            path=path,
            field="members",
            got="; ".join(found),
            expected=f"NetCDF or GRIB members by plain names, at most {MAX_RATIO} times their packed size",
            sample=[member.filename for member in members],
            fix="unpack it (`unzip`), look at what is inside, and give the folder of its climate files",
        )


def _is_plain(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return not is_link and "\\" not in name and PurePosixPath(name).name == name and not name.startswith(".")
