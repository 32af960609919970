"""ERA5 of the region's latitudes: hours of a Zarr store, months of the Climate Data Store, or given files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from entropice.pipelines.download.files import area_around, download_plan, http_client, plan_files
from entropice.pipelines.download.parameters import FilesParameters, TransferParameters
from entropice.pipelines.grids.parameters import RegionParameters
from entropice.pipelines.sources.era5.download_parameters import (
    CdsClimateParameters,
    ClimateDownloadParameters,
    ZarrClimateParameters,
)

if TYPE_CHECKING:
    from entropice.acquisition.area_of_interest import AreaOfInterest
    from entropice.acquisition.downloads import Download, DownloadPlan
    from entropice.acquisition.http import HttpClient
else:
    AreaOfInterest = Download = DownloadPlan = HttpClient = Any


def plan_climate(
    source: ClimateDownloadParameters, region: RegionParameters, transfer: TransferParameters
) -> DownloadPlan:
    """ERA5 as the parameters choose: hours of a Zarr store, months of the Climate Data Store, or given files.

    What is fetched begins south of the region by the configured margin and ends at the pole, in all longitudes; given
    files are taken whole. Hours come as ``<variable>_<year>-<month>.nc``, months as ``<dataset>_<year>.grib``.

    Raises
    ------
    DownloadError
        A server does not answer, or does not have a variable, hour or file that is asked for.
    ConfigError
        The Climate Data Store is asked without a key in the environment, or its library is not installed.
    GridError, InputFileError, SchemaError
        The region cannot be had (`entropice.pipelines.grids.nodes.region_from`).
    """
    chosen = source.root
    if isinstance(chosen, FilesParameters):
        return plan_files(chosen, transfer)
    web, area = http_client(transfer), area_around(region, transfer)
    if isinstance(chosen, ZarrClimateParameters):
        return download_plan("Climate (hours)", _hours(web, chosen, area, transfer), web, transfer, n_at_once=1)
    return download_plan("Climate (months)", _months(chosen, area), web, transfer)


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
