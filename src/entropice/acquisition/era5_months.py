"""Monthly means of ERA5 from the Climate Data Store, with the user's own key."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from entropice.acquisition.downloads import Download
from entropice.acquisition.http import RemoteFile
from entropice.errors import ConfigError, DownloadError

KEY_VARIABLE: Final = "CDSAPI_KEY"
NORTH_DEG: Final = 90
STEP_DEG: Final = 0.25
N_LON: Final = 1440
VALUE_BYTES: Final = 4
MONTHS: Final = tuple(f"{month:02d}" for month in range(1, 13))

Retrieve = Callable[[str, dict[str, Any], str], object]
"""Dataset, request and target file."""


def plan_months(
    retrieve: Retrieve, api_url: str, dataset: str, variables: Sequence[str], years: Sequence[int], min_lat_deg: float
) -> tuple[Download, ...]:
    """One file for each year, all months and variables, from the region's southernmost latitude to the pole.

    Sizes are those of the unpacked values, which is more than will be transferred. Files are GRIB,
    ``<dataset>_<year>.grib``, of a grid of 0.25°; latitude is taken down to the next row at or below `min_lat_deg`.
    Nothing is asked or fetched here. Fetching raises DownloadError where the service refuses or delivers an empty file,
    as it does before the data set's licence was accepted. Without years there are no files.

    Parameters
    ----------
    retrieve
        As `cds_client` gives it.
    variables
        Names of requests, such as ``2m_temperature``.

    Examples
    --------
    Twelve months of 1,440 longitudes and the 41 rows from 80° to 90°, 4 bytes each:

    >>> (plan,) = plan_months(print, "https://example.org", "monthly", ["2m_temperature"], [2023], min_lat_deg=80.1)
    >>> plan.relative_path, plan.n_bytes == 12 * 41 * 1440 * 4
    ('monthly_2023.grib', True)
    """
    south_deg = int(min_lat_deg // STEP_DEG) * STEP_DEG
    n_rows = round((NORTH_DEG - south_deg) / STEP_DEG) + 1
    n_bytes = VALUE_BYTES * len(MONTHS) * len(variables) * n_rows * N_LON
    downloads = []
    for year in years:
        wanted = _request(variables, year, south_deg)
        origin = RemoteFile(f"{api_url}#{dataset},{year},{'+'.join(variables)},north of {south_deg}", None, None, None)
        fetch = partial(_fetch, retrieve, dataset, wanted)
        downloads.append(Download(f"{dataset}_{year}.grib", origin, n_bytes, False, n_bytes, fetch))
    return tuple(downloads)


def cds_client(api_url: str) -> Retrieve:
    """Client of the Climate Data Store; its key is read from the environment and never logged.

    What is returned is a function of data set, request and target file that writes the file; it waits in the service's
    queue for as long as that takes.

    Raises
    ------
    ConfigError
        No key, or the library ``cdsapi`` is not installed.
    """
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        raise ConfigError(
            "The Climate Data Store needs a key.",
            field=KEY_VARIABLE,
            got="not set in the environment",
            fix=f"copy the key from your profile at the Climate Data Store: export {KEY_VARIABLE}=…; or set "
            "download.climate.kind to zarr, which needs none",
        )
    try:
        import cdsapi
    except ImportError as error:
        raise ConfigError(
            "The client of the Climate Data Store is not installed.", field="cdsapi", fix="pip install 'entropice[cds]'"
        ) from error
    retrieve: Retrieve = cdsapi.Client(url=api_url, key=key, quiet=True, progress=False).retrieve
    return retrieve


def _request(variables: Sequence[str], year: int, south_deg: float) -> dict[str, Any]:
    return {
        "product_type": ["monthly_averaged_reanalysis"],
        "variable": list(variables),
        "year": [str(year)],
        "month": list(MONTHS),
        "time": ["00:00"],
        "area": [NORTH_DEG, -180, south_deg, 180],
        "data_format": "grib",
        "download_format": "unarchived",
    }


def _fetch(retrieve: Retrieve, dataset: str, wanted: dict[str, Any], path: Path) -> None:
    path.unlink(missing_ok=True)
    try:
        retrieve(dataset, wanted, str(path))
    except (OSError, RuntimeError, ValueError) as error:
        said = str(error).replace(os.environ[KEY_VARIABLE], "…") if os.environ.get(KEY_VARIABLE) else error
        raise DownloadError(
            f"The Climate Data Store did not deliver ({type(error).__name__}: {said}).",
            path=dataset,
            got=f"year {wanted['year'][0]}",
            fix="accept the data set's licence on its page (once), check the key, and run the same command again",
        ) from None
    if not path.is_file() or not path.stat().st_size:
        raise DownloadError("The Climate Data Store delivered nothing.", path=dataset, got=f"year {wanted['year'][0]}")
