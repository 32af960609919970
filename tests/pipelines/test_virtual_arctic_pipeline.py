"""The virtual Arctic's pipeline: wiring, shipped parameters, and a run through real files and the sources' readers."""

import numpy as np
import pytest
import yaml
from kedro.io import DataCatalog
from kedro.io.memory_dataset import MemoryDataset
from kedro.runner import SequentialRunner
from pydantic import ValidationError

from entropice.app.configuration.composition import VIRTUAL_WORLD
from entropice.io import (
    ClimateFileDataset,
    CubeDataset,
    EmbeddingFilesDataset,
    RasterTilesDataset,
    VectorFileDataset,
)
from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.pipelines.virtual_arctic.pipeline import create_pipeline

DATASETS = {
    "world": (CubeDataset, "world.zarr"),
    "truth": (CubeDataset, "truth.zarr"),
    "land_file": (VectorFileDataset, "land.gpkg"),
    "coverage_file": (VectorFileDataset, "coverage.gpkg"),
    "rts_file": (VectorFileDataset, "rts_darts_level2.gpkg"),
    "climate_file": (ClimateFileDataset, "era5_monthly.nc"),
    "elevation_tiles": (RasterTilesDataset, "arcticdem"),
    "embedding_files": (EmbeddingFilesDataset, "alphaearth"),
}


@pytest.fixture(scope="module")
def folder(request):
    return request.config.rootpath / "conf" / "base" / "virtual_arctic"


@pytest.fixture(scope="module")
def values(folder):
    return yaml.safe_load((folder / "parameters.yml").read_text())["virtual_arctic"]


@pytest.fixture(scope="module")
def small(values):
    extent = {"left_m": -1600000, "bottom_m": 1280000, "right_m": -1280000, "top_m": 1600000}
    slumps = values["slumps"] | {"expected_slump_years": 3000.0}
    return VirtualArcticParameters.model_validate(values | {"extent": extent, "slumps": slumps})


@pytest.fixture(scope="module")
def files(small, tmp_path_factory):
    """A catalog of the files that a small world wrote."""
    root = tmp_path_factory.mktemp("01_raw")
    datasets = {name: kind(filepath=str(root / file)) for name, (kind, file) in DATASETS.items()}
    catalog = DataCatalog(datasets | {"params:virtual_arctic": MemoryDataset(small)})
    SequentialRunner().run(create_pipeline(VIRTUAL_WORLD), catalog)
    return catalog


def test_one_world_makes_every_source_file():
    pipeline = create_pipeline(VIRTUAL_WORLD)
    assert pipeline.inputs() == {"params:virtual_arctic"}
    assert pipeline.datasets() - pipeline.inputs() == set(DATASETS)
    assert all(node.name.startswith("virtual_arctic.") for node in pipeline.nodes)
    assert all(node.func.__doc__ and node.tags for node in pipeline.nodes)


def test_no_node_reads_the_truth():
    assert not any("truth" in node.inputs for node in create_pipeline(VIRTUAL_WORLD).nodes)


def test_shipped_parameters_are_valid_and_the_catalog_declares_only_what_is_its_own(folder, values):
    assert VirtualArcticParameters.model_validate(values).label_years == (2021, 2022, 2023)
    catalog = yaml.safe_load((folder / "catalog.yml").read_text())
    assert set(catalog) == {"world", "truth"}
    assert all(entry["metadata"]["kedro-viz"] == {"layer": "raw"} for entry in catalog.values())


def test_a_typo_is_refused(values):
    with pytest.raises(ValidationError, match="Extra inputs"):
        VirtualArcticParameters.model_validate(values | {"sed": 1})


def test_labels_read_the_slumps_as_they_were_drawn(files, small):
    """Repeats dissolve: as many slumps, and as much area, as were found (but for slumps that truly overlap)."""
    from entropice.sources.periods import Period
    from entropice.sources.slumps.columns import OutlineFormat
    from entropice.sources.slumps.outlines import normalise_outlines
    from entropice.virtual_arctic.slumps import find_slumps

    raw, coverage, truth = (files.load(name) for name in ("rts_file", "coverage_file", "truth"))
    found = find_slumps(truth, coverage, small)
    columns = OutlineFormat.model_validate({"columns": {"id": "id", "probability": "pval_mean"}})
    periods = [Period(year, year) for year in small.label_years]
    rts, _ = normalise_outlines(raw, columns, periods, 0.1, "slumps")
    assert len(raw) > 1.2 * len(found)
    assert 0.93 * len(found) < len(rts) <= len(found)
    assert rts["area_m2"].sum() == pytest.approx(found["area_m2"].sum(), rel=0.05)


def test_coverage_is_read_by_year(files, small):
    from entropice.sources.periods import Period
    from entropice.sources.slumps.columns import CoverageColumns
    from entropice.sources.slumps.footprints import normalise_coverage

    periods = [Period(year, year) for year in small.label_years]
    coverage, _ = normalise_coverage(files.load("coverage_file"), CoverageColumns(), periods)
    assert coverage["year"].tolist() == list(small.label_years)


def test_climate_is_read_as_era5(files, small):
    from entropice.sources.era5.monthly import normalise_monthly

    climate = normalise_monthly(files.load("climate_file"))
    span = small.climate
    n_years = span.n_history_years + span.last_year + 1 - span.first_arctic_year
    assert climate.sizes["time"] == 12 * n_years + 3, "from an October to a December"
    assert all(np.isfinite(climate[name]).all() for name in climate.data_vars)


def test_elevation_tiles_are_read_as_arcticdem(files, small):
    tiles = files.load("elevation_tiles")
    assert tiles.pixel_size_m == small.elevation_tiles.pixel_m


def test_embedding_files_are_read_as_alphaearth(files, small):
    embeddings = files.load("embedding_files")
    assert embeddings.years == list(small.label_years)
    assert {file.pixel_size_m for file in embeddings.files} == {small.embedding_tiles.pixel_m}
    assert embeddings.absent == ()


def test_truth_survives_the_file(files, small):
    truth = files.load("truth")
    assert truth.attrs["areas"] == small.slumps.areas.model_dump()
    assert truth["observed"].dtype == bool
    assert set(truth["known_log_rate"].dims) == {"y", "x", "year"}
