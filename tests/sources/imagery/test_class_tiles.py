from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from entropice.errors import InputFileError
from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Place
from entropice.io import ClassTilesDataset
from entropice.sources.imagery.class_tiles import ClassTile, ClassTiles
from entropice.sources.imagery.tile_index import INDEX

LABELS = {"open": 0, "thin": 1, "thick": 2}


def _tiles() -> list[ClassTile]:
    random = np.random.default_rng(3)
    shape = (3, 8, 8)
    return [
        ClassTile(key, Place(8000.0 * label, 0.0, 250.0, 8, 2022), Image(RGB, of_key, np.ones(shape, bool)), label)
        for key, label in LABELS.items()
        for of_key in [random.uniform(size=shape).astype(np.float32)]
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dataset = ClassTilesDataset(filepath=str(tmp_path / "images"))
    dataset.save(_tiles())
    return dataset.path


def test_images_come_back_with_their_class(folder: Path) -> None:
    samples = ClassTilesDataset(filepath=str(folder)).load()

    assert samples.keys == tuple(LABELS)
    assert samples.bands == RGB
    for tile in _tiles():
        sample = samples.read(tile.key)
        assert (sample.target.shape, sample.target.dtype, int(sample.target)) == ((), np.int64, tile.label)
        assert (sample.scored.shape, sample.scored.dtype, bool(sample.scored)) == ((), np.bool_, True)
        assert sample.place == tile.place
        np.testing.assert_allclose(sample.image.values, tile.image.values, atol=0.5001 / 255)


def test_the_same_images_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = ClassTilesDataset(filepath=str(tmp_path / "again"))
    again.save(_tiles())

    assert {file.name: file.read_bytes() for file in again.path.iterdir()} == {
        file.name: file.read_bytes() for file in folder.iterdir()
    }


@pytest.mark.parametrize(
    ("change", "field", "got"),
    [
        (lambda table: table.drop(columns="label"), INDEX, "no column label"),
        (lambda table: table.assign(label=[0, -1, 2]), "label", "-1"),
        (lambda table: table.assign(label=[0.0, np.nan, 2.0]), "label", "float64, as 0.0"),
        (lambda table: table.assign(label=["ice", "sea", "ice"]), "label", None),
    ],
)
def test_labels_that_are_no_classes_are_refused(
    folder: Path, change: Callable[[pd.DataFrame], pd.DataFrame], field: str, got: str | None
) -> None:
    change(pd.read_parquet(folder / INDEX)).to_parquet(folder / INDEX)

    with pytest.raises(InputFileError) as refused:
        _ = ClassTiles(folder, "true_colour").keys

    assert refused.value.field == field
    assert got is None or refused.value.got == got


def test_an_image_elsewhere_than_its_table_says_is_refused(folder: Path) -> None:
    pd.read_parquet(folder / INDEX).assign(top_m=250.0).to_parquet(folder / INDEX)

    with pytest.raises(InputFileError, match="elsewhere"):
        ClassTiles(folder, "true_colour").read("thin")
