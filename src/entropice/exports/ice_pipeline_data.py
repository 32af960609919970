"""Samples in the files of the published Arctic ice pipeline: PNG, .npy and JSON by split, and sequences.

Layout below a folder, with ``<split>`` one of ``train val test``::

    processed/<split>/info.json
    processed/<split>/images/<key>.png             (of a change <key>_before.png and <key>_after.png)
    processed/<split>/labels/<key>.npy
    processed/<split>/metadata/<key>.json
    sequences/<split>/info.json
    sequences/<split>/<key>_{input,target}.npy     (float32, NaN where it is not known)
    sequences/<split>/<key>.json

Nothing here is read back.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

import numpy as np
from PIL import Image as Picture

from entropice.errors import SchemaError
from entropice.imagery.bands import RGB
from entropice.imagery.frames.window_splits import TESTS
from entropice.imagery.samples import Image, Sample, Samples
from entropice.imagery.splits import TEST, TRAIN, VALIDATION
from entropice.progress import progress
from entropice.types import DataFrame, Float32Array

NAMES: Final = {TRAIN: "train", VALIDATION: "val", TEST: "test", **dict.fromkeys(TESTS, "test")}
"""What the published pipeline calls our splits; samples of no other one are written."""

_MOMENTS: Final = {0: ("",), 1: ("_before", "_after")}
"""Endings of an image's file by the number of its leading dimensions."""


@dataclass(frozen=True)
class Written:
    """One part of a dataset that lies in its files.

    Attributes
    ----------
    info
        What ``dataset_info.json`` says of it.
    samples
        What ``manifest.json`` lists: ``key`` and ``split``.
    """

    info: Mapping[str, Any]
    samples: Sequence[Mapping[str, str]]


class Part(Protocol):
    """Samples that are written below a folder of their own."""

    @property
    def place(self) -> str:
        """Name of that folder."""

    def write(self, folder: Path) -> Written:
        """Write all of them below a folder, and tell what was written."""


@dataclass(frozen=True)
class LabelledImages:
    """Labelled images, or pairs of images with what changed.

    Attributes
    ----------
    samples
        Of classes or of changes, whose bands are red, green and blue, as shares of what is reflected. 1 becomes 255;
        what is not known becomes 0, and metadata say how much that is.
    splits
        ``key split``, a row a sample.
    class_names
        What the numbers of labels mean, in their order.
    """

    place: ClassVar[str] = "processed"
    samples: Samples
    splits: DataFrame
    class_names: Sequence[str]

    def write(self, folder: Path) -> Written:
        """Write all of them below ``<folder>/<split>``: images (PNG), labels (.npy), metadata and ``info.json``.

        Samples of splits that have no published name are left out. ``<split>`` is ``train`` (of train), ``val`` (of
        validation) or ``test`` (of test, space, time and both); each has its ``info.json``, with or without samples. A
        picture holds the share times 255, cut to 0 to 255 and rounded (halves to the even number). ``metadata`` have
        ``key year crs bounds_m pixel_m n_pixels bands share_known share_scored split``, and ``label`` (the class's
        name) of a class; ``info.json`` has ``split n_samples class_names``, and ``n_of_class`` where there are labels.
        Folders are made, files of the same names replaced. Returned are `Written.info` with ``n_samples`` (by split)
        ``n_pixels class_names``, and the samples.

        Raises
        ------
        SchemaError
            The bands are others than red, green and blue.
        """
        if self.samples.bands != RGB:
            raise SchemaError(
                "Published images have three bands.",
                field="bands",
                got=self.samples.bands,
                expected=RGB,
                fix="view the samples with these bands",
            )
        metadata = [
            _write_image(self.samples.read(key), split, folder / split, self.class_names)
            for key, split in progress(_named(self.splits), "images of the published layout")
        ]
        return _written(metadata, folder, {"class_names": list(self.class_names)})


@dataclass(frozen=True)
class Sequences:
    """Frames and those that follow, in physical units.

    Attributes
    ----------
    splits
        ``key horizon split``, a row a target, horizons from 1. A sequence lies in each split that it has a target in,
        without the targets of the others.
    """

    place: ClassVar[str] = "sequences"
    samples: Samples
    splits: DataFrame
    target_bands: Sequence[str]

    def write(self, folder: Path) -> Written:
        """Write all of them below ``<folder>/<split>``.

        ``<key>_input.npy``, ``<key>_target.npy``, ``<key>.json`` of each, and ``info.json``. Arrays are float32 (frame,
        band, row, column), in physical units, NaN where unknown, and in targets where they belong to another split.
        Samples of splits that have no published name are left out. ``<split>`` is ``train`` (of train), ``val`` (of
        validation) or ``test`` (of test, space, time and both). ``<key>.json`` has ``key year crs bounds_m pixel_m
        n_pixels bands share_known share_scored split n_frames_in n_frames_out target_bands``, ``info.json`` has ``split
        n_samples bands target_bands``. Folders are made, files of the same names replaced. Returned are `Written.info`
        with ``n_samples`` (by split) ``n_pixels bands target_bands``, and a sample for each key and split.
        """
        horizons = self._horizons()
        metadata = [
            _write_frames(_of_horizons(self.samples.read(key), own), split, folder / split, self.target_bands)
            for (key, split), own in progress(list(horizons.items()), "sequences of the published layout")
        ]
        facts = {"bands": list(self.samples.bands), "target_bands": list(self.target_bands)}
        return _written(metadata, folder, facts)

    def _horizons(self) -> dict[tuple[str, str], list[int]]:
        """Horizons of the targets of each sequence in each published split."""
        targets = self.splits.assign(split=self.splits["split"].map(NAMES)).dropna(subset="split")
        by_pair = targets.groupby(["key", "split"], sort=False)["horizon"]
        return {(str(key), str(split)): own.tolist() for (key, split), own in by_pair}


