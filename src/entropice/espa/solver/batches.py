"""Batches of fits between memory and devices: moved, copied back, joined, and written into one another."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from array_api_compat import to_device
from numpy.typing import NDArray

from entropice.espa.devices import Place
from entropice.espa.updates import Array, Boxes, BoxSums, FitConstants, Penalties

Batch = TypeVar("Batch", Boxes, BoxSums, FitConstants, Penalties)


def to_place(place: Place, batch: Batch) -> Batch:
    """Move a batch, arrays (B, ...) each, to a place; no copy where it is there already."""
    return type(batch)(**{field.name: place.asarray(getattr(batch, field.name)) for field in fields(batch)})


def to_memory(batch: Batch) -> Batch:
    """Move a batch, arrays (B, ...) each, into memory; no copy where it is there already."""
    return type(batch)(**{field.name: as_numpy(getattr(batch, field.name)) for field in fields(batch)})


def as_numpy(array: Array) -> NDArray[Any]:
    """View or copy an array of any namespace and shape as NumPy's."""
    return np.asarray(to_device(array, "cpu"))


def copy_of(boxes: Boxes) -> Boxes:
    """Copy boxes (B, ...) in memory, so that writing into the copy leaves them as they are."""
    return Boxes(**{field.name: getattr(boxes, field.name).copy() for field in fields(Boxes)})


def write(source: Boxes, target: Boxes, fits: NDArray[np.int64]) -> None:
    """Write boxes (n, ...) over some fits (n,) of others (B, ...), in memory and in place; no fit twice."""
    for field in fields(Boxes):
        getattr(target, field.name)[fits] = getattr(source, field.name)


def concatenate(parts: Sequence[Boxes]) -> Boxes:
    """Join the fits of several batches (B, ...), one or more, in memory and in their order; all have K boxes."""
    return Boxes(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Boxes)}
    )
