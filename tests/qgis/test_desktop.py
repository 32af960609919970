import json
import os
import subprocess
from pathlib import Path

import pytest
from entropice.core.cell_row import cell_name
from entropice.core.run_folder import Run
from entropice.core.wording import percent
from places import POLE
from profiles import profile_with_plugin
from qgis.core import QgsFeature, QgsPointXY
from qgis.PyQt.QtGui import QImage

LIMIT_S = 120


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where the pictures go: the folder named by ENTROPICE_PICTURES, to look at them, or a temporary one."""
    folder = Path(os.environ.get("ENTROPICE_PICTURES", tmp_path / "pictures")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_a_click_in_the_desktop_shows_the_cell(
    copied_run: Path,
    run: Run,
    latest: int,
    pole_cell: QgsFeature,
    antimeridian_cell: QgsFeature,
    antimeridian_point: QgsPointXY,
    pictures: Path,
    tmp_path: Path,
):
    before = {path.name: path.read_bytes() for path in copied_run.iterdir()}
    places = {"pole": POLE, "antimeridian": antimeridian_point}
    order = {
        "run": str(copied_run),
        "folder": str(pictures),
        "tests": str(Path(__file__).parent),
        "year": run.manifest.years[0],
        "window_m": 400_000,
        "places": {name: [point.x(), point.y()] for name, point in places.items()},
    }
    result = desktop_result(order, tmp_path)
    assert result["crs"] == "EPSG:3413"
    assert result["start"].startswith("Open a run")
    assert result["layer"] == f"Probability of any slump · {run.manifest.year_names[run.manifest.years[0]]}"
    assert result["year"] == run.manifest.years[0]
    for name, cell in (("pole", pole_cell), ("antimeridian", antimeridian_cell)):
        text = result["texts"][name]
        assert cell_name(run.manifest.grid_name, cell["cell_id"]) in text
        assert percent(cell[f"p_{run.manifest.class_names[0]}_{latest}"]) in text
        assert QImage(str(pictures / f"{name}.png")).width() >= 1000
    assert {path.name: path.read_bytes() for path in copied_run.iterdir()} == before


def desktop_result(order: dict, folder: Path) -> dict:
    """Start QGIS's desktop on a virtual screen and let it do what is ordered."""
    order_file = folder / "order.json"
    order_file.write_text(json.dumps(order), encoding="utf-8")
    environment = {**os.environ, "ENTROPICE_DESKTOP_ORDER": str(order_file)}
    environment.pop("QT_QPA_PLATFORM", None)
    desktop = ["qgis", "--nologo", "--profiles-path", str(profile_with_plugin(folder)), "--profile", "default"]
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    driver = ["--code", str(Path(__file__).with_name("drive_desktop.py"))]
    finished = subprocess.run(
        [*screen, *desktop, *driver], env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    result_file = Path(order["folder"]) / "result.json"
    assert result_file.is_file(), finished.stderr[-2000:]
    result = json.loads(result_file.read_text(encoding="utf-8"))
    assert "problem" not in result, result["problem"]
    return result
