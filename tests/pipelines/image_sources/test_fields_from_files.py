"""Fields of a virtual land, and of a folder that is given, through the door of files."""

import numpy as np
import pytest
import rasterio
import xarray as xr
from kedro.io import DataCatalog, DatasetError, MemoryDataset
from kedro.pipeline import Pipeline
from kedro.runner import SequentialRunner
from pydantic import ValidationError
from series_maps import make_maps
from small_land import SMALL_LAND

from entropice.errors import InputFileError
from entropice.io import CubeDataset
from entropice.pipelines.image_sources.raster_series.dataset import RasterSeriesDataset
from entropice.pipelines.image_sources.raster_series.declaration import RASTER_SERIES
from entropice.pipelines.image_sources.raster_series.parameters import RasterSeriesParameters
from entropice.pipelines.image_sources.virtual_modification.declaration import VIRTUAL_MODIFICATION
from entropice.pipelines.image_sources.virtual_modification.parameters import VirtualModificationParameters
from entropice.sources.series.human_modification import FRACTION, PER_10000
from entropice.virtual_modification.specification import CeilingRules
from entropice.virtual_modification.world import make_modified_world


def catalog(folder, files, parameters):
    datasets = {
        "files": RasterSeriesDataset(filepath=str(files)),
        "fields": CubeDataset(filepath=str(folder / "fields")),
        "ceiling": CubeDataset(filepath=str(folder / "ceiling")),
    }
    return DataCatalog(datasets | {f"params:{name}": MemoryDataset(value) for name, value in parameters.items()})


def run(source, of):
    SequentialRunner().run(Pipeline(source.nodes()), of)


@pytest.mark.parametrize("unit", ["fraction", "per_10000"])
def test_a_virtual_land_comes_as_files_and_fields(tmp_path, unit):
    rules = CeilingRules(n_known=3, n_horizons=4, n_draws=1)
    section = VirtualModificationParameters(land=SMALL_LAND, unit=unit, ceiling=rules)
    parameters = {f"task.virtual_modification.{name}": getattr(section, name) for name in ("land", "unit", "ceiling")}
    of = catalog(tmp_path, tmp_path / "files", parameters | {"random_seed": 7})

    run(VIRTUAL_MODIFICATION, of)

    fields, ceiling, world = of.load("fields"), of.load("ceiling"), make_modified_world(7, SMALL_LAND)
    np.testing.assert_allclose(fields["human_modification"], world.maps() * 1e4, rtol=0, atol=0.51)
    assert fields["elevation"].dims == ("y", "x")
    assert fields.attrs["step"] == "P5Y"
    xr.testing.assert_equal(ceiling["x"], fields["x"])
    xr.testing.assert_equal(ceiling["y"], fields["y"])
    assert np.isin(ceiling["first"], fields["time"]).all()
    with rasterio.open(tmp_path / "files" / "hm" / "HM_1990.tif") as file:
        assert file.dtypes == (("float32",) if unit == "fraction" else ("uint16",))


def test_a_folder_that_is_given_becomes_fields(tmp_path):
    maps = make_maps(tmp_path / "given", FRACTION)
    parameters = RasterSeriesParameters(product="human_modification", unit="fraction")
    of = catalog(tmp_path, maps.folder, {"task.raster_series": parameters})

    run(RASTER_SERIES, of)

    np.testing.assert_allclose(of.load("fields")["human_modification"], maps.values * 1e4, rtol=1e-6)


def test_a_file_that_is_given_is_never_replaced(tmp_path):
    maps = make_maps(tmp_path / "given", PER_10000)
    before = maps.path(1990).read_bytes()
    with pytest.raises(DatasetError, match="did not make"):
        RasterSeriesDataset(filepath=str(maps.folder)).save([])
    assert maps.path(1990).read_bytes() == before


def test_a_folder_that_is_missing_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="no folder of rasters"):
        RasterSeriesDataset(filepath=str(tmp_path / "absent")).read(tmp_path / "absent")


@pytest.mark.parametrize(
    ("product", "unit", "says"),
    [
        ("human_modificaton", "fraction", "did you mean human_modification"),
        ("human_modification", "percent", "is not stored in 'percent'"),
    ],
)
def test_names_that_are_not_declared_are_refused(product, unit, says):
    with pytest.raises(ValidationError, match=says):
        RasterSeriesParameters(product=product, unit=unit)
