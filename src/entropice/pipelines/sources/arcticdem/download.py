"""ArcticDEM as the Polar Geospatial Center publishes it."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.pipelines.download.files import area_around, download_plan, http_client
from entropice.pipelines.download.parameters import TransferParameters, Url
from entropice.pipelines.grids.parameters import RegionParameters

if TYPE_CHECKING:
    from entropice.acquisition.downloads import Download, DownloadPlan
    from entropice.acquisition.stac import Asset
else:
    Asset = Download = DownloadPlan = Any


class ElevationParameters(StrictModel):
    """Tiles of a STAC collection, of an API or of static files."""

    collection: Url
    asset: str = Field(default="dem", min_length=1, description="which file of an item")


def plan_elevation(source: ElevationParameters, region: RegionParameters, transfer: TransferParameters) -> DownloadPlan:
    """ArcticDEM's mosaic tiles that the region with its margin touches, each whole, under the name in its address.

    Raises
    ------
    DownloadError
        There is no such collection, its answers are no STAC, an item lacks the asset, no tile lies in the region, or a
        size is not the published one.
    GridError, InputFileError, SchemaError
        The region cannot be had (`entropice.pipelines.grids.nodes.region_from`).
    """
    from pathlib import PurePosixPath
    from urllib.parse import urlsplit

    from entropice.acquisition.downloads import whole_file
    from entropice.acquisition.stac import find_assets

    web = http_client(transfer)

    def download(asset: Asset) -> Download:
        name = PurePosixPath(urlsplit(asset.url).path).name
        return whole_file(web, web.describe(asset.url), name, asset.checksum, asset.n_bytes)

    assets = find_assets(web, source.collection, source.asset, area_around(region, transfer))
    return download_plan("Elevation", web.at_once(download, assets), web, transfer)
