"""Folders that a run hands on: read as their manifest, whatever people put beside the files."""

import base64
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import rasterio
from kedro.io import DatasetError
from PIL import Image
from rasterio.transform import from_origin

from entropice.io import PublishedFolderDataset, RunFolderDataset


@dataclass(frozen=True)
class Leaving:
    """A folder under published names."""

    title: str

    def write(self, folder: Path) -> None:
        (folder / "data.csv").write_text("1\n")
        (folder / "manifest.json").write_text(json.dumps({"title": self.title}))


class MapFolder(RunFolderDataset):
    """A run folder with nothing but a raster (row, column) of a default layer, and another layer."""

    def write(self, data: np.ndarray, path: Path) -> None:
        place = {"crs": "EPSG:3413", "transform": from_origin(0.0, 0.0, 100.0, 100.0)}
        rows, columns = data.shape
        with rasterio.open(
            path / "p.tif", "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", **place
        ) as file:
            file.write(data, 1)
        scale = {"breaks": [0.0, 0.5, 1.0], "colours": ["#000000", "#ff0000"]}
        layers = [{"is_default": False}, {"is_default": True, "overview": "p.tif", "scale": scale}]
        (path / "manifest.json").write_text(json.dumps({"layers": layers}))


@pytest.fixture
def published(tmp_path: Path) -> PublishedFolderDataset:
    dataset = PublishedFolderDataset(filepath=str(tmp_path / "published"))
    dataset.save(Leaving("Slumps"))
    return dataset


def test_a_folder_is_read_as_its_manifest_whatever_stands_beside_its_files(published: PublishedFolderDataset) -> None:
    (published.path / "data.csv.aux.xml").write_text("of QGIS")

    assert published.load() == {"title": "Slumps"}


@pytest.mark.parametrize("name", ["data.csv", "manifest.json"])
def test_a_file_of_the_run_that_was_changed_is_noticed(published: PublishedFolderDataset, name: str) -> None:
    (published.path / name).write_text("{}")

    with pytest.raises(DatasetError, match="changed or damaged"):
        published.load()


def test_a_run_is_shown_by_its_default_layer_in_the_colours_of_its_scale(tmp_path: Path) -> None:
    dataset = MapFolder(filepath=str(tmp_path / "run"))
    dataset.save(np.array([[0.2, 0.7], [0.5, np.nan]], dtype=np.float32))

    shown = np.array(Image.open(io.BytesIO(base64.b64decode(dataset.preview()))).convert("RGBA"))

    black, red, clear = [0, 0, 0, 255], [255, 0, 0, 255], [0, 0, 0, 0]
    assert shown.tolist() == [[black, red], [red, clear]]
