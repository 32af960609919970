"""Each screen of the plugin can be shown; with ENTROPICE_PICTURES they are kept, for docs/plugin."""

from itertools import pairwise
from pathlib import Path

from desktop import desktop_result
from entropice.core.run_folder import Run
from qgis.core import QgsPointXY
from qgis.PyQt.QtGui import QImage


def test_each_screen_can_be_shown(run: Run, pictures: Path, antimeridian_point: QgsPointXY, tmp_path: Path) -> None:
    order = {"run": str(run.folder), "folder": str(pictures)}

    names = desktop_result(
        "drive_gallery.py", order | {"place": [antimeridian_point.x(), antimeridian_point.y()]}, tmp_path
    )

    pixels = [QImage(str(pictures / f"{name}.png")) for name in names]
    assert len(names) >= 9
    assert all(image.width() >= 1000 for image in pixels)
    assert all(first != second for first, second in pairwise(pixels))
