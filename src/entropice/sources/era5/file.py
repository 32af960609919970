"""Open a climate file lazily, by its content and not its name."""

import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

# eccodes loads a PROJ and an SQLite of its own for the whole process; unless pyproj, GDAL and Python have loaded theirs
# before, pyproj breaks, and GeoPackages are written by an old SQLite.
# isort: off
import sqlite3  # noqa: F401

import pyogrio  # noqa: F401
import pyproj  # noqa: F401
import eccodes

# isort: on
import numpy as np
import pandas as pd
import xarray as xr
from cfgrib import messages
from cfgrib.dataset import INDEX_KEYS, DatasetBuildError, open_fileindex, open_from_index
from cfgrib.xarray_plugin import ECCODES_LOCK, CfGribDataStore
from scipy.io import netcdf_file

from entropice.errors import InputFileError, SchemaError
from entropice.sources.era5.archive import UNPACK_FIX, unpacked_members
from entropice.sources.era5.horizontal import REGULAR_GRIDS
from entropice.sources.files.formats import CLIMATE_FORMATS, FileFormat, check_format, detect_format
from entropice.types import Dataset

DAMAGED_FIX: Final = "it is truncated or damaged: download it again and compare its size with the source"
CLASSIC_MAGIC: Final = (b"CDF\x01", b"CDF\x02")
ZARR_MARKERS: Final = (".zgroup", ".zmetadata", "zarr.json")
GRIB_KEYS: Final = ("class", "expver")
SCANNING_KEYS: Final = ("iScansNegatively", "jScansPositively", "jPointsAreConsecutive")
BLOCK_BYTES: Final = 120
"""To a multiple of which archives pad messages; no field of interest is as short."""
LENGTH_KEY: Final = "totalLength"
RUN_KEYS: Final = frozenset(
    {"centre", "centreDescription", "dataDate", "dataTime", "edition", "endStep", "stepUnits", "subCentre", LENGTH_KEY}
)
"""What two messages of one field and time may differ in: which run of the model they come from, and their packing."""
READING_ERRORS: Final = (OSError, RuntimeError, ValueError, TypeError, IndexError, KeyError)
"""What the libraries raise for damaged content."""
MAX_OPEN: Final = 4096
"""Headers are small, and xarray itself limits how many files stand open."""


def open_climate(path: Path) -> Mapping[str, Dataset]:
    """Open the headers of a NetCDF, GRIB or ZIP file or a Zarr store; values are read when they are asked for.

    Parameters
    ----------
    path
        A file, told apart by its first bytes, or a Zarr store (`is_zarr`). Nothing is written beside it. A file of the
        same size and time is opened once a process.

    Returns
    -------
    Mapping[str, Dataset]
        Names and units as in the file. NetCDF and Zarr are one data set, called ""; a ZIP archive has one for each of
        its members, GRIB one for each variable and experiment version (``GRIB_expver``, ``GRIB_class`` among the
        attributes of its variable), over ``valid_time``.

    Raises
    ------
    InputFileError
        A missing file, a Git-LFS pointer, another format, an archive of anything else, or a truncated file; bytes of a
        GRIB file between its messages, but for fewer than 120 zeros.
    SchemaError
        GRIB fields that do not share one set of axes, or several messages of one field and time with different values;
        times in units that are no spans of time.
    """
    if is_zarr(path):
        status = next(path / marker for marker in ZARR_MARKERS if (path / marker).is_file()).stat()
    else:
        check_format(path, CLIMATE_FORMATS | {FileFormat.ZIP})
        status = path.stat()
    return _opened(path, status.st_size, status.st_mtime_ns)


def read_climate(path: Path | str) -> Dataset:
    """Read a climate file whole, as one data set; several experiment versions lie along the dimension ``expver``.

    Everything is read into memory. Names, units and axes are those of the file; what it marks as unknown is NaN.

    Raises
    ------
    InputFileError
        A missing file, a Git-LFS pointer, another format, an archive of anything else, or a file that is truncated,
        also among its values.
    SchemaError
        Fields that do not share one set of axes.

    Examples
    --------
    Told by its first bytes, whatever its name:

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "climate.grib"
    ...     xr.Dataset({"t2m": ("time", [280.0])}).to_netcdf(path, engine="netcdf4")
    ...     read_climate(path)["t2m"].values.tolist()
    [280.0]
    """
    path = Path(path)
    by_version: dict[str, list[Dataset]] = {}
    for part in open_climate(path).values():
        version = next((field.attrs["GRIB_expver"] for field in part.values() if "GRIB_expver" in field.attrs), "")
        by_version.setdefault(version, []).append(part)
    try:
        merged = [_merged(parts) for parts in by_version.values()]
        whole = merged[0] if len(merged) == 1 else xr.concat(merged, pd.Index(by_version, name="expver"), join="exact")
    except ValueError as error:
        raise _unshared_axes(path, error) from error
    loaded: Dataset = load(whole, path)
    loaded.encoding["source"] = str(path)
    return loaded


