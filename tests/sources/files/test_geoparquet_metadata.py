"""Whatever is damaged in the metadata of a GeoParquet file, its reader refuses it or reads what it holds."""

import random
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import shapely

from entropice.errors import EntropiceError
from entropice.sources.files.vector import read_vector


def test_no_flipped_bit_ends_in_an_error_of_a_library(tmp_path: Path) -> None:
    file = tmp_path / "slumps.parquet"
    outlines = [shapely.Point(1e5 * i, 0).buffer(50.0) for i in range(3)]
    gpd.GeoDataFrame({"id": [1, 2, 3]}, geometry=outlines, crs=3413).to_parquet(file)
    whole, random_ = file.read_bytes(), random.Random(1)
    begin = whole.index(b'"primary_column"')
    for _ in range(250):
        damaged = bytearray(whole)
        damaged[random_.randrange(begin, len(whole))] ^= 1 << random_.randrange(8)
        file.write_bytes(damaged)
        with suppress(EntropiceError):
            read_vector(file)
