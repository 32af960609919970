"""Samples in the published layout, read by Pillow, NumPy and json alone."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Picture

from entropice.errors import SchemaError
from entropice.exports.ice_pipeline_data import write_manifest, write_processed, write_sequences
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
    part = write_processed(samples, SPLITS, tmp_path, CLASSES)
    write_manifest([part], tmp_path, {"source": "drawn"})
    for key, split in (("a", "train"), ("b", "val"), ("c", "test")):
        folder, sample = tmp_path / "processed" / split, samples.read(key)
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
    document = read_json(tmp_path / "dataset_info.json")
    assert document["processed"]["n_samples"] == {"train": 1, "val": 1, "test": 1}
    assert (document["source"], document["processed"]["n_pixels"]) == ("drawn", [256])
    assert read_json(tmp_path / "manifest.json")["processed"][1] == {"key": "b", "split": "val"}


def test_changes(tmp_path):
    samples = Given(RGB, (2,), (256, 256))
    write_processed(samples, SPLITS, tmp_path, ["unchanged", "changed"])
    folder, sample = tmp_path / "processed/train", samples.read("a")
    for number, moment in enumerate(("before", "after")):
        picture = np.asarray(Picture.open(folder / "images" / f"a_{moment}.png"))
        assert np.array_equal(np.moveaxis(picture, -1, 0), pixels_of(sample.image)[number])
    assert np.array_equal(np.load(folder / "labels/a.npy"), sample.target)


def test_sequences(tmp_path):
    samples = Given(("ice_concentration", "wind_x"), (4,), (2, 1, 256, 256))
    part = write_sequences(samples, SPLITS, tmp_path, ["ice_concentration"])
    folder, sample = tmp_path / "sequences/val", samples.read("b")
    seen, target = (np.load(folder / f"b_{name}.npy", allow_pickle=False) for name in ("input", "target"))
    assert (seen.dtype, seen.shape, target.shape) == (np.float32, (4, 2, 256, 256), (2, 1, 256, 256))
    assert np.array_equal(np.isnan(seen), ~sample.image.valid)
    assert np.array_equal(np.isnan(target), ~sample.scored)
    image = sample.image
    assert np.array_equal(np.nan_to_num(seen), np.where(image.valid, image.values, 0))
    assert (read_json(folder / "b.json")["n_frames_in"], read_json(folder / "info.json")["n_samples"]) == (4, 1)
    assert part.info["target_bands"] == ["ice_concentration"]


def test_equal_samples_give_equal_files(tmp_path):
    for name in ("one", "other"):
        write_manifest([write_processed(Given(RGB, (), ()), SPLITS, tmp_path / name, CLASSES)], tmp_path / name, {})
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 3 * 4 + 2
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in files)


def test_other_bands_are_refused(tmp_path):
    with pytest.raises(SchemaError, match="red"):
        write_processed(Given(("red", "green", "nir"), (), ()), SPLITS, tmp_path, CLASSES)
    assert not [*tmp_path.iterdir()]
