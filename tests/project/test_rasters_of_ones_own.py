"""The worked example of docs/how-to.md, in the small virtual Arctic: from files to features, inputs and dictionary."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
import xarray as xr
import yaml
from project_copy import kedro
from rasterio.transform import from_origin

PROJECT = Path(__file__).parents[2]
NAMES = {
    "ground_ice_mean_percent", "ground_ice_q90_percent", "soil_peat_fraction", "soil_sand_fraction",
    "soil_bedrock_fraction", "soil_other_fraction", "greenness_mean",
}  # fmt: skip


def example(of: str) -> dict:
    """The configuration that the page shows under a file's name."""
    lines = (PROJECT / "docs/how-to.md").read_text().splitlines()
    first = lines.index(f"    # conf/mine/{of}") + 1
    block = lines[first : lines.index("", first)]
    return yaml.safe_load("\n".join(block))


def write_files(folder: Path) -> None:
    folder.mkdir()
    write(
        folder / "ground_ice.tif", np.full((100, 3600), 40.0, np.float32), "EPSG:4326", from_origin(-180, 90, 0.1, 0.5)
    )
    codes = np.tile(np.array([1, 2, 3, 9], np.uint8), (1200, 300))
    write(folder / "soil.tif", codes, "EPSG:3413", from_origin(-3e6, 3e6, 5000, 5000))
    for year, value in [(2015, 0.2), (2022, 0.3)]:
        values = np.full((600, 600), value, np.float32)
        write(folder / f"greenness_{year}.tif", values, "EPSG:6931", from_origin(-3e6, 3e6, 10000, 10000))


def write(path: Path, values: np.ndarray, crs: str, transform: object) -> None:
    profile = {"driver": "GTiff", "count": 1, "dtype": values.dtype, "crs": crs, "transform": transform}
    with rasterio.open(path, "w", height=values.shape[0], width=values.shape[1], **profile) as file:
        file.write(values, 1)


def run(project: Path) -> str:
    result = kedro(project, "run", "--env", "test", "--pipelines", "features")
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished project, with the example's sources and parameters beside its own."""
    project = tmp_path_factory.mktemp("rasters") / "project"
    shutil.copytree(finished_project, project)
    (project / "conf/test/composition.yml").write_text(yaml.safe_dump(example("composition.yml")))
    of_features = project / "conf/test/features/parameters.yml"
    own = yaml.safe_load(of_features.read_text())
    own["features"] |= example("features/parameters.yml")["features"]
    of_features.write_text(yaml.safe_dump(own))
    write_files(project / "data/test/01_raw/rasters")
    return project


def test_rasters_become_features_that_follow_their_files(project: Path) -> None:
    told = run(project)

    assert "features.reduce_rasters" in told
    assert "features.reduce_terrain" not in told
    with xr.open_zarr(project / "data/test/h3_4/04_feature/features.zarr", consolidated=False) as cube:
        found = {str(name): cube[name].load() for name in cube.data_vars if cube[name].attrs["group"] == "rasters"}
    assert set(found) == NAMES
    np.testing.assert_allclose(found["ground_ice_mean_percent"], 40.0)
    shares = sum(found[name] for name in NAMES if name.startswith("soil"))
    np.testing.assert_allclose(shares, 1.0)
    np.testing.assert_allclose(found["soil_peat_fraction"], 0.25, atol=0.1)
    np.testing.assert_allclose(found["greenness_mean"].sel(year=2022), 0.3)
    assert found["ground_ice_mean_percent"].attrs["source"] == "ground_ice.tif"
    assert found["ground_ice_mean_percent"].attrs["long_name"] == "volumetric ground ice"

    write(
        project / "data/test/01_raw/rasters/ground_ice.tif", np.full((100, 3600), 50.0, np.float32), "EPSG:4326",
        from_origin(-180, 90, 0.1, 0.5),
    )  # fmt: skip
    told = run(project)

    assert "changed: input raster_files" in told
    with xr.open_zarr(project / "data/test/h3_4/04_feature/features.zarr", consolidated=False) as cube:
        np.testing.assert_allclose(cube["ground_ice_mean_percent"], 50.0)


def test_the_files_are_inputs_of_the_run(project: Path) -> None:
    probe = (
        "from pathlib import Path; from kedro.framework.startup import bootstrap_project\n"
        "from kedro.framework.session import KedroSession\n"
        "bootstrap_project(Path.cwd())\n"
        "with KedroSession.create(env='test') as session:\n"
        "    inputs = session.load_context().catalog.load('provenance')['inputs']\n"
        "print(*[entry['path'] for entry in inputs if entry['dataset'] == 'raster_files'])\n"
    )
    import subprocess
    import sys

    from project_copy import kedro_environment

    told = subprocess.run(
        [sys.executable, "-c", probe], cwd=project, env=kedro_environment(), capture_output=True, text=True, check=True
    ).stdout

    assert told.splitlines()[-1].split() == [
        "rasters/greenness_2015.tif", "rasters/greenness_2022.tif", "rasters/ground_ice.tif", "rasters/soil.tif",
    ]  # fmt: skip


def test_cost_has_a_row_for_them(project: Path) -> None:
    told = kedro(project, "cost", "--env", "test").stdout

    assert [line.split()[0] for line in told.splitlines() if line].count("features.reduce_rasters") == 1
