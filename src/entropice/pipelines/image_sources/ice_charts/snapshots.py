"""Pictures of MODIS as NASA's Worldview makes them."""

from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from entropice.pipelines.download.files import download_plan, http_client
from entropice.pipelines.download.parameters import TransferParameters, Url
from entropice.pipelines.image_sources.periods import Period
from entropice.pipelines.sources.declaration import Download

if TYPE_CHECKING:
    from entropice.acquisition.downloads import DownloadPlan
else:
    DownloadPlan = Any


class SnapshotParameters(Period):
    """A picture in true colour a day, EPSG:3413."""

    service: Url
    layer: str = Field(default="MODIS_Terra_CorrectedReflectance_TrueColor", pattern=r"^\w+$")
    left_m: float = Field(description="outer edge in the west of the grid")
    top_m: float = Field(description="outer edge in the north of the grid")
    pixel_m: float = Field(default=250.0, gt=0)
    n_rows: int = Field(ge=8)
    n_columns: int = Field(ge=8)


def plan_pictures(source: SnapshotParameters, transfer: TransferParameters) -> DownloadPlan:
    """One picture of every day of the period, both ends included.

    They are called ``<layer>_<YYYYMMDD>.tif``, in the order of the days; a day's address is the ``service`` of the
    parameters with the query ``REQUEST=GetSnapshot LAYERS TIME=<YYYY-MM-DD> CRS=EPSG:3413
    BBOX=<left>,<bottom>,<right>,<top> WIDTH HEIGHT FORMAT=image/tiff``, in metres to a tenth and pixels. Nothing is
    asked before the plan is carried out.

    Their sizes are not known before they are made, so that none can be resumed.

    Raises
    ------
    ConfigError
        A picture would have more than 8,000 pixels along an edge.
    """
    from entropice.acquisition.snapshots import SnapshotFrame, days_between, plan_snapshots

    frame = SnapshotFrame(source.left_m, source.top_m, source.pixel_m, source.n_rows, source.n_columns)
    days = days_between(source.first_day, source.last_day)
    web = http_client(transfer)
    return download_plan("MODIS", plan_snapshots(web, source.service, source.layer, days, frame), web, transfer)


DOWNLOAD: Final = Download("snapshots", SnapshotParameters, plan_pictures, is_regional=False)
