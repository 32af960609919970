"""Make the coarse outline of Arctic land that planned costs use: ``python -m benchmarks.coarse_land FILE``.

FILE holds land polygons, such as those of Natural Earth (public domain). The outline lies up to 40 km outside the
coast, so that what touches land touches it.
"""

import sys
from pathlib import Path
from typing import Final

import shapely

from entropice.cost.land import COARSE_LAND
from entropice.sources.files.vector import read_vector
from entropice.sources.land import normalise_land
from entropice.types import BaseGeometry, GeoDataFrame

TOLERANCE_M: Final = 20_000.0


def coarse_land(land: GeoDataFrame) -> BaseGeometry:
    """Outline of land polygons of any CRS, in EPSG:3413."""
    whole = normalise_land(land).union_all()
    return shapely.set_precision(whole.buffer(TOLERANCE_M).simplify(TOLERANCE_M), 1000.0)


if __name__ == "__main__":
    COARSE_LAND.write_bytes(shapely.to_wkb(coarse_land(read_vector(Path(sys.argv[1])))))
