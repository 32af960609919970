"""Pictures of satellites' days that a service makes on demand (Worldview Snapshots), as GeoTIFF in EPSG:3413."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from entropice.acquisition.downloads import Download, whole_file
from entropice.acquisition.http import HttpClient, RemoteFile
from entropice.crs import POLAR_CRS
from entropice.errors import ConfigError

MAX_PIXELS: Final = 8_000
"""Along an edge; the service makes none that are much larger."""


@dataclass(frozen=True)
class SnapshotFrame:
    """What a picture shows, EPSG:3413.

    Attributes
    ----------
    left_m, top_m
        Outer corner in the north-west of the grid.
    pixel_m
        Edge of a pixel.
    n_rows, n_columns
        Of pixels.

    Raises
    ------
    ConfigError
        More pixels than a picture may have.
    """

    left_m: float
    top_m: float
    pixel_m: float
    n_rows: int
    n_columns: int

    def __post_init__(self) -> None:
        if max(self.n_rows, self.n_columns) > MAX_PIXELS:
            raise ConfigError(
                "The service makes no picture as large as that.",
                field="n_rows, n_columns",
                got=f"{self.n_rows}, {self.n_columns}",
                expected=f"{MAX_PIXELS} at most",
                fix="ask for several pictures side by side, or for larger pixels",
            )

    @property
    def box(self) -> str:
        """Left, bottom, right, top, in metres to a tenth, as the service takes them.

        Examples
        --------
        >>> SnapshotFrame(left_m=1000.0, top_m=500.0, pixel_m=100.0, n_rows=2, n_columns=3).box
        '1000.0,300.0,1300.0,500.0'
        """
        right_m = self.left_m + self.n_columns * self.pixel_m
        bottom_m = self.top_m - self.n_rows * self.pixel_m
        return f"{self.left_m:.1f},{bottom_m:.1f},{right_m:.1f},{self.top_m:.1f}"


def days_between(first_day: date, last_day: date) -> list[date]:
    """Both and all between them, ascending; none where the last day comes before the first.

    Examples
    --------
    >>> [day.day for day in days_between(date(2024, 2, 28), date(2024, 3, 1))]
    [28, 29, 1]
    """
    return [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]


def plan_snapshots(
    web: HttpClient, service: str, layer: str, days: Iterable[date], frame: SnapshotFrame
) -> tuple[Download, ...]:
    """One picture a day, ``<layer>_<YYYYMMDD>.tif``, in the order of the days; nothing is asked or fetched here.

    Their sizes are not known before the service has made them, so that none can be resumed. The address of a day's
    picture is ``<service>?`` and, joined by ``&``, ``REQUEST=GetSnapshot``, ``LAYERS=<layer>``, ``TIME=<YYYY-MM-DD>``,
    ``CRS=EPSG%3A3413``, ``BBOX=<box>`` (`SnapshotFrame.box`, with ``%2C`` for commas), ``WIDTH=<columns>``,
    ``HEIGHT=<rows>`` and ``FORMAT=image%2Ftiff``.

    Parameters
    ----------
    service
        Address of the service.
    layer
        Its name for what is seen.
    frame
        What every picture shows.
    """
    return tuple(_download(web, service, layer, day, frame) for day in days)


def _download(web: HttpClient, service: str, layer: str, day: date, frame: SnapshotFrame) -> Download:
    query = {
        "REQUEST": "GetSnapshot",
        "LAYERS": layer,
        "TIME": f"{day:%Y-%m-%d}",
        "CRS": POLAR_CRS,
        "BBOX": frame.box,
        "WIDTH": frame.n_columns,
        "HEIGHT": frame.n_rows,
        "FORMAT": "image/tiff",
    }
    origin = RemoteFile(f"{service}?{urlencode(query)}", n_bytes=None, etag=None, last_modified=None)
    return whole_file(web, origin, f"{layer}_{day:%Y%m%d}.tif")
