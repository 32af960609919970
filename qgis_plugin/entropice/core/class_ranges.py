"""What the classes of a run mean: the slump area on a square kilometre of land."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .fields import Fields
from .language import phrase

M2_PER_KM2 = 1e6
AREA_UNIT = phrase("m² per km²")
_AREA_FRACTION = "_area_fraction"


def is_area_fraction(quantity: str) -> bool:
    """Whether a quantity is an area per area, which is told in m² per km²."""
    return quantity.endswith(_AREA_FRACTION)


@dataclass(frozen=True)
class ClassRange:
    """Slump area in m² per km² of land: from `low` to below `high` (None without end), on average `mean`, if known."""

    low: float
    high: float | None
    mean: float | None


def read_class_ranges(fields: Fields, names: tuple[str, ...]) -> Mapping[str, ClassRange]:
    """The ranges of all classes but the first, which has no slumps; `fields` is the manifest's ``classes``.

    Raises
    ------
    RunFolderError
        There are not two edges fewer than classes, or they do not ascend.
    """
    edges = fields.numbers("edges")
    if len(edges) != len(names) - 2 or list(edges) != sorted(edges):
        raise fields.wrong("edges", edges, f"{len(names) - 2} ascending numbers, as there are {len(names)} classes")
    limits = [0.0, *(M2_PER_KM2 * edge for edge in edges), None]
    means = _means(fields, len(names))
    return {name: ClassRange(limits[i] or 0.0, limits[i + 1], means[i + 1]) for i, name in enumerate(names[1:])}


def _means(fields: Fields, n_classes: int) -> list[float | None]:
    means = fields.optional_numbers("mean_rts_area_fraction")
    if len(means) != n_classes:
        raise fields.wrong("mean_rts_area_fraction", means, f"{n_classes} numbers, one for each class")
    return [None if mean is None else M2_PER_KM2 * mean for mean in means]
