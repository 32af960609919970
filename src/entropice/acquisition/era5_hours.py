"""Hours of ERA5 from a Zarr store: only the chunks that hold them are fetched, and only the region's rows are kept."""

import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
import zarr

from entropice.acquisition.downloads import Download
from entropice.acquisition.http import HttpClient, MissingError, RemoteFile
from entropice.errors import DownloadError
from entropice.types import Dataset, FloatArray

METADATA: Final = ((".zmetadata", ".zgroup"), ("zarr.json",))
"""Objects with all metadata of a consolidated store of Zarr 2, and of Zarr 3."""
AXES: Final = ("time", "latitude", "longitude")
LAST_DAY: Final = "valid_time_stop"
"""Attribute of ARCO-ERA5: its usable end."""
N_SAMPLED: Final = 8
"""Chunks of each variable whose size is requested; their mean is taken for all."""
FLOAT32_BYTES: Final = 4
N_HOURS_CHUNK: Final = 168
N_ROWS_CHUNK: Final = 8
"""Chunks of the written files: derivations read bands of latitude, some years at a time."""
WRITING: Final = Lock()
"""The NetCDF library must not be called from two threads at once."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class HourStore:
    """Address and metadata of a Zarr store of hourly fields.

    Attributes
    ----------
    url
        Address of its root.
    content
        Metadata and axes as in the store, by their keys.
    times
        datetime64[ns], ascending.
    rows
        Of the region, along the store's latitudes.
    n_lon
        Number of longitudes; all are kept.
    """

    web: HttpClient
    url: str
    content: Mapping[str, bytes]
    times: pd.DatetimeIndex
    rows: slice
    n_lon: int

    def window(self, times: slice) -> list[tuple[int, int]]:
        """First and end along each axis of the region's part of some times; axes are time, latitude and longitude.

        Ends are exclusive. `times` has a start and a stop, as positions in the store.

        Examples
        --------
        >>> HourStore(None, "", {}, pd.DatetimeIndex([]), slice(0, 121), 1440).window(slice(24, 48))
        [(24, 48), (0, 121), (0, 1440)]
        """
        return [(times.start, times.stop), (self.rows.start, self.rows.stop), (0, self.n_lon)]


def open_hours(web: HttpClient, url: str, min_lat_deg: float) -> HourStore:
    """Fetch the metadata and axes of a store.

    `min_lat_deg` is inclusive: rows of the store's latitudes that are no less belong to the region.

    Raises
    ------
    DownloadError
        No Zarr store with consolidated metadata (``.zmetadata`` and ``.zgroup``, or ``zarr.json``), one without the
        axes ``time latitude longitude``, or no row in the region.
    """
    url = url.rstrip("/")
    content = _metadata(web, url)
    with TemporaryDirectory() as folder:
        _write(content, Path(folder))
        group = zarr.open_consolidated(folder, mode="r")
        absent = [axis for axis in AXES if axis not in group]
        if absent:
            raise DownloadError("The store lacks axes of ERA5.", path=url, field=", ".join(absent), expected=AXES)
        axes = [_array(group, axis) for axis in AXES]
        keys = [key for axis in axes for key in _chunk_keys(axis, [(0, axis.shape[0])])]
        content |= {key: web.read(f"{url}/{key}") for key in keys}
        _write(content, Path(folder))
        with _opened(Path(folder)) as store:
            rows = _rows(store["latitude"].values, min_lat_deg, url)
            return HourStore(web, url, content, pd.DatetimeIndex(store["time"].values), rows, store.sizes["longitude"])


def plan_hours(
    hours: HourStore, variables: Sequence[str], first_year: int, last_year: int, n_parallel: int
) -> tuple[Download, ...]:
    """One NetCDF file for each variable and month, from 00 UTC of the first day to 00 UTC after the last.

    That last stamp belongs to sums over the hour before it: the last month holds it, one more than its hours. Files are
    ``<variable>_<year>-<month>.nc``, float32 (time, latitude, longitude), the rows of the region and all longitudes, by
    variable and then by month. Sizes to be transferred are estimated: the number of chunks that a month touches times
    the mean size of up to eight chunks of the variable, spread over the period, for which the server is asked.

    Parameters
    ----------
    hours
        The store, as of `open_hours`.
    variables
        Their names in the store.
    first_year, last_year
        Calendar years; both belong to the period.
    n_parallel
        Chunks of a file that are fetched at the same time.

    Raises
    ------
    DownloadError
        A variable that the store does not have, a period that ends after its last hour (00 UTC of 1 January after
        `last_year` is needed), or an hour that is missing in between.
    """
    with TemporaryDirectory() as folder:
        _write(hours.content, Path(folder))
        group = zarr.open_consolidated(folder, mode="r")
        _require_variables(hours, group, variables)
        _require_period(hours, group.attrs.asdict().get(LAST_DAY), last_year)
        months = list(_months(hours, first_year, last_year))
        return tuple(
            download
            for variable in variables
            for download in _downloads(hours, _array(group, variable), variable, months, n_parallel)
        )


def _metadata(web: HttpClient, url: str) -> dict[str, bytes]:
    for names in METADATA:
        try:
            return {name: web.read(f"{url}/{name}") for name in names}
        except MissingError:
            continue
    raise DownloadError(
        "There is no Zarr store with consolidated metadata.",
        path=url,
        expected=" or ".join(names[0] for names in METADATA),
        fix="give the address of the store's root",
    )


def _rows(lat_deg: FloatArray, min_lat_deg: float, url: str) -> slice:
    inside = np.flatnonzero(lat_deg >= min_lat_deg)
    if not len(inside):
        raise DownloadError("The store has no row in the region.", path=url, expected=f"latitudes ≥ {min_lat_deg:g}°")
    return slice(int(inside[0]), int(inside[-1]) + 1)


def _require_variables(hours: HourStore, group: zarr.Group, variables: Iterable[str]) -> None:
    absent = [name for name in variables if name not in group]
    if absent:
        raise DownloadError(
            "The store lacks variables.",
            path=hours.url,
            field=", ".join(absent),
            got=f"{len(list(group.array_keys()))} others",
            fix="correct download.climate.variables; stores of this kind use the long names of requests",
        )


def _require_period(hours: HourStore, last_day: Any, last_year: int) -> None:
    needed = pd.Timestamp(last_year + 1, 1, 1)
    last = hours.times[-1] if last_day is None else min(hours.times[-1], pd.Timestamp(last_day) + pd.Timedelta("1D"))
    if last < needed:
        raise DownloadError(
            "The store does not reach the end of the period yet.",
            path=hours.url,
            field="download.climate.last_year",
            got=f"hours until {last}",
            expected=f"until {needed}, to complete the sums of the last day",
            fix=f"set last_year to {last.year - 1}, or wait until the store has grown",
        )


def _months(hours: HourStore, first_year: int, last_year: int) -> Iterator[tuple[str, slice]]:
    """Name and place in time of each month; the last one holds one hour more."""
    starts = pd.date_range(f"{first_year}-01-01", f"{last_year + 1}-01-01", freq="MS")
    for start, end in pairwise(starts):
        wanted = pd.date_range(start, end, freq="h", inclusive="both" if end == starts[-1] else "left")
        first, after = hours.times.searchsorted(wanted[0]), hours.times.searchsorted(wanted[-1], side="right")
        if not hours.times[first:after].equals(wanted):
            raise DownloadError(
                "The store lacks hours.",
                path=hours.url,
                field="time",
                got=f"{after - first} stamps in {start:%Y-%m}",
                expected=len(wanted),
            )
        yield f"{start:%Y-%m}", slice(int(first), int(after))


def _downloads(
    hours: HourStore, array: "zarr.Array[Any]", variable: str, months: Sequence[tuple[str, slice]], n_parallel: int
) -> Iterator[Download]:
    chunk_bytes = _mean_chunk_bytes(hours, array, [times for _, times in months])
    n_rows = hours.rows.stop - hours.rows.start
    for month, times in months:
        address = f"{hours.url}/{variable}#{month},rows={hours.rows.start}:{hours.rows.stop}"
        yield Download(
            relative_path=f"{variable}_{month}.nc",
            origin=RemoteFile(address, n_bytes=None, etag=None, last_modified=None),
            n_bytes=round(chunk_bytes * prod(map(len, _spans(array, hours.window(times))))),
            is_exact=False,
            disk_bytes=FLOAT32_BYTES * (times.stop - times.start) * n_rows * hours.n_lon,
            fetch=partial(_fetch_month, hours, variable, times, n_parallel),
        )


def _mean_chunk_bytes(hours: HourStore, array: "zarr.Array[Any]", months: Sequence[slice]) -> float:
    sampled = np.linspace(months[0].start, months[-1].stop - 1, N_SAMPLED).astype(int)
    keys = {_chunk_keys(array, hours.window(slice(int(step), int(step) + 1)))[0] for step in sampled}
    sizes = [hours.web.describe(f"{hours.url}/{key}").n_bytes or 0 for key in sorted(keys)]
    return float(np.mean(sizes))


def _chunk_keys(array: "zarr.Array[Any]", window: Sequence[tuple[int, int]]) -> list[str]:
    """Keys of the stored objects that hold a window of an array."""
    return [f"{array.basename}/{array.metadata.encode_chunk_key(place)}" for place in product(*_spans(array, window))]


def _spans(array: "zarr.Array[Any]", window: Sequence[tuple[int, int]]) -> list[range]:
    edges = array.shards or array.chunks
    return [range(start // edge, -(-stop // edge)) for (start, stop), edge in zip(window, edges, strict=True)]


def _fetch_month(hours: HourStore, variable: str, times: slice, n_parallel: int, path: Path) -> None:
    """Fetch the chunks that are not there yet, then write the region's rows as one NetCDF file."""
    folder = path.with_name(f"{path.name}.chunks")
    _write(hours.content, folder)
    keys = _chunk_keys(_array(zarr.open_consolidated(folder, mode="r"), variable), hours.window(times))
    missing = [key for key in keys if not (folder / key).exists()]
    with ThreadPoolExecutor(n_parallel, thread_name_prefix="chunks") as threads:
        for future in [threads.submit(_fetch_chunk, hours, key, folder / key) for key in missing]:
            future.result()
    with WRITING, _opened(folder) as store:
        field = store[[variable]].isel({"time": times, "latitude": hours.rows}).load()
        field.to_netcdf(path, engine="netcdf4", encoding={variable: _encoding(field, variable)})
    shutil.rmtree(folder)


def _fetch_chunk(hours: HourStore, key: str, path: Path) -> None:
    content = hours.web.read(f"{hours.url}/{key}")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)


def _encoding(field: Dataset, variable: str) -> dict[str, Any]:
    n_hours, n_rows, n_lon = field[variable].shape
    chunks = (min(N_HOURS_CHUNK, n_hours), min(N_ROWS_CHUNK, n_rows), n_lon)
    return {"zlib": True, "complevel": 1, "shuffle": True, "chunksizes": chunks, "dtype": "float32"}


def _array(group: zarr.Group, name: str) -> "zarr.Array[Any]":
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise DownloadError("This is a group of the store, not a variable.", field=name)
    return array


def _write(content: Mapping[str, bytes], folder: Path) -> None:
    for key, value in content.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(value)


def _opened(folder: Path) -> Dataset:
    store: Dataset = xr.open_zarr(folder, chunks=None, consolidated=True, decode_timedelta=True)
    return store
