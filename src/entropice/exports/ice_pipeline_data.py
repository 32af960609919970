"""Samples in the files of the published Arctic ice pipeline: PNG, .npy and JSON by split, sequences, and manifests.

Layout below a folder, with ``<split>`` one of ``train val test``::

    dataset_info.json
    manifest.json
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image as Picture

from entropice.errors import SchemaError
from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Sample, Samples
from entropice.imagery.splits import TEST, TRAIN, VALIDATION
from entropice.progress import progress
from entropice.types import DataFrame, Float32Array

NAMES: Final = {TRAIN: "train", VALIDATION: "val", TEST: "test"}
"""What the published pipeline calls our splits."""

_MOMENTS: Final = {0: ("",), 1: ("_before", "_after")}
"""Endings of an image's file by the number of its leading dimensions."""


@dataclass(frozen=True)
class Written:
    """One part of a dataset that lies in its files.

    Attributes
    ----------
    name
        ``processed`` or ``sequences``.
    info
        What ``dataset_info.json`` says of it.
    samples
        What ``manifest.json`` lists: ``key`` and ``split``.
    """

    name: str
    info: Mapping[str, Any]
    samples: Sequence[Mapping[str, str]]


def write_manifest(parts: Sequence[Written], folder: Path, facts: Mapping[str, Any]) -> None:
    """Write ``manifest.json`` and ``dataset_info.json`` of all parts, the latter with facts, such as a source."""
    _write_json(folder / "manifest.json", {part.name: list(part.samples) for part in parts})
    _write_json(folder / "dataset_info.json", {**facts, **{part.name: dict(part.info) for part in parts}})


def write_processed(samples: Samples, splits: DataFrame, folder: Path, class_names: Sequence[str]) -> Written:
    """Write labelled images, or pairs of images with what changed, below ``processed/``.

    Parameters
    ----------
    samples
        Of classes or of changes, whose bands are red, green and blue, as shares of what is reflected. 1 becomes 255;
        what is not known becomes 0, and metadata say how much that is.
    splits
        ``key split``, a row a sample.
    class_names
        What the numbers of labels mean, in their order.

    Raises
    ------
    SchemaError
        The bands are others.
    """
    if samples.bands != RGB:
        raise SchemaError(
            "Published images have three bands.",
            field="bands",
            got=samples.bands,
            expected=RGB,
            fix="view the samples with these bands",
        )
    metadata = [
        _write_image(samples.read(key), NAMES[split], folder / "processed" / NAMES[split], class_names)
        for key, split in progress(_rows(splits), "images of the published layout")
    ]
    return _written(metadata, folder / "processed", {"class_names": list(class_names)})


def write_sequences(samples: Samples, splits: DataFrame, folder: Path, target_bands: Sequence[str]) -> Written:
    """Write frames and those that follow below ``sequences/``, in physical units."""
    metadata = [
        _write_frames(samples.read(key), NAMES[split], folder / "sequences" / NAMES[split], target_bands)
        for key, split in progress(_rows(splits), "sequences of the published layout")
    ]
    facts = {"bands": list(samples.bands), "target_bands": list(target_bands)}
    return _written(metadata, folder / "sequences", facts)


def _rows(splits: DataFrame) -> list[tuple[str, str]]:
    return list(zip(splits["key"], splits["split"], strict=True))


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
    _write_json(folder / "metadata" / f"{sample.key}.json", metadata)
    return metadata


def _eight_bits(image: Image) -> Any:
    """Shares as whole numbers of 255, uint8; 0 where they are not known."""
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
    _write_json(folder / f"{sample.key}.json", metadata)
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
    by_split = {split: [each for each in metadata if each["split"] == split] for split in NAMES.values()}
    for split, samples in by_split.items():
        (folder / split).mkdir(parents=True, exist_ok=True)
        _write_json(folder / split / "info.json", {"split": split, **_counts(samples), **facts})
    n_samples = {split: len(samples) for split, samples in by_split.items()}
    info = {"n_samples": n_samples, "n_pixels": sorted({each["n_pixels"] for each in metadata}), **facts}
    return Written(folder.name, info, [{"key": each["key"], "split": each["split"]} for each in metadata])


def _counts(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    labels = [each["label"] for each in samples if "label" in each]
    of_class = {label: labels.count(label) for label in dict.fromkeys(sorted(labels))}
    return {"n_samples": len(samples), **({"n_of_class": of_class} if labels else {})}


def _write_json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n", encoding="utf-8")
