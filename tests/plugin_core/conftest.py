import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

CELLS = {"kind": "cells", "abstract": "", "styles": ["probability", "class", "entropy", "state"], "n_rows": 3}
DRIVERS = {"kind": "drivers", "abstract": "", "styles": ["driver"], "n_rows": 3}
SCORES = {"table": "scores", "kind": "attributes", "year": None, "title": "Scores", "abstract": "", "styles": []}
FILES = {"run.gpkg": b"cells", "overview_p_any_rts_2022.tif": b"pixels", "report.html": b"<html>"}


@pytest.fixture
def manifest_values() -> dict[str, Any]:
    years = (2021, 2022)
    return {
        "schema": "entropice-run/1",
        "run_id": "0123456789abcdef",
        "title": "Virtual Arctic",
        "purpose": "model",
        "notice": "",
        "grid": {"key": "h3_4", "grid_name": "h3", "level": 4},
        "crs": "EPSG:3413",
        "years": list(years),
        "year_names": {str(year): f"summer {year}" for year in years},
        "classes": {"names": ["none", "few", "some", "many"]},
        "layers": [
            *({**CELLS, "table": f"cells_h3_4_{year}", "year": year, "title": f"{year}"} for year in years),
            *({**DRIVERS, "table": f"drivers_h3_4_{year}", "year": year, "title": f"{year}"} for year in years),
            {**SCORES, "n_rows": 1},
        ],
        "overviews": [{"file": "overview_p_any_rts_2022.tif", "what": "p_any_rts", "year": 2022, "title": "all"}],
        "features": [
            {"name": "elevation_mean_m", "long_name": "mean elevation", "unit": "m"},
            {"name": "northness_mean", "long_name": "mean northness", "unit": "1"},
        ],
        "files": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in FILES.items()
        ],
        "attributions": ["A survey"],
        "a key of a later minor version": {"is": "ignored"},
    }


@pytest.fixture
def write_run(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    def write(values: dict[str, Any]) -> Path:
        folder = tmp_path / "run"
        folder.mkdir()
        for name, content in FILES.items():
            (folder / name).write_bytes(content)
        (folder / "manifest.json").write_text(json.dumps(values), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def run_folder(write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]) -> Path:
    return write_run(manifest_values)
