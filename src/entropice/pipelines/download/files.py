"""Plans of downloads, and what the plans of all sources need."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from entropice.pipelines.download.parameters import FileParameters, FilesParameters, TransferParameters
from entropice.pipelines.grids.parameters import RegionParameters
from entropice.units import M_PER_KM

if TYPE_CHECKING:
    from entropice.acquisition.area_of_interest import AreaOfInterest
    from entropice.acquisition.downloads import Checksum, Download, DownloadPlan
    from entropice.acquisition.http import HttpClient
else:
    AreaOfInterest = Checksum = Download = DownloadPlan = HttpClient = Any

BYTES_PER_GB = 1e9


def plan_files(source: FilesParameters, transfer: TransferParameters) -> DownloadPlan:
    """Files that are taken whole, under the names and with the checksums and sizes that the parameters give.

    The servers are asked for sizes and versions; nothing is fetched before the plan is carried out. Where SHA-256 and
    MD5 are both given, SHA-256 is checked: a file of another hash, or a web page in its place, is deleted, and
    DownloadError raised, when the plan is carried out.

    Raises
    ------
    DownloadError
        A server does not answer or does not have a file, a size is not the published one, or two files have one name.
    """
    from entropice.acquisition.downloads import whole_file

    web = http_client(transfer)

    def download(file: FileParameters) -> Download:
        return whole_file(web, web.describe(file.url), file.name, _checksum(file), file.n_bytes)

    names = ", ".join(file.name for file in source.files)
    return download_plan(names, web.at_once(download, source.files), web, transfer)


def http_client(transfer: TransferParameters) -> HttpClient:
    """A client with the configured retries, time-out (s) and number of transfers at a time; nothing is asked yet."""
    from entropice.acquisition.http import HttpClient as Client
    from entropice.acquisition.retry import RetryPolicy

    retry = RetryPolicy(transfer.n_tries, transfer.first_wait_s, transfer.longest_wait_s)
    return Client(retry, transfer.timeout_s, transfer.n_parallel)


def area_around(region: RegionParameters, transfer: TransferParameters) -> AreaOfInterest:
    """The region with the configured margin (km): a polygon in EPSG:3413, and its lowest latitude in degrees.

    Raises
    ------
    GridError, InputFileError, SchemaError
        As `entropice.pipelines.grids.nodes.region_from`.
    """
    from entropice.acquisition.area_of_interest import AreaOfInterest as Area
    from entropice.pipelines.grids.nodes import region_from

    return Area.around(region_from(region), transfer.margin_km * M_PER_KM)


def download_plan(
    source: str,
    downloads: Sequence[Download],
    web: HttpClient,
    transfer: TransferParameters,
    n_at_once: int | None = None,
) -> DownloadPlan:
    """A plan within the configured limits.

    `source` is what messages call it, `downloads` are fetched as many at a time as `n_at_once` says, or as the
    parameters say where it is None. A plan that would transfer more than ``max_gb`` (10⁹ bytes) is refused, with
    DownloadError, when it is carried out.

    Raises
    ------
    DownloadError
        Two files have one path.
    """
    from entropice.acquisition.downloads import DownloadPlan as Plan

    n_parallel = transfer.n_parallel if n_at_once is None else n_at_once
    return Plan(source, tuple(downloads), n_parallel, transfer.max_gb * BYTES_PER_GB, web.retry.stopping.set)


def _checksum(file: FileParameters) -> Checksum | None:
    from entropice.acquisition.downloads import Checksum as Published

    published = {"sha256": file.sha256, "md5": file.md5}
    return next((Published(name, digest) for name, digest in published.items() if digest is not None), None)
