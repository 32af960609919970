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
    """Whether a quantity is an area per area, which is told in m² per km².

    Examples
    --------
    >>> is_area_fraction("expected_rts_area_fraction"), is_area_fraction("land_fraction")
    (True, False)
    """
    return quantity.endswith(_AREA_FRACTION)


@dataclass(frozen=True)
class ClassRange:
    """Slump area in m² per km² of land: from `low` to below `high` (None without end), on average `mean`, if known.

    A bound that two classes share belongs to the upper one.
    """

    low: float
    high: float | None
    mean: float | None


def read_class_ranges(fields: Fields, names: tuple[str, ...]) -> Mapping[str, ClassRange]:
    """The ranges of all classes but the first, which has no slumps; `fields` is the manifest's ``classes``.

    ``edges`` and ``mean_rts_area_fraction`` are areas per area in the manifest, and 10⁶ times that here. `names` are
    those of all classes, ascending; the result has an entry for each but the first, in their order. The second class
    begins above 0, which its `low` is, and the last has no end. Means have a number or null for each class, the first
    included.

    Raises
    ------
    RunFolderError
        There are not two edges fewer than classes, or one is below the one before it; equal ones pass. A key is missing
        or no list of numbers, or there is not one mean for each class.

    Examples
    --------
    >>> from pathlib import Path
    >>> given = {"edges": [1e-4, 1e-3], "mean_rts_area_fraction": [0, 5e-5, None, 2e-3]}
    >>> ranges = read_class_ranges(Fields(Path("manifest.json"), given), ("none", "few", "some", "many"))
    >>> ranges["few"], ranges["many"]
    (ClassRange(low=0.0, high=100.0, mean=50.0), ClassRange(low=1000.0, high=None, mean=2000.0))
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