def _of_horizons(sample: Sample, horizons: Sequence[int]) -> Sample:
    """A sequence whose other targets are not scored."""
    is_own = np.isin(np.arange(1, len(sample.scored) + 1), horizons)
    return replace(sample, scored=sample.scored & is_own[:, None, None, None])


def write_json(path: Path, document: Any) -> None:
    r"""Write plain values as JSON; equal ones give equal bytes.

    Keys are in order, the indent is one space, letters beyond ASCII are escaped. A file there is replaced. The folder
    has to be there.

    Raises
    ------
    ValueError
        A number is NaN or infinite.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_json(Path(folder, "info.json"), {"split": "val", "n_samples": 2})
    ...     Path(folder, "info.json").read_text(encoding="utf-8")
    '{\n "n_samples": 2,\n "split": "val"\n}\n'
    """
    path.write_text(json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n", encoding="utf-8")


def _named(splits: DataFrame) -> list[tuple[str, str]]:
    """Keys with the published name of their split."""
    published = splits["split"].map(NAMES)
    return list(zip(splits["key"][published.notna()], published.dropna(), strict=True))


def _write_image(sample: Sample, split: str, folder: Path, class_names: Sequence[str]) -> dict[str, Any]:
    images, labels = folder / "images", folder / "labels"
    for part in (images, labels, folder / "metadata"):
        part.mkdir(parents=True, exist_ok=True)
    endings = _MOMENTS[sample.image.values.ndim - 3]
    pixels = _eight_bits(sample.image).reshape(len(endings), len(RGB), *sample.image.values.shape[-2:])
    for ending, picture in zip(endings, pixels, strict=True):
        Picture.fromarray(np.moveaxis(picture, 0, -1)).save(images / f"{sample.key}{ending}.png")
    np.save(labels / f"{sample.key}.npy", np.asarray(sample.target), allow_pickle=False)
    own = {"label": class_names[int(sample.target)]} if sample.target.ndim == 0 else {}
    metadata = _metadata(sample) | {"split": split} | own
    write_json(folder / "metadata" / f"{sample.key}.json", metadata)
    return metadata


def _eight_bits(image: Image) -> Any:
    """Shares as whole numbers of 255, uint8; 0 where they are not known."""
    # Before the cast: NaN as a whole number is whatever the processor makes of it.
    shares = np.where(image.valid, image.values, 0.0)
    return np.rint(np.clip(shares, 0.0, 1.0) * 255).astype(np.uint8)


def _write_frames(sample: Sample, split: str, folder: Path, target_bands: Sequence[str]) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    seen, target = sample.image, np.asarray(sample.target, dtype=np.float32)
    _write_array(folder / f"{sample.key}_input.npy", seen.values, seen.valid)
    _write_array(folder / f"{sample.key}_target.npy", target, sample.scored)
    metadata = _metadata(sample) | {
        "split": split,
        "n_frames_in": seen.values.shape[0],
        "n_frames_out": target.shape[0],
        "target_bands": list(target_bands),
    }
    write_json(folder / f"{sample.key}.json", metadata)
    return metadata


def _write_array(path: Path, values: Float32Array, known: Any) -> None:
    np.save(path, np.where(known, values, np.float32(np.nan)), allow_pickle=False)


def _metadata(sample: Sample) -> dict[str, Any]:
    place = sample.place
    return {
        "key": sample.key,
        "year": place.year,
        "crs": "EPSG:3413",
        "bounds_m": list(place.bounds_m),
        "pixel_m": place.pixel_m,
        "n_pixels": place.n_pixels,
        "bands": list(sample.image.bands),
        "share_known": float(sample.image.valid.mean()),
        "share_scored": float(sample.scored.mean()),
    }


def _written(metadata: Sequence[Mapping[str, Any]], folder: Path, facts: Mapping[str, Any]) -> Written:
    """What was written below a folder, after each split's ``info.json`` has been."""
    by_split = {split: [each for each in metadata if each["split"] == split] for split in dict.fromkeys(NAMES.values())}
    for split, samples in by_split.items():
        (folder / split).mkdir(parents=True, exist_ok=True)
        write_json(folder / split / "info.json", {"split": split, **_counts(samples), **facts})
    n_samples = {split: len(samples) for split, samples in by_split.items()}
    info = {"n_samples": n_samples, "n_pixels": sorted({each["n_pixels"] for each in metadata}), **facts}
    return Written(info, [{"key": each["key"], "split": each["split"]} for each in metadata])


def _counts(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    labels = [each["label"] for each in samples if "label" in each]
    of_class = {label: labels.count(label) for label in dict.fromkeys(sorted(labels))}
    return {"n_samples": len(samples), **({"n_of_class": of_class} if labels else {})}
