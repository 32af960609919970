import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from entropice.errors import InputFileError
from entropice.imagery.samples import Image, Place
from entropice.io import ImageTilesDataset
from entropice.sources.imagery.tile_index import INDEX
from entropice.sources.imagery.tiles import ImageTiles, LabelledTile

BANDS = ("blue", "green", "red", "red_edge", "nir", "elevation")
PLACES = {f"2021_{left:+d}_+3000": Place(float(left), 3000.0, 6.0, 32, 2021) for left in (-600, 0, 600)}


def _tile(key: str, place: Place) -> LabelledTile:
    random = np.random.default_rng([*key.encode()])
    values = random.uniform(0.05, 0.5, size=(6, 32, 32)).astype(np.float32)
    values[5] = 100 + 10 * values[5]
    label = (random.uniform(size=(32, 32)) > 0.7).astype(np.uint8)
    label[0] = 255
    return LabelledTile(key, place, Image(BANDS, values, np.ones(values.shape, bool)), label)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dataset = ImageTilesDataset(filepath=str(tmp_path_factory.mktemp("tiles") / "images"))
    dataset.save(_tile(key, place) for key, place in PLACES.items())
    return dataset.path


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_tiles_come_back_with_place_label_and_what_counts(folder: Path) -> None:
    tiles = ImageTilesDataset(filepath=str(folder)).load()

    assert tiles.keys == tuple(PLACES)
    assert tiles.bands == BANDS
    for key, place in PLACES.items():
        written, sample = _tile(key, place), tiles.read(key)
        assert sample.place == place
        assert np.allclose(sample.image.values, written.image.values, rtol=0, atol=6e-5)
        assert np.array_equal(sample.scored, written.label != 255)
        assert np.array_equal(sample.target[sample.scored], written.label[sample.scored])


def test_a_process_that_reads_batches_gets_the_folder_and_no_data(folder: Path) -> None:
    tiles = ImageTiles(folder, "five_bands")
    _ = tiles.read(tiles.keys[0])

    sent = pickle.dumps(tiles)

    assert len(sent) < 20_000
    received = pickle.loads(sent)  # noqa: S301 - our own
    assert np.array_equal(received.read(tiles.keys[1]).target, tiles.read(tiles.keys[1]).target)


def test_the_same_tiles_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = ImageTilesDataset(filepath=str(tmp_path / "images"))
    again.save(_tile(key, place) for key, place in PLACES.items())

    assert {file.name: file.read_bytes() for file in again.path.iterdir()} == {
        file.name: file.read_bytes() for file in folder.iterdir()
    }


@pytest.mark.parametrize(
    ("change", "got"),
    [
        (lambda table: table.drop(columns="year"), "no column year"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "a key twice"),
    ],
)
def test_a_table_that_is_none_is_refused(copied: Path, change: object, got: str) -> None:
    change(pd.read_parquet(copied / INDEX)).to_parquet(copied / INDEX)

    with pytest.raises(InputFileError, match="no folder of image tiles") as refused:
        _ = ImageTiles(copied, "five_bands").keys

    assert refused.value.got == got


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="no folder of image tiles"):
        _ = ImageTiles(tmp_path, "five_bands").keys


def test_a_tile_elsewhere_than_its_table_says_is_refused(copied: Path) -> None:
    table = pd.read_parquet(copied / INDEX)
    table["left_m"] += 600.0
    table.to_parquet(copied / INDEX)

    with pytest.raises(InputFileError, match="elsewhere"):
        ImageTiles(copied, "five_bands").read("2021_+0_+3000")


def test_a_missing_label_is_refused(copied: Path) -> None:
    (copied / "2021_+0_+3000_label.tif").unlink()

    with pytest.raises(InputFileError):
        ImageTiles(copied, "five_bands").read("2021_+0_+3000")