def load(lazy: Any, path: Path | str) -> Any:
    """Read the values of a lazily opened data set or array, and give it back; dimensions and coordinates stay.

    `path` is named in messages.

    Raises
    ------
    InputFileError
        The file is truncated or damaged.
    """
    try:
        return lazy.load()
    except (*READING_ERRORS, eccodes.CodesInternalError) as error:
        raise _damaged("values", path, error) from error


def is_zarr(path: Path) -> bool:
    """Whether a folder is a Zarr store: it holds ``.zgroup``, ``.zmetadata`` or ``zarr.json``.

    False where there is no folder; what those files say is not read.
    """
    return path.is_dir() and any((path / marker).is_file() for marker in ZARR_MARKERS)


@lru_cache(maxsize=MAX_OPEN)
def _opened(path: Path, n_bytes: int, mtime_ns: int) -> Mapping[str, Dataset]:  # noqa: ARG001 - tells versions apart
    if is_zarr(path):
        return MappingProxyType({"": _open_zarr(path)})
    file_format = detect_format(path)
    if file_format is FileFormat.ZIP:
        return MappingProxyType(_open_archive(path))
    if file_format is FileFormat.GRIB:
        return MappingProxyType(_open_grib(path))
    return MappingProxyType({"": _open_netcdf(path)})


def _open_archive(path: Path) -> dict[str, Dataset]:
    try:
        return {
            f"{member.name}{f' {key}' if key else ''}": part
            for member in unpacked_members(path)
            for key, part in _open_member(member).items()
        }
    except (InputFileError, SchemaError) as error:
        if error.path == str(path):
            raise
        raise InputFileError(
            f"A member of the ZIP archive cannot be read: {error.what}",
            path=path,
            field=Path(error.path or "").name,
            got=error.got,
            expected=error.expected,
            fix=error.fix if isinstance(error, SchemaError) else UNPACK_FIX,
        ) from error


def _open_member(path: Path) -> dict[str, Dataset]:
    if check_format(path, CLIMATE_FORMATS) is FileFormat.GRIB:
        return _open_grib(path)
    return {"": _open_netcdf(path)}


def _open_zarr(path: Path) -> Dataset:
    return _decoded(
        "Zarr store", path, partial(xr.open_zarr, path, chunks=None, consolidated=False, decode_timedelta=True)
    )


def _open_netcdf(path: Path) -> Dataset:
    damage = _damage_of_classic(path)
    if damage:
        raise _damaged("NetCDF file", path, damage)
    return _decoded(
        "NetCDF file", path, partial(xr.open_dataset, path, engine="netcdf4", decode_timedelta=True, cache=False)
    )


def _decoded(what: str, path: Path, opened: Callable[..., Dataset]) -> Dataset:
    """A data set with its times; what is whole may still have times in units that are no spans of time."""
    try:
        return opened()
    except READING_ERRORS as error:
        try:
            raw = opened(decode_times=False)
        except READING_ERRORS:
            raise _damaged(what, path, error) from error
        raise _undecodable_times(path, raw, error) from error


def _undecodable_times(path: Path, raw: Dataset, error: Exception) -> SchemaError:
    units = {name: str(variable.attrs.get("units", "")) for name, variable in raw.variables.items()}
    times = [f"{name} in {unit}" for name, unit in units.items() if " since " in unit]
    return SchemaError(
        "The times of the climate file cannot be decoded.",
        path=path,
        field="time",
        got="; ".join(times) or str(error),
        expected="days, hours, minutes or seconds since a date, within the real calendar",
        fix="write the times anew in one of these units",
    )


def _damage_of_classic(path: Path) -> str:
    """Error of SciPy for a damaged file of the classic formats, or an empty text.

    SciPy maps the bytes of every variable; the C library does not detect a truncated file.
    """
    with path.open("rb") as file, warnings.catch_warnings():
        # SciPy warns when what it has mapped is released together with its error.
        warnings.simplefilter("ignore", RuntimeWarning)
        if file.read(len(CLASSIC_MAGIC[0])) not in CLASSIC_MAGIC:
            return ""
        file.seek(0)
        try:
            netcdf_file(file, mmap=True).close()
        except READING_ERRORS as error:
            return str(error) or type(error).__name__
    return ""


def _open_grib(path: Path) -> dict[str, Dataset]:
    try:
        stream = messages.FileStream(str(path), errors="raise")
        index = open_fileindex(stream, indexpath="", index_keys=[*INDEX_KEYS, "valid_time", *GRIB_KEYS, LENGTH_KEY])
        _require_messages_alone(path, index)
        _require_one_grid(path, index)
        _require_one_message_each(path, index)
        return {
            f"{variable} {version} {group}": _open_messages(of_version.subindex({"class": group}))
            for variable in index["paramId"]
            for of_variable in [index.subindex(paramId=variable)]
            for version in of_variable["expver"]
            for of_version in [of_variable.subindex(expver=version)]
            for group in of_version["class"]
        }
    except DatasetBuildError as error:
        raise _unshared_axes(path, error) from error
    except (EOFError, eccodes.CodesInternalError, *READING_ERRORS) as error:
        raise _damaged("GRIB file", path, error) from error


