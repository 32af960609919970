"""Parameters of the download: one section a source."""

from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, create_model

from entropice.base_model import StrictModel
from entropice.pipelines.download.parameters import TransferParameters
from entropice.pipelines.image_sources.registry import IMAGE_SOURCES
from entropice.pipelines.sources.registry import SOURCES


class Transfers(StrictModel):
    """How files are fetched; region and margin are those of the grid."""

    transfer: TransferParameters = TransferParameters()


_DECLARED: Final = (
    *((source.name, source.download) for source in SOURCES if source.download is not None),
    *((source.name, download) for source in IMAGE_SOURCES for download in source.downloads),
)
_SECTIONS: Final[dict[str, Any]] = {
    download.section: (download.parameters | None, Field(default=None, description=f"where {name} is published"))
    for name, download in _DECLARED
}

if TYPE_CHECKING:
    DownloadParameters = Transfers
else:
    DownloadParameters = create_model(
        "DownloadParameters",
        __base__=Transfers,
        __module__=__name__,
        __doc__="Where the sources are published; region and margin are those of the grid.",
        **_SECTIONS,
    )
