"""GRIB files made of eccodes' own samples, for tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from entropice.types import FloatArray

# eccodes comes after pyproj and sqlite3 (see entropice.sources.era5.file).
# isort: off
import entropice.sources.era5.file  # noqa: F401
import eccodes

# isort: on

TEMPERATURE = {"class": "ea", "stream": "oper", "type": "an", "expver": "0001", "paramId": 167, "dataDate": 20200101}
AREA = {
    "Ni": 4,
    "Nj": 3,
    "latitudeOfFirstGridPointInDegrees": 75.0,
    "latitudeOfLastGridPointInDegrees": 73.0,
    "longitudeOfFirstGridPointInDegrees": 230.0,
    "longitudeOfLastGridPointInDegrees": 233.0,
    "iDirectionIncrementInDegrees": 1.0,
    "jDirectionIncrementInDegrees": 1.0,
}
N_POINTS = 12


def written_grib(path: Path, messages: Sequence[tuple[Mapping[str, object], float | FloatArray]]) -> Path:
    """Messages of one value each, or of `N_POINTS`; the keys of `TEMPERATURE` unless others are given."""
    with path.open("wb") as file:
        for keys, value in messages:
            message = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib1")
            for key, setting in {**TEMPERATURE, **AREA, **keys}.items():
                eccodes.codes_set(message, key, setting)
            eccodes.codes_set_values(message, np.full(N_POINTS, value))
            eccodes.codes_write(message, file)
            eccodes.codes_release(message)
    return path


def written_gaussian(path: Path) -> Path:
    """One message on a reduced Gaussian grid."""
    message = eccodes.codes_grib_new_from_samples("reduced_gg_sfc_grib1")
    for key, setting in TEMPERATURE.items():
        eccodes.codes_set(message, key, setting)
    with path.open("wb") as file:
        eccodes.codes_write(message, file)
    eccodes.codes_release(message)
    return path
