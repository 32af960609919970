from pathlib import Path

import geopandas as gpd
import pytest
from kedro.io import DatasetError
from shapely import box

from entropice.crs import POLAR_CRS
from entropice.errors import RunStateError
from entropice.io import VectorFileDataset

LAND = gpd.GeoDataFrame(geometry=[box(0, 0, 1e5, 1e5)], crs=POLAR_CRS)


def test_a_file_of_our_own_is_written_again(tmp_path: Path) -> None:
    dataset = VectorFileDataset(filepath=str(tmp_path / "land.gpkg"))

    dataset.save(LAND)
    dataset.save(LAND)

    assert len(dataset.load()) == 1


def test_a_users_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "land.gpkg"
    path.write_bytes(b"years of work")

    with pytest.raises(DatasetError) as caught:
        VectorFileDataset(filepath=str(path)).save(LAND)

    assert isinstance(caught.value.__cause__, RunStateError)
    assert path.read_bytes() == b"years of work"
