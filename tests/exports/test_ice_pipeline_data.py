"""Samples in the published layout, read by Pillow, NumPy and json alone."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Picture

from entropice.errors import SchemaError
from entropice.exports.ice_pipeline_data import LabelledImages, Sequences
from entropice.imagery.samples import Image, Place, Sample

RGB = ("red", "green", "blue")
CLASSES = ["open_water", "thin_ice"]
PLACE = Place(0.0, 256_000.0, 1000.0, 256, 2024)
SPLITS = pd.DataFrame({"key": ["a", "b", "c"], "split": ["train", "validation", "test"]})


@dataclass(frozen=True)
class Given:
    bands: tuple
    leading: tuple
    target: tuple

    @property
    def keys(self):
        return list(SPLITS["key"])

    def read(self, key):
        random = np.random.default_rng(ord(key))
        values = random.random((*self.leading, len(self.bands), 256, 256)).astype(np.float32)
        valid = np.broadcast_to(random.random((256, 256)) > 0.1, values.shape)
        if self.target == ():
            target = np.int64(random.integers(2))
        else:
            target = (random.random(self.target) > 0.5).astype(np.float32 if len(self.target) > 2 else np.uint8)
        scored = np.ones(np.shape(target), bool)
        if scored.ndim > 2:
            scored[..., :5] = False
        return Sample(key, Image(self.bands, values, valid), np.asarray(target), scored, PLACE)


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def pixels_of(image):
    return np.rint(np.where(image.valid, image.values, 0) * 255).astype(np.uint8)


def test_classes(tmp_path):
    samples = Given(RGB, (), ())
    part = LabelledImages(samples, SPLITS, CLASSES).write(tmp_path)
    for key, split in (("a", "train"), ("b", "val"), ("c", "test")):
        folder, sample = tmp_path / split, samples.read(key)
        picture = np.asarray(Picture.open(folder / "images" / f"{key}.png"))
        assert (picture.shape, picture.dtype) == ((256, 256, 3), np.uint8)
        assert np.array_equal(np.moveaxis(picture, -1, 0), pixels_of(sample.image))
        assert np.load(folder / "labels" / f"{key}.npy", allow_pickle=False) == sample.target
        metadata = read_json(folder / "metadata" / f"{key}.json")
        assert metadata["label"] == CLASSES[int(sample.target)]
        assert metadata["bounds_m"] == [0.0, 0.0, 256_000.0, 256_000.0]
        assert metadata["share_known"] == pytest.approx(0.9, abs=0.02)
        info = read_json(folder / "info.json")
        assert (info["n_samples"], info["n_of_class"]) == (1, {metadata["label"]: 1})
    assert part.info["n_samples"] == {"train": 1, "val": 1, "test": 1}
    assert part.info["n_pixels"] == [256]
    assert part.samples[1] == {"key": "b", "split": "val"}


def test_samples_of_no_split_are_left_out(tmp_path):
    splits = SPLITS.assign(split=["train", "buffer", "unseen"])
    part = LabelledImages(Given(RGB, (), ()), splits, CLASSES).write(tmp_path)
    assert part.samples == [{"key": "a", "split": "train"}]
    assert read_json(tmp_path / "val/info.json")["n_samples"] == 0
    assert len([*tmp_path.rglob("*.png")]) == 1


def test_changes(tmp_path):
    samples = Given(RGB, (2,), (256, 256))
    LabelledImages(samples, SPLITS, ["unchanged", "changed"]).write(tmp_path)
    folder, sample = tmp_path / "train", samples.read("a")
    for number, moment in enumerate(("before", "after")):
        picture = np.asarray(Picture.open(folder / "images" / f"a_{moment}.png"))
        assert np.array_equal(np.moveaxis(picture, -1, 0), pixels_of(sample.image)[number])
    assert np.array_equal(np.load(folder / "labels/a.npy"), sample.target)


TARGETS = pd.DataFrame(
    {
        "key": ["a", "a", "b", "b", "c", "c"],
        "horizon": [1, 2, 1, 2, 1, 2],
        "split": ["train", "train", "train", "validation", "space", "both"],
    }
)
FRAMES = Given(("ice_concentration", "wind_x"), (4,), (2, 1, 256, 256))


def test_sequences(tmp_path):
    part = Sequences(FRAMES, TARGETS, ["ice_concentration"]).write(tmp_path)
    folder, sample = tmp_path / "train", FRAMES.read("a")
    seen, target = (np.load(folder / f"a_{name}.npy", allow_pickle=False) for name in ("input", "target"))
    assert (seen.dtype, seen.shape, target.shape) == (np.float32, (4, 2, 256, 256), (2, 1, 256, 256))
    assert np.array_equal(np.isnan(seen), ~sample.image.valid)
    assert np.array_equal(np.isnan(target), ~sample.scored)
    image = sample.image
    assert np.array_equal(np.nan_to_num(seen), np.where(image.valid, image.values, 0))
    assert (read_json(folder / "a.json")["n_frames_in"], read_json(folder / "info.json")["n_samples"]) == (4, 2)
    assert part.info["target_bands"] == ["ice_concentration"]


def test_a_sequence_lies_in_each_split_with_its_own_targets_alone(tmp_path):
    part = Sequences(FRAMES, TARGETS, ["ice_concentration"]).write(tmp_path)
    dealt = [(sample["key"], sample["split"]) for sample in part.samples]
    assert dealt == [("a", "train"), ("b", "train"), ("b", "val"), ("c", "test")]
    learned, chosen, tested = (np.load(tmp_path / f"{name}_target.npy") for name in ("train/b", "val/b", "test/c"))
    assert np.isnan(learned[1]).all()
    assert np.isnan(chosen[0]).all()
    assert np.array_equal(np.isnan([learned[0], chosen[1]]), ~FRAMES.read("b").scored)
    assert np.array_equal(np.isnan(tested), ~FRAMES.read("c").scored)


def test_equal_samples_give_equal_files(tmp_path):
    for name in ("one", "other"):
        LabelledImages(Given(RGB, (), ()), SPLITS, CLASSES).write(tmp_path / name)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 3 * 4
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in files)


def test_other_bands_are_refused(tmp_path):
    with pytest.raises(SchemaError, match="red"):
        LabelledImages(Given(("red", "green", "nir"), (), ()), SPLITS, CLASSES).write(tmp_path)
    assert not [*tmp_path.iterdir()]
