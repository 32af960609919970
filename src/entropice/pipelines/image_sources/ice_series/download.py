"""Series of ice as their publishers keep them: a file a day or a month."""

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from entropice.pipelines.download.files import download_plan, http_client
from entropice.pipelines.download.parameters import TransferParameters, Url
from entropice.pipelines.image_sources.periods import Period
from entropice.pipelines.sources.declaration import Download

if TYPE_CHECKING:
    from entropice.acquisition.downloads import DownloadPlan
else:
    DownloadPlan = Any


class IceFilesParameters(Period):
    """Files of a period that need no account."""

    pattern: Url = Field(
        description="address of a file, with {date:%Y%m%d} and the like for its date, and {month} for Jan … Dec",
    )
    step: Literal["P1D", "P1M"] = Field(default="P1D", description="from one file to the next")


def plan_ice_files(source: IceFilesParameters, transfer: TransferParameters) -> DownloadPlan:
    """Every day or month of the period; one that the publisher does not have is named.

    Both ends are included, and a month is dated by its first day. Files keep the names of their addresses.

    Raises
    ------
    ConfigError
        No step lies in the period, or two of them have one address.
    DownloadError
        A file is missing at its source, or the server does not answer.
    """
    from entropice.acquisition.dated_files import dated_addresses, plan_dated

    addresses = dated_addresses(source.pattern, source.first_day, source.last_day, source.step)
    web = http_client(transfer)
    return download_plan("Series of ice", plan_dated(web, addresses), web, transfer)


DOWNLOAD: Final = Download("ice_series", IceFilesParameters, plan_ice_files, is_regional=False)
