"""What imagery tasks have found: outlines and tiles of a year on the map, and what the dock tells of a cell."""

import shutil
from pathlib import Path

import pytest
from choosing import choose_year
from entropice.core.run_folder import Run, open_run
from entropice.ui.plugin import EntropicePlugin
from imaged_runs import NAME, YEARS, Finds, add_task
from qgis.core import QgsVectorLayer


@pytest.fixture(scope="session")
def imaged(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, Finds]]:
    """A run folder with a task, and what it knows of each cell."""
    folder = Path(shutil.copytree(run_folder, tmp_path_factory.mktemp("imaged") / "run"))
    return folder, add_task(folder)


@pytest.fixture(scope="session")
def imaged_run(imaged: tuple[Path, dict[int, Finds]]) -> Run:
    return open_run(imaged[0])


@pytest.fixture
def opened(plugin: EntropicePlugin, imaged_run: Run) -> EntropicePlugin:
    plugin.open_run(imaged_run.folder)
    return plugin


def layer_of(plugin: EntropicePlugin, own: str) -> QgsVectorLayer:
    """Outlines or tiles in the project."""
    layers = plugin.explorer.project.mapLayers().values()
    (found,) = [layer for layer in layers if f"layername={NAME}_{own}" in layer.source()]
    return found


def test_outlines_and_tiles_are_of_the_latest_year_of_images_up_to_the_shown_one(opened: EntropicePlugin):
    for shown, of_images in ((2022, 2021), (2023, 2023)):
        choose_year(opened, shown)
        for own in ("outlines", "tiles"):
            layer = layer_of(opened, own)
            assert {feature["year"] for feature in layer.getFeatures()} == {of_images}
            assert layer.name().endswith(f" · {of_images}")
    assert YEARS == (2021, 2023)
