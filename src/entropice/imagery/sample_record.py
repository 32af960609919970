"""What a check of data keeps of one sample."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from entropice.imagery.bands import band_named
from entropice.imagery.label_shift import edge_ranks
from entropice.imagery.normalisation import constant_bands, missing_bands
from entropice.imagery.samples import Image, Sample
from entropice.imagery.sensor_rules import SensorBands
from entropice.imagery.sensors import missing_sensors
from entropice.imagery.statistics import by_band
from entropice.sha256 import sha256_of_bytes
from entropice.types import Float32Array


@dataclass(frozen=True)
class ExpectedTarget:
    """What the targets of a task are.

    Attributes
    ----------
    shape, dtype
        Of every target; whole numbers are classes, of which those above 0 are positive.
    low, high
        No scored value lies beyond them.
    """

    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float

    @property
    def is_class(self) -> bool:
        """Whether targets are classes: whether their type is of whole numbers."""
        return bool(np.issubdtype(np.dtype(self.dtype), np.integer))

    @property
    def is_of_image(self) -> bool:
        """Whether one class is said of a whole image."""
        return self.is_class and self.shape == ()

    @property
    def classes(self) -> range:
        """All of them.

        Every whole number from `low` to `high`.
        """
        return range(int(self.low), int(self.high) + 1)


@dataclass(frozen=True, eq=False)
class SampleRecord:
    """One sample, looked at.

    Attributes
    ----------
    content
        SHA-256 of its valid values and where they are; empty where its shapes are wrong or nothing is valid.
    bounds_m
        Left, bottom, right and top of its ground in EPSG:3413; None where it can't be read.
    faults
        (kind, what) of what is wrong with it alone.
    n_scored, n_positive, n_positive_scored
        Values of its target; one that stands for no class is not positive.
    edge_ranks
        Of `entropice.imagery.label_shift`, where its target outlines something positive.
    label
        Class of the whole image, where one is scored.
    """

    key: str
    content: str = ""
    bounds_m: tuple[float, float, float, float] | None = None
    faults: tuple[tuple[str, str], ...] = ()
    n_scored: int = 0
    n_positive: int = 0
    n_positive_scored: int = 0
    edge_ranks: Float32Array | None = None
    label: int | None = None


def record_of(
    sample: Sample, bands: tuple[str, ...], expected: ExpectedTarget, sensors: SensorBands | None = None
) -> SampleRecord:
    """Look at a sample: its shapes first, and at its values where these are right; a sensor may be missing whole.

    Parameters
    ----------
    sample
        Any; nothing of it is changed.
    bands
        What its image must have, in this order.
    expected
        Shape, type and range of the target.
    sensors
        Bands by sensor; None where all are of one.

    Returns
    -------
    SampleRecord
        Where a shape or type is wrong, with these faults alone, its bounds, and counts of 0. ``content`` is of the
        bytes of values, with 0 where they are not valid, and then of those of validity.

        Kinds of faults are ``bands``, ``image shape``, ``image size``, ``image type``, ``target shape`` and ``scored
        shape``; else ``nothing valid``, or ``missing band``, ``constant band`` (`constant_bands`), ``not finite`` and
        ``beyond range`` (of `Band.low` and `Band.high`); and ``target values`` (a scored one beyond `low` and `high`).

    Raises
    ------
    ConfigError
        A band is not declared.
    """
    shapes = tuple(_wrong_shapes(sample, bands, expected))
    if shapes:
        return SampleRecord(sample.key, faults=shapes, bounds_m=sample.place.bounds_m)
    target = np.asarray(sample.target).astype(np.float64)
    is_positive = (target > 0) & (target <= expected.high) & expected.is_class
    return SampleRecord(
        key=sample.key,
        content=_content(sample.image),
        bounds_m=sample.place.bounds_m,
        faults=(*_image_faults(sample.image, sensors or {}), *_target_faults(sample, expected)),
        n_scored=int(sample.scored.sum()),
        n_positive=int(is_positive.sum()),
        n_positive_scored=int((is_positive & sample.scored).sum()),
        edge_ranks=edge_ranks(sample.image, is_positive, sample.scored) if is_positive.ndim == 2 else None,
        label=int(sample.target) if expected.is_of_image and bool(sample.scored) else None,
    )


def _content(image: Image) -> str:
    known = np.where(image.valid, image.values, np.float32(0.0))
    return sha256_of_bytes(known.tobytes() + image.valid.tobytes()) if image.valid.any() else ""


def _wrong_shapes(sample: Sample, bands: tuple[str, ...], expected: ExpectedTarget) -> Iterator[tuple[str, str]]:
    image, target, scored = sample.image, sample.target, sample.scored
    if image.bands != bands:
        yield "bands", f"bands {', '.join(image.bands)} instead of {', '.join(bands)}"
    if image.values.ndim < 3 or image.values.shape[-3] != len(image.bands) or image.values.shape != image.valid.shape:
        yield "image shape", f"values {image.values.shape}, valid {image.valid.shape}, {len(image.bands)} bands"
    elif sizes := _other_sizes(sample, expected):
        yield "image size", f"{image.values.shape[-2:]} pixels of an image, {sizes}"
    if (image.values.dtype.name, image.valid.dtype.name) != ("float32", "bool"):
        yield "image type", f"values {image.values.dtype}, valid {image.valid.dtype}"
    if target.shape != expected.shape or target.dtype != expected.dtype:
        yield "target shape", f"{target.dtype} {target.shape} instead of {expected.dtype} {expected.shape}"
    if scored.shape != target.shape or scored.dtype != np.bool_:
        yield "scored shape", f"{scored.dtype} {scored.shape} for a target of {target.shape}"


def _other_sizes(sample: Sample, expected: ExpectedTarget) -> str:
    """What says of another number of rows and columns than the image has."""
    size, n_pixels = sample.image.values.shape[-2:], sample.place.n_pixels
    others = [("its place", (n_pixels, n_pixels))]
    if sample.target.ndim >= 2 and sample.target.shape == expected.shape:
        others.append(("its target", sample.target.shape[-2:]))
    return ", ".join(f"{other} of {what}" for what, other in others if other != size)


def _image_faults(image: Image, sensors: SensorBands) -> Iterator[tuple[str, str]]:
    if not image.valid.any():
        yield "nothing valid", "no valid value"
        return
    absent = missing_sensors(image, sensors)
    missing, constant = [band for band in missing_bands(image) if band not in absent], constant_bands(image)
    if missing:
        yield "missing band", ", ".join(missing)
    if constant:
        yield "constant band", ", ".join(constant)
    for name, values, valid in zip(image.bands, *by_band(image), strict=True):
        band, known = band_named(name), values[valid]
        if not np.isfinite(known).all():
            yield "not finite", f"{name}, {int((~np.isfinite(known)).sum())} valid values"
        elif known.size and (known.min() < np.float32(band.low) or known.max() > np.float32(band.high)):
            yield "beyond range", f"{name} from {known.min():g} to {known.max():g}, not {band.low:g} to {band.high:g}"


def _target_faults(sample: Sample, expected: ExpectedTarget) -> Iterator[tuple[str, str]]:
    scored = np.asarray(sample.target)[sample.scored].astype(np.float64)
    wrong = scored[~((scored >= expected.low) & (scored <= expected.high))]
    if wrong.size:
        yield (
            "target values",
            f"{wrong[0]:g} and the like {wrong.size} times, not {expected.low:g} to {expected.high:g}",
        )
