"""Nodes of the download: each asks one source what there is and makes a plan; saving the plan carries it out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from entropice.pipelines.download.parameters import (
    CdsClimateParameters,
    ClimateParameters,
    ElevationParameters,
    EmbeddingsParameters,
    FileParameters,
    FilesParameters,
    TransferParameters,
    ZarrClimateParameters,
)
from entropice.pipelines.grids.parameters import RegionParameters

if TYPE_CHECKING:
    from entropice.acquisition.area_of_interest import AreaOfInterest
    from entropice.acquisition.downloads import Checksum, Download, DownloadPlan
    from entropice.acquisition.http import HttpClient
else:
    Checksum = Download = DownloadPlan = AreaOfInterest = HttpClient = Any

M_PER_KM = 1000.0
BYTES_PER_GB = 1e9


def plan_land(source: FilesParameters, transfer: TransferParameters) -> DownloadPlan:
    """Land polygons of the world."""
    web = _web(transfer)
    return _plan("Land", _files(web, source.files), web, transfer)


def plan_labels(source: FilesParameters, transfer: TransferParameters) -> DownloadPlan:
    """Slump outlines, and the footprints that were searched for them."""
    web = _web(transfer)
    return _plan("Slumps and footprints", _files(web, source.files), web, transfer)


def plan_climate(source: ClimateParameters, region: RegionParameters, transfer: TransferParameters) -> DownloadPlan:
    """ERA5 of the region's latitudes: hours from a Zarr store, months from the Climate Data Store, or given files."""
    web, area = _web(transfer), _area(region, transfer)
    chosen = source.root
    if isinstance(chosen, FilesParameters):
        return _plan("Climate", _files(web, chosen.files), web, transfer)
    if isinstance(chosen, ZarrClimateParameters):
        return _plan("Climate (hours)", _hours(web, chosen, area, transfer), web, transfer, n_at_once=1)
    return _plan("Climate (months)", _months(chosen, area), web, transfer)


def plan_elevation(source: ElevationParameters, region: RegionParameters, transfer: TransferParameters) -> DownloadPlan:
    """ArcticDEM's mosaic tiles that the region touches."""
    from pathlib import PurePosixPath
    from urllib.parse import urlsplit

    from entropice.acquisition.downloads import whole_file
    from entropice.acquisition.stac import Asset, find_assets

    web = _web(transfer)

    def download(asset: Asset) -> Download:
        name = PurePosixPath(urlsplit(asset.url).path).name
        return whole_file(web, web.describe(asset.url), name, asset.checksum, asset.n_bytes)

    assets = find_assets(web, source.collection, source.asset, _area(region, transfer))
    return _plan("Elevation", web.at_once(download, assets), web, transfer)


def plan_embeddings(
    source: EmbeddingsParameters, region: RegionParameters, transfer: TransferParameters
) -> DownloadPlan:
    """AlphaEarth's files of the region and years, with their index."""
    from functools import partial

    from entropice.acquisition.alphaearth import embedding_file, index_of, select

    web = _web(transfer)
    table, index = index_of(web, source.index)
    places = select(table, _area(region, transfer), source.years, source.index)
    describe = partial(embedding_file, web, source.files, resolution_m=source.resolution_m)
    return _plan("Embeddings", [index, *web.at_once(describe, places)], web, transfer)


def _web(transfer: TransferParameters) -> HttpClient:
    from entropice.acquisition.http import HttpClient as Client
    from entropice.acquisition.retry import RetryPolicy

    retry = RetryPolicy(transfer.n_tries, transfer.first_wait_s, transfer.longest_wait_s)
    return Client(retry, transfer.timeout_s, transfer.n_parallel)


def _area(region: RegionParameters, transfer: TransferParameters) -> AreaOfInterest:
    from entropice.acquisition.area_of_interest import AreaOfInterest as Area
    from entropice.pipelines.grids.nodes import region_from

    return Area.around(region_from(region), transfer.margin_km * M_PER_KM)


def _plan(
    source: str,
    downloads: Sequence[Download],
    web: HttpClient,
    transfer: TransferParameters,
    n_at_once: int | None = None,
) -> DownloadPlan:
    from entropice.acquisition.downloads import DownloadPlan as Plan

    n_parallel = transfer.n_parallel if n_at_once is None else n_at_once
    return Plan(source, tuple(downloads), n_parallel, transfer.max_gb * BYTES_PER_GB, web.retry.stopping.set)


def _files(web: HttpClient, files: Sequence[FileParameters]) -> list[Download]:
    from entropice.acquisition.downloads import whole_file

    def download(file: FileParameters) -> Download:
        return whole_file(web, web.describe(file.url), file.name, _checksum(file), file.n_bytes)

    return web.at_once(download, files)


def _checksum(file: FileParameters) -> Checksum | None:
    from entropice.acquisition.downloads import Checksum as Published

    published = {"sha256": file.sha256, "md5": file.md5}
    return next((Published(name, digest) for name, digest in published.items() if digest is not None), None)


def _hours(
    web: HttpClient, source: ZarrClimateParameters, area: AreaOfInterest, transfer: TransferParameters
) -> Sequence[Download]:
    from entropice.acquisition.era5_hours import open_hours, plan_hours

    hours = open_hours(web, source.url, area.min_lat_deg)
    return plan_hours(hours, source.variables, source.first_year, source.last_year, transfer.n_parallel)


def _months(source: CdsClimateParameters, area: AreaOfInterest) -> Sequence[Download]:
    from entropice.acquisition.era5_months import cds_client, plan_months

    years = range(source.first_year, source.last_year + 1)
    client = cds_client(source.url)
    return plan_months(client, source.url, source.dataset, source.variables, years, area.min_lat_deg)
