"""The way of a user: download the environment ``arctic`` from servers on this machine, then make features of it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import geopandas as gpd
import pytest
import rasterio
import yaml
from project_copy import copy_project, kedro
from published import Published, publish

YEAR = 2023
RTS_NAME = "DARTS_NitzeEtAl_v1_features_2018_2023_level2.parquet"
COVERAGE_NAME = "DARTS_NitzeEtAl_v1_coverage_2018_2023_union.parquet"
REGION = [[-175, 78], [-150, 78], [-150, 82], [-175, 82]]
"""Off the corners of the world, where some tiles are not needed."""


@pytest.fixture(scope="module")
def project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose virtual Arctic lies ready to be served."""
    project = copy_project(finished_project, tmp_path_factory.mktemp("download") / "project")
    shutil.copytree(finished_project / "data/test/01_raw", project / "data/test/01_raw")
    return project


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Published]:
    world = project / "data/test/01_raw"
    shutil.copy(world / "land.gpkg", world / "ne_10m_land.geojson")
    for name in ("rts_darts_level2", "coverage"):
        gpd.read_file(world / f"{name}.gpkg").to_parquet(world / f"{name}.parquet")
    with publish(world) as published:
        items = [_item(path) for path in sorted((world / "arcticdem").glob("*.tif"))]
        links = [{"rel": "items", "href": f"{published.url}/stac/items"}]
        published.searches["/stac/collection"] = lambda _: json.dumps({"type": "Collection", "links": links})
        published.searches["/stac/items"] = lambda _: json.dumps({"features": items, "links": []})
        _configure(project, published.url)
        yield published


def _item(path: Path) -> dict[str, Any]:
    with rasterio.open(path) as tile:
        properties = {"proj:code": "EPSG:3413", "proj:bbox": list(tile.bounds)}
    return {"links": [], "properties": properties, "assets": {"dem": {"href": f"../arcticdem/{path.name}"}}}


def _configure(project: Path, url: str) -> None:
    """Only addresses, years, months for hours and what is small about this world differ from what is shipped."""
    composition = project / "conf/arctic/composition.yml"
    composition.write_text(composition.read_text().replace("era5_hourly", "era5_monthly", 1))
    download = {
        "transfer": {"first_wait_s": 0.01, "longest_wait_s": 0.1, "margin_km": 30.0},
        "land": {"files": [{"url": f"{url}/ne_10m_land.geojson", "name": "ne_10m_land.geojson"}]},
        "labels": {
            "files": [
                {"url": f"{url}/rts_darts_level2.parquet", "name": RTS_NAME},
                {"url": f"{url}/coverage.parquet", "name": COVERAGE_NAME},
            ]
        },
        "climate": {"kind": "files", "files": [{"url": f"{url}/era5_monthly.nc", "name": "era5_monthly.nc"}]},
        "elevation": {"collection": f"{url}/stac/collection"},
        "embeddings": {
            "index": f"{url}/alphaearth/aef_index.parquet",
            "files": f"{url}/alphaearth",
            "years": [YEAR],
            "resolution_m": None,
        },
    }
    features = yaml.safe_load((project / "conf/test/features/parameters.yml").read_text())
    features["features"] |= {"years": [YEAR]}
    base = yaml.safe_load((project / "conf/base/features/parameters.yml").read_text())["features"]
    features["features"]["terrain"] = base["terrain"] | features["features"].get("terrain", {})
    features["features"]["embeddings"] = base["embeddings"] | features["features"].get("embeddings", {})
    for name, content in {
        "download": {"download": download},
        "features": features,
        "labels": {"labels": {"years": [YEAR], "pooled_from": None, "coverage": {"every_year": "year"}}},
        "grids": {"grids": {"region": {"min_lat_deg": None, "polygon": REGION}}},
    }.items():
        path = project / f"conf/arctic/{name}/parameters.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content))


def run(project: Path, pipeline: str, *arguments: str) -> CompletedProcess[str]:
    return kedro(project, "run", "--env", "arctic", "--pipelines", pipeline, *arguments)


def test_download_then_features(project: Path, server: Published) -> None:
    first = run(project, "grids")
    assert first.returncode != 0
    assert "kedro run --pipelines download --env arctic" in first.stdout + first.stderr

    download = run(project, "download")
    assert download.returncode == 0, download.stdout[-3000:] + download.stderr[-3000:]
    raw = project / "data/arctic/01_raw"
    assert {path.name for path in raw.iterdir() if path.is_dir()} == {
        "land",
        "darts",
        "era5",
        "arcticdem",
        "alphaearth",
    }
    assert (raw / "era5/era5_monthly.nc").read_bytes() == (server.root / "era5_monthly.nc").read_bytes()
    n_tiles = len(list((raw / "arcticdem").glob("*.tif")))
    assert 0 < n_tiles < len(list((server.root / "arcticdem").glob("*.tif"))), "only the region's"
    assert "to transfer:" in download.stdout + download.stderr

    n_before = len(server.requests)
    again = run(project, "download")
    assert again.returncode == 0
    assert "5 of 5 steps are up to date" in again.stdout
    assert len(server.requests) == n_before, "nothing is asked again"
    records = [json.loads(line) for line in (raw / "darts.records.jsonl").read_text().splitlines()]
    assert {record["relative_path"] for record in records} == {RTS_NAME, COVERAGE_NAME}

    features = kedro(project, "run", "--env", "arctic", "--pipelines", "grids,labels,features")
    assert features.returncode == 0, features.stdout[-3000:] + features.stderr[-3000:]
    assert (project / "data/arctic/h3_4/04_feature/features.zarr").is_dir()
