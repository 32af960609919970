import pytest

from entropice.io import TileResultsDataset
from entropice.pipelines.sources.rasters.dataset import RasterFolderDataset
from entropice.pipelines.sources.rasters.nodes import derive_rasters, plan_rasters
from entropice.pipelines.sources.rasters.parameters import RasterParameters


@pytest.fixture
def folder(tmp_path):
    """Where the rasters of a test lie."""
    return tmp_path / "rasters"


@pytest.fixture
def features(folder):
    """The cube of some rasters, through the datasets between the nodes."""

    def cube(cells, *files, years=(2021, 2022), grid="h3_4", min_known_fraction=0.5, **parameters):
        checked = RasterParameters(files=files, **parameters)
        statistics = TileResultsDataset(filepath=str(folder.with_name("raster_statistics")))
        statistics.save(plan(cells, *files, years=years, **parameters))
        return derive_rasters(statistics.load(), cells, grid, list(years), min_known_fraction, checked).whole()

    def plan(cells, *files, years=(2021, 2022), **parameters):
        read = RasterFolderDataset(filepath=str(folder)).load()
        return plan_rasters(read, cells, list(years), RasterParameters(files=files, **parameters))

    cube.plan = plan
    return cube
