"""Sentinel-1 and Sentinel-2 as the Copernicus Data Space delivers them."""

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from entropice.pipelines.download.files import area_around, download_plan, http_client
from entropice.pipelines.download.parameters import TransferParameters, Url
from entropice.pipelines.grids.parameters import RegionParameters
from entropice.pipelines.image_sources.periods import Period
from entropice.pipelines.sources.declaration import Download

if TYPE_CHECKING:
    from entropice.acquisition.downloads import DownloadPlan
else:
    DownloadPlan = Any


class CopernicusParameters(Period):
    """Products of a period in the region. Credentials stand in environment variables, never here."""

    catalogue: Url = Field(description="OData catalogue, …/odata/v1")
    products: Url = Field(description="where products are delivered, …/odata/v1")
    tokens: Url = Field(description="where access tokens are given (OpenID Connect)")
    collection: Literal["SENTINEL-1", "SENTINEL-2"]
    product_type: str = Field(pattern=r"^\w+$", description="such as EW_GRDM_1S or S2MSI2A")
    max_cloud_percent: float | None = Field(default=None, ge=0, le=100, description="null: clouds do not matter")


def plan_copernicus(
    source: CopernicusParameters, region: RegionParameters, transfer: TransferParameters
) -> DownloadPlan:
    """Products that meet the region with its margin; credentials are looked for before anything is asked.

    Each comes as ``<name>.zip``, in the order of time. Credentials are ``COPERNICUS_CLIENT_ID`` with
    ``COPERNICUS_CLIENT_SECRET``, or ``COPERNICUS_USERNAME`` with ``COPERNICUS_PASSWORD``.

    Raises
    ------
    ConfigError
        There are no credentials in the environment.
    DownloadError
        The catalogue or the server does not answer or refuses access, or nothing is found, or not all of it is online.
    GridError, InputFileError, SchemaError
        The region cannot be had (`entropice.pipelines.grids.nodes.region_from`).
    """
    from entropice.acquisition.access_tokens import AccessTokens
    from entropice.acquisition.copernicus import GRANTS, ProductQuery, find_products, plan_products
    from entropice.acquisition.signed_in import SignedInClient

    web = http_client(transfer)
    tokens = AccessTokens(web, source.tokens, GRANTS)
    query = ProductQuery(
        source.collection, source.product_type, source.first_day, source.last_day, source.max_cloud_percent
    )
    found = find_products(web, source.catalogue, query, area_around(region, transfer))
    signed_in = SignedInClient(tokens, web.retry, transfer.timeout_s, transfer.n_parallel)
    return download_plan("Copernicus", plan_products(signed_in, source.products, found), signed_in, transfer)


DOWNLOAD: Final = Download("copernicus", CopernicusParameters, plan_copernicus, is_regional=True)
