"""Read a climate file whole, whatever its name says it is."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

# eccodes loads a PROJ of its own for the whole process; unless pyproj has loaded its own before, pyproj breaks.
# isort: off
import pyproj  # noqa: F401
import eccodes

# isort: on
import xarray as xr
from cfgrib.dataset import DatasetBuildError

from entropice.errors import InputFileError, SchemaError
from entropice.sources.sniff import CLIMATE_FORMATS, FileFormat, refuse_impostors
from entropice.types import Dataset

DAMAGED_FIX = "it is truncated or damaged: download it again and compare its size with the source"
CLASSIC_MAGIC = (b"CDF\x01", b"CDF\x02")


def read_climate(path: Path | str) -> Dataset:
    """Read a NetCDF or GRIB file into memory, told apart by its first bytes; nothing is written beside it.

    Raises
    ------
    InputFileError
        A missing file, a folder, a ZIP archive (the Climate Data Store packs instantaneous and accumulated variables
        into one, whatever its name ends in), a Git-LFS pointer, another format, or a truncated file.
    SchemaError
        A GRIB file that holds several experiment versions, or fields that do not share one set of axes.
    """
    if refuse_impostors(path, CLIMATE_FORMATS) is FileFormat.GRIB:
        return _read_grib(Path(path))
    return _read_netcdf(Path(path))


def _read_netcdf(path: Path) -> Dataset:
    try:
        # SciPy reads the classic formats it knows, for the C library takes a truncated one to be whole.
        return _read_classic(path) if _is_classic(path) else _load(path, engine="netcdf4")
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        raise InputFileError(f"The NetCDF file cannot be read ({error}).", path=path, fix=DAMAGED_FIX) from error


def _is_classic(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(CLASSIC_MAGIC[0])) in CLASSIC_MAGIC


def _read_classic(path: Path) -> Dataset:
    # An open file keeps SciPy from mapping it into memory, which would hold a damaged one open.
    with path.open("rb") as file:
        return _load(file, engine="scipy")


def _load(source: Path | BinaryIO, **how: Any) -> Dataset:
    with xr.open_dataset(source, decode_timedelta=True, **how) as dataset:
        return dataset.load()


def _read_grib(path: Path) -> Dataset:
    _refuse_several_versions(path)
    try:
        return _load(path, engine="cfgrib", backend_kwargs={"indexpath": "", "errors": "raise"})
    except DatasetBuildError as error:
        raise SchemaError(
            f"The GRIB fields do not share one set of axes ({error}).",
            path=path,
            fix="give one kind of field a file (`grib_copy -w`), or ask the Climate Data Store for NetCDF",
        ) from error


def _refuse_several_versions(path: Path) -> None:
    versions = Counter(_experiment_versions(path))
    if len(versions) > 1:
        raise SchemaError(
            "The GRIB file holds several experiment versions; a reader would keep one and lose the others silently.",
            path=path,
            field="expver",
            got=", ".join(f"{n_messages} messages of {name}" for name, n_messages in sorted(versions.items())),
            expected="one version",
            fix="split it: `grib_copy -w expver=" + min(versions) + " in.grib out.grib`",
        )


def _experiment_versions(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            return list(_versions_in(file))
    except eccodes.CodesInternalError as error:
        raise InputFileError(f"The GRIB file cannot be read ({error}).", path=path, fix=DAMAGED_FIX) from error


def _versions_in(file: BinaryIO) -> Iterator[str]:
    while (message := eccodes.codes_grib_new_from_file(file)) is not None:
        yield eccodes.codes_get(message, "expver", ktype=str)
        eccodes.codes_release(message)