def _require_messages_alone(path: Path, index: messages.FileIndex) -> None:
    """Libraries skip what begins with no GRIB, as a message with a damaged first byte; only padding may lie between."""
    at = index.index_keys.index(LENGTH_KEY)
    spans = {(_offset(message), int(values[at])) for values, found in index.iter_index() for message in found}
    end = 0
    for begin, n_bytes in (*sorted(spans), (path.stat().st_size, 0)):
        if begin > end and not _is_padding(path, end, begin - end):
            raise InputFileError(
                "Bytes of the GRIB file belong to no message: a damaged message among them would be lost.",
                path=path,
                field="messages",
                got=f"{begin - end} bytes from byte {end} on in no message, {len(spans)} whole messages",
                expected=f"messages from GRIB to 7777, with fewer than {BLOCK_BYTES} bytes of zeros between",
                fix=f"{DAMAGED_FIX}; if no message lies there, `grib_copy in.grib out.grib` leaves it out",
            )
        end = begin + n_bytes


def _is_padding(path: Path, begin: int, n_bytes: int) -> bool:
    """Whether zeros fill up a block, as archives write messages."""
    if n_bytes >= BLOCK_BYTES:
        return False
    with path.open("rb") as file:
        file.seek(begin)
        return not any(file.read(n_bytes))


def _offset(message: int | tuple[int, int]) -> int:
    """Of a message that may be one of several fields."""
    return message[0] if isinstance(message, tuple) else message


def _require_one_grid(path: Path, index: messages.FileIndex) -> None:
    """A reader would lay the axes of the first message to all."""
    grids = {_grid(index.subindex(md5GridSection=section).first()) for section in index["md5GridSection"]}
    if len(grids) > 1:
        raise _unshared_axes(path, "; ".join(sorted(grids)))


def _grid(message: Any) -> str:
    """Type, size, corners and order of a message's grid; the type alone of others than those that can be used."""
    if message["gridType"] not in REGULAR_GRIDS:
        return str(message["gridType"])
    corners = (
        f"{message[f'latitudeOf{corner}GridPointInDegrees']:.3f} N "
        f"{message[f'longitudeOf{corner}GridPointInDegrees'] % 360.0:.3f} E"
        for corner in ("First", "Last")
    )
    order = "".join(str(message[key]) for key in SCANNING_KEYS)
    return f"{message['gridType']} of {message['Ni']} × {message['Nj']} from {' to '.join(corners)} in order {order}"


def _require_one_message_each(path: Path, index: messages.FileIndex) -> None:
    """Of several messages of one field and time a reader would take one; they have to be equal."""
    identity = [number for number, key in enumerate(index.index_keys) if key not in RUN_KEYS]
    by_field: dict[tuple[Any, ...], list[Any]] = {}
    for values, found in index.iter_index():
        by_field.setdefault(tuple(values[number] for number in identity), []).extend(found)
    at = identity.index(index.index_keys.index("valid_time"))
    for values, several in by_field.items():
        first, *others = (index.get_field(message) for message in several)
        other = next((message for message in others if not np.array_equal(message["values"], first["values"])), None)
        if other is not None:
            raise SchemaError(
                "The GRIB file holds several messages of one field and time with different values.",
                path=path,
                field=str(first["shortName"]),
                got=f"{len(several)} messages, valid at {pd.Timestamp(values[at], unit='s')}",
                expected="one message, or equal ones",
                sample=sorted(
                    {f"run of {message['dataDate']} {message['dataTime']:04d}" for message in (first, other)}
                ),
                fix="keep one of them (`grib_copy -w dataDate=…,dataTime=… in.grib out.grib`), or download again",
            )


def _open_messages(index: messages.FileIndex) -> Dataset:
    opened: Dataset = xr.open_dataset(_IndexedMessages(index), decode_timedelta=True, cache=False)
    return opened


class _IndexedMessages(CfGribDataStore):  # type: ignore[misc]
    """Messages of an index that has been made before: the file is searched once, not once for each variable."""

    def __init__(self, index: messages.FileIndex) -> None:
        self.lock = ECCODES_LOCK
        self.ds = open_from_index(index, read_keys=GRIB_KEYS, time_dims=("valid_time",), errors="raise")


def _merged(parts: list[Dataset]) -> Dataset:
    return xr.merge(parts, join="exact", compat="no_conflicts", combine_attrs="drop_conflicts")


def _damaged(what: str, path: Path | str, damage: object) -> InputFileError:
    return InputFileError(
        f"The {what} cannot be read.",
        path=path,
        field=what,
        got=" ".join(str(damage).split()) or type(damage).__name__,
        expected="content that is whole",
        fix=DAMAGED_FIX,
    )


def _unshared_axes(path: Path, error: object) -> SchemaError:
    return SchemaError(
        "The fields do not share one set of axes.",
        path=path,
        field="axes",
        got=" ".join(str(error).split()),
        expected="one grid and one set of levels and members",
        fix="give one kind of field a file (`grib_copy -w`), or ask the Climate Data Store for NetCDF",
    )
