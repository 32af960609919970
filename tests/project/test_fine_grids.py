"""Features of one small region on the finest grids."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from project_copy import copy_project, kedro

from entropice.dggs import parse_grid

REGION = """
grids:
  region: {min_lat_deg: null, polygon: [[172, 78.5], [188, 78.5], [188, 81], [172, 81]]}
"""
REGION_KM2 = 6371.0**2 * np.deg2rad(16) * (np.sin(np.deg2rad(81)) - np.sin(np.deg2rad(78.5)))
CELL_KM2 = {"healpix_9": 162.1, "healpix_10": 40.5, "h3_6": 36.1}


@pytest.fixture(scope="module")
def project(project_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = copy_project(project_path, tmp_path_factory.mktemp("fine") / "project")
    (copy / "conf/test/grids").mkdir()
    (copy / "conf/test/grids/parameters.yml").write_text(REGION, encoding="utf-8")
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("key", CELL_KM2)
def test_features_of_a_region_are_known_in_nearly_all_its_cells(project: Path, key: str) -> None:
    pipelines = "virtual_arctic,grids,features"
    result = kedro(project, "run", "--env", "test", "--pipelines", pipelines, "--params", f"grid={key}")
    assert result.returncode == 0, result.stderr[-3000:]

    cube = xr.open_zarr(next((project / f"data/test/{key}").rglob("features.zarr")), consolidated=False).load()
    grid, cells = parse_grid(key), cube["cell_ids"].to_numpy()
    lon_deg, lat_deg = grid.centres(cells)
    assert ((lat_deg >= 78.5) & (lat_deg <= 81) & (np.abs(lon_deg) >= 172)).all()
    assert 0.3 < len(cells) * CELL_KM2[key] / REGION_KM2 < 0.8  # the world is six tenths land
    groups = {str(each.attrs["group"]) for each in cube.data_vars.values()}
    known = {group: [each for each in cube.data_vars.values() if each.attrs["group"] == group] for group in groups}
    shares = {group: float(np.mean([each.notnull().mean() for each in layers])) for group, layers in known.items()}
    assert min(shares.values()) > 0.95, json.dumps(shares)
