"""Whatever is done with a run, its folder stays as it was: same files, same bytes, same times."""

import shutil
from pathlib import Path

import pytest
from desktop import desktop_result
from entropice.ui.plugin import EntropicePlugin
from hostile_runs import raster
from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtGui import QImage

EVERYTHING = Qgis.RasterBandStatistics(Qgis.RasterBandStatistic.All)


@pytest.fixture
def fresh_run(run_folder: Path, tmp_path: Path) -> Path:
    """A run alone in a folder, with the files that its manifest names and no other."""
    names = [path for path in run_folder.iterdir() if not path.name.endswith((".aux.xml", "-wal", "-shm"))]
    target = tmp_path / "place" / "run"
    target.mkdir(parents=True)
    for path in names:
        shutil.copy2(path, target)
    return target


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of change of every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_day_in_the_desktop_leaves_the_run_as_it_was(fresh_run: Path, tmp_path: Path):
    before = state_of(fresh_run.parent)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    result = desktop_result("drive_session.py", {"run": str(fresh_run), "folder": str(elsewhere)}, tmp_path)
    assert result["n_layers"] >= 4
    assert result["n_rasters"] >= 1
    assert result["n_chosen"] > 10
    for name in ("canvas.png", "layout.png"):
        assert QImage(str(elsewhere / name)).width() > 500
    after = state_of(fresh_run.parent)
    assert sorted(after) == sorted(before)
    assert after == before


@pytest.mark.filterwarnings("ignore:.*bandStatistics:DeprecationWarning")
def test_statistics_of_an_overview_are_noted_nowhere(
    large: None, plugin: EntropicePlugin, project: QgsProject, copied_run: Path
):
    raster()(copied_run, None)  # without the statistics that the pipeline writes into it
    before = state_of(copied_run)
    plugin.open_run(copied_run)
    for provider in (plugin.explorer.run.overview.dataProvider(), plugin.explorer.run.overview.dataProvider().clone()):
        provider.bandStatistics(1, EVERYTHING, provider.extent(), 0)
        provider.histogram(1, 100)
    project.clear()
    assert state_of(copied_run) == before
