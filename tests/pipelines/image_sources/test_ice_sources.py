"""Real series and charts as sources of images: parameters, steps and downloads."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ice_files import write_netcdf
from kedro.io import DataCatalog, MemoryDataset
from kedro.pipeline import Pipeline
from kedro.runner import SequentialRunner
from published import Published, publish
from pydantic import ValidationError

from entropice.errors import ConfigError
from entropice.imagery.frames.field_checks import require_series
from entropice.imagery.samples import Image, Place
from entropice.io import CubeDataset, ImageTilesDataset
from entropice.pipelines.download.parameters import TransferParameters
from entropice.pipelines.grids.parameters import RegionParameters
from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.ice_charts.declaration import ICE_CHARTS
from entropice.pipelines.image_sources.ice_charts.download import CopernicusParameters, plan_copernicus
from entropice.pipelines.image_sources.ice_charts.parameters import IceChartParameters
from entropice.pipelines.image_sources.ice_charts.snapshots import SnapshotParameters, plan_pictures
from entropice.pipelines.image_sources.ice_series.declaration import ICE_SERIES
from entropice.pipelines.image_sources.ice_series.download import IceFilesParameters, plan_ice_files
from entropice.pipelines.image_sources.ice_series.parameters import IceSeriesParameters
from entropice.pipelines.image_sources.raster_series.dataset import RasterSeriesDataset
from entropice.sources.imagery.writing import write_tile

GRID = {"left_m": -100_000.0, "top_m": 100_000.0, "pixel_m": 25_000.0, "n_rows": 8, "n_columns": 8}
TRANSFER = TransferParameters(n_tries=2, first_wait_s=0.0, longest_wait_s=0.0, timeout_s=5.0)


def test_every_licence_has_a_credit_and_a_series_gives_that_of_its_product_alone() -> None:
    for licence in (*ICE_SERIES.licences, *ICE_CHARTS.licences):
        assert all((licence.source, licence.terms, licence.credit, licence.reference))
    parameters = IceSeriesParameters.model_validate({"product": "osi_saf_cdr", "grid": GRID})
    assert [licence.source for licence in ICE_SERIES.licences_under(parameters)] == [parameters.declared.title]


@pytest.mark.parametrize(("source", "output"), [(ICE_SERIES, "fields"), (ICE_CHARTS, "images")])
def test_each_source_is_one_step_from_files_and_parameters(source: ImageSource, output: str) -> None:
    (step,) = source.nodes()

    assert (step.inputs, step.outputs) == (["files", f"params:task.{source.name}"], [output])
    assert source.viewer is None
    assert source.licences
    assert source.downloads


def run(source: ImageSource, parameters: Any, **datasets: Any) -> None:
    section = {f"params:task.{source.name}": MemoryDataset(parameters)}
    SequentialRunner().run(Pipeline(source.nodes()), DataCatalog(section | datasets))


def test_a_folder_becomes_fields_that_frames_are_cut_from(tmp_path: Path) -> None:
    stored = np.full((2, 12, 12), 4_000, dtype=np.int16)
    bits = {"flag_masks": np.array([1, 2, 64], np.int8), "flag_meanings": "land lake temporal_interp"}
    variables = {
        "ice_conc": (stored, {"units": "%", "scale_factor": 0.01}),
        "status_flag": (np.zeros(stored.shape, np.int8), bits),
    }
    (tmp_path / "files").mkdir()
    write_netcdf(tmp_path / "files/ice.nc", variables, crs="EPSG:6931", days=[100, 101])
    cube = CubeDataset(filepath=str(tmp_path / "fields"))

    parameters = IceSeriesParameters.model_validate({"product": "osi_saf_cdr", "grid": GRID})
    run(ICE_SERIES, parameters, files=RasterSeriesDataset(filepath=str(tmp_path / "files")), fields=cube)

    fields = cube.load()
    require_series(fields)
    assert fields.sizes == {"time": 2, "y": 8, "x": 8}
    assert float(fields["ice_concentration"].mean()) == pytest.approx(0.4)
    assert "Lavergne" in fields.licence


def test_images_and_charts_become_samples(tmp_path: Path) -> None:
    bands = ("blue", "green", "red", "red_edge", "nir", "elevation")
    values = np.random.default_rng(1).uniform(0.05, 0.9, (6, 16, 16)).astype(np.float32)
    place = Place(0.0, 0.0, 1_000.0, 16, 2022)
    (tmp_path / "files").mkdir()
    image = Image(bands, values, np.ones(values.shape, bool))
    write_tile(tmp_path / "files/scene", image, place, np.zeros((16, 16), np.uint8))
    squares = [shapely.box(0, -16_000, 8_000, 0), shapely.box(8_000, -16_000, 16_000, 0)]
    codes = {"CT": ["92", "55"], "CA": ["", ""], "SA": ["86", "00"], "POLY_TYPE": ["I", "W"]}
    gpd.GeoDataFrame(codes, geometry=squares, crs="EPSG:3413").to_file(tmp_path / "files/chart.shp", engine="pyogrio")
    images = ImageTilesDataset(filepath=str(tmp_path / "images"))

    scene = {"image": "scene.tif", "chart": "chart.shp", "year": 2022}
    parameters = IceChartParameters(product="five_bands", scenes=(scene,), n_pixels=8)
    run(ICE_CHARTS, parameters, files=RasterSeriesDataset(filepath=str(tmp_path / "files")), images=images)

    samples = images.load()
    assert [int(samples.read(key).target.mean()) for key in samples.keys] == [1, 0, 1, 0]
    assert all(samples.read(key).scored.all() for key in samples.keys)


def test_an_unknown_series_and_shares_that_overlap_are_refused() -> None:
    with pytest.raises(ValidationError, match="did you mean osi_saf_cdr"):
        IceSeriesParameters.model_validate({"product": "osi_saf", "grid": GRID})
    scene = {"image": "a.tif", "chart": "a.shp", "year": 2022}
    with pytest.raises(ValidationError, match="greater than water_to"):
        IceChartParameters(product="five_bands", scenes=(scene,), n_pixels=64, water_to=0.8, ice_from=0.5)


@pytest.fixture
def published(tmp_path: Path) -> Any:
    (tmp_path / "served").mkdir()
    with publish(tmp_path / "served") as server:
        yield server


def test_days_of_a_publisher_are_planned(published: Published) -> None:
    for day in ("20190501", "20190502"):
        (published.root / f"N_{day}.tif").write_bytes(b"ice")
    source = IceFilesParameters(
        pattern=f"{published.url}/N_{{date:%Y%m%d}}.tif", first_day=date(2019, 5, 1), last_day="2019-05-02"
    )

    plan = plan_ice_files(source, TRANSFER)

    assert [download.relative_path for download in plan.downloads] == ["N_20190501.tif", "N_20190502.tif"]


def test_a_picture_a_day_is_planned() -> None:
    source = SnapshotParameters(
        service="https://localhost/snapshot",
        first_day=date(2022, 9, 14),
        last_day=date(2022, 9, 15),
        left_m=0.0,
        top_m=0.0,
        n_rows=100,
        n_columns=100,
    )

    plan = plan_pictures(source, TRANSFER)

    assert [download.relative_path[-12:] for download in plan.downloads] == ["20220914.tif", "20220915.tif"]


@pytest.fixture
def copernicus(published: Published) -> CopernicusParameters:
    return CopernicusParameters(
        catalogue=f"{published.url}/odata/v1",
        products=f"{published.url}/odata/v1",
        tokens=f"{published.url}/token",
        collection="SENTINEL-1",
        product_type="EW_GRDM_1S",
        first_day=date(2022, 9, 14),
        last_day=date(2022, 9, 14),
    )


def test_without_credentials_nothing_is_asked(
    copernicus: CopernicusParameters, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"COPERNICUS_{variable}", raising=False)

    with pytest.raises(ConfigError, match="Credentials"):
        plan_copernicus(copernicus, RegionParameters(min_lat_deg=70.0), TRANSFER)

    assert published.requests == []


def test_products_of_the_region_are_planned(
    copernicus: CopernicusParameters, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPERNICUS_USERNAME", "nobody")
    monkeypatch.setenv("COPERNICUS_PASSWORD", "nothing")
    square = {"type": "Polygon", "coordinates": [[[-45, 71], [-43, 71], [-43, 72], [-45, 71]]]}
    product = {"Id": "1", "Name": "S1A.SAFE", "ContentLength": 3, "Checksum": [{}], "GeoFootprint": square}
    published.searches["/odata/v1/Products"] = lambda _: json.dumps({"value": [product]})
    published.forms["/token"] = lambda _: (200, json.dumps({"access_token": "ticket"}))
    published.guarded["/odata/v1/Products("] = {"Bearer ticket"}
    (published.root / "odata/v1/Products(1)").mkdir(parents=True)
    (published.root / "odata/v1/Products(1)/$value").write_bytes(b"ice")

    (download,) = plan_copernicus(copernicus, RegionParameters(min_lat_deg=70.0), TRANSFER).downloads

    assert (download.relative_path, download.n_bytes) == ("S1A.SAFE.zip", 3)


@pytest.mark.parametrize(
    "change", [{"product_type": "EW' or 1 eq 1"}, {"last_day": date(2022, 9, 13)}, {"tokens": "http://elsewhere/token"}]
)
def test_wrong_parameters_of_copernicus_are_refused(change: dict[str, Any], copernicus: CopernicusParameters) -> None:
    with pytest.raises(ValidationError):
        CopernicusParameters(**copernicus.model_dump() | change)
