"""How much climate there is to read: whole rows of the grid of longitudes and latitudes, with the sea between land."""

from typing import TYPE_CHECKING

from entropice.pipelines.sources.work import Extent, Work
from entropice.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from entropice.pipelines.sources.era5.parameters import ClimateParameters

STEP_DEG = 0.25
N_VARIABLES = 4
"""Temperature, precipitation, snowfall and snow depth."""

BYTES_PER_VALUE = 4
MONTHS_PER_YEAR = 12
DAYS_PER_YEAR = 366
BASIS = "whole rows of the region's latitudes, the sea between land with them"


def monthly_work(extent: Extent) -> Work:
    """Months of every Arctic year that the features look at; read in one piece.

    What comes back is one tile, values, bytes of the files before compression and bytes of memory. Whole rows of the
    grid, a quarter of a degree or the virtual world's step, from the land's southernmost latitude to the pole, with
    four variables of four bytes; years that only the history needs are counted, too.
    """
    n_rows, n_lon = _grid(extent)
    n_values = n_rows * n_lon * N_VARIABLES * MONTHS_PER_YEAR * _n_years(extent)
    return Work(1, n_values, BYTES_PER_VALUE * n_values, 2 * BYTES_PER_VALUE * n_values, BASIS)


def hourly_work(extent: Extent) -> Work:
    """Hours of every Arctic year that the features look at, a tile for each year and band of rows.

    What comes back is tiles, values, bytes of the files before compression and bytes of memory for one tile. Rows and
    years are those of `monthly_work`; a year has 366 days, so that the estimate is rather too large.
    """
    from entropice.derive.climate import hourly

    n_rows, n_lon = _grid(extent)
    n_years = _n_years(extent)
    rows_per_block = min(extent.parameters.rows_per_block, n_rows)
    n_days_values = n_lon * N_VARIABLES * DAYS_PER_YEAR
    n_values = n_rows * n_days_values * HOURS_PER_DAY * n_years
    return Work(
        n_years * -(-n_rows // rows_per_block),
        n_values,
        BYTES_PER_VALUE * n_values,
        rows_per_block * n_days_values * hourly.BYTES_PER_VALUE + hourly.READER_BYTES,
        BASIS,
    )


def fields_work(extent: Extent) -> Work:
    """One field of each variable; how many the file holds is known when it is here.

    What comes back is one tile, values, bytes of the files before compression and bytes of memory. Rows are those of
    `monthly_work`.
    """
    n_rows, n_lon = _grid(extent)
    n_values = n_rows * n_lon * N_VARIABLES
    return Work(1, n_values, BYTES_PER_VALUE * n_values, 2 * BYTES_PER_VALUE * n_values, BASIS)


def _grid(extent: Extent) -> tuple[int, int]:
    """Rows that touch the land, and points of a row."""
    from entropice.pipelines.sources.tilings import southernmost_deg

    step_deg = STEP_DEG if extent.world is None else extent.world.climate.step_deg
    return round((90.0 - southernmost_deg(extent.land)) / step_deg) + 1, round(360.0 / step_deg)


def _n_years(extent: Extent) -> int:
    """Arctic years that the features of the label years look at."""
    history: ClimateParameters = extent.parameters
    back = [
        (history.history.normals or history.history.anomalies, history.history.normal_years),
        (history.history.trends, history.history.trend_years - 1),
        (history.history.lags, history.history.lag_years),
    ]
    n_back = max((n_years for names, n_years in back if names), default=0)
    return max(extent.years) - min(extent.years) + 1 + n_back
