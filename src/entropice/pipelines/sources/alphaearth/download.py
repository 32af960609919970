"""AlphaEarth's annual files as Source Cooperative publishes them."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.pipelines.download.files import area_around, download_plan, http_client
from entropice.pipelines.download.parameters import TransferParameters, Url, Year
from entropice.pipelines.grids.parameters import RegionParameters

if TYPE_CHECKING:
    from entropice.acquisition.downloads import DownloadPlan
else:
    DownloadPlan = Any

Years = Annotated[tuple[Year, ...], Field(strict=False, min_length=1)]


class EmbeddingsParameters(StrictModel):
    """AlphaEarth's annual files, by their index."""

    index: Url
    files: Url = Field(description="address below which <year>/<zone>/<name> stand")
    years: Years
    resolution_m: float | None = Field(
        default=80.0,
        gt=0,
        description="the overview, of vectors of length 1, that is fetched alone by range requests; null: whole files",
    )


def plan_embeddings(
    source: EmbeddingsParameters, region: RegionParameters, transfer: TransferParameters
) -> DownloadPlan:
    """AlphaEarth's files of the region and years, with their index.

    The region has its margin. Of each file, ``<year>/<zone>/<name>``, the overview of the configured resolution is
    fetched alone, by range requests, or the whole file where none is configured; a file without such an overview is
    refused when it is fetched. The index is ``aef_index.parquet``.

    Raises
    ------
    DownloadError
        The index or a file cannot be had, or a year has no file in the region.
    GridError, InputFileError, SchemaError
        The region cannot be had (`entropice.pipelines.grids.nodes.region_from`).
    """
    from functools import partial

    from entropice.acquisition.alphaearth import embedding_file, index_of, select

    web = http_client(transfer)
    table, index = index_of(web, source.index)
    places = select(table, area_around(region, transfer), source.years, source.index)
    describe = partial(embedding_file, web, source.files, resolution_m=source.resolution_m)
    return download_plan("Embeddings", [index, *web.at_once(describe, places)], web, transfer)
