from pathlib import Path

from desktop import desktop_result
from entropice.core.cell_row import cell_name
from entropice.core.run_folder import Run
from entropice.core.wording import percent
from places import POLE
from qgis.core import QgsFeature, QgsPointXY
from qgis.PyQt.QtGui import QImage


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
        "year": run.manifest.years[0],
        "window_m": 400_000,
        "places": {name: [point.x(), point.y()] for name, point in places.items()},
    }
    result = desktop_result("drive_desktop.py", order, tmp_path)
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
