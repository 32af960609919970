"""Wiring of the download: one step a source."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.download.sections import DownloadParameters
from entropice.pipelines.sources.declaration import Download

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

REGION: Final = "params:grids.region"
TRANSFER: Final = "params:download.transfer"


def create_pipeline(composition: "Composition") -> Pipeline:
    """What the environment reads, as far as it is published anywhere.

    One step a source, ``download_<section>``, which makes the dataset ``<section>_download`` of
    ``params:download.<section>``, the region where it matters, and ``params:download.transfer``. Empty where nothing
    that is read is published.
    """
    return Pipeline(map(_step, composition.downloads), namespace="download", prefix_datasets_with_namespace=False)


def _step(download: Download) -> Node:
    return Node(
        download.plan,
        [f"params:download.{download.section}", *([REGION] if download.is_regional else []), TRANSFER],
        f"{download.section}_download",
        name=f"download_{download.section}",
        tags=["download", download.section],
    )


DOWNLOAD: Final = PipelineDeclaration("download", create_pipeline, DownloadParameters, runs_by_default=False)
