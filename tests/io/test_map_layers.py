"""What a task hands to map and panel is read as it was written, and what can't be written says so."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
from kedro.io import DatasetError

from entropice.errors import SchemaError
from entropice.imagery.map_layers import Category, MapLayer, Ramp
from entropice.imagery.panels import Panel, PanelRow, Picture
from entropice.io import MapLayersDataset, PanelDataset

CLASSES = (Category(0, "open water", "#08306b"), Category(1, "ice", "#f7fbff"))


def _layer(name: str = "day_1", *, n_rows: int = 5, n_columns: int = 7) -> MapLayer:
    values = np.random.default_rng([1, n_rows]).random((n_rows, n_columns)).astype(np.float32)
    values[0, 0] = np.nan
    return MapLayer(
        name, "Day 1 – forecast", "What is expected.", "1", values, -1234.5, 250.25, 12.5, Ramp(0.0, 1.0, "Blues_r"),
        date(2020, 3, 1), date(2020, 3, 2),
    )  # fmt: skip


def _classes() -> MapLayer:
    return replace(
        _layer("types"), values=np.array([[0, 1], [1, np.nan]], np.float32), style=CLASSES, begins=None, ends=None
    )


def test_layers_are_read_as_they_were_written(tmp_path: Path) -> None:
    layers = [_layer(), _classes(), _layer("large", n_rows=300, n_columns=600)]
    dataset = MapLayersDataset(filepath=str(tmp_path / "layers"))

    dataset.save(layers)
    loaded = dataset.load()

    for before, after in zip(layers, loaded, strict=True):
        np.testing.assert_array_equal(before.values, after.values)
        assert replace(before, values=after.values).__dict__ == after.__dict__


def test_a_layer_is_a_tiled_compressed_raster_in_its_place(tmp_path: Path) -> None:
    MapLayersDataset(filepath=str(tmp_path / "layers")).save([_layer(n_rows=300, n_columns=520)])

    with rasterio.open(tmp_path / "layers" / "day_1.tif") as file:
        assert file.crs.to_epsg() == 3413
        assert file.dtypes == ("float32",)
        assert np.isnan(file.nodata)
        assert (file.compression.name, file.profile["tiled"]) == ("deflate", True)
        assert file.transform[:6] == (12.5, 0.0, -1234.5, 0.0, -12.5, 250.25)


def test_coarse_levels_of_classes_are_classes(tmp_path: Path) -> None:
    stripes = np.tile(np.array([0, 1], np.float32), (600, 300))
    MapLayersDataset(filepath=str(tmp_path / "layers")).save([replace(_classes(), values=stripes)])

    with rasterio.open(tmp_path / "layers" / "types.tif", overview_level=0) as file:
        assert set(np.unique(file.read(1))) <= {0.0, 1.0}


def test_equal_layers_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        MapLayersDataset(filepath=str(tmp_path / name)).save([_layer(), _classes()])

    for file in ("day_1.tif", "types.tif", "layers.json"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


@pytest.mark.parametrize(
    ("layers", "field"),
    [
        ([replace(_layer(), name="../day")], "name"),
        ([_layer(), _layer()], "name"),
        ([replace(_layer(), values=np.zeros((2, 2)))], "values"),
        ([replace(_layer(), values=np.zeros((0, 2), np.float32))], "values"),
        ([replace(_layer(), pixel_m=0.0)], "pixel_m"),
        ([replace(_layer(), ends=date(2020, 3, 1))], "begins, ends"),
        ([replace(_layer(), ends=None)], "begins, ends"),
    ],
)
def test_layers_that_cannot_be_files_are_named(tmp_path: Path, layers: list[MapLayer], field: str) -> None:
    with pytest.raises(DatasetError) as refused:
        MapLayersDataset(filepath=str(tmp_path / "layers")).save(layers)

    assert isinstance(refused.value.__cause__, SchemaError)
    assert refused.value.__cause__.field == field
    assert not (tmp_path / "layers").exists()


def test_a_panel_is_read_as_it_was_written(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    values = np.where(random.random((3, 4)) < 0.3, np.nan, random.random((3, 4))).astype(np.float32)
    pictures = (
        Picture("Truth", values, Ramp(0.0, 1.0, "viridis"), "m"),
        Picture("Image", random.random((3, 4, 3)).astype(np.float32)),
        Picture("Type", np.ones((3, 4), np.float32), CLASSES),
    )
    panel = Panel("Ice", (PanelRow("day 1", pictures), PanelRow("day 2", pictures[::-1])), "Look.")
    dataset = PanelDataset(filepath=str(tmp_path / "panel"))

    dataset.save(panel)
    loaded = dataset.load()

    assert (loaded.title, loaded.caption) == (panel.title, panel.caption)
    assert [row.title for row in loaded.rows] == ["day 1", "day 2"]
    for before, after in zip(panel.rows, loaded.rows, strict=True):
        for one, other in zip(before.pictures, after.pictures, strict=True):
            np.testing.assert_array_equal(one.values, other.values)
            assert (one.title, one.style, one.unit) == (other.title, other.style, other.unit)
