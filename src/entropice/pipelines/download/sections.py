"""Parameters of the download: one section a source."""

from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, create_model

from entropice.base_model import StrictModel
from entropice.pipelines.download.parameters import TransferParameters
from entropice.pipelines.sources.registry import SOURCES


class Transfers(StrictModel):
    """How files are fetched; region and margin are those of the grid."""

    transfer: TransferParameters = TransferParameters()


_SECTIONS: Final[dict[str, Any]] = {
    source.download.section: (
        source.download.parameters | None,
        Field(default=None, description=f"where {source.name} is published"),
    )
    for source in SOURCES
    if source.download is not None
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
