"""AlphaEarth's annual files of a region: whole files, or one overview of each."""

import io
import logging
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
import pandas as pd
import rasterio
import shapely
from rasterio.errors import RasterioError

from entropice.acquisition.area_of_interest import AreaOfInterest, footprints
from entropice.acquisition.downloads import Download, known_content, whole_file
from entropice.acquisition.http import HttpClient, HttpRangeReader, RemoteFile
from entropice.errors import DownloadError
from entropice.types import DataFrame

PIXEL_M: Final = 10.0
"""Of the published files."""
INDEX_NAME: Final = "aef_index.parquet"
N_PATH_PARTS: Final = 3
"""Every copy of the data has paths that end in ``<year>/<zone>/<name>``."""
BOUNDS: Final = ("wgs84_west", "wgs84_south", "wgs84_east", "wgs84_north")
COLUMNS: Final = ("path", "year", "utm_zone", *BOUNDS)
AS_WRITTEN: Final = {"GTIFF_HONOUR_NEGATIVE_SCALEY": "YES", "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
"""Options of GDAL that keep the rows of bottom-up files in their order."""
READ_AHEAD_BYTES: Final = 1 << 18
OVERVIEW_SHARE: Final = 1.5
"""Size of an overview, relative to its share of the pixels: it compresses worse, and has headers."""

logger = logging.getLogger(__name__)


def index_of(web: HttpClient, url: str) -> tuple[DataFrame, Download]:
    """The published index, and the download of it.

    The table has a row a file of a year and square, with at least the columns ``path year utm_zone`` and ``wgs84_west
    wgs84_south wgs84_east wgs84_north`` (edges in degrees); the download writes the bytes that were read, as
    ``aef_index.parquet``.

    Raises
    ------
    DownloadError
        It cannot be downloaded, or is not the index.
    """
    remote, content = web.describe(url), web.read(url)
    try:
        table = pd.read_parquet(io.BytesIO(content))
    except (ValueError, OSError) as error:
        raise DownloadError(
            "The index is not a Parquet file.",
            path=url,
            field="format",
            got=error,
            expected=INDEX_NAME,
            fix="give the address of AlphaEarth's own index",
        ) from error
    absent = [column for column in COLUMNS if column not in table]
    if absent:
        raise DownloadError(
            "The index lacks columns.",
            path=url,
            field=", ".join(absent),
            got=", ".join(map(str, table.columns)),
            expected=", ".join(COLUMNS),
            fix="give the address of AlphaEarth's own index",
        )
    return table, known_content(content, remote, INDEX_NAME)


def select(table: DataFrame, area: AreaOfInterest, years: Collection[int], url: str) -> list[str]:
    """``<year>/<zone>/<name>`` of every northern file of these years in the area, sorted.

    Parameters
    ----------
    table
        The index, as of `index_of`; it is not changed.
    area
        A file belongs to it where its box of longitudes and latitudes, as `footprints` projects it, meets it; touching
        counts.
    years
        Calendar years of the composites; none gives no files.
    url
        Of the index, for messages.

    Raises
    ------
    DownloadError
        A year without any file in the region.

    Examples
    --------
    >>> bounds = {"wgs84_west": -141.0, "wgs84_south": 69.0, "wgs84_east": -140.0, "wgs84_north": 70.0}
    >>> paths = ["gs://copy/annual/2021/7N/a.tiff", "gs://copy/annual/2022/7N/a.tiff"]
    >>> table = pd.DataFrame({"path": paths, "year": [2021, 2022], "utm_zone": "7N"} | bounds)
    >>> north = AreaOfInterest(shapely.Point(0, 0).buffer(3e6), min_lat_deg=60.0)
    >>> select(table, north, [2021], "https://example.org/aef_index.parquet")
    ['2021/7N/a.tiff']
    """
    wanted = table[table["year"].isin(list(years)) & table["utm_zone"].astype(str).str.endswith("N")]
    boxes = np.asarray(shapely.box(*(wanted[column].to_numpy() for column in BOUNDS)), dtype=object)
    met = wanted[area.meets(footprints(boxes))] if len(wanted) else wanted
    absent = sorted(set(years) - set(met["year"]))
    if absent:
        raise DownloadError(
            "The index has no file of a year in the region.",
            path=url,
            field="download.embeddings.years",
            got=f"years {', '.join(map(str, sorted(set(table['year']))))} in all regions",
            expected=", ".join(map(str, absent)),
            fix="leave the year out, or choose a copy of the data that has it",
        )
    logger.info("AlphaEarth: %d of %d files lie in the region and years", len(met), len(table))
    return sorted("/".join(PurePosixPath(path).parts[-N_PATH_PARTS:]) for path in met["path"])


def embedding_file(web: HttpClient, root_url: str, relative_path: str, resolution_m: float | None) -> Download:
    """Download of one file: whole (None), or only the overview of this resolution, by range requests.

    An overview is written as a GeoTIFF with the rows in the order of the original. The size of an overview is
    estimated: size of the file · (10 m / `resolution_m`)² · 1.5; None where the server gives no size, and then fetching
    fails. Whether the file has such an overview shows when it is fetched, which raises DownloadError too.

    Parameters
    ----------
    root_url
        Address of the copy of the data, below which lies `relative_path`, one of those of `select`.
    resolution_m
        Edge of a pixel, one of the file's overviews; None for all of the file.

    Raises
    ------
    DownloadError
        The file is not there.
    """
    remote = web.describe(f"{root_url.rstrip('/')}/{relative_path}")
    if resolution_m is None:
        return whole_file(web, remote, relative_path)
    # Where its bytes lie is only said in the file itself, which one would have to open for each of thousands.
    share = (PIXEL_M / resolution_m) ** 2 * OVERVIEW_SHARE
    n_bytes = None if remote.n_bytes is None else round(remote.n_bytes * share)
    fetch = partial(_fetch_overview, web, remote, resolution_m)
    return Download(relative_path, remote, n_bytes, is_exact=False, disk_bytes=n_bytes or 0, fetch=fetch)


def _fetch_overview(web: HttpClient, remote: RemoteFile, resolution_m: float, path: Path) -> None:
    """Pixels of one overview into a file of its own, rows in the order of the original."""
    failures: list[DownloadError] = []
    if remote.n_bytes is None:
        raise _unreadable(remote, "its size is not known")
    at_source = partial(_at_source, web, remote, failures)
    try:
        _copy_overview(at_source, remote, resolution_m, path)
    except RasterioError as error:
        path.unlink(missing_ok=True)
        raise (failures[0] if failures else _unreadable(remote, error)) from error


def _copy_overview(
    at_source: Callable[..., io.BufferedReader], remote: RemoteFile, resolution_m: float, path: Path
) -> None:
    name = PurePosixPath(remote.url).name
    with rasterio.Env(**AS_WRITTEN):
        with rasterio.open(name, opener=at_source) as whole:
            overview = _overview(remote, whole, resolution_m)
        with (
            rasterio.open(name, opener=at_source, overview_level=overview) as source,
            rasterio.open(path, "w", **_profile(source)) as target,
        ):
            target.descriptions = source.descriptions
            for _, window in target.block_windows(1):
                target.write(source.read(window=window), window=window)


def _at_source(
    web: HttpClient, remote: RemoteFile, failures: list[DownloadError], *_: object, **__: object
) -> io.BufferedReader:
    """What rasterio asks of an opener."""
    return io.BufferedReader(HttpRangeReader(web, remote, failures), READ_AHEAD_BYTES)


def _unreadable(remote: RemoteFile, error: object) -> DownloadError:
    return DownloadError(
        f"The overview cannot be read ({error}).",
        path=remote.url,
        fix="run the same command again; if that does not help, set download.embeddings.resolution_m to null, which "
        "downloads whole files",
    )


def _overview(remote: RemoteFile, whole: rasterio.DatasetReader, resolution_m: float) -> int:
    pixel_m = whole.transform.a
    sizes_m = [pixel_m * factor for factor in whole.overviews(1)]
    if resolution_m not in sizes_m:
        raise DownloadError(
            "The file has no overview of this resolution.",
            path=remote.url,
            field="download.embeddings.resolution_m",
            got=resolution_m,
            expected=", ".join(f"{size_m:g}" for size_m in (pixel_m, *sizes_m)),
            fix="choose one of these",
        )
    return sizes_m.index(resolution_m)


def _profile(source: rasterio.DatasetReader) -> dict[str, object]:
    return {
        "driver": "GTiff",
        "height": source.height,
        "width": source.width,
        "count": source.count,
        "dtype": source.dtypes[0],
        "crs": source.crs,
        "transform": source.transform,
        "nodata": source.nodata,
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "interleave": "pixel",
        "compress": "deflate",
        "BIGTIFF": "IF_SAFER",
    }
