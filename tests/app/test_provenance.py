"""What a run says it was given follows from its pipelines, its catalog and its parameters."""

from pathlib import Path

import pytest
import yaml
from kedro.io import DataCatalog
from kedro.pipeline import Node, Pipeline

from entropice.app.parameters import validate_parameters
from entropice.app.provenance import describe_run, external_inputs
from entropice.io import CubeDataset, GeoTableDataset, ProvenanceDataset, RasterTilesDataset, VectorFileDataset
from entropice.pipelines.composition import Composition

CONF = Path(__file__).parents[2] / "conf"


def _make(_: object) -> int:
    return 0


def _sections(environment: str) -> dict:
    files = (CONF / environment).glob("*/parameters.yml")
    return {key: value for file in files for key, value in yaml.safe_load(file.read_text()).items()}


@pytest.fixture
def composition() -> Composition:
    return Composition.model_validate(yaml.safe_load((CONF / "base/composition.yml").read_text()))


@pytest.fixture
def raw() -> dict:
    return _sections("base") | {"grid": "h3_4", "random_seed": 0}


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    return DataCatalog(
        {
            "world": CubeDataset(filepath=str(tmp_path / "world.zarr")),
            "land_file": VectorFileDataset(filepath=str(tmp_path / "land.gpkg")),
            "elevation_tiles": RasterTilesDataset(filepath=str(tmp_path / "arcticdem")),
            "unread_file": VectorFileDataset(filepath=str(tmp_path / "unread.gpkg")),
            "land": GeoTableDataset(filepath=str(tmp_path / "land.parquet"), crs="EPSG:3413"),
            "provenance": ProvenanceDataset(intermediates=str(tmp_path), exclude=[]),
        }
    )


READ_LAND = Node(_make, "land_file", "land", name="read")
REPORT = Node(lambda *_: 0, ["land", "elevation_tiles", "provenance", "params:grid"], "report", name="report")


def test_given_files_are_inputs_and_what_steps_make_is_not(
    catalog: DataCatalog, raw: dict, composition: Composition, tmp_path: Path
) -> None:
    found = external_inputs(Pipeline([READ_LAND, REPORT]), catalog, validate_parameters(raw, composition))

    assert found == {"land_file": tmp_path / "land.gpkg", "elevation_tiles": tmp_path / "arcticdem"}


def test_source_files_that_a_virtual_world_makes_are_inputs_and_the_world_is_not(
    catalog: DataCatalog, raw: dict, composition: Composition
) -> None:
    outline = Node(_make, "world", "land_file", name="outline")
    raise_world = Node(_make, "params:virtual_arctic", "world", name="raise")
    pipeline = Pipeline([raise_world, outline, READ_LAND])

    assert set(external_inputs(pipeline, catalog, validate_parameters(raw, composition))) == {"land_file"}


def test_a_file_that_parameters_name_is_an_input(
    catalog: DataCatalog, raw: dict, composition: Composition, tmp_path: Path
) -> None:
    outline = tmp_path / "region.gpkg"
    outline.touch()
    raw["grids"]["region"] = {"file": str(outline)}

    found = external_inputs(Pipeline([READ_LAND]), catalog, validate_parameters(raw, composition))

    assert found["grids.region.file"] == outline


def test_a_run_is_described_without_what_says_nothing_about_its_results(raw: dict) -> None:
    given = raw | {"data_root": "/there", "force": True, "tiles": {"memory_ceiling_gib": 1.0}} | _sections("arctic")
    arctic = Composition.model_validate(
        yaml.safe_load((CONF / "base/composition.yml").read_text())
        | yaml.safe_load((CONF / "arctic/composition.yml").read_text())
    )
    merged = {key: _merged(raw[key], given[key]) if isinstance(raw.get(key), dict) else given[key] for key in given}

    described = describe_run(arctic, validate_parameters(merged, arctic), "arctic", {})["parameters"]

    assert set(described) == {"grid", "random_seed", "grids", "labels", "features", "modelling", "reporting"}


def _merged(base: dict, changes: dict) -> dict:
    """As Kedro merges parameters of environments."""
    return base | {
        key: _merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in changes.items()
    }
