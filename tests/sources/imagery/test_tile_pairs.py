from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kedro.io import DatasetError

from entropice.errors import InputFileError
from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Place
from entropice.io import TilePairsDataset
from entropice.sources.imagery.picture_writing import write_picture
from entropice.sources.imagery.tile_pairs import TilePair, TilePairs

PLACE = Place(0.0, 0.0, 250.0, 8, 2022)


def _image(seed: int) -> Image:
    return Image(RGB, np.random.default_rng(seed).uniform(size=(3, 8, 8)).astype(np.float32), np.ones((3, 8, 8), bool))


@pytest.fixture
def pair() -> TilePair:
    label = np.zeros((8, 8), np.uint8)
    label[2:4, 5], label[0] = 1, 255
    after = _image(2)
    after.valid[:, 7] = False
    return TilePair("one", PLACE, _image(1), after, label)


@pytest.fixture
def folder(tmp_path: Path, pair: TilePair) -> Path:
    dataset = TilePairsDataset(filepath=str(tmp_path / "images"))
    dataset.save([pair])
    return dataset.path


def test_pairs_come_back_before_first(folder: Path, pair: TilePair) -> None:
    samples = TilePairsDataset(filepath=str(folder)).load()
    sample = samples.read("one")

    assert (samples.keys, samples.bands) == (("one",), RGB)
    assert sample.image.values.shape == (2, 3, 8, 8)
    np.testing.assert_allclose(sample.image.values[0], pair.before.values, atol=0.5001 / 255)
    np.testing.assert_array_equal(sample.image.valid, np.stack([pair.before.valid, pair.after.valid]))
    np.testing.assert_array_equal(sample.target, pair.label == 1)
    np.testing.assert_array_equal(sample.scored, pair.label != 255)
    assert sample.place == PLACE


def test_an_image_of_another_place_makes_no_pair(folder: Path, pair: TilePair) -> None:
    write_picture(folder / "one_after.tif", pair.after, replace(PLACE, left_m=250.0))

    with pytest.raises(InputFileError) as refused:
        TilePairs(folder, "true_colour").read("one")

    assert (refused.value.path, refused.value.field) == (str(folder / "one_after.tif"), "grid")


@pytest.mark.parametrize("missing", ["one_before.tif", "one_after.tif", "one_label.tif"])
def test_half_a_pair_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()

    with pytest.raises(InputFileError) as refused:
        TilePairs(folder, "true_colour").read("one")

    assert refused.value.path == str(folder / missing)


def test_a_label_that_means_nothing_is_not_written(tmp_path: Path, pair: TilePair) -> None:
    pair.label[0, 0] = 7

    with pytest.raises(DatasetError, match="mean nothing"):
        TilePairsDataset(filepath=str(tmp_path / "other")).save([pair])
